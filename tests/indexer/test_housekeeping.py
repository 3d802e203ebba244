"""Snapshots that can go: never the live one, never what is needed, never the newest."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from indexer.dense import EXACT, DenseRecord
from indexer.encoder import EncoderIdentity
from indexer.housekeeping import removable
from indexer.snapshot import LAYOUT, MANIFEST, Manifest, snapshots_folder

DENSE = DenseRecord(EXACT, {}, 1.0, "")
OLDEST = Manifest("a", "2026-01-01", "tests", LAYOUT, EncoderIdentity("hashing", "0", 8, 256), 9, {}, 0, 0, DENSE, {})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Five snapshots, a to e, a the oldest; and what a killed build left."""
    for month, name in enumerate("abcde", start=1):
        folder = snapshots_folder(tmp_path) / name
        folder.mkdir(parents=True)
        one = replace(OLDEST, id=name, created=f"2026-{month:02}-01")
        (folder / MANIFEST).write_bytes(msgspec.json.encode(one))
    (snapshots_folder(tmp_path) / ".building").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("live", "needed", "keep", "found"),
    [
        ("e", "", 0, "abcd"),
        ("a", "", 0, "bcde"),
        ("", "", 0, "abcde"),
        ("e", "", 1, "abcd"),
        ("a", "", 1, "bcd"),
        ("e", "c", 2, "ab"),
        ("c", "ab", 1, "d"),
        ("a", "bcde", 0, ""),
        ("e", "unknown", 3, "ab"),
        ("e", "", 5, ""),
        ("e", "", 99, ""),
    ],
)
def test_what_can_go(home: Path, live: str, needed: str, keep: int, found: str) -> None:
    if live:
        (home / "current").write_text(live)
    assert [one.id for one in removable(home, set(needed), keep)] == list(found)


def test_a_home_with_nothing_in_it(tmp_path: Path) -> None:
    assert removable(tmp_path, (), 0) == ()
