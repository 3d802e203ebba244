"""A journal of vectors that is damaged is never believed: what it held is encoded anew, and that is said."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.encoder import Vectors
from indexer.journal import VectorJournal
from tests.hashing import HashingEncoder
from tests.indexer.corpora import built, document

IDENTITY = HashingEncoder(dimension=16).identity
MANY = tuple(document(f"d{number:02}", f"Drug number {number} is given daily.") for number in range(20))
PAGE = 4096
"""Bytes; what SQLite reads and writes at once."""
Kept = dict[bytes, tuple[Vectors, Vectors]]


def vectors(number: int) -> tuple[Vectors, Vectors]:
    """Of a passage with three sentences; halves, so that keeping them loses nothing."""
    rng = np.random.default_rng(number)
    return rng.random(16, np.float32), rng.random((3, 16), np.float32).astype(np.float16).astype(np.float32)


KEPT: Kept = {bytes([number]) * 32: vectors(number) for number in range(12)}


def put_all(journal: VectorJournal) -> None:
    keys = list(KEPT)
    for at in range(0, len(keys), 4):
        journal.put({key: KEPT[key] for key in keys[at : at + 4]})


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a journal that was closed: one file."""
    folder = tmp_path_factory.mktemp("closed")
    journal = VectorJournal(folder, IDENTITY)
    put_all(journal)
    journal.close()
    return folder


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a journal that nobody closed: all it holds is in its write-ahead log."""
    folder, copy = tmp_path_factory.mktemp("open"), tmp_path_factory.mktemp("killed")
    journal = VectorJournal(folder, IDENTITY)
    put_all(journal)
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    journal.close()
    return copy


def assert_true_or_absent(folder: Path) -> int:
    """What is given is what was kept; what is absent can be kept again, and stays. How many were there."""
    journal = VectorJournal(folder, IDENTITY)
    found = journal.get(KEPT)
    assert_same(found)
    journal.put({key: pair for key, pair in KEPT.items() if key not in found})
    journal.close()
    again = VectorJournal(folder, IDENTITY)
    assert_same(everything := again.get(KEPT))
    again.close()
    assert everything.keys() == KEPT.keys()
    return len(found)


def assert_same(found: Kept) -> None:
    for key, (passage, sentences) in found.items():
        assert (passage == KEPT[key][0]).all()
        assert (sentences == KEPT[key][1]).all()


def spoiled(folder: Path, work: Path, name: str, body: bytes) -> Path:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    next(path for path in work.iterdir() if path.name.endswith(name)).write_bytes(body)
    return work


def body_of(folder: Path, name: str) -> bytes:
    return next(path for path in folder.iterdir() if path.name.endswith(name)).read_bytes()


def test_what_was_kept_is_there(closed: Path, killed: Path, tmp_path: Path) -> None:
    for number, folder in enumerate((closed, killed)):
        copy = Path(shutil.copytree(folder, tmp_path / str(number)))
        assert assert_true_or_absent(copy) == len(KEPT)


FILES = [("closed", ".db"), ("killed", ".db"), ("killed", ".db-wal"), ("killed", ".db-shm")]


@pytest.mark.parametrize(("state", "name"), FILES)
def test_a_flipped_byte(request: pytest.FixtureRequest, tmp_path: Path, state: str, name: str) -> None:
    """All over the file, and everywhere at the beginning of each page, which says how it is to be read."""
    folder = request.getfixturevalue(state)
    body = body_of(folder, name)
    places = {*range(0, len(body), len(body) // 150), *range(0, 100, 3)}
    places |= {page + offset for page in range(0, len(body), PAGE) for offset in range(40) if name == ".db"}
    found = set()
    for place in sorted(places):
        damaged = bytearray(body)
        damaged[place] ^= 0xFF
        found.add(assert_true_or_absent(spoiled(folder, tmp_path / "work", name, bytes(damaged))))
    if name == ".db-wal":
        assert found == {0, 4, 8}, "a flip costs the batch it is in, and those after it"
    else:
        assert max(found) == len(KEPT), "where nothing is kept a flip does no harm"
    if (state, name) == ("closed", ".db"):
        assert len(KEPT) - 1 in found, "a flip within a vector costs that vector only"


@pytest.mark.parametrize(("state", "name"), FILES)
def test_a_file_cut_short_or_of_something_else(
    request: pytest.FixtureRequest, tmp_path: Path, state: str, name: str
) -> None:
    folder = request.getfixturevalue(state)
    body, rng = body_of(folder, name), random.Random(1)
    bodies = [body[: len(body) * part // 12] for part in range(12)]
    bodies += [rng.randbytes(len(body)), b"\0" * len(body), b"# not a database\n" * 500]
    for damaged in bodies:
        assert_true_or_absent(spoiled(folder, tmp_path / "work", name, damaged))


def test_a_journal_of_another_program_is_not_read(tmp_path: Path) -> None:
    (path,) = journal_files(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE vector (digest BLOB PRIMARY KEY, passage BLOB, sentences BLOB)")
        connection.execute("INSERT INTO vector VALUES (?, ?, ?)", (bytes(32), b"", b""))
    connection.close()
    assert assert_true_or_absent(tmp_path) == 0


@pytest.mark.parametrize("passage", [b"", b"short", "text", 7, None])
def test_a_row_of_another_type_or_length_is_absent(closed: Path, tmp_path: Path, passage: object) -> None:
    work = Path(shutil.copytree(closed, tmp_path / "work"))
    (path,) = work.iterdir()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE OR IGNORE vector SET passage = ? WHERE digest = ?", (passage, next(iter(KEPT))))
    connection.close()
    expected = len(KEPT) if passage is None else len(KEPT) - 1  # NOT NULL refuses it
    assert assert_true_or_absent(work) == expected


def journal_files(folder: Path) -> Iterator[Path]:
    """The journal's one file, whose name nobody but the journal knows."""
    VectorJournal(folder, IDENTITY).close()
    found = list(folder.glob(".vectors-*"))
    for path in found:
        path.unlink()
    return iter(found)


