"""What is written to a store comes back as it was."""

from pathlib import Path

import pytest

from corpus.chunking import chunk
from corpus.types import Passage, SourceStatus
from indexer.errors import SnapshotDamaged
from indexer.store import PassageStore, PassageWriter
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, GOUT, HYPERTENSION, MYOSITIS, document

WITHDRAWN = document("withdrawn", "It cured everyone.", source_status=SourceStatus.RETRACTED)
CONCERN = document("concern", "It cured some.", source_status=SourceStatus.EXPRESSION_OF_CONCERN)
DOCUMENTS = (*CORPUS, WITHDRAWN, CONCERN)
PASSAGES: tuple[Passage, ...] = tuple(
    passage for one in DOCUMENTS for passage in chunk(one, HashingEncoder().token_spans, 60)
)


@pytest.fixture
def store(tmp_path: Path) -> PassageStore:
    writer = PassageWriter(tmp_path / "passages.db")
    for one in DOCUMENTS:
        own = [passage for passage in PASSAGES if passage.document_id == one.id]
        writer.add(one, [(passage, passage.id.encode()) for passage in own])
    assert (writer.rows, writer.sentences) == (7, 12)
    writer.close()
    return PassageStore(tmp_path / "passages.db")


def test_passages_come_back_in_the_order_asked_for(store: PassageStore) -> None:
    every = store.rows_of(one.id for one in DOCUMENTS)
    assert every.tolist() == list(range(7)) == list(range(len(store)))
    assert store.passages(every) == list(PASSAGES)
    assert store.passages(every[[4, 0, 4]]) == [PASSAGES[4], PASSAGES[0], PASSAGES[4]]


def test_documents_come_back_in_the_order_of_their_ids(store: PassageStore) -> None:
    assert list(store.documents()) == sorted(DOCUMENTS, key=lambda one: one.id)
    assert [store.document(one.id) for one in CORPUS] == list(CORPUS)
    assert store.document("asthma") is None


def test_rows_are_found_by_document_by_passage_and_by_what_was_encoded(store: PassageStore) -> None:
    assert store.rows_of([HYPERTENSION.id, MYOSITIS.id, "asthma"]).tolist() == [0, 1, 4]
    assert store.rows_of([]).tolist() == []
    assert [store.row_of(passage.id) for passage in PASSAGES] == list(range(7))
    assert store.row_of("gout#0-1") is None
    assert store.document_of(2) == GOUT.id
    assert store.digests() == {passage.id.encode(): row for row, passage in enumerate(PASSAGES)}


def test_sentences_are_numbered_through(store: PassageStore) -> None:
    expected, first = [], 0
    for passage in PASSAGES:
        expected.append(first)
        first += len(passage.sentences)
    assert [store.first_sentence(row) for row in range(7)] == expected


def test_only_what_is_no_evidence_is_withdrawn(store: PassageStore) -> None:
    assert store.withdrawn() == {WITHDRAWN.id}


def test_a_row_that_is_not_there_is_an_error(store: PassageStore) -> None:
    with pytest.raises(KeyError):
        store.passages(store.rows_of([GOUT.id]) + 100)


def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "passages.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(SnapshotDamaged, match=r"passages\.db"):
        PassageStore(tmp_path / "passages.db")
