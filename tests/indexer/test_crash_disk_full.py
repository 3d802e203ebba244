"""A disk that is full, at whatever step: one clear error, the live snapshot answers, and the next build goes on."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import faiss
import msgspec
import numpy as np
import pytest

from indexer.durable import writing
from indexer.errors import NotWritten, SnapshotDamaged
from indexer.lexical import LexicalIndex
from indexer.snapshot import MANIFEST, activate, current_id, file_record, folder_of, open_current
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, built
from tests.indexer.crashing import LIVE, MANY
from tests.indexer.filling import small_files

ROOT = Path(__file__).parents[2]
IDENTITY = HashingEncoder().identity
STEPS = {("disk", "new"): 16384, ("disk", "begun"): 4096, ("limit", "new"): 16384, ("limit", "begun"): 8192}
"""How much more room each attempt has than the one before (bytes), by kind of scarcity and by what is there before."""


class Interrupted(Exception):
    """The operator pressed Ctrl-C, so to speak."""


def interrupt(stage: str, done: int) -> None:
    if stage != "embedding":
        raise Interrupted


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home with a live snapshot; and one where an interrupted build has encoded everything besides."""
    homes = {name: tmp_path_factory.mktemp(name) / "home" for name in ("new", "begun")}
    for home in homes.values():
        activate(home, built(LIVE, home, HashingEncoder()).id)
    with pytest.raises(Interrupted):
        built(MANY, homes["begun"], HashingEncoder(), progress=interrupt)
    return homes


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> str:
    return built(MANY, tmp_path_factory.mktemp("wanted"), HashingEncoder()).id


def own_mounts() -> list[str]:
    """The command that gives a process mounts of its own; skips where that is not permitted."""
    for command in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
        try:
            tried = subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
        except FileNotFoundError:
            break
        if not tried.returncode:
            return command
    pytest.skip("no small disk can be mounted here (needs unshare and mount)")


@pytest.fixture(scope="module", params=STEPS, ids="-".join)
def attempts(
    request: pytest.FixtureRequest, templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str, list[dict[str, Any]]]:
    kind, before = request.param
    command = [*(own_mounts() if kind == "disk" else []), sys.executable, "-m", "tests.indexer.filling"]
    command += [kind, str(tmp_path_factory.mktemp(kind) / "room"), str(templates[before]), str(STEPS[request.param])]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return kind, before, json.loads(done.stdout)


def test_whatever_room_there_is_one_error_says_what_to_do_and_nothing_is_lost(
    attempts: tuple[str, str, list[dict[str, Any]]], wanted: str
) -> None:
    kind, before, told = attempts
    *failed, last = told
    assert len(failed) > 5
    assert (last["raised"], last["answers"], last["id"]) == (None, True, wanted)
    for one in failed:
        assert one["raised"] == "NotWritten", one
        assert all(
            part in one["said"] for part in ("snapshots cannot be written to (", "make room there", "build again")
        ), one
        assert one["answers"], "the live snapshot opens on a full disk"
        kept = one["kept"] if before == "new" else len(MANY)
        assert (one["encoded"], one["id"], one["left"]) == (len(MANY) - kept, wanted, [])
    stages = {one["stage"] for one in failed}
    if (kind, before) == ("disk", "begun"):
        assert stages >= {"_write_passages", "_write"}
    if before == "new":
        assert len({one["kept"] for one in failed}) >= 6, "each batch was the last that there was room for"


