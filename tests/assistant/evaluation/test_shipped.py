"""The suites that come with the program: whole, and true to the built-in corpus that they ask about."""

from collections import Counter
from functools import cache

import pytest

from assistant.answer import Outcome
from assistant.evaluation.case import Case, Split, Suite, read_suite
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.shipped import SUITES, baseline_path, suite_path
from benchmarks.shared import FITTING
from corpus.gathering import gather
from corpus.sentences import split_sentences
from corpus.types import Document, DocumentKind
from indexer.analysis import words
from tests.corpus.test_starter_corpus import TOPICS

KINDS = """plain multi-turn abbreviation misspelling near-miss other-disease out-of-scope emergency
false-premise conflict dose injection""".split()
"""What the starter suite has cases of; near-misses and other diseases are what cannot be answered."""


@cache
def suite(name: str) -> Suite:
    """A shipped suite, or the questions that models are fitted on."""
    return read_suite(FITTING if name == FITTING.stem else suite_path(name))


@cache
def documents() -> dict[str, Document]:
    return {document.id: document for document in gather()}


@cache
def sentences() -> tuple[tuple[str, str], ...]:
    """(document id, text) of every sentence of the built-in corpus."""
    return tuple(
        (document.id, document.text[section.start + start : section.start + end])
        for document in documents().values()
        for section in document.sections
        for start, end in split_sentences(document.text[section.start : section.end])
    )


def tags(cases: tuple[Case, ...]) -> Counter[str]:
    return Counter(tag for case in cases for tag in case.tags)


def asked(case: Case) -> tuple[object, ...]:
    """What is asked and where, however it is written."""
    return (*(" ".join(text.casefold().split()) for text in (*case.history, case.question)), case.article)


def asked_in_both(one: str, other: str) -> list[tuple[str, str]]:
    """Ids of cases of two suites that ask in the same words, whatever marks, article and history stand beside them."""
    found = {tuple(words(case.question)): case.id for case in suite(one).cases}
    others = ((tuple(words(case.question)), case.id) for case in suite(other).cases)
    return [(found[question], id) for question, id in others if question in found]


def test_every_suite_is_there_under_its_name() -> None:
    assert {path.stem for path in suite_path("starter").parent.iterdir()} == set(SUITES)
    for name in SUITES:
        assert suite(name).name == name


def test_another_name_is_told_with_the_ones_there_are() -> None:
    with pytest.raises(BadSuite, match="no suite 'startr' is shipped; there are: starter, refusals, calibration;"):
        suite_path("startr")


def test_baselines_stand_beside_the_suites() -> None:
    assert baseline_path("starter").parent.parent == suite_path("starter").parent.parent


def test_the_starter_suite_is_as_large_and_as_varied_as_it_says() -> None:
    cases = suite("starter").cases
    assert Counter(case.split for case in cases) == {Split.DEVELOP: 100, Split.TEST: 100}
    for split in (Split.DEVELOP, Split.TEST):
        found = tags(tuple(case for case in cases if case.split is split))
        assert {tag.removeprefix("topic:") for tag in found if tag.startswith("topic:")} == set(TOPICS)
        assert found["plain"] >= 20
    assert not set(KINDS) - set(tags(cases))
    assert tags(cases)["multi-turn"] >= 30
    assert tags(cases)["dose"] >= 20


def test_tags_say_what_a_case_is() -> None:
    refused = {"near-miss", "other-disease", "out-of-scope"}
    for case in suite("starter").cases:
        assert ("multi-turn" in case.tags) == bool(case.history), case.id
        assert ("emergency" in case.tags) == (Outcome.EMERGENCY in case.outcomes), case.id
        assert ("conflict" in case.tags) == (Outcome.CONFLICTING_EVIDENCE in case.outcomes), case.id
        assert not (case.is_answerable and refused.intersection(case.tags)), case.id


def test_every_outcome_is_expected_of_some_case() -> None:
    assert {outcome for name in SUITES for case in suite(name).cases for outcome in case.outcomes} == set(Outcome)


def test_half_of_what_refusals_asks_is_to_be_refused_and_all_of_it_is_for_telling() -> None:
    cases = suite("refusals").cases
    assert Counter(case.is_answerable for case in cases) == {True: 120, False: 120}
    assert {case.split for case in cases} == {Split.TEST}


def test_thresholds_are_chosen_on_questions_that_no_test_asks() -> None:
    assert {case.split for case in suite("calibration").cases} == {Split.CALIBRATION}
    assert asked_in_both("calibration", "starter") == []
    assert asked_in_both("calibration", "refusals") == []


@pytest.mark.parametrize("name", SUITES)
def test_models_are_fitted_on_questions_that_no_suite_asks(name: str) -> None:
    assert asked_in_both(name, "fitting") == []


@pytest.mark.parametrize("name", SUITES)
def test_no_question_is_asked_twice(name: str) -> None:
    assert not [question for question, count in Counter(map(asked, suite(name).cases)).items() if count > 1]


@pytest.mark.parametrize("name", [*SUITES, "fitting"])
def test_every_source_and_article_is_in_the_corpus(name: str) -> None:
    for case in suite(name).cases:
        named = {*case.may_cite, *case.must_not_cite, *(source for group in case.must_cite for source in group)}
        assert not named - set(documents()), case.id
        assert case.article is None or documents()[case.article].kind is DocumentKind.ARTICLE, case.id


@pytest.mark.parametrize("name", SUITES)
def test_every_source_that_must_be_cited_may_be(name: str) -> None:
    for case in suite(name).cases:
        for group in case.must_cite:
            assert any(documents()[source].source_status.is_evidence for source in group), case.id


@pytest.mark.parametrize("name", SUITES)
def test_what_must_be_conveyed_some_sentence_of_what_must_be_cited_conveys(name: str) -> None:
    for case in suite(name).cases:
        sources = {source for group in case.must_cite for source in group}
        assert sources or not case.is_answerable, case.id
        assert any(nugget.vital for nugget in case.nuggets) == case.is_answerable, case.id
        for nugget in case.nuggets:
            conveying = {document for document, text in sentences() if nugget.is_in(text)}
            assert conveying, (case.id, nugget.text)
            assert not nugget.vital or conveying & sources, (case.id, nugget.text)


def test_what_must_be_conveyed_can_be_without_what_must_not_be_said() -> None:
    guarded = [case for name in SUITES for case in suite(name).cases if case.forbidden]
    assert len(guarded) > 20
    for case in guarded:
        for nugget in case.nuggets:
            conveying = [text for _, text in sentences() if nugget.is_in(text)]
            harmless = [text for text in conveying if not any(fact.is_in(text) for fact in case.forbidden)]
            assert harmless, (case.id, nugget.text)
