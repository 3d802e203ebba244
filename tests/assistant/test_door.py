"""Laws 1 to 3 at the only door out: what cannot be built cannot leave."""

import inspect
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, replace
from importlib.resources import files
from typing import Any

import pytest

from api.schemas import AnswerOut
from assistant.answer import Answer, Citation, Outcome, Provenance, Source, Statement, Support
from assistant.errors import UnsupportedAnswer
from assistant.policy import caution, disclaimer
from assistant.question import Audience
from assistant.render import as_text
from corpus.types import Document, DocumentKind, ReviewStatus, SourceStatus, Work

DISCLAIMER = files("corpus").joinpath("policy", "disclaimer.md").read_text("utf-8").split("---\n", 2)[2].strip()
CAUTION = files("corpus").joinpath("policy", "cautions.md").read_text("utf-8").split("---\n", 2)[2].strip()
TEXT = "Allopurinol is started at 100 mg/day."


def document(
    id: str = "a", review: ReviewStatus = ReviewStatus.APPROVED, status: SourceStatus = SourceStatus.CURRENT
) -> Document:
    return Document(
        id, DocumentKind.LITERATURE, Work(f"Title {id}"), TEXT, (), review_status=review, source_status=status
    )


def citation(**changes: Any) -> Citation:
    plain = Citation(1, "a", "a#0-37", 0, len(TEXT), TEXT, Support.VERBATIM, ReviewStatus.APPROVED)
    return replace(plain, **changes)


def statement(**changes: Any) -> Statement:
    return Statement(TEXT, ("S",), (citation(**changes),))


def answer(**changes: Any) -> Answer:
    given: dict[str, Any] = {
        "id": "1", "created": "now", "question": "q?", "read_as": "q?", "audience": Audience.CLINICIAN,
        "outcome": Outcome.ANSWERED, "message": None, "statements": (statement(),),
        "sources": (Source(1, document(), True),), "related": (), "suggestions": (), "glossary": (),
        "provenance": Provenance("s", "e", "g", None, "p", disclaimer().version, "sw"),
        "retrieved": frozenset(["a#0-37"]), "confidence": 0.9,
    }  # fmt: skip
    return Answer(**(given | changes))


def of(outcome: Outcome) -> Answer:
    if outcome.has_statements:
        return answer(outcome=outcome)
    return answer(outcome=outcome, message="No.", statements=(), sources=(), retrieved=frozenset())


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def test_the_policy_files_are_the_words() -> None:
    assert disclaimer().text == DISCLAIMER
    assert caution().text == CAUTION
    assert "healthcare professionals" in DISCLAIMER
    assert "clinical judgment" in DISCLAIMER
    assert CAUTION == "Exercise caution as content is pending human review."


def test_the_disclaimer_is_no_argument() -> None:
    assert not {"disclaimer", "caution"} & set(inspect.signature(Answer).parameters)
    assert {one.name for one in fields(Answer) if not one.init} == {"disclaimer", "caution"}
    attempts: list[tuple[str, Any]] = [("disclaimer", "No liability."), ("disclaimer", ""), ("caution", None)]
    for name, words in attempts:
        with pytest.raises(TypeError):
            answer(**{name: words})
        with pytest.raises((TypeError, ValueError)):
            replace(answer(), **{name: words})
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(answer(), name, words)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("width", [20, 60, 100, 400])
def test_every_outcome_shows_the_disclaimer_in_text(outcome: Outcome, width: int) -> None:
    shown = as_text(of(outcome), width)
    assert unwrapped(shown).endswith(f"Disclaimer: {unwrapped(DISCLAIMER)}")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_carries_the_disclaimer_in_json(outcome: Outcome) -> None:
    out = AnswerOut.of(of(outcome))
    assert out.disclaimer == DISCLAIMER
    assert AnswerOut.model_validate_json(out.model_dump_json()) == out
    assert out.provenance.disclaimer_version == disclaimer().version


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("no citation", lambda: Statement(TEXT, ("S",), ())),
    ("not the span", lambda: statement(quote="Allopurinol is started at 200 mg/day.")),
    ("part of the span", lambda: statement(quote=TEXT[:-1])),
    ("answered, nothing stated", lambda: answer(statements=())),
    ("answered, with a message", lambda: answer(message="Nothing found.")),
    ("refused, without a message", lambda: replace(of(Outcome.EMERGENCY), message=None)),
    ("refused, with an empty message", lambda: replace(of(Outcome.OUT_OF_SCOPE), message="")),
    ("refused, with statements", lambda: answer(outcome=Outcome.INSUFFICIENT_EVIDENCE, message="No.")),
    ("emergency, with statements", lambda: answer(outcome=Outcome.EMERGENCY)),
    ("not retrieved", lambda: answer(retrieved=frozenset(["a#38-40"]))),
    ("nothing retrieved", lambda: answer(retrieved=frozenset())),
    ("source not listed", lambda: answer(sources=())),
    ("another source listed", lambda: answer(sources=(Source(1, document("b"), True),))),
    ("a wrong number", lambda: answer(statements=(statement(n=2),))),
    ("number beyond the list", lambda: answer(statements=(statement(n=5),))),
    ("numbers from 0", lambda: answer(sources=(Source(0, document(), True),), statements=(statement(n=0),))),
    ("a gap", lambda: answer(sources=(Source(1, document(), True), Source(3, document("b"), True)))),
    ("out of order", lambda: answer(sources=(Source(2, document("b"), True), Source(1, document(), True)))),
    ("via not listed", lambda: answer(statements=(statement(via=("b",)),))),
    ("retracted", lambda: answer(sources=(Source(1, document(status=SourceStatus.RETRACTED), True),))),
    ("notice", lambda: answer(sources=(Source(1, document(status=SourceStatus.RETRACTION_NOTICE), True),))),
    ("retracted, via", lambda: answer(
        statements=(statement(via=("b",)),),
        sources=(Source(1, document(), True), Source(2, document("b", status=SourceStatus.RETRACTED), False)),
    )),
]  # fmt: skip


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in REFUSED])
def test_unsupported_cannot_be_built(make: Callable[[], object]) -> None:
    with pytest.raises(UnsupportedAnswer) as raised:
        make()
    assert re.search(r"\w", str(raised.value))


@pytest.mark.parametrize("status", [s for s in SourceStatus if s.is_evidence])
def test_other_notices_may_be_cited_and_are_shown(status: SourceStatus) -> None:
    built = answer(sources=(Source(1, document(status=status), True),))
    assert AnswerOut.of(built).sources[0].source_status == status
    assert (status.replace("_", " ") in as_text(built, 400).split("Disclaimer:")[0]) == (
        status is not SourceStatus.CURRENT
    )


@pytest.mark.parametrize("direct", list(ReviewStatus))
@pytest.mark.parametrize("via", [None, *ReviewStatus])
def test_caution_when_anything_listed_is_not_approved(direct: ReviewStatus, via: ReviewStatus | None) -> None:
    sources = [Source(1, document(review=direct), True)]
    sources += [Source(2, document("b", review=via), False)] if via else []
    built = answer(sources=tuple(sources), statements=(statement(review_status=direct, via=("b",) if via else ()),))
    pending = {direct, via} - {None, ReviewStatus.APPROVED}
    assert built.caution == (CAUTION if pending else None)
    assert AnswerOut.of(built).caution == built.caution
    assert (CAUTION in unwrapped(as_text(built))) == bool(pending)


def test_two_sources_of_one_id_cannot_be_listed() -> None:
    with pytest.raises(UnsupportedAnswer):
        answer(sources=(Source(1, document(), True), Source(2, document(), True)))
