"""`current` spoiled, left half-written, or changed while it is read: a whole snapshot is opened, or a remedy named."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import SequiturError
from indexer.durable import locked, undisturbed
from indexer.errors import NoSnapshot, NotWritten, SnapshotDamaged, SnapshotIsLive
from indexer.home import SWITCH
from indexer.removal import remove
from indexer.search import make_queries, search
from indexer.snapshot import Snapshot, activate, current_id, folder_of, list_snapshots, open_current
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, GOUT, HYPERTENSION, built

IDENTITY = HashingEncoder().identity


@pytest.fixture
def ids(tmp_path: Path) -> tuple[str, str]:
    """Two snapshots, the first of them live."""
    first, second = (built(corpus, tmp_path, HashingEncoder()).id for corpus in (CORPUS, CORPUS[:2]))
    activate(tmp_path, first)
    return first, second


def found(snapshot: Snapshot) -> list[tuple[str, float]]:
    (query,) = make_queries(["What lowers blood pressure?"], snapshot, HashingEncoder())
    return [(hit.passage.text, hit.score) for hit in search(query, snapshot, 10)]


SPOILED = {
    "empty": b"",
    "a blank line": b"\n",
    "zeros": b"\0" * 17,
    "a missing snapshot": b"0123456789abcdef\n",
    "a name longer than a file may have": b"a" * 5000,
    "a megabyte": bytes(range(256)) * 4096,
    "two lines": b"0123456789abcdef\n0123456789abcdef\n",
    "a path": b"../snapshots\n",
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_spoiled_current_says_how_to_go_on_and_is_mended_by_that(
    tmp_path: Path, ids: tuple[str, str], kind: str
) -> None:
    (tmp_path / "current").write_bytes(SPOILED[kind])
    with pytest.raises(NoSnapshot) as caught:
        open_current(tmp_path, IDENTITY)
    said = str(caught.value)
    assert str(tmp_path) in said
    assert "sequitur index list" in said
    assert "sequitur index build" in said
    assert len(said) < 500
    assert {manifest.id for manifest in list_snapshots(tmp_path)} == set(ids)
    assert activate(tmp_path, ids[1]).id == open_current(tmp_path, IDENTITY).id


def test_a_folder_in_the_place_of_current_is_named(tmp_path: Path, ids: tuple[str, str]) -> None:
    (tmp_path / "current").unlink()
    (tmp_path / "current").mkdir()
    with pytest.raises(NoSnapshot, match=r"current cannot be read .* remove it"):
        open_current(tmp_path, IDENTITY)
    with pytest.raises(NotWritten, match="current"):
        activate(tmp_path, ids[0])
    (tmp_path / "current").rmdir()
    assert activate(tmp_path, ids[0]).id == current_id(tmp_path)


def test_what_a_killed_activation_left_goes_with_the_next(tmp_path: Path, ids: tuple[str, str]) -> None:
    for name in (".current.123.456", ".current.7.139702"):
        (tmp_path / name).write_text("0123")
    activate(tmp_path, ids[1])
    assert {path.name for path in tmp_path.iterdir()} == {"current", SWITCH, "snapshots"}


def test_but_not_what_an_activation_is_writing_now(tmp_path: Path, ids: tuple[str, str]) -> None:
    """The second one waits until the first one is done."""
    writing = tmp_path / ".current.123.456"
    second = threading.Thread(target=activate, args=(tmp_path, ids[1]))
    with locked(tmp_path / SWITCH):
        writing.write_text(ids[1])
        second.start()
        second.join(0.3)
        assert writing.exists()
        assert current_id(tmp_path) == ids[0]
    second.join()
    assert not writing.exists()
    assert current_id(tmp_path) == ids[1]


def switching(work: Callable[..., Any], home: Path, gone: str, live: str) -> Callable[..., Any]:
    """Do some work after, the first time, another snapshot has become live and the one being opened was removed."""
    first = iter([True])

    def interrupted(*arguments: Any) -> Any:
        if next(first, False):
            activate(home, live)
            remove(home, gone)
        return work(*arguments)

    return interrupted


STEPS = (
    "verify", "file_record", "PassageStore", "open_dense", "LexicalIndex.load", "Vocabulary.from_json",
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_a_snapshot_removed_while_it_is_being_opened_is_not_missed(
    tmp_path: Path, ids: tuple[str, str], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whichever of its files comes next: what is opened is whole, the old one or the new one."""
    expected = {one: found(Snapshot(folder_of(tmp_path, one), IDENTITY)) for one in ids}
    import indexer.snapshot as module

    owner, _, name = step.rpartition(".")
    place = getattr(module, owner) if owner else module
    with monkeypatch.context() as patch:
        wrapped = switching(getattr(place, name), tmp_path, *ids)
        patch.setattr(place, name, staticmethod(wrapped) if owner else wrapped)
        opened = open_current(tmp_path, IDENTITY)
    assert current_id(tmp_path) == ids[1]
    assert found(opened) == expected[opened.id]
    assert [manifest.id for manifest in list_snapshots(tmp_path)] == [ids[1]]


