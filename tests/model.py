"""A language model on this machine that judges by a law of its own, or says what a script has it say; it remembers."""

import json
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from assistant.evaluation.case import Nugget
from assistant.evaluation.chat import ChatModel
from assistant.evaluation.record import Line
from assistant.evaluation.run_folder import RunWriter
from tests.corpus.connectors.serving import Answer, Script, Stage, json_reply
from tests.judged import Cite, Said, case, quoting
from tests.reported import answered, ranked, run_of

MODEL = "judge-model"
KEY = "sk-0123456789/abcdef"


def completion(content: str | None, model: str = "judge-model-2026") -> Answer:
    """A reply of a server whose model said that."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json_reply({"id": "c1", "object": "chat.completion", "model": model, "choices": [choice], "usage": {}})


def data_of(prompt: str) -> Any:
    """What a prompt is about: all between its delimiters, which nothing in it may imitate."""
    (begin,), (end,) = [
        [n for n, line in enumerate(prompt.split("\n")) if line == mark] for mark in ("<data>", "</data>")
    ]
    return json.loads("\n".join(prompt.split("\n")[begin + 1 : end]))


def opinion(prompt: str) -> str:
    """A statement is supported when the passages hold all its words; a point is conveyed when a statement does, and
    partly when one holds its first."""
    data = data_of(prompt)
    if "statement" in data:
        held = set(" ".join(data["passages"]).split())
        return json.dumps({"supported": "yes" if set(data["statement"].split()) <= held else "no"})
    return json.dumps(
        {"conveyed": {number: _conveyed(text, data["answer"]) for number, text in data["points"].items()}}
    )


def _conveyed(text: str, statements: Sequence[str]) -> str:
    words = text.split()
    if any(set(words) <= set(statement.split()) for statement in statements):
        return "yes"
    return "partly" if any(words[0] in statement.split() for statement in statements) else "no"


class FakeModel(Script):
    """Gives each request the next answer of the script, and its own opinion once that is at its end."""

    def __init__(self, *script: Answer, says: Callable[[str], str] = opinion) -> None:
        super().__init__(*script, self._own)
        self._says = says
        self._asking = threading.Lock()

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was asked, as JSON."""
        return [json.loads(asked.body) for asked in self.asked]

    @property
    def prompts(self) -> list[str]:
        return [request["messages"][0]["content"] for request in self.requests]

    def chat(self, stage: Stage | None = None, **options: Any) -> ChatModel:
        """A client of it, whose waits take no time."""
        options = {"key": KEY, "timing": (stage or Stage()).timing, **options}
        return ChatModel(f"{self.url}v1", MODEL, **options)

    def _own(self, handler: BaseHTTPRequestHandler) -> None:
        with self._asking:
            completion(self._says(self.prompts[-1]))(handler)


SPAN = "Give 100 mg daily in gout."
UNSUPPORTED: Said = ("Give 900 mg daily in gout.", (Cite("Give 900 mg daily in gout.", span=SPAN),))
NUGGETS = (
    Nugget("Give 100 mg", (("100 mg",),)),
    Nugget("Give less in CKD", (("CKD",),)),
    Nugget("Measure urate", (("urate",),), vital=False),
)
LINES: tuple[Line, ...] = (
    answered([quoting(SPAN)], case(id="right", nuggets=NUGGETS)),
    answered([quoting("Rest."), UNSUPPORTED], case(id="wrong")),
    answered(of=case(id="refused", nuggets=NUGGETS)),
    ranked(),
)
"""Two cases that state something: three statements, one of them not supported, and three nuggets."""
REQUESTS = 4
"""Requests that judging them takes."""


def run_in(folder: Path, lines: Sequence[Line] = LINES) -> Path:
    """A finished run of some lines."""
    run = run_of(lines)
    with closing(RunWriter(folder, run.provenance)) as writer:
        for line in lines:
            writer.add(line)
        writer.finish(run.scored, run.summaries)
    return folder
