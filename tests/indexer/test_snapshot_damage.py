"""Whatever byte of a snapshot changes, it is not opened, and the error names the file."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import SequiturError
from indexer.errors import IndexerError, SnapshotDamaged, SnapshotMismatch
from indexer.snapshot import MANIFEST, Snapshot, activate, current_id, folder_of, list_snapshots, open_current, verify
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, built

ENCODER = HashingEncoder().identity
FILES = [
    "passages.db",
    "vectors.f16",
    "sentences.f16",
    "vocabulary.json",
    "lexical/data.csc.index.npy",
    "lexical/indices.csc.index.npy",
    "lexical/indptr.csc.index.npy",
    "lexical/params.index.json",
    "lexical/vocab.index.json",
]


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("intact") / "home"
    activate(home, built(CORPUS, home, HashingEncoder()).id)
    return home


@pytest.fixture
def home(intact: Path, tmp_path: Path) -> Path:
    """A home of its own for each test to spoil."""
    return Path(shutil.copytree(intact, tmp_path / "home"))


def live(home: Path) -> Path:
    return folder_of(home, current_id(home) or "")


def refused(home: Path, error: type[IndexerError], named: str) -> None:
    """Nobody opens, verifies or activates it, and each says why."""
    folder = live(home)
    attempts: list[Callable[[], object]] = [
        lambda: verify(folder),
        lambda: Snapshot(folder, ENCODER),
        lambda: open_current(home, ENCODER),
        lambda: activate(home, folder.name),
    ]
    for attempt in attempts:
        with pytest.raises(error, match=named) as caught:
            attempt()
        assert "sequitur index build" in str(caught.value)


def edit(home: Path, place: str, value: object) -> None:
    """Put another value at a place like "encoder/name"; None takes it away."""
    path = live(home) / MANIFEST
    manifest = json.loads(path.read_text())
    *above, last = place.split("/")
    part: dict[str, Any] = manifest
    for step in above:
        part = part[step]
    part[last] = value
    if value is None:
        del part[last]
    path.write_text(json.dumps(manifest))


def test_the_list_of_files_here_is_the_whole_list(intact: Path) -> None:
    found = {path.relative_to(live(intact)).as_posix() for path in live(intact).rglob("*") if path.is_file()}
    assert found == {*FILES, MANIFEST} == {*verify(live(intact)).files, MANIFEST}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_a_flipped_bit_is_found(home: Path, name: str, place: float) -> None:
    path = live(home) / name
    body = bytearray(path.read_bytes())
    body[round(place * (len(body) - 1))] ^= 1
    path.write_bytes(body)
    refused(home, SnapshotDamaged, name)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["missing", "shorter", "longer", "a folder"])
def test_a_file_of_another_length_is_found(home: Path, name: str, how: str) -> None:
    path = live(home) / name
    body = path.read_bytes()
    path.unlink()
    if how == "a folder":
        path.mkdir()
    elif how != "missing":
        path.write_bytes(body[:-1] if how == "shorter" else body + b"\0")
    refused(home, SnapshotDamaged, name)


@pytest.mark.parametrize("bit", [1, 0x20, 0x80])
def test_a_flipped_bit_in_the_manifest_is_found_or_changes_nothing_that_is_found(home: Path, bit: int) -> None:
    """Every seventh byte. What only describes the snapshot, its date and software, has no checksum."""
    path = live(home) / MANIFEST
    folder, body = live(home), path.read_bytes()
    before = verify(folder)
    for place in range(0, len(body), 7):
        path.write_bytes(body[:place] + bytes([body[place] ^ bit]) + body[place + 1 :])
        try:
            after = Snapshot(folder, ENCODER).manifest
        except (SnapshotDamaged, SnapshotMismatch):
            continue
        assert (after.id, after.encoder, after.documents) == (before.id, before.encoder, before.documents), place
        assert (after.passages, after.sentences, after.files) == (before.passages, before.sentences, before.files)


@pytest.mark.parametrize("length", [0, 1, 100, 1000])
def test_a_truncated_manifest_is_named(home: Path, length: int) -> None:
    path = live(home) / MANIFEST
    path.write_bytes(path.read_bytes()[:length])
    refused(home, SnapshotDamaged, r"manifest\.json")


@pytest.mark.parametrize("body", [b"[]", b"null", b"\xff\xfe", b'{"id": 7}', b'{"id": "\xff"}'])
def test_a_manifest_of_something_else_is_named(home: Path, body: bytes) -> None:
    (live(home) / MANIFEST).write_bytes(body)
    refused(home, SnapshotDamaged, r"manifest\.json")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("id", "0123456789abcdef"),
        ("passage_tokens", 12),
        ("documents/gout", "0" * 64),
        ("documents/gout", None),
        ("documents/asthma", "0" * 64),
        ("encoder/dimension", 64),
        ("encoder/revision", "0" * 64),
        ("files/passages.db/sha256", "0" * 64),
        ("files/vectors.f16/size", 1),
        ("files/vocabulary.json", None),
        ("files/more.db", {"size": 1, "sha256": "0" * 64}),
        ("files", None),
    ],
)
def test_an_edited_manifest_is_refused(home: Path, place: str, value: object) -> None:
    edit(home, place, value)
    refused(home, SnapshotDamaged, "manifest|snapshot")


@pytest.mark.parametrize(("place", "value"), [("passages", 4), ("sentences", 9), ("sentences", 10_000)])
def test_counts_that_are_not_those_of_the_files_are_refused(home: Path, place: str, value: int) -> None:
    edit(home, place, value)
    with pytest.raises(SnapshotDamaged):
        open_current(home, ENCODER)


def test_another_layout_is_a_mismatch(home: Path) -> None:
    edit(home, "layout", 99)
    refused(home, SnapshotMismatch, "layout 99")


@pytest.mark.parametrize("what", ["passages.db", "manifest missing", "manifest cut", "layout"])
def test_building_again_repairs_it(home: Path, what: str) -> None:
    """As every one of those messages advises."""
    spoiled = live(home)
    if what == "passages.db":
        (spoiled / what).write_bytes(b"")
    elif what == "manifest missing":
        (spoiled / MANIFEST).unlink()
    elif what == "manifest cut":
        (spoiled / MANIFEST).write_bytes(b"{")
    else:
        edit(home, "layout", 99)
    assert built(CORPUS, home, HashingEncoder()).id == spoiled.name
    assert activate(home, spoiled.name).id == open_current(home, ENCODER).id
    built(CORPUS[:1], home, HashingEncoder())
    assert not [path for path in spoiled.parent.iterdir() if path.name.startswith(".") and path.suffix != ".lock"]


@pytest.mark.parametrize("what", ["manifest missing", "manifest cut"])
def test_one_damaged_snapshot_does_not_hide_the_others(home: Path, what: str) -> None:
    """Else nobody could read which one to go back to."""
    other = built(CORPUS[:1], home, HashingEncoder()).id
    path = live(home) / MANIFEST
    if what == "manifest cut":
        path.write_bytes(b"{")
    else:
        path.unlink()
    assert [manifest.id for manifest in list_snapshots(home)] == [other]


def test_a_folder_under_another_name_is_not_activated(home: Path) -> None:
    """`current` would name a snapshot that is not there."""
    live(home).rename(live(home).with_name("renamed"))
    with pytest.raises(SnapshotDamaged, match="renamed"):
        activate(home, "renamed")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"../../etc\n", b"one two\n"])
def test_a_spoiled_current_is_an_error_of_ours(home: Path, body: bytes) -> None:
    (home / "current").write_bytes(body)
    with pytest.raises(SequiturError, match="sequitur index"):
        open_current(home, ENCODER)
