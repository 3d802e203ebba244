"""The answer-quality suite: each question of questions.jsonl asked of the starter corpus, and the suite as a whole.

known_failures.json (id → reason) holds what does not work yet: such a test must fail, and when it
passes, its entry has to go. floors.json holds the least share of each measure; a known failure counts
as a failure there.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.pipeline import Assistant, turn_of
from assistant.question import Question, Turn
from benchmarks.starter import Expected, load_questions, mentions_all

HERE = Path(__file__).parent
SUITE = load_questions("quality")
KNOWN: dict[str, str] = json.loads((HERE / "known_failures.json").read_text("utf-8"))
FLOORS: dict[str, float] = json.loads((HERE / "floors.json").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was asked for against what came; cited sources and mentions count only where an answer is expected."""

    expected: Expected
    outcome: str
    read_as: str
    cited: frozenset[str]
    said: str

    @property
    def outcome_right(self) -> bool:
        return self.outcome == self.expected.outcome

    @property
    def source_cited(self) -> bool:
        return not self.cited.isdisjoint(self.expected.sources)

    @property
    def all_mentioned(self) -> bool:
        return mentions_all(self.expected, self.said)

    @property
    def correct(self) -> bool:
        return self.outcome_right and (not self.expected.sources or (self.source_cited and self.all_mentioned))


Ask = Callable[[Expected], Verdict]


@pytest.fixture(scope="session")
def ask(assistant: Assistant) -> Ask:
    """The verdict on a question, each asked once."""
    verdicts: dict[str, Verdict] = {}

    def judged(expected: Expected) -> Verdict:
        if expected.id not in verdicts:
            verdicts[expected.id] = judge(expected, converse(assistant, expected))
        return verdicts[expected.id]

    return judged


def converse(assistant: Assistant, expected: Expected) -> Answer:
    """The answer to a question after those of its history, asked in order."""
    history: tuple[Turn, ...] = ()
    for earlier in expected.history:
        history = (*history, turn_of(assistant.answer(Question(earlier, history, expected.article_id))))
    return assistant.answer(Question(expected.text, history, expected.article_id))


def judge(expected: Expected, answer: Answer) -> Verdict:
    citations = [citation for statement in answer.statements for citation in statement.citations]
    cited = frozenset(source for citation in citations for source in (citation.source_id, *citation.via))
    said = "\n".join(statement.text for statement in answer.statements)
    return Verdict(expected, str(answer.outcome), answer.read_as, cited, said)


def known_failure(question: Expected) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(strict=True, reason=KNOWN[question.id])] if question.id in KNOWN else []


@pytest.mark.parametrize("expected", [pytest.param(one, id=one.id, marks=known_failure(one)) for one in SUITE])
def test_a_question_is_answered_as_it_should_be(expected: Expected, ask: Ask) -> None:
    verdict = ask(expected)
    shown = f"{expected.text!r} read as {verdict.read_as!r}, stating:\n{verdict.said}"
    assert verdict.outcome == expected.outcome, shown
    if expected.sources:
        assert verdict.source_cited, f"cites {sorted(verdict.cited)}, not one of {expected.sources}; {shown}"
        assert verdict.all_mentioned, f"does not mention all of {expected.must_mention}; {shown}"


def test_the_suite_keeps_its_floors(ask: Ask) -> None:
    verdicts = [ask(question) for question in SUITE]
    measured = measures(verdicts)
    for name, (hits, total) in measured.items():
        print(f"{name:28} {hits:3}/{total:3} {hits / total:.3f}   floor {FLOORS[name]:.3f}")
    assert set(FLOORS) == set(measured)
    assert {name: hits / total for name, (hits, total) in measured.items() if hits / total < FLOORS[name]} == {}


def measures(verdicts: list[Verdict]) -> dict[str, tuple[int, int]]:
    """Hits and totals of each measure, over all the questions that it concerns."""
    answerable = [verdict for verdict in verdicts if verdict.expected.outcome == "answered"]
    refusable = [verdict for verdict in verdicts if verdict.expected.outcome != "answered"]
    follow_ups = [verdict for verdict in verdicts if verdict.expected.history]
    return {
        "correct": share(verdict.correct for verdict in verdicts),
        "answerable: correct": share(verdict.correct for verdict in answerable),
        "answerable: answered": share(verdict.outcome_right for verdict in answerable),
        "answerable: source cited": share(verdict.source_cited for verdict in answerable),
        "answerable: all mentioned": share(verdict.all_mentioned for verdict in answerable),
        "to refuse: outcome right": share(verdict.outcome_right for verdict in refusable),
        "follow-ups: correct": share(verdict.correct for verdict in follow_ups),
    }


def share(hits: Iterable[bool]) -> tuple[int, int]:
    each = list(hits)
    return sum(each), len(each)


def test_the_suite_is_large_enough_and_well_formed() -> None:
    assert len({question.id for question in SUITE}) == len(SUITE) >= 80
    assert sum(bool(question.history) for question in SUITE) >= 20
    assert sum(question.outcome != "answered" for question in SUITE) >= 20
    for question in SUITE:
        assert bool(question.sources) == bool(question.must_mention) == (question.outcome == "answered"), question.id


def test_a_known_failure_names_a_question_and_a_reason() -> None:
    assert set(KNOWN) <= {question.id for question in SUITE}
    assert all(reason.strip() for reason in KNOWN.values())
