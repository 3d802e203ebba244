"""The extractive answerer: verbatim, two to five, nothing twice, readable, in order."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Support
from assistant.candidate import Candidate
from assistant.evidence import Evidence, Ranked
from assistant.extractive import draft
from assistant.grounding import Grounded, ground
from assistant.ranking import FEATURES
from assistant.sufficiency import Sufficiency
from corpus.chunking import chunk
from corpus.types import Document, DocumentKind, Passage, Section, Work
from indexer.search import Query
from tests.hashing import HashingEncoder

ENCODER = HashingEncoder()


def passages_of(id: str, *blocks: str, limit: int = 200) -> tuple[Passage, ...]:
    """The passages of a document whose sections are the blocks."""
    sections, at = [], 0
    for number, block in enumerate(blocks):
        sections.append(Section((f"Section {number}",), at, at + len(block)))
        at += len(block) + 2
    document = Document(id, DocumentKind.LITERATURE, Work(id), "\n\n".join(blocks), tuple(sections))
    return chunk(document, ENCODER.token_spans, limit)


def evidence_of(passages: Sequence[Passage], scores: Sequence[float], vetted: str = "") -> Evidence:
    """Every sentence of the passages with its score, best first; the document `vetted` is an article."""
    candidates = [
        Candidate(
            passage=p, row=row, position=i, title=p.document_id, vetted=p.document_id == vetted, passage_score=1.0
        )
        for row, p in enumerate(passages)
        for i in range(len(p.sentences))
    ]
    vectors = ENCODER.encode_queries([one.text for one in candidates])
    zeros = np.zeros(len(FEATURES), np.float32)
    ranked = [Ranked(c, s, zeros, v) for c, s, v in zip(candidates, scores, vectors, strict=True)]
    ranked.sort(key=lambda one: -one.score)
    query = Query("?", {}, np.zeros(256, np.float32), ())
    return Evidence(query, (), tuple(ranked), (), (), Sufficiency(1.0, True))


def told(passages: Sequence[Passage], scores: Sequence[float]) -> list[str]:
    return [one.text for one in draft(evidence_of(passages, scores))]


NINE = [f"{drug} is drug number {n} of this list." for n, drug in enumerate(
    "Aspirin Bisoprolol Colchicine Digoxin Enalapril Furosemide Glipizide Heparin Insulin".split()
)]  # fmt: skip


def test_at_most_five_of_many_that_answer_as_well() -> None:
    assert len(told(passages_of("d", " ".join(NINE)), [1.0] * 9)) == 5


def test_two_even_when_the_second_is_far_behind() -> None:
    assert told(passages_of("d", " ".join(NINE)), [100.0, *range(8, 0, -1)]) == NINE[:2]


def test_one_when_there_is_one() -> None:
    assert told(passages_of("d", NINE[0]), [1.0]) == [NINE[0]]


def test_nothing_from_nothing() -> None:
    assert draft(evidence_of((), ())) == ()


ALIKE = [
    ("Allopurinol is started at 100 mg daily in gout.", "In gout, allopurinol is started at 100 mg daily."),
    ("Rituximab was given to 8 patients with myositis.", "Rituximab was given to 8 patients with myositis in Oslo."),
    ("Serum urate is the target of treatment.", "Serum urate is the target of treatment."),
]
DIFFERENT = [
    ("Allopurinol is started at 100 mg daily in gout.", "Allopurinol is started at 300 mg daily in gout."),
    ("Rituximab was given to 8 patients.", "Methotrexate was given to 9 patients."),
    ("Colchicine reduced stroke after infarction.", "Colchicine did not reduce stroke after infarction."),
    ("Febuxostat raised mortality in gout.", "Febuxostat lowered mortality in gout."),
    ("Apixaban is recommended in renal failure.", "Apixaban is not recommended in renal failure."),
    ("Mortality was higher with febuxostat in CARES.", "Mortality was lower with febuxostat in CARES."),
]


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_the_same_is_told_once(first: str, second: str) -> None:
    assert told([*passages_of("a", first), *passages_of("b", second)], [2.0, 1.9]) == [first]


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_another_number_or_an_opposite_is_not_the_same(first: str, second: str) -> None:
    assert told([*passages_of("a", first), *passages_of("b", second)], [2.0, 1.9]) == [first, second]


@pytest.mark.parametrize("opening", ["This", "It", "However, colchicine", "In contrast, it", "The latter", "They"])
def test_a_leaning_sentence_brings_the_one_before_it(opening: str) -> None:
    text = f"Aspirin is old. {opening} is better tolerated in gout."
    assert told(passages_of("d", text), [1.0, 2.0]) == [text]


def test_a_leaning_sentence_at_the_start_of_its_passage_stands_alone() -> None:
    first, second = passages_of("d", "Aspirin is old.", "It is better tolerated.")
    assert told([second, first], [2.0, -9.0])[0] == "It is better tolerated."


def test_best_first_then_its_document_in_order_then_the_others() -> None:
    a = passages_of("a", " ".join(NINE[:3]))
    b = passages_of("b", " ".join(NINE[3:5]))
    assert told([*a, *b], [1.5, 1.2, 3.0, 1.0, 2.0]) == [NINE[2], NINE[0], NINE[1], NINE[3], NINE[4]]


@pytest.mark.parametrize(("behind", "opens"), [(0.9, NINE[1]), (1.1, NINE[0])])
def test_an_article_that_says_it_nearly_as_well_opens_the_answer(behind: float, opens: str) -> None:
    passages = [*passages_of("study", NINE[0]), *passages_of("article", NINE[1]), *passages_of("other", NINE[2])]
    drafted = draft(evidence_of(passages, [2.0, 2.0 - behind, 1.95], vetted="article"))
    assert drafted[0].text == opens
    assert {one.text for one in drafted} == set(NINE[:3])


WORDS = st.sampled_from(
    "allopurinol 100 mg/day 2.5 µg IVIg vs. e.g. et al. no not P<.001 it this 79% TNF-α “placebo” (n=12) É 痛风".split()
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=14).map(lambda words: " ".join(words).capitalize() + ".")
BLOCK = st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join)
CORPUS = st.lists(st.lists(BLOCK, min_size=1, max_size=3), min_size=1, max_size=3)


@settings(max_examples=100)
@given(CORPUS, st.data(), st.integers(8, 60))
def test_laws(corpus: list[list[str]], data: st.DataObject, limit: int) -> None:
    texts = {f"d{n}": "\n\n".join(blocks) for n, blocks in enumerate(corpus)}
    passages = [p for n, blocks in enumerate(corpus) for p in passages_of(f"d{n}", *blocks, limit=limit)]
    count = sum(len(p.sentences) for p in passages)
    scores = data.draw(st.lists(st.floats(-5, 5), min_size=count, max_size=count))
    evidence = evidence_of(passages, scores)
    drafted = draft(evidence)
    assert drafted == draft(evidence)
    stated: tuple[Grounded, ...] = ground(drafted, {p.id: p for p in passages})
    assert len(stated) == len(drafted)
    assert 1 <= len(stated) <= 5
    for one in stated:
        assert one.supports is Support.VERBATIM
        assert texts[one.passage.document_id][one.start : one.end] == one.text
        assert one.text in one.passage.text
        assert one.start in {s.start for s in one.passage.sentences}
        assert one.end in {s.end for s in one.passage.sentences}
    spans = [(one.passage.id, one.start, one.end) for one in stated]
    assert len(set(spans)) == len(spans)
    assert not any(p == q and (a, b) != (c, d) and a <= c and d <= b for p, a, b in spans for q, c, d in spans)
