"""A case, a query or a turn, asked: what is written down is what the assistant, the search and the reading gave."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.examining import answer_json
from assistant.answer import Answer, Outcome, Stage
from assistant.errors import UnknownArticle
from assistant.evaluation.asking import FOUND, PASSAGES, Examiner, asked
from assistant.evaluation.case import Case
from assistant.evaluation.sets import FollowupTurn
from assistant.evaluation.support import statement_support
from assistant.evaluation.told import read_told
from assistant.evaluation.verifying import verify
from assistant.pipeline import turn_of
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Audience, Question
from assistant.rules import Rules
from corpus.types import ReviewStatus
from indexer.search import make_queries, search
from indexer.snapshot import Snapshot
from tests.hashing import HashingEncoder
from tests.judged import Words
from tests.tiny import LIBRARY, PAPERS, assistant_over, snapshot_of

ENCODER = HashingEncoder()
DOSE = "What is the starting dose of allopurinol in gout?"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    opened = snapshot_of(LIBRARY.documents(), tmp_path_factory.mktemp("asked"), ENCODER)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def examiner(snapshot: Snapshot) -> Examiner:
    return Examiner(snapshot, ENCODER, Rules(), "tiny 1", answer_json, Words())


def case(question: str = DOSE, **fields: object) -> Case:
    return Case("a", question, Outcome.ANSWERED, **fields)  # type: ignore[arg-type]


def test_what_is_written_down_is_the_answer_and_what_it_turned_out_to_be(examiner: Examiner) -> None:
    line = examiner.answered("mine", case(tags=("x",)))
    assert (line.suite, line.case, line.same_again) == ("mine", case(tags=("x",)), True)
    assert line.told.outcome is Outcome.ANSWERED
    assert line.told.question == DOSE
    assert bytes(line.answer).startswith(b"{")
    assert line.verified == verify(line.told, examiner.snapshot, Rules())
    assert line.verified
    spans = [[one.span for one in line.verified if one.statement == at] for at in range(len(line.told.statements))]
    assert line.supported == tuple(
        statement_support(statement.text, own, Words())
        for statement, own in zip(line.told.statements, spans, strict=True)
    )


def test_neither_clock_nor_ids_are_in_an_answer(examiner: Examiner) -> None:
    """Or no answer would be the same again."""
    first, second = (examiner.answered("mine", case()) for _ in range(2))
    assert bytes(first.answer) == bytes(second.answer)
    assert b'"id":"","created":""' in bytes(first.answer)


def test_an_answer_that_differs_the_second_time_is_told(examiner: Examiner) -> None:
    count = itertools.count()

    def restless(answer: Answer) -> bytes:
        return answer_json(answer).replace(b'"read_as":"', b'"read_as":"%d ' % next(count))

    line = replace(examiner, as_json=restless).answered("mine", case())
    assert not line.same_again
    assert line.told.read_as.startswith("0 ")


def test_the_questions_before_it_are_asked_in_order(examiner: Examiner, snapshot: Snapshot) -> None:
    history = ("Is allopurinol the first-line drug for gout?", "Is it titrated?")
    line = examiner.answered("mine", case("And how often is urate measured?", history=history, article="gout"))
    assistant = assistant_over(snapshot, ENCODER)
    first = turn_of(assistant.answer(Question(history[0], (), "gout")))
    second = turn_of(assistant.answer(Question(history[1], (first,), "gout")))
    by_hand = assistant.answer(Question("And how often is urate measured?", (first, second), "gout"))
    assert line.told == read_told(answer_json(by_hand))
    assert "allopurinol" in second.read_as


def test_article_audience_and_rules_are_passed_on(examiner: Examiner, snapshot: Snapshot) -> None:
    question = "Is chlorthalidone a first-line drug?"
    asked_by = {"hypertension": Audience.PATIENT, "gout": Audience.CLINICIAN, None: Audience.TRAINEE}
    for article, audience in asked_by.items():
        by_hand = assistant_over(snapshot, ENCODER).answer(Question(question, (), article, audience))
        line = examiner.answered("mine", case(question, article=article, audience=audience))
        assert line.told == read_told(answer_json(by_hand))
        assert f'"audience":"{audience}"'.encode() in bytes(line.answer)
    strict = replace(examiner, rules=Rules(ReviewStatus.APPROVED)).answered("mine", case())
    by_hand = assistant_over(snapshot, ENCODER, approved_only=True).answer(Question(DOSE))
    assert strict.told == read_told(answer_json(by_hand))
    assert strict.told != examiner.answered("mine", case()).told
    with pytest.raises(UnknownArticle):
        examiner.answered("mine", case(article="scury"))


def test_what_is_barred_is_neither_cited_nor_taken_for_evidence(examiner: Examiner) -> None:
    cited = [source.id for source in examiner.answered("mine", case()).told.sources]
    assert "gout" in cited
    line = replace(examiner, rules=Rules(barred=tuple(cited))).answered("mine", case())
    assert not {source.id for source in line.told.sources}.intersection(cited)
    assert not any(one.withdrawn for one in line.verified)


def test_seconds_are_those_of_the_stages(examiner: Examiner) -> None:
    answered = examiner.answered("mine", case()).seconds
    assert list(answered) == [*Stage, "all"]
    assert all(seconds >= 0 for seconds in answered.values())
    assert sum(answered[stage] for stage in Stage) == pytest.approx(answered["all"])
    stopped = examiner.answered("mine", case("My patient is not breathing, what do I do?")).seconds
    assert list(stopped) == [Stage.TRIAGE, "all"]


def test_asked_is_the_answer_after_the_questions_before_it(snapshot: Snapshot) -> None:
    assistant = assistant_over(snapshot, ENCODER)
    of = case("Is it titrated?", history=("Is allopurinol the first-line drug for gout?",))
    turn = turn_of(assistant.answer(Question(of.history[0])))
    assert asked(assistant, of) == assistant.answer(Question(of.question, (turn,)))


@pytest.mark.parametrize("text", [PAPERS[0].findings[0], "gout", "Which zebra stripes confuse tsetse flies?"])
def test_a_query_ranks_documents_by_their_best_passage(examiner: Examiner, snapshot: Snapshot, text: str) -> None:
    line = examiner.ranked("mine", "q1", text, {"gout": 1})
    (query,) = make_queries([text], snapshot, ENCODER)
    best: dict[str, int] = {}
    for hit in search(query, snapshot, PASSAGES):
        best[hit.passage.document_id] = min(best.get(hit.passage.document_id, hit.rank), hit.rank)
    assert line.ranked == tuple(sorted(best, key=best.__getitem__))
    assert len(set(line.ranked)) == len(line.ranked) > 1
    assert (line.suite, line.id, line.text, line.relevant) == ("mine", "q1", text, {"gout": 1})
    assert line.seconds > 0


def found(text: str, snapshot: Snapshot) -> tuple[str, ...]:
    (query,) = make_queries([text], snapshot, ENCODER)
    return tuple(hit.passage.id for hit in search(query, snapshot, FOUND))


def test_a_turn_is_read_after_the_turns_before_it(examiner: Examiner, snapshot: Snapshot) -> None:
    history = ("Is allopurinol used in gout?", "Is it titrated?")
    turn = FollowupTurn("1_3", history, "Is it measured?", "Is urate measured in gout?", ("it",))
    line = examiner.read("mine", turn)
    asked_of = assistant_over(snapshot, ENCODER)
    first = turn_of(asked_of.answer(Question(history[0])))
    assert (line.suite, line.id, line.tags, line.history, line.raw, line.resolved) == (
        "mine", "1_3", ("it",), history, turn.raw, turn.resolved
    )  # fmt: skip
    assert "allopurinol" in line.reading
    assert first.read_as == history[0]
    assert line.found_raw == found(turn.raw, snapshot)
    assert line.found_resolved == found(turn.resolved, snapshot)
    assert line.found_reading == found(line.reading, snapshot)
    assert len(line.found_resolved) <= FOUND


def test_a_turn_without_history_is_read_as_it_stands(examiner: Examiner) -> None:
    line = examiner.read("mine", FollowupTurn("1_1", (), "What is gout?", "What is gout?"))
    assert line.reading == line.raw
    assert line.found_raw == line.found_resolved == line.found_reading


def test_more_and_longer_turns_than_an_assistant_takes_are_cut(examiner: Examiner) -> None:
    long = "Is allopurinol used in gout? " * 100
    turn = FollowupTurn("1_99", (long,) * (MAX_TURNS + 5), long, "Is it used?")
    line = examiner.read("mine", turn)
    assert line.raw == long[:MAX_CHARACTERS]
    assert line.history == turn.history
