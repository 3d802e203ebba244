"""What a citation turns out to be is found in the snapshot: any part of it that is not true is found out."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from api.examining import answer_json
from assistant.answer import Outcome
from assistant.evaluation.told import Told, ToldCitation, ToldSource, ToldStatement, Verified, read_told
from assistant.evaluation.verifying import verify
from assistant.rules import Rules
from corpus.types import ReviewStatus
from tests.assistant.test_laws import PAPER, WITHDRAWN, World
from tests.tiny import GOUT, HYPERTENSION, RETRACTED_LATER, SCURVY

FEBUXOSTAT = "Febuxostat is an alternative when allopurinol is not tolerated in gout."
"""Cites two works."""
STARTED = "It is started at 100 mg/day or less and titrated to a serum urate target."
NICOTINAMIDE = "Nicotinamide cures pellagra within two weeks."
THIAMINE = "Thiamine is added in pellagra when beriberi is suspected."
"""Cites a work that the corpus knows from a reference list alone."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def citation(world: World, document_id: str, text: str, *keys: str) -> ToldCitation:
    """What an honest program would tell of a sentence that rests on some papers; number 1."""
    store = world.snapshot.store
    for passage in world.snapshot.passages(store.rows_of((document_id,))):
        if text in passage.text:
            start = passage.start + passage.text.index(text)
            via = tuple(PAPER[key].id for key in keys)
            return ToldCitation(1, document_id, passage.id, start, start + len(text), text, "verbatim", "approved", via)
    raise AssertionError(f"no passage of {document_id} holds {text!r}")


def telling(*citations: ToldCitation, sources: tuple[ToldSource, ...] | None = None) -> Told:
    """An answer that states what it cites; its source list is honest unless given."""
    numbered = {one.source_id: one.n for one in citations}
    via = dict.fromkeys(each for one in citations for each in one.via if each not in numbered)
    listed = numbered | {one: n for n, one in enumerate(via, start=max(numbered.values()) + 1)}
    honest = tuple(ToldSource(n, one, "T", None, "rct", "approved", "current") for one, n in listed.items())
    return Told(
        "q?", "q?", Outcome.ANSWERED, None, tuple(ToldStatement(one.quote, (), (one,)) for one in citations),
        honest if sources is None else sources, (), None, "d",
    )  # fmt: skip


def found(world: World, *citations: ToldCitation, rules: Rules = Rules()) -> tuple[Verified, ...]:
    return verify(telling(*citations), world.snapshot, rules)


def honest(world: World, **changes: Any) -> ToldCitation:
    return replace(citation(world, "gout", FEBUXOSTAT, "febu2018", "urate2020"), **changes)


def test_every_citation_of_every_answer_is_what_it_says(world: World) -> None:
    cited = 0
    for assistant in (world.all, world.approved):
        for answer in world.answers(assistant):
            told = read_told(answer_json(answer))
            places = [(at, one) for at, statement in enumerate(told.statements) for one in statement.citations]
            cited += len(places)
            assert verify(told, world.snapshot, Rules()) == tuple(Verified(at, c.n, c.quote, True) for at, c in places)
    assert cited > 100


def test_a_sentence_of_each_article_is_what_it_says(world: World) -> None:
    for article in (GOUT, HYPERTENSION, SCURVY):
        for text, keys in article.cited.items():
            (one,) = found(world, citation(world, article.id, text, *keys))
            withdrawn = tuple(PAPER[key].id for key in keys if key in WITHDRAWN)
            assert one == Verified(0, 1, text, True, withdrawn)


