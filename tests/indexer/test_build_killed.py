"""Law 7: killed at any instant, a build or an activation loses nothing and leaves nothing half-built current."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import NoSnapshot
from indexer.search import make_queries, search
from indexer.snapshot import Snapshot, activate, current_id, folder_of, list_snapshots, open_current, snapshots_folder
from tests.hashing import HashingEncoder
from tests.indexer.corpora import built
from tests.indexer.killing import ENCODED, LIVE, MANY, OTHER

ROOT = Path(__file__).parents[2]
BATCH = 8


def killing(*arguments: str | Path) -> Any:
    """What the killing process reports."""
    command = [sys.executable, "-m", "tests.indexer.killing", *map(str, arguments)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def names(home: Path) -> set[str]:
    """What is in the folder of snapshots, but for a lock, which holds nothing."""
    return {path.name for path in snapshots_folder(home).iterdir() if path.suffix != ".lock"}


def answer(snapshot: Snapshot) -> list[tuple[str, float]]:
    encoder = HashingEncoder()
    (query,) = make_queries(["What lowers pressure?"], snapshot, encoder)
    return [(hit.passage.id, hit.score) for hit in search(query, snapshot, 5)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a live snapshot."""
    home = tmp_path_factory.mktemp("template") / "home"
    activate(home, built(LIVE, home, HashingEncoder()).id)
    return home


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of the snapshot that the killed builds were after."""
    return built(MANY, tmp_path_factory.mktemp("wanted"), HashingEncoder()).id


@pytest.fixture(scope="module")
def killed_builds(tmp_path_factory: pytest.TempPathFactory, template: Path) -> list[dict[str, str]]:
    return list(killing("build", tmp_path_factory.mktemp("builds") / "killed", template))


def test_builds_were_killed_at_every_kind_of_instant(killed_builds: list[dict[str, str]]) -> None:
    """Else the tests below would say little."""
    kinds = Counter(each["before"].split(" ")[0] for each in killed_builds)
    assert kinds.keys() >= {"open", "os.rename", "os.mkdir", "sqlite3.connect", "encoded", "embedding", "vocabulary"}
    assert (kinds["encoded"], kinds["embedding"]) == (3, 3)


def test_a_killed_build_changes_nothing_that_is_read(
    killed_builds: list[dict[str, str]], template: Path, wanted: str
) -> None:
    live = current_id(template)
    identity = HashingEncoder().identity
    assert live is not None
    expected = answer(open_current(template, identity))
    for killed in killed_builds:
        home = Path(killed["home"])
        assert current_id(home) == live, killed
        assert {manifest.id for manifest in list_snapshots(home)} <= {live, wanted}, killed
        for manifest in list_snapshots(home):
            assert Snapshot(folder_of(home, manifest.id), identity).id == manifest.id, killed
        assert answer(open_current(home, identity)) == expected, killed
        for name in names(home) - {live, wanted}:
            assert name.startswith("."), killed
            with pytest.raises(NoSnapshot):
                activate(home, name)


def test_the_next_build_finishes_cleans_up_and_encodes_only_what_was_not_kept(
    killed_builds: list[dict[str, str]], template: Path, wanted: str
) -> None:
    """Only a batch that was encoded and not yet written down is encoded twice; nothing of a build that had finished."""
    encoded = set()
    for killed in killed_builds:
        home = Path(killed["home"])
        log = home.with_name(f"{home.name}.{ENCODED}")
        before = int(log.read_text()) if log.exists() else 0
        lost = (before % BATCH or BATCH) if killed["before"] == "encoded a batch" else 0
        finished = wanted in names(home)
        encoder = HashingEncoder()
        assert built(MANY, home, encoder).id == wanted, killed
        assert names(home) == {current_id(template), wanted}, killed
        assert activate(home, wanted).id == current_id(home) == wanted, killed
        assert encoder.encoded == (0 if finished else len(MANY) - before + lost), killed
        encoded.add(encoder.encoded)
    assert encoded == {0, 4, 12, 20}


@pytest.fixture(scope="module")
def killed_activations(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    home = tmp_path_factory.mktemp("ready") / "home"
    activate(home, built(LIVE, home, HashingEncoder()).id)
    (home / "next").write_text(built(MANY, home, HashingEncoder()).id)
    return list(killing("activate", tmp_path_factory.mktemp("activations") / "killed", home))


def test_a_killed_activation_leaves_the_old_snapshot_or_the_new_one(
    killed_activations: list[dict[str, str]], template: Path, wanted: str
) -> None:
    seen, left = [], 0
    for killed in killed_activations:
        home = Path(killed["home"])
        seen.append(open_current(home, HashingEncoder().identity).id)
        left += any(home.glob(".current.*.*"))
        assert activate(home, wanted).id == current_id(home) == wanted, killed
        assert not any(home.glob(".current.*.*")), "what was left half-written is gone"
    assert left
    assert any(killed["before"].startswith("os.rename") for killed in killed_activations)
    assert set(seen) == {current_id(template), wanted}
    assert seen == sorted(seen, key=lambda each: each == wanted), "once it is current it stays so"


def test_two_builds_of_one_corpus_at_once_both_succeed(tmp_path: Path, wanted: str) -> None:
    assert killing("overlap", tmp_path / "home", "same") == [0, 0]
    assert names(tmp_path / "home") == {wanted}
    assert activate(tmp_path / "home", wanted).id == wanted


def test_two_builds_of_different_corpora_at_once_both_succeed(tmp_path: Path, wanted: str) -> None:
    assert killing("overlap", tmp_path / "home", "different") == [0, 0]
    assert_both_are_there(tmp_path / "home", wanted)


def test_a_build_within_the_time_of_another_leaves_it_alone(tmp_path: Path, wanted: str) -> None:
    assert killing("enclosed", tmp_path / "home") == [0, 0]
    assert_both_are_there(tmp_path / "home", wanted)


def test_builds_that_begin_and_end_at_any_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    assert killing("busy", tmp_path / "home") == [0, 0]
    assert names(tmp_path / "home") == {manifest.id for manifest in list_snapshots(tmp_path / "home")}
    assert len(list_snapshots(tmp_path / "home")) == 2


def assert_both_are_there(home: Path, wanted: str) -> None:
    found = {manifest.id: manifest for manifest in list_snapshots(home)}
    assert names(home) == found.keys()
    assert wanted in found
    assert sorted(len(manifest.documents) for manifest in found.values()) == [len(OTHER), len(MANY)]
    for snapshot in found:
        assert Snapshot(folder_of(home, snapshot), HashingEncoder().identity).id == snapshot