class Interrupted(Exception):
    """The operator pressed Ctrl-C, so to speak."""


def begun(home: Path) -> Path:
    """A home whose build was interrupted when everything was encoded; its journal."""

    def interrupt(stage: str, done: int) -> None:
        if stage != "embedding":
            raise Interrupted

    with pytest.raises(Interrupted):
        built(MANY, home, HashingEncoder(), progress=interrupt)
    (journal,) = (home / "snapshots").glob(".vectors-*.db")
    return journal


@pytest.mark.parametrize("kind", ["garbage", "empty", "cut", "a vector"])
def test_a_build_goes_on_with_a_damaged_journal_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    whole = built(MANY, tmp_path / "whole", HashingEncoder())
    journal = begun(tmp_path / "home")
    with sqlite3.connect(journal) as connection:
        (one,) = connection.execute("SELECT passage FROM vector LIMIT 1").fetchone()
    connection.close()
    body = bytearray(journal.read_bytes())
    if kind == "a vector":
        body[body.index(one[:64])] ^= 0xFF
    other = {"garbage": b"\x07" * 9000, "empty": b"", "cut": bytes(body[:5000])}
    journal.write_bytes(other.get(kind, bytes(body)))
    encoder = HashingEncoder()
    finished = built(MANY, tmp_path / "home", encoder)
    assert (finished.id, dict(finished.files)) == (whole.id, dict(whole.files))
    assert encoder.encoded == (1 if kind == "a vector" else len(MANY))
    said = [record.getMessage() for record in caplog.records if record.name == "indexer.journal"]
    assert ["encoded anew" in line and str(journal) in line for line in said] == ([] if kind == "empty" else [True])
    left = {path.name for path in (tmp_path / "home" / "snapshots").iterdir() if path.suffix != ".lock"}
    assert left == {whole.id}, "what was set aside goes when a build has finished"


def test_what_was_set_aside_is_there_to_be_looked_at_until_a_build_has_finished(tmp_path: Path) -> None:
    (path,) = journal_files(tmp_path)
    path.write_bytes(b"not a database at all" * 100)
    VectorJournal(tmp_path, IDENTITY).close()
    assert {one.name for one in tmp_path.iterdir()} == {path.name, f"{path.name}.damaged"}
    VectorJournal.remove(tmp_path, IDENTITY)
    assert not list(tmp_path.iterdir())