@pytest.mark.parametrize(
    ("changes", "span"),
    [
        ({"start": 1}, "…"), ({"end": -1}, "…"),
        ({"passage_id": "gout#0-1"}, None), ({"passage_id": "another"}, None), ({"passage_id": ""}, None),
        ({"source_id": "hypertension"}, None), ({"source_id": "unknown"}, None),
    ],
)  # fmt: skip
def test_another_place_is_found_out(world: World, changes: dict[str, Any], span: str | None) -> None:
    one = honest(world)
    moved = {name: getattr(one, name) + value if isinstance(value, int) else value for name, value in changes.items()}
    (verified,) = found(world, replace(one, **moved))
    expected = world.documents["gout"].text[one.start + changes.get("start", 0) : one.end + changes.get("end", 0)]
    assert verified.span == (expected if span else None)
    assert verified.span != one.quote


def test_the_passage_of_another_section_or_source_holds_no_such_place(world: World) -> None:
    one = honest(world)
    held = world.snapshot.passages(world.snapshot.store.rows_of(("gout", "hypertension")))
    others = [passage for passage in held if passage.id != one.passage_id]
    assert {passage.document_id for passage in others} == {"gout", "hypertension"}
    for passage in others:
        assert found(world, replace(one, passage_id=passage.id))[0].span is None


@given(st.data())
def test_offsets_give_the_text_of_the_document_or_nothing(world: World, data: st.DataObject) -> None:
    one = honest(world)
    passage = next(
        each for each in world.snapshot.passages(world.snapshot.store.rows_of(("gout",))) if each.id == one.passage_id
    )
    near = st.integers(passage.start - 3, passage.end + 3)
    start, end = data.draw(near), data.draw(near)
    (verified,) = found(world, replace(one, start=start, end=end))
    within = passage.start <= start < end <= passage.end
    assert verified.span == (world.documents["gout"].text[start:end] if within else None)


def test_what_the_answer_quotes_changes_nothing(world: World) -> None:
    one, other = found(world, honest(world)), found(world, honest(world, quote="Give 500 mg.", supports="checked"))
    assert one == other


@pytest.mark.parametrize(
    "numbers",
    [
        {"gout": 2}, {"febu2018": 1}, {"gout": 3, "febu2018": 1}, {"gout": None}, {"febu2018": None},
        {"urate2020": None}, {"gout": 0}, {"hypertension": 1},
    ],
)  # fmt: skip
def test_a_number_that_the_source_list_does_not_hold_for_the_source_is_found_out(
    world: World, numbers: dict[str, int | None]
) -> None:
    held = {"gout": 1, "febu2018": 2, "urate2020": 3} | numbers
    sources = tuple(
        ToldSource(n, PAPER[key].id if key in PAPER else key, "T", None, "rct", "approved", "current")
        for key, n in held.items()
        if n is not None
    )
    (verified,) = verify(telling(honest(world), sources=sources), world.snapshot, Rules())
    assert (verified.numbered, verified.span, verified.attributed) == (False, FEBUXOSTAT, True)


@pytest.mark.parametrize(
    ("keys", "true"),
    [
        (("febu2018", "urate2020"), True), (("urate2020", "febu2018"), True), (("febu2018",), False), ((), False),
        (("febu2018", "urate2020", "diet2004"), False), (("diet2004", "lesin2015"), False),
    ],
)  # fmt: skip
def test_works_that_the_source_does_not_cite_are_found_out(world: World, keys: tuple[str, ...], true: bool) -> None:
    (verified,) = found(world, honest(world, via=tuple(PAPER[key].id for key in keys)))
    assert (verified.attributed, verified.numbered) == (true, True)


def test_a_part_of_a_sentence_and_two_sentences_rest_on_all_that_they_cite(world: World) -> None:
    one = honest(world)
    assert found(world, replace(one, start=one.start + 5, end=one.end - 5))[0].attributed
    before = citation(
        world, "gout", "It is started at 100 mg/day or less and titrated to a serum urate target.", "urate2020"
    )
    assert found(world, before)[0].attributed
    assert found(world, replace(one, start=before.start))[0].attributed
    after = citation(
        world, "gout", "Lesinurad added to allopurinol brought 54% of patients with gout to the urate target."
    )
    assert not found(world, after)[0].attributed