def test_one_that_is_live_and_damaged_is_an_error_at_once(tmp_path: Path, ids: tuple[str, str]) -> None:
    (folder_of(tmp_path, ids[0]) / "passages.db").write_bytes(b"")
    with pytest.raises(SnapshotDamaged, match=r"passages\.db"):
        open_current(tmp_path, IDENTITY)


def test_reading_writes_nothing(tmp_path: Path, ids: tuple[str, str]) -> None:
    """A reader may have no right to; not even a lock is made."""
    (tmp_path / SWITCH).unlink()
    for name in ("current", "missing"):
        (tmp_path / "current").write_text(f"{ids[0] if name == 'current' else '0' * 16}\n")
        before = {path: path.stat().st_mtime_ns for path in (tmp_path, *tmp_path.rglob("*"))}
        try:
            open_current(tmp_path, IDENTITY).close()
        except SequiturError:
            assert name == "missing"
        assert {path: path.stat().st_mtime_ns for path in (tmp_path, *tmp_path.rglob("*"))} == before


@pytest.mark.parametrize("lock", [locked, undisturbed])
def test_a_removal_waits_for_a_switch_and_for_who_opens_undisturbed(
    tmp_path: Path, ids: tuple[str, str], lock: Callable[[Path], AbstractContextManager[None]]
) -> None:
    """So that what becomes live meanwhile stays."""
    refused: list[SnapshotIsLive] = []

    def removing() -> None:
        try:
            remove(tmp_path, ids[1])
        except SnapshotIsLive as error:
            refused.append(error)

    removal = threading.Thread(target=removing)
    with lock(tmp_path / SWITCH):
        removal.start()
        removal.join(0.3)
        (tmp_path / "current").write_text(ids[1])
    removal.join()
    assert len(refused) == 1
    assert open_current(tmp_path, IDENTITY).id == ids[1]


def test_who_has_a_removed_snapshot_open_goes_on_reading(tmp_path: Path, ids: tuple[str, str]) -> None:
    reader = open_current(tmp_path, IDENTITY)
    before = found(reader)
    activate(tmp_path, ids[1])
    remove(tmp_path, ids[0])
    assert not (tmp_path / "snapshots" / ids[0]).exists()
    assert (reader.id, found(reader)) == (ids[0], before)
    assert HYPERTENSION.text in dict(before)
    (row,) = [row for row in range(len(reader.store)) if reader.store.document_of(row) == "hypertension"]
    assert reader.sentence_vectors(row, 2).any()
    assert reader.document("gout") == GOUT


def test_the_live_snapshot_and_one_that_is_not_there_are_not_removed(tmp_path: Path, ids: tuple[str, str]) -> None:
    with pytest.raises(SnapshotIsLive, match=ids[0]):
        remove(tmp_path, ids[0])
    for name in ("0" * 16, "..", "../snapshots", ".removed-x"):
        with pytest.raises(NoSnapshot, match="sequitur index list"):
            remove(tmp_path, name)
    assert {manifest.id for manifest in list_snapshots(tmp_path)} == set(ids)


def test_a_removal_that_was_killed_is_finished_by_the_next_build(tmp_path: Path, ids: tuple[str, str]) -> None:
    folder_of(tmp_path, ids[1]).rename(tmp_path / "snapshots" / f".removed-{ids[1]}")
    assert [manifest.id for manifest in list_snapshots(tmp_path)] == [ids[0]]
    built(CORPUS, tmp_path, HashingEncoder())
    assert {path.name for path in (tmp_path / "snapshots").iterdir() if path.suffix != ".lock"} == {ids[0]}
