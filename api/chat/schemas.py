"""What OpenAI's clients send and read: chat completions, their chunks, models and errors."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic.config import JsonDict

from api.schemas import AnswerOut
from assistant.question import MAX_CHARACTERS, Audience

MODEL = "sequitur"
"""The one model there is."""
MAX_MESSAGES = 1_000

_EXAMPLE: JsonDict = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "What is the dose of IVIg in myositis?"}],
    "sequitur": {"article_id": "myositis"},
}


def _only(*allowed: Any, told: str) -> AfterValidator:
    """Refuses every other value: to pass over it would give an answer that is not what was asked for."""

    def check(value: Any) -> Any:
        if value not in allowed:
            raise ValueError(told)
        return value

    return AfterValidator(check)


_TOOLS = _only(None, [], told="Sequitur calls no tools and no functions; leave them out")
_TOOL_CHOICE = _only(None, "none", "auto", told="Sequitur calls no tools and no functions; leave the choice out")


class MessageIn(BaseModel):
    """One message. Of a user its text is read; what other roles say is passed over, whatever it is."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Any = Field(None, json_schema_extra={"type": ["string", "array", "null"]})

    @model_validator(mode="after")
    def _is_text(self) -> "MessageIn":
        if self.role == "user" and not (isinstance(self.content, str) or _are_texts(self.content)):
            raise ValueError("a user's content is a text, or parts of the type text")
        return self

    @property
    def text(self) -> str:
        """The text of a user's message; parts stand on lines of their own."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part["text"] for part in self.content)


def _are_texts(parts: Any) -> bool:
    return isinstance(parts, list) and all(
        isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str) for part in parts
    )


class StreamOptionsIn(BaseModel):
    """`include_usage` asks for a last chunk with the usage."""

    include_usage: bool | None = None


class AboutIn(BaseModel):
    """What OpenAI's interface has no word for: the article being read, who reads, how the question is to be read."""

    model_config = {"extra": "forbid"}

    article_id: Annotated[str | None, Field(max_length=200)] = None
    audience: Audience = Audience.CLINICIAN
    read_as: Annotated[str | None, Field(max_length=MAX_CHARACTERS)] = None


class ChatIn(BaseModel):
    """A conversation whose last user message is the question.

    Sampling parameters (temperature, max_tokens, stop, seed, …) are accepted and change nothing: an answer is not
    sampled, and no part of it is ever cut off. What would have to change the answer is refused.
    """

    model_config = {"json_schema_extra": {"examples": [_EXAMPLE]}}

    model: str = Field(max_length=200)
    messages: list[MessageIn] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool | None = None
    stream_options: StreamOptionsIn | None = None
    sequitur: AboutIn = AboutIn()
    n: Annotated[int | None, _only(None, 1, told="a question has one answer; leave n out or set it to 1")] = None
    tools: Annotated[list[Any] | None, _TOOLS] = None
    functions: Annotated[list[Any] | None, _TOOLS] = None
    tool_choice: Annotated[Any, _TOOL_CHOICE] = None
    function_call: Annotated[Any, _TOOL_CHOICE] = None
    response_format: Annotated[
        dict[str, Any] | None,
        _only(None, {"type": "text"}, told="content is text; the field sequitur is JSON"),
    ] = None
    logprobs: Annotated[bool | None, _only(None, False, told="an answer is quoted, not sampled: no logprobs")] = None
    top_logprobs: Annotated[int | None, _only(None, 0, told="an answer is quoted, not sampled: no logprobs")] = None
    modalities: Annotated[list[str] | None, _only(None, ["text"], told="answers are text alone")] = None
    audio: Annotated[Any, _only(None, told="answers are text alone")] = None
    web_search_options: Annotated[Any, _only(None, told="answers come from the corpus, never from the web")] = None

    @model_validator(mode="after")
    def _asks(self) -> "ChatIn":
        if not self.asked:
            raise ValueError("messages hold no message of the role user, so nothing is asked")
        return self

    @property
    def asked(self) -> list[str]:
        """What the user said, the question last."""
        return [message.text for message in self.messages if message.role == "user"]


class UrlCitationOut(BaseModel):
    """A mark [n] in the content: `content[start_index:end_index]`, counted in Unicode characters."""

    start_index: int
    end_index: int
    title: str
    url: str


class AnnotationOut(BaseModel):
    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitationOut


class MessageOut(BaseModel):
    """The answer as Markdown: the disclaimer first, then the caution when one is due."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[AnnotationOut]


class ChoiceOut(BaseModel):
    index: int = 0
    message: MessageOut
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class UsageOut(BaseModel):
    """Always zero: no tokens are sampled, none are billed."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class _Identified(BaseModel):
    id: str = Field(examples=["chatcmpl-3f0c"])
    created: int
    model: str = MODEL


class ChatOut(_Identified):
    """A chat completion; `sequitur` is the whole answer, with every citation's exact span."""

    object: Literal["chat.completion"] = "chat.completion"
    choices: list[ChoiceOut]
    usage: UsageOut = UsageOut()
    sequitur: AnswerOut


def _is_none(value: object) -> bool:
    return value is None


_Given = Field(exclude_if=_is_none)
"""Left out of the JSON where it is None, as in OpenAI's chunks."""


class DeltaOut(BaseModel):
    """What a chunk adds to the message."""

    role: Annotated[Literal["assistant"] | None, _Given] = None
    content: Annotated[str | None, _Given] = None
    annotations: Annotated[list[AnnotationOut] | None, _Given] = None


class ChunkChoiceOut(BaseModel):
    index: int = 0
    delta: DeltaOut
    finish_reason: Literal["stop"] | None = None


class ChunkOut(_Identified):
    """A part of a streamed completion; the one with a finish reason has the annotations and the whole answer."""

    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    choices: list[ChunkChoiceOut]
    usage: Annotated[UsageOut | None, _Given] = None
    sequitur: Annotated[AnswerOut | None, _Given] = None


class ModelOut(BaseModel):
    id: str = MODEL
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["sequitur"] = "sequitur"


class ModelsOut(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelOut]


class ErrorBodyOut(BaseModel):
    """What went wrong; `param` is the field that is meant, `code` a word for programs."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorOut(BaseModel):
    """An error as OpenAI's clients read it."""

    error: ErrorBodyOut
