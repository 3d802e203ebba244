"""An answer as plain text for the clipboard: statements with numbers, numbered references, caution and disclaimer."""

from collections.abc import Sequence

from api.export.wording import CONFLICT, line, standing_of
from api.schemas import AnswerOut, SourceOut, StatementOut
from api.web.places import outward
from assistant.answer import Outcome


def as_plain_text(answer: AnswerOut, outdated: Sequence[str] = ()) -> str:
    """Everything one needs to check the answer elsewhere; the disclaimer is always in it."""
    sources = {one.id: one for one in answer.sources}
    blocks = [
        line(answer.read_as),
        f"Caution: {line(answer.caution)}" if answer.caution else "",
        *(f"No longer evidence since this answer was given: {line(one)}" for one in outdated),
        CONFLICT if answer.outcome == Outcome.CONFLICTING_EVIDENCE else "",
        line(answer.message or ""),
        *(_statement(one, sources) for one in answer.statements),
        "\n".join(("References", *(_source(one, answer) for one in answer.sources))) if answer.sources else "",
        f"Disclaimer: {line(answer.disclaimer)}",
        f"Sequitur answer {answer.id}, {answer.created}, snapshot {answer.provenance.snapshot}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _statement(one: StatementOut, sources: dict[str, SourceOut]) -> str:
    numbers = dict.fromkeys(n for c in one.citations for n in (c.n, *(sources[via].n for via in c.via)))
    return f"{line(one.text)} {''.join(f'[{n}]' for n in numbers)}"


def _source(one: SourceOut, answer: AnswerOut) -> str:
    links = " ".join(link.href for link in outward(one))
    return f"{one.n}. {line(one.reference)} ({standing_of(one, answer)}){f' {links}' if links else ''}"
