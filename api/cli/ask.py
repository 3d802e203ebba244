"""For clinicians: one question, or a conversation."""

import io
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from api.cli.session import AsJson, note, open_desk
from api.desk import Desk
from api.schemas import AnswerOut
from api.settings import Settings
from assistant.answer import Answer
from assistant.errors import InvalidQuestion
from assistant.pipeline import turn_of
from assistant.question import MAX_TURNS, Audience, Question, Turn
from assistant.render import as_text

Article = Annotated[str | None, typer.Option("--article", help="Id of the article being read, e.g. myositis.")]
ForAudience = Annotated[Audience, typer.Option("--audience", help="Who reads; others than clinicians get a glossary.")]


def ask(
    text: Annotated[str, typer.Argument(metavar="QUESTION", help="The question.")],
    article: Article = None,
    audience: ForAudience = Audience.CLINICIAN,
    after: Annotated[
        list[str] | None, typer.Option("--after", help="An earlier question of the conversation; repeat in order.")
    ] = None,
    read_as: Annotated[
        str | None, typer.Option("--read-as", help="How the question is to be read, in place of our reading.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question from the live index, with citations, caution and disclaimer."""
    Question(text, (), article, audience, read_as)  # refused before a model is loaded
    with open_desk(Settings.from_environment()) as desk:
        history: tuple[Turn, ...] = ()
        for earlier in after or []:
            history = _remember(history, desk.answer(Question(earlier, history, article, audience)))
        _show(desk.answer(Question(text, history, article, audience, read_as)), as_json)


def chat(article: Article = None, audience: ForAudience = Audience.CLINICIAN, as_json: AsJson = False) -> None:
    """Ask one question after the other; follow-ups are read in the context of what came before.

    A number asks the suggestion of that number. /as TEXT reads the last question another way, /article ID
    changes the article being read, /new forgets the conversation, /quit ends it.
    """
    with open_desk(Settings.from_environment()) as desk:
        note("Ask a question; /as TEXT, /article ID, /new, /quit. An empty line is passed over.")
        conversation = _Conversation(desk, article, audience)
        for line in _lines():
            if line == "/quit":
                break
            try:
                answer = conversation.take(line)
            except InvalidQuestion as error:
                note(f"sequitur: {error}")
                continue
            if answer is not None:
                _show(answer, as_json)


class _Conversation:
    """What a chat remembers: the article being read, the turns, and the question asked last."""

    def __init__(self, desk: Desk, article: str | None, audience: Audience) -> None:
        self._desk = desk
        self._article = article
        self._audience = audience
        self._history: tuple[Turn, ...] = ()
        self._before: tuple[Turn, ...] = ()
        self._last: str | None = None

    def take(self, line: str) -> Answer | None:
        """The answer to a line; None when it was a command that answers nothing."""
        command, _, rest = line.partition(" ")
        if command == "/new":
            self._history, self._last = (), None
            note("A new conversation.")
        elif command == "/article":
            self._article = rest.strip() or None
            note(f"Reading {self._article or 'no article'}.")
        elif command == "/as" and self._last is not None:
            return self._ask(self._last, self._before, rest.strip())
        elif command.startswith("/"):
            note("Known: /as TEXT (after a question), /article ID, /new, /quit")
        else:
            return self._ask(line, self._history, None)
        return None

    def _ask(self, text: str, history: tuple[Turn, ...], read_as: str | None) -> Answer:
        answer = self._desk.answer(Question(text, history, self._article, self._audience, read_as))
        self._last, self._before, self._history = text, history, _remember(history, answer)
        return answer


def _remember(history: tuple[Turn, ...], answer: Answer) -> tuple[Turn, ...]:
    return (*history, turn_of(answer))[-MAX_TURNS:]


def _lines() -> Iterator[str]:
    """What is typed, line by line; bytes that are no text become characters that a question may not hold."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    while True:
        try:
            typer.echo("> ", nl=False, err=True)
            line = input().strip()
        except EOFError:
            return
        if line:
            yield line


def _show(answer: Answer, as_json: bool) -> None:
    typer.echo(AnswerOut.of(answer).model_dump_json() if as_json else as_text(answer), nl=as_json)
