"""Laws 1 to 5 on the answers of a whole assistant: whatever is asked, what leaves obeys them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schemas import AnswerOut
from assistant.answer import Answer, Outcome
from assistant.errors import InvalidQuestion
from assistant.pipeline import Assistant, turn_of
from assistant.policy import caution, disclaimer
from assistant.question import Question
from assistant.render import as_text
from assistant.rules import Rules
from corpus.readers.retractions import read_notices
from corpus.source_status import Statuses, applied
from corpus.types import Document, DocumentKind, Notice, ReviewStatus, Section, SourceStatus, Work
from indexer.snapshot import Snapshot
from tests.hashing import HashingEncoder
from tests.tiny import (
    APPROVED,
    GOUT,
    HYPERTENSION,
    LIBRARY,
    PAPERS,
    RETRACTED_LATER,
    SCURVY,
    Article,
    Library,
    Paper,
    assistant_over,
    snapshot_of,
)  # fmt: skip

ORPHAN = Article("pellagra", "How is pellagra cured?", {"Vitamins": (
    ("Nicotinamide cures pellagra within two weeks.", "nicot1999"),
    ("Thiamine is added in pellagra when beriberi is suspected.", "thiam2001"),
)})  # fmt: skip
CITED_ONLY = (Paper("nicot1999", "Nicotinamide in pellagra", ()), Paper("thiam2001", "Thiamine in pellagra", ()))
"""Works that the corpus knows from a reference list alone."""
ARTICLES = (GOUT, HYPERTENSION, SCURVY, ORPHAN)
PAPER = {paper.key: paper for paper in (*PAPERS, *CITED_ONLY)}
WITHDRAWN = {"peglo2011", "notice2012", "anaki2016", "nicot1999", RETRACTED_LATER}
LIST = f"doi\tstatus\n{PAPER[RETRACTED_LATER].doi.upper()}\tretracted\n{PAPER['nicot1999'].doi}\tretracted\n"
SAID = [text for article in (GOUT, HYPERTENSION) for text in article.cited]
FOUND = [finding for paper in PAPERS for finding in paper.findings]
CONFLICT = "Does colchicine reduce stroke in patients with myocardial infarction?"
QUESTIONS = (
    *(f"{text[:-1]}?" for text in [*SAID, *FOUND]),
    "What is the starting dose of allopurinol in gout?",
    "Does pegloticase clear tophi in refractory gout?",
    "Is lesinurad with allopurinol effective in gout?",
    CONFLICT,
    "What is the dose of imatinib in chronic myeloid leukaemia?",
    "Which zebra stripes confuse tsetse flies?",
    "My patient is not breathing, what do I do?",
    "MRN 00123456: which anticoagulant?",
    "Write me a poem about gout",
)


RETRACTED_FULL_TEXT = Document(
    "PMC4242", DocumentKind.LITERATURE, Work("Retracted: Anakinra in gout flare", doi=PAPER["anaki2016"].doi.upper()),
    "Anakinra shortened pain.", (Section(("Results",), 0, 24),), source_status=SourceStatus.RETRACTED,
)  # fmt: skip
"""Says of itself that it is retracted; the literature file lists the same work, under another id, as current."""


class World:
    """One snapshot, and an assistant for all rules and article being read."""

    def __init__(self, home: Path) -> None:
        statuses = Statuses(one for one in read_notices(LIST, "list.tsv") if isinstance(one, Notice))
        orphan = Library((ORPHAN,), CITED_ONLY).documents()[0]
        documents = (*LIBRARY.documents(), RETRACTED_FULL_TEXT, orphan)
        self.documents = {one.id: applied(one, statuses) for one in documents}
        encoder = HashingEncoder()
        self.snapshot: Snapshot = snapshot_of(self.documents.values(), home, encoder)
        self.all = assistant_over(self.snapshot, encoder)
        self.approved = assistant_over(self.snapshot, encoder, approved_only=True)

    def answers(self, assistant: Assistant) -> Iterator[Answer]:
        for text in QUESTIONS:
            for article in (None, "gout", "hypertension"):
                yield assistant.answer(Question(text, article_id=article))

    def approves(self, document: Document) -> bool:
        return Rules(ReviewStatus.APPROVED).admits(document)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def every_law(answer: Answer, world: World) -> None:
    """What must hold of any answer, worked out from what the corpus says, not from how the answer was made."""
    text, out = as_text(answer), AnswerOut.of(answer)
    assert unwrapped(text).endswith(f"Disclaimer: {unwrapped(disclaimer().text)}")
    assert out.disclaimer == disclaimer().text
    listed = {source.document.id: source for source in answer.sources}
    for statement in answer.statements:
        (citation,) = statement.citations
        document = world.documents[citation.source_id]
        assert citation.quote == document.text[citation.start : citation.end] == statement.text
        assert citation.review_status is document.review_status
        assert document.source_status.is_evidence
        keys = [key for said, cited in _cited(document) if said in statement.text for key in cited]
        assert citation.via == tuple(PAPER[key].id for key in dict.fromkeys(keys))
        assert set(citation.via) <= listed.keys() - {PAPER[key].id for key in WITHDRAWN}
    numbers = [listed[one].n for s in answer.statements for c in s.citations for one in (c.source_id, *c.via)]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(answer.sources) + 1))
    rested = {source.document.review_status for source in answer.sources} - {ReviewStatus.APPROVED}
    shown = rested | {world.documents[one.source_id].review_status for one in answer.related} - {ReviewStatus.APPROVED}
    assert answer.caution in ([caution().text] if rested else [caution().text, None] if shown else [None])
    assert (caution().text in unwrapped(text)) == (answer.caution is not None)
    assert not any(withdrawn.findings[0] in text for withdrawn in PAPERS if not withdrawn.status.is_evidence)


def _cited(document: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    for article in ARTICLES:
        if article.id == document.id:
            yield from article.cited.items()


def test_every_answer_obeys_every_law(world: World) -> None:
    outcomes = set()
    for assistant in (world.all, world.approved):
        for answer in world.answers(assistant):
            every_law(answer, world)
            outcomes.add(answer.outcome)
    assert outcomes == set(Outcome)


WORDS = st.sampled_from([word for text in [*SAID, *FOUND] for word in text.rstrip(".").split()])
ASKED = st.one_of(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), st.text(max_size=60))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ASKED, min_size=1, max_size=3), st.sampled_from([None, "gout", "hypertension"]), st.booleans())
def test_any_conversation_obeys_every_law(world: World, typed: list[str], article: str | None, strict: bool) -> None:
    assistant = world.approved if strict else world.all
    history: tuple[Answer, ...] = ()
    for text in typed:
        try:
            question = Question(text, tuple(map(turn_of, history)), article)
        except InvalidQuestion:
            return
        history = (*history, assistant.answer(question))
        every_law(history[-1], world)


def test_what_an_article_says_is_answered_by_it(world: World) -> None:
    for article in (GOUT, HYPERTENSION, ORPHAN):
        for text, keys in article.cited.items():
            withdrawn = bool(WITHDRAWN.intersection(keys))
            answer = world.all.answer(Question(f"{text[:-1]}?", article_id=article.id))
            stated = {c.quote for s in answer.statements for c in s.citations if c.source_id == article.id}
            assert any(text in quote for quote in stated) != withdrawn


def test_approved_only_shows_nothing_else(world: World) -> None:
    answered = 0
    for answer in world.answers(world.approved):
        answered += answer.outcome is Outcome.ANSWERED
        direct = {c.source_id for s in answer.statements for c in s.citations} | {r.source_id for r in answer.related}
        assert all(world.documents[one].review_status is ReviewStatus.APPROVED for one in direct)
    assert answered
    cautious = sum(answer.caution is not None for answer in world.answers(world.all))
    assert cautious


def test_a_passage_offered_as_related_carries_the_caution_too(world: World) -> None:
    offered = [
        answer for assistant in (world.all, world.approved) for answer in world.answers(assistant) if answer.related
    ]
    pending = [{world.documents[r.source_id].review_status for r in one.related} != {APPROVED} for one in offered]
    assert {True, False} <= set(pending)
    assert [answer.caution is not None for answer in offered] == pending


def test_an_approved_source_lifts_the_caution_and_another_does_not(world: World) -> None:
    approved = world.all.answer(Question(f"{SAID[-1][:-1]}?", article_id="hypertension"))
    pending = world.all.answer(Question(f"{SAID[0][:-1]}?", article_id="gout"))
    assert approved.outcome is pending.outcome is Outcome.ANSWERED
    assert (approved.caution, pending.caution) == (None, caution().text)
    assert {source.document.id for source in approved.sources} == {"hypertension", PAPER["thiaz2017"].id}


@pytest.mark.parametrize("key", ["canak2012", "diet2004", "diet2005"])
def test_a_concern_a_correction_and_an_erratum_are_cited_and_named(world: World, key: str) -> None:
    paper = PAPER[key]
    answer = world.all.answer(Question(f"{paper.findings[0][:-1]}?"))
    (source,) = [source for source in AnswerOut.of(answer).sources if source.id == paper.id]
    assert source.source_status == paper.status
    line = next(line for line in as_text(answer, 900).splitlines() if line.strip().startswith(f"{source.n}. "))
    assert paper.status.replace("_", " ") in line


@pytest.mark.parametrize("key", sorted(WITHDRAWN))
def test_what_is_withdrawn_is_neither_cited_nor_rested_on(world: World, key: str) -> None:
    rests = [text for article in ARTICLES for text, keys in article.cited.items() if key in keys]
    for answer in world.answers(world.all):
        assert PAPER[key].id not in {source.document.id for source in answer.sources}
        assert not any(text in statement.text for text in rests for statement in answer.statements)


def test_a_sentence_that_leans_on_a_withdrawn_one_is_no_reason_to_fail(world: World) -> None:
    question = "Does ascorbate in scurvy need observation for two hours on a sailing ship?"
    for article in (None, "scurvy"):
        answer = world.all.answer(Question(question, article_id=article))
        assert not any("infusions cure" in statement.text for statement in answer.statements)


def test_a_conflict_shows_both_sides(world: World) -> None:
    answer = world.all.answer(Question(CONFLICT))
    assert answer.outcome is Outcome.CONFLICTING_EVIDENCE
    cited = {c.source_id for s in answer.statements for c in s.citations}
    assert {PAPER["colyes2019"].id, PAPER["colno2021"].id} <= cited
    assert "disagree" in as_text(answer)
