"""The suite can fail: whatever is broken, exactly the measures that are about it drop, cases fail, and the gate closes.

Answers of the run are told as a faulty program would tell them, then looked up and judged anew; or a faulty assistant
is asked. What is compared with is the run itself.
"""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from api.examining import answer_json
from assistant.answer import Outcome
from assistant.evaluation.asking import Examiner
from assistant.evaluation.compare import INDIFFERENT, compare
from assistant.evaluation.gate import faults
from assistant.evaluation.measures import described, judge
from assistant.evaluation.record import Answered
from assistant.evaluation.run_folder import Run
from assistant.evaluation.scoring import scored
from assistant.evaluation.summary import summarise
from assistant.evaluation.support import LexicalSupport
from assistant.evaluation.told import read_told
from assistant.evaluation.verdict import failures, withdrawn
from assistant.evaluation.verifying import verify
from assistant.rules import Rules
from corpus.gathering import gather
from corpus.types import SourceStatus
from indexer.build import build
from indexer.encoder import Encoder
from indexer.home import folder_of
from indexer.snapshot import Snapshot
from tests.quality import breaking
from tests.quality.breaking import Broken, Told
from tests.quality.conftest import CREATED, Examine

STARTER = "starter"
SUPPORT = frozenset({"citation_recall", "citation_precision", "statement_support", "answer_support"})
"""Whether spans support the statement that cites them."""
CONVEYED = frozenset({"vital_nugget_recall", "nugget_recall"})
"""Whether statements hold what a nugget is known by; few do in the very words that a mutation changes."""
OF_WORDS = frozenset({*INDIFFERENT, "redundancy"})
"""What any change of wording changes."""
NOT_QUOTED = "is called verbatim and is not what it quotes."
NOT_THERE = "the quote is not what stands there."
NOT_SUPPORTED = "is not supported by what it cites."
PROMISED = {"statement_support": 1, "citation_validity": 1, "span_exactness": 1, "numeric_fidelity": 1,
            "disclaimer_present": 1, "caution_right": 1, "same_again": 1, "withdrawn_cited": 0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """Measures that got worse and better, and those for which the gate closes."""

    worse: set[str]
    better: set[str]
    gate: set[str]


def moved(before: Sequence[Answered], after: Sequence[Answered], of: Run) -> Moved:
    """What two askings of the same cases differ in."""
    first, second = (_run(lines, of) for lines in (before, after))
    (found,) = compare(first, second)
    differing = [one for one in found.differences if one.before != one.after and one.measure.name not in OF_WORDS]
    promises = {STARTER: {name: value for name, value in PROMISED.items() if name in second.summaries[0].measures}}
    told = faults(second, first, promises)
    known = {name for one in (*first.scored, *second.scored) for name in one.scores}
    return Moved(
        {one.measure.name for one in differing if one.is_worse},
        {one.measure.name for one in differing if not one.is_worse},
        {name for name in known - OF_WORDS if any(f": {described(name).title} " in fault for fault in told)},
    )


def _run(lines: Sequence[Answered], of: Run) -> Run:
    """A run of these cases of the starter suite alone."""
    suites = tuple(one for one in of.provenance.suites if one.name == STARTER)
    scores = [scored(line) for line in lines]
    provenance = structs.replace(of.provenance, suites=suites)
    return Run("run", provenance, tuple(lines), tuple(scores), summarise(lines, scores, 0.0))


def told_as(line: Answered, body: bytes, examiner: Examiner) -> Answered:
    """The line, had the program told this; looked up and judged as when it is asked."""
    told = read_told(body)
    verified = verify(told, examiner.snapshot, examiner.rules)
    supported = judge(line.case, told, verified, examiner.support).supported
    return structs.replace(line, answer=msgspec.Raw(body), verified=verified, supported=supported)


def broken_line(line: Answered, broken: Broken, examiner: Examiner) -> Answered:
    told = json.loads(bytes(line.answer))
    broken(told)
    return told_as(line, json.dumps(told).encode(), examiner)


def new_failures(before: Answered, after: Answered) -> set[str]:
    """What is wrong with a case and was not."""
    return {*failures(after)} - {*failures(before)}


@pytest.fixture(scope="session")
def lines(run: Run) -> tuple[Answered, ...]:
    """The answered cases of the starter suite, in one order."""
    return tuple(line for line in run.lines if isinstance(line, Answered) and line.suite == STARTER)


@pytest.mark.parametrize(("broken", "worse", "told"), [
    (breaking.without_disclaimer, {"disclaimer_present"}, "The disclaimer is missing."),
    (breaking.another_disclaimer, {"disclaimer_present"}, "The disclaimer is not worded as the policy has it."),
    (breaking.without_caution, {"caution_right"}, "The caution is missing"),
    (breaking.citations_of_the_next_statement, {*SUPPORT, "numeric_fidelity", "span_exactness"}, NOT_QUOTED),
    (breaking.source_numbers_shifted, {"citation_validity"}, "the source list does not hold what it cites"),
    (breaking.quotes_reworded, {"span_exactness"}, NOT_THERE),
    (breaking.a_number_changed, {*SUPPORT, *CONVEYED, "numeric_fidelity", "span_exactness"}, NOT_SUPPORTED),
    (breaking.a_number_changed_in_the_quote_too, {*SUPPORT, *CONVEYED, "numeric_fidelity", "span_exactness"},
     NOT_THERE),
    (breaking.a_negation_dropped, {*SUPPORT, *CONVEYED, "span_exactness"}, NOT_QUOTED),
])  # fmt: skip
def test_what_is_told_otherwise(
    broken: Broken, worse: set[str], told: str, run: Run, lines: tuple[Answered, ...], examine: Examine
) -> None:
    examiner = examine(Rules())
    after = [broken_line(line, broken, examiner) for line in lines]
    found = moved(lines, after, run)
    assert found.worse == worse
    assert found.better <= {"forbidden_said"}
    assert worse - CONVEYED <= found.gate <= worse
    changed = [(one, other) for one, other in zip(lines, after, strict=True) if one.told != other.told]
    assert len(changed) > 50
    for one, other in changed:
        assert any(told in failure for failure in new_failures(one, other)), one.id


def test_an_answer_under_the_citations_of_another(run: Run, lines: tuple[Answered, ...], examine: Examine) -> None:
    """Statement by statement, where both have one: the sources cited are those of another question."""
    stating = [line for line in lines if line.told.statements]
    others = dict(zip([line.id for line in stating], [*stating[1:], stating[0]], strict=True))
    after = [
        broken_line(line, citing(others[line.id]), examine(Rules())) if line.id in others else line for line in lines
    ]
    found = moved(lines, after, run)
    expected = {*SUPPORT, "numeric_fidelity", "span_exactness", "citation_validity", "must_cite_met"}
    chance = {"must_not_cite_cited"}  # whose citations stand under which question is as it falls out
    assert (found.worse - chance, found.gate - chance) == (expected, expected)
    assert found.better <= chance
    pairs = [(one, other) for one, other in zip(lines, after, strict=True) if one.id in others]
    assert all(any(NOT_QUOTED in failure for failure in new_failures(*pair)) for pair in pairs)


def citing(other: Answered) -> Broken:
    """Puts the citations of another answer under the statements, as far as there are any."""
    theirs = [statement["citations"] for statement in json.loads(bytes(other.answer))["statements"]]

    def broken(told: Told) -> None:
        for statement, citations in zip(told["statements"], theirs, strict=False):
            statement["citations"] = citations

    return broken


def test_another_answer_when_asked_again(run: Run, lines: tuple[Answered, ...]) -> None:
    after = [structs.replace(line, same_again=False) for line in lines]
    assert moved(lines, after, run) == Moved({"same_again"}, set(), {"same_again"})
    assert all(
        new_failures(*pair) == {"Asked again, the answer was another."} for pair in zip(lines, after, strict=True)
    )


def test_sources_that_became_barred_since(run: Run, lines: tuple[Answered, ...], examine: Examine) -> None:
    """As if the program had not asked what is barred by now."""
    barred = tuple({source for line in lines for source in line.told.cited})
    after = [told_as(line, bytes(line.answer), examine(Rules(barred=barred))) for line in lines]
    assert moved(lines, after, run) == Moved({"withdrawn_cited"}, set(), {"withdrawn_cited"})
    for one, other in zip(lines, after, strict=True):
        assert new_failures(one, other) == {f"{source} is cited and is withdrawn." for source in one.told.cited}


def test_a_retracted_source_that_a_faulty_assistant_allows(
    run: Run, lines: tuple[Answered, ...], snapshot: Snapshot, encoder: Encoder, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The paper most cited is retracted and the corpus built anew: the assistant cites it no more.

    One that does has lost all that keeps it from doing so, and is found out by what the corpus says.
    """
    counted = Counter(s for line in lines for s in line.told.cited if ":" in s)
    ((retracted, _),) = counted.most_common(1)
    before = [line for line in lines if retracted in line.told.cited]
    documents = [replace(one, source_status=SourceStatus.RETRACTED) if one.id == retracted else one for one in gather()]
    manifest = build(documents, tmp_path, encoder, created=CREATED, software="tests", reuse=snapshot)
    opened = Snapshot(folder_of(tmp_path, manifest.id), encoder.identity)
    examiner = Examiner(opened, encoder, Rules(), "tests", answer_json, LexicalSupport())
    with closing(opened):
        sound = [examiner.answered(STARTER, line.case) for line in before]
        monkeypatch.setattr(Rules, "admits", lambda rules, document: True)
        monkeypatch.setattr("assistant.evidence._withdrawn", lambda documents, snapshot, rules: frozenset())
        monkeypatch.setattr(Snapshot, "is_withdrawn", lambda snapshot, document_id, doi: False)
        monkeypatch.setattr("assistant.answer._check", lambda answer: None)
        faulty = [examiner.answered(STARTER, line.case) for line in before]
    assert not any(retracted in line.told.cited or retracted in withdrawn(line) for line in sound)
    assert moved(before, faulty, run).worse == {"withdrawn_cited"}
    assert moved(before, faulty, run).gate == {"withdrawn_cited"}
    for one, other in zip(before, faulty, strict=True):
        assert f"{retracted} is cited and is withdrawn." in new_failures(one, other)


def test_a_threshold_that_lets_everything_be_answered(run: Run, lines: tuple[Answered, ...], examine: Examine) -> None:
    before = [line for line in lines if line.told.outcome is Outcome.INSUFFICIENT_EVIDENCE]
    examiner = examine(Rules(enough=0.0))
    after = [examiner.answered(STARTER, line.case) for line in before]
    found = moved(before, after, run)
    assert {"correct_refusal", "outcome_right"} <= found.worse
    assert found.worse <= {"correct_refusal", "outcome_right", "must_not_cite_cited", "forbidden_said"}
    assert "wrong_refusal" in found.better or not any(line.case.is_answerable for line in before)
    assert found.gate == {"correct_refusal", "outcome_right"}
    for one, other in zip(before, after, strict=True):
        wrong = any(failure.startswith("The outcome is ") for failure in failures(other))
        assert other.told.statements, one.id
        assert wrong is not one.case.is_answerable, one.id


def test_a_threshold_that_lets_nothing_be_answered(run: Run, lines: tuple[Answered, ...], examine: Examine) -> None:
    before = [line for line in lines if line.told.statements and line.case.is_answerable and not failures(line)][:20]
    examiner = examine(Rules(enough=1.0))
    after = [examiner.answered(STARTER, line.case) for line in before]
    found = moved(before, after, run)
    expected = {"wrong_refusal", "outcome_right", "must_cite_met", *CONVEYED}
    assert (found.worse, found.better, found.gate) == (expected, set(), expected)
    expected_failure = "The outcome is insufficient evidence; expected was"
    for line in after:
        assert any(failure.startswith(expected_failure) for failure in failures(line)), line.id
