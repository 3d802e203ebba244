"""Activation is one atomic step: readers keep what they opened, and never see anything between."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import LiveChanged
from indexer.search import make_queries, search
from indexer.snapshot import Snapshot, activate, current_id, folder_of, list_snapshots, open_current
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, HYPERTENSION, built, document

NEWER = (*CORPUS[:2], document("asthma", "Salbutamol relieves asthma. It lowers no blood pressure."))
Found = list[tuple[str, float]]


def found(snapshot: Snapshot) -> Found:
    encoder = HashingEncoder()
    (query,) = make_queries(["What lowers blood pressure?"], snapshot, encoder)
    return [(hit.passage.text, hit.score) for hit in search(query, snapshot, 10)]


@pytest.fixture
def ids(tmp_path: Path) -> tuple[str, str]:
    """Two snapshots, none of them current."""
    encoder = HashingEncoder()
    return built(CORPUS, tmp_path, encoder).id, built(NEWER, tmp_path, encoder).id


def test_a_build_is_not_current_until_it_is_activated(tmp_path: Path, ids: tuple[str, str]) -> None:
    assert current_id(tmp_path) is None
    for snapshot in (*ids, ids[0]):
        assert activate(tmp_path, snapshot).id == snapshot == current_id(tmp_path)
    assert {manifest.id for manifest in list_snapshots(tmp_path)} == set(ids)
    assert {path.name for path in tmp_path.iterdir() if path.suffix != ".lock"} == {"snapshots", "current"}


def test_what_is_live_is_replaced_only_by_who_knows_it(tmp_path: Path, ids: tuple[str, str]) -> None:
    first, second = ids
    activate(tmp_path, first, instead_of="")
    for known in ("", second):
        with pytest.raises(LiveChanged, match=f"{first} is live by now"):
            activate(tmp_path, second, instead_of=known)
    assert current_id(tmp_path) == first
    activate(tmp_path, second, instead_of=first)
    assert current_id(tmp_path) == second


def test_a_reader_keeps_the_snapshot_it_opened(tmp_path: Path, ids: tuple[str, str]) -> None:
    activate(tmp_path, ids[0])
    reader = open_current(tmp_path, HashingEncoder().identity)
    before = found(reader)
    activate(tmp_path, ids[1])
    built(CORPUS, tmp_path, HashingEncoder())  # the same id again, while it is being read
    assert (reader.id, found(reader)) == (ids[0], before)
    assert HYPERTENSION.text in dict(before)
    newer = open_current(tmp_path, HashingEncoder().identity)
    assert newer.id == ids[1]
    assert HYPERTENSION.text not in dict(found(newer))


def test_readers_beside_activations_see_one_snapshot_or_the_other(tmp_path: Path, ids: tuple[str, str]) -> None:
    """One reader opens whatever is current again and again, another stays with what it opened first."""
    identity = HashingEncoder().identity
    expected = {one: found(Snapshot(folder_of(tmp_path, one), identity)) for one in ids}
    activate(tmp_path, ids[0])
    first = open_current(tmp_path, identity)
    stop, wrong, seen = threading.Event(), list[object](), set[str]()

    def look(snapshot: Snapshot) -> None:
        if found(snapshot) != expected[snapshot.id]:
            wrong.append(snapshot.id)

    def reopen() -> None:
        snapshot = open_current(tmp_path, identity)
        seen.add(snapshot.id)
        look(snapshot)
        snapshot.close()

    def repeat(reading: Callable[[], None]) -> None:
        try:
            while not stop.is_set():
                reading()
        except Exception as error:
            wrong.append(error)

    readers = [threading.Thread(target=repeat, args=(reading,)) for reading in (reopen, lambda: look(first))]
    for reader in readers:
        reader.start()
    turn, end = 0, time.monotonic() + 30
    while turn < 30 or (len(seen) < 2 and time.monotonic() < end):
        turn += 1
        activate(tmp_path, ids[turn % 2])
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert seen == set(ids)


def test_one_snapshot_serves_several_threads(tmp_path: Path, ids: tuple[str, str]) -> None:
    snapshot = Snapshot(folder_of(tmp_path, ids[0]), HashingEncoder().identity)
    expected = found(snapshot)
    results: list[Found | Exception] = []

    def read() -> None:
        for _ in range(15):
            try:
                results.append(found(snapshot))
            except Exception as error:
                results.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 60


def test_activations_at_once_leave_one_of_them_current(tmp_path: Path, ids: tuple[str, str]) -> None:
    """Also from threads of one process, as a server has them."""
    errors: list[Exception] = []

    def switch(start: int) -> None:
        for turn in range(30):
            try:
                activate(tmp_path, ids[(start + turn) % 2])
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=switch, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert current_id(tmp_path) in ids
