"""Ways in which a faulty program would tell an answer; each changes the answer's JSON in place."""

import re
from collections.abc import Callable
from typing import Any

Told = dict[str, Any]
Broken = Callable[[Told], None]

_NUMBER = re.compile(r"\d+(?![\d.,]*\d)")
_NEGATION = re.compile(r"\b(?:not|no|never) ")


def without_disclaimer(told: Told) -> None:
    told["disclaimer"] = ""


def another_disclaimer(told: Told) -> None:
    told["disclaimer"] = f"{told['disclaimer']} Or not."


def without_caution(told: Told) -> None:
    told["caution"] = None


def citations_of_the_next_statement(told: Told) -> None:
    """Each statement cites what the next one did."""
    citations = [statement["citations"] for statement in told["statements"]]
    for statement, moved in zip(told["statements"], citations[1:] + citations[:1], strict=True):
        statement["citations"] = moved


def source_numbers_shifted(told: Told) -> None:
    """The source list begins with [2]: each citation is of the source after the one that it is numbered as."""
    for source in told["sources"]:
        source["n"] += 1


def quotes_reworded(told: Told) -> None:
    """Every quote ends as no source does."""
    for statement in told["statements"]:
        for citation in statement["citations"]:
            citation["quote"] += " (abridged)"


def a_number_changed(told: Told) -> None:
    """In each statement, its last number is one more; quotes stay."""
    for statement in told["statements"]:
        statement["text"] = _last_number_raised(statement["text"])


def a_number_changed_in_the_quote_too(told: Told) -> None:
    """The same, but the quote agrees with the statement: only who looks into the source sees it."""
    a_number_changed(told)
    for statement in told["statements"]:
        for citation in statement["citations"]:
            citation["quote"] = statement["text"] if citation["supports"] == "verbatim" else citation["quote"]


def a_negation_dropped(told: Told) -> None:
    """The first "not", "no" or "never" of each statement is gone; quotes stay."""
    for statement in told["statements"]:
        statement["text"] = _NEGATION.sub("", statement["text"], count=1)


def _last_number_raised(text: str) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    last = found[-1]
    return f"{text[: last.start()]}{int(last[0]) + 1}{text[last.end() :]}"
