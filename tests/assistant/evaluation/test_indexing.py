"""Indexes of public sets: built once, brought up to date, and built anew where what is held cannot be used."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.evaluation.indexing import index_of
from corpus.types import Document, Section
from indexer.errors import EmptyCorpus
from indexer.snapshot import Snapshot, current_id
from tests.hashing import HashingEncoder
from tests.tiny import LIBRARY

DOCUMENTS = LIBRARY.documents()
NAME, HOME = "cast:a/b#c", "cast-a-b#c"


class Set:
    """Documents that are read anew each time they are asked for."""

    def __init__(self, *documents: Document) -> None:
        self.documents = documents
        self.read = 0

    def __call__(self) -> Iterator[Document]:
        self.read += 1
        return iter(self.documents)


def indexed(documents: Set, homes: Path, encoder: HashingEncoder) -> Path:
    return index_of(NAME, documents, homes, encoder, "tiny 1")


def versions(folder: Path, encoder: HashingEncoder) -> dict[str, str]:
    """The documents of an index that opens with an encoder, by id."""
    with closing(Snapshot(folder, encoder.identity)) as snapshot:
        return dict(snapshot.manifest.documents)


ALL = {one.id: one.version for one in DOCUMENTS}
FIRST = HashingEncoder()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Homes with an index of the documents; for reading only."""
    homes = tmp_path_factory.mktemp("built") / "homes"
    told: list[str] = []
    folder = index_of(NAME, Set(*DOCUMENTS), homes, FIRST, "tiny 1", lambda stage, done: told.append(stage))
    assert folder.parent == homes / HOME / "snapshots"
    assert "embedding" in told
    return homes


@pytest.fixture
def homes(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "homes"))


def live(homes: Path) -> Path:
    return homes / HOME / "snapshots" / str(current_id(homes / HOME))


def test_a_set_has_a_home_of_its_own_with_its_documents(built: Path) -> None:
    assert [home.name for home in built.iterdir()] == [HOME]
    assert versions(live(built), FIRST) == ALL


def test_what_is_held_is_read_but_not_encoded_again(homes: Path) -> None:
    encoder, documents = HashingEncoder(), Set(*DOCUMENTS)
    assert indexed(documents, homes, encoder).name == live(homes).name
    assert (documents.read, encoder.encoded) == (1, 0)
    assert FIRST.encoded > 0


def test_only_what_is_new_is_encoded(homes: Path) -> None:
    encoder, before = HashingEncoder(), live(homes)
    new = Document("new", DOCUMENTS[-1].kind, DOCUMENTS[-1].work, "Rest helps in gout.", (Section((), 0, 19),))
    folder = indexed(Set(*DOCUMENTS[1:], new), homes, encoder)
    assert encoder.encoded == 1
    assert folder == live(homes) != before
    assert set(versions(folder, encoder)) == {one.id for one in DOCUMENTS[1:]} | {"new"}


def test_another_encoder_indexes_anew(homes: Path) -> None:
    other = HashingEncoder(dimension=128, name="other")
    assert versions(indexed(Set(*DOCUMENTS), homes, other), other) == ALL
    assert other.encoded == FIRST.encoded


@pytest.mark.parametrize("damaged", ["manifest.json", "passages.db"])
def test_an_index_that_is_damaged_is_built_anew(homes: Path, damaged: str) -> None:
    (live(homes) / damaged).write_bytes(b"damaged")
    assert versions(indexed(Set(*DOCUMENTS), homes, HashingEncoder()), FIRST) == ALL


def test_a_set_without_documents_leaves_what_is_held(homes: Path) -> None:
    before = live(homes)
    with pytest.raises(EmptyCorpus):
        indexed(Set(), homes, HashingEncoder())
    assert live(homes) == before
    assert versions(before, FIRST) == ALL