def test_every_citation_has_its_place(world: World) -> None:
    one, two = honest(world), replace(citation(world, "hypertension", next(iter(HYPERTENSION.cited)), "thiaz2017"), n=4)
    told = replace(telling(one, two), statements=(ToldStatement("x", (), ()), ToldStatement("y", (), (one, two, one))))
    places = [(verified.statement, verified.n) for verified in verify(told, world.snapshot, Rules())]
    assert places == [(1, 1), (1, 4), (1, 1)]


@pytest.mark.parametrize("key", ["peglo2011", "notice2012", "anaki2016", RETRACTED_LATER])
def test_a_source_that_is_no_evidence_is_found_out(world: World, key: str) -> None:
    """Retracted; a notice; current under this id and retracted under another of the same DOI; retracted by a list."""
    (verified,) = found(world, citation(world, PAPER[key].id, PAPER[key].findings[0]))
    assert (verified.withdrawn, verified.span) == ((PAPER[key].id,), PAPER[key].findings[0])


def test_a_work_known_from_a_reference_list_alone_is_found_out_too(world: World) -> None:
    assert found(world, citation(world, "pellagra", NICOTINAMIDE, "nicot1999"))[0].withdrawn == (PAPER["nicot1999"].id,)
    assert found(world, citation(world, "pellagra", THIAMINE, "thiam2001"))[0] == Verified(0, 1, THIAMINE, True)


def names(key: str) -> Iterator[str]:
    yield from (PAPER[key].id, PAPER[key].doi)


@pytest.mark.parametrize(
    ("barred", "document", "text", "keys"),
    [
        *((name, "gout", FEBUXOSTAT, ("febu2018", "urate2020")) for name in names("febu2018")),
        *((name, "pellagra", THIAMINE, ("thiam2001",)) for name in names("thiam2001")),
        ("gout", "gout", FEBUXOSTAT, ("febu2018", "urate2020")),
    ],
)
def test_what_was_barred_since_is_found_out_by_any_of_its_names(
    world: World, barred: str, document: str, text: str, keys: tuple[str, ...]
) -> None:
    one = citation(world, document, text, *keys)
    expected = document if barred == document else PAPER[keys[0]].id
    assert found(world, one, rules=Rules(barred=(barred, "10.5555/another")))[0].withdrawn == (expected,)
    assert found(world, one, rules=Rules(barred=("10.5555/another", "")))[0].withdrawn == ()


def test_a_source_that_the_corpus_does_not_hold_is_withdrawn_only_when_barred(world: World) -> None:
    one = honest(world, source_id="PMID:90000001", via=())
    assert found(world, one)[0] == Verified(0, 1, None, True)
    assert found(world, one, rules=Rules(barred=("PMID:90000001",)))[0].withdrawn == ("PMID:90000001",)


def test_the_review_a_site_asks_for_is_no_matter_of_being_withdrawn(world: World) -> None:
    assert found(world, honest(world), rules=Rules(ReviewStatus.APPROVED))[0].withdrawn == ()


def test_statements_with_each_others_citations_are_found_out(world: World) -> None:
    one, two = honest(world), citation(world, "pellagra", THIAMINE, "thiam2001")
    told = telling(one, replace(two, n=4))
    assert [each.span for each in verify(told, world.snapshot, Rules())] == [FEBUXOSTAT, THIAMINE]
    first, second = told.statements
    shuffled = replace(first, citations=second.citations), replace(second, citations=first.citations)
    assert [each.span for each in verify(replace(told, statements=shuffled), world.snapshot, Rules())] == [
        THIAMINE, FEBUXOSTAT,
    ]  # fmt: skip
    exchanged = telling(replace(one, via=two.via), replace(two, n=4, via=one.via))
    assert [each.attributed for each in verify(exchanged, world.snapshot, Rules())] == [False, False]