def test_bytes_that_are_lost_in_silence_are_noticed(
    tmp_path: Path, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAISS and numpy report success when the last of what they wrote fitted a buffer, but not the disk."""
    live = built(LIVE, tmp_path, HashingEncoder()).id
    activate(tmp_path, live)
    save = LexicalIndex.save

    def short_of_a_byte(index: LexicalIndex, folder: Path) -> None:
        save(index, folder)
        with small_files((folder / "data.csc.index.npy").stat().st_size - 1):
            save(index, folder)

    with monkeypatch.context() as patch:
        patch.setattr(LexicalIndex, "save", short_of_a_byte)
        with pytest.raises(NotWritten, match=r"is not whole .* build again"):
            built(MANY, tmp_path, HashingEncoder())
    assert open_current(tmp_path, IDENTITY).id == live
    assert {path.name for path in (tmp_path / "snapshots").iterdir() if path.name[0] != "."} == {live}
    assert built(MANY, tmp_path, HashingEncoder()).id == wanted


def write_by_faiss(path: Path) -> None:
    faiss.write_index(faiss.IndexFlatIP(64), str(path.with_suffix(".empty")))
    (index := faiss.IndexFlatIP(64)).add(np.zeros((100, 64), np.float32))
    faiss.write_index(index, str(path))


def write_by_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE one (body BLOB)")
        connection.execute("INSERT INTO one VALUES (zeroblob(20000))")
        connection.commit()


WRITERS: dict[str, Callable[[Path], object]] = {
    "Python": lambda path: path.write_bytes(bytes(20000)),
    "numpy": lambda path: np.save(path, np.zeros(20000)),
    "FAISS": write_by_faiss,
    "SQLite": write_by_sqlite,
}


@pytest.mark.parametrize("size", [0, 500, 10000])
@pytest.mark.parametrize("writer", WRITERS)
def test_each_library_says_it_in_its_own_way(tmp_path: Path, writer: str, size: int) -> None:
    with (
        pytest.raises(NotWritten, match=rf"{tmp_path} cannot be written to \(.+\); make room there and go on"),
        writing(tmp_path, "go on"),
        small_files(size),
    ):
        WRITERS[writer](tmp_path / "file.npy")
    with writing(tmp_path, "go on"):
        WRITERS[writer](tmp_path / "other.npy")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A live snapshot and one that is not."""
    activate(tmp_path, built(LIVE, tmp_path, HashingEncoder()).id)
    return tmp_path


def test_an_activation_that_does_not_fit_changes_nothing(home: Path) -> None:
    live, other = current_id(home), built(MANY, home, HashingEncoder()).id
    with small_files(3), pytest.raises(NotWritten, match="what was live still is"):
        activate(home, other)
    assert current_id(home) == live == open_current(home, IDENTITY).id
    assert {path.name for path in home.iterdir()} == {"current", ".current.lock", "snapshots"}
    assert activate(home, other).id == current_id(home)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotWritten, match=r"Not a directory: .*file"):
        built(CORPUS, tmp_path / "file" / "home", HashingEncoder())


def test_a_source_that_cannot_be_read_is_not_taken_for_a_disk_that_cannot_be_written(tmp_path: Path) -> None:
    def documents() -> Iterator[Any]:
        yield CORPUS[0]
        (tmp_path / "elsewhere.xml").read_bytes()

    with pytest.raises(FileNotFoundError, match=r"elsewhere\.xml"):
        built(documents(), tmp_path / "home", HashingEncoder())


def test_an_error_of_the_encoder_is_not_taken_for_one_of_the_disk(tmp_path: Path) -> None:
    class Broken(HashingEncoder):
        def encode_passages(self, inputs: object) -> Any:
            raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        built(CORPUS, tmp_path, Broken())


def test_a_file_cut_short_before_its_checksum_was_taken_is_damage_too(home: Path) -> None:
    """As a program wrote it that did not look. Of the database only some of the pages are read on opening."""
    folder = folder_of(home, current_id(home) or "")
    manifest = json.loads((folder / MANIFEST).read_text())
    for name in (name for name in manifest["files"] if not name.endswith(".db")):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])
        record = msgspec.to_builtins(file_record(folder / name))
        (folder / MANIFEST).write_text(json.dumps({**manifest, "files": {**manifest["files"], name: record}}))
        with pytest.raises(SnapshotDamaged, match="rebuild"):
            open_current(home, IDENTITY)
        (folder / name).write_bytes(whole)
