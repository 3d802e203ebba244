"""Law 7 at random instants: whenever SIGKILL comes, what was live answers, and what was paid for is kept."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import NoSnapshot
from indexer.search import make_queries, search
from indexer.snapshot import Manifest, Snapshot, activate, current_id, folder_of, list_snapshots, open_current
from tests.hashing import HashingEncoder
from tests.indexer.corpora import built
from tests.indexer.crashing import LIVE, MANY, PASSAGE, acknowledged

ROOT = Path(__file__).parents[2]
FRESH, ROW, SWITCHES = 50, 20, 40
"""Builds killed in homes of their own, builds in one home that a kill was meant for, and activations killed."""
BATCH = 8
IDENTITY = HashingEncoder().identity

Kills = list[dict[str, Any]]


def crash(action: str, folder: Path, template: Path, count: int) -> Kills:
    command = [sys.executable, "-m", "tests.indexer.crashing", action, str(folder), str(template), str(count)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def names(home: Path) -> set[str]:
    return {path.name for path in (home / "snapshots").iterdir() if path.suffix != ".lock"}


def answer(snapshot: Snapshot) -> list[tuple[str, float]]:
    (query,) = make_queries(["What lowers pressure?"], snapshot, HashingEncoder())
    return [(hit.passage.id, hit.score) for hit in search(query, snapshot, 5)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a live snapshot."""
    home = tmp_path_factory.mktemp("template") / "home"
    activate(home, built(LIVE, home, HashingEncoder()).id)
    return home


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What a build gives that nobody disturbs."""
    home = tmp_path_factory.mktemp("whole")
    return Snapshot(folder_of(home, built(MANY, home, HashingEncoder()).id), IDENTITY)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Kills:
    return crash("fresh", tmp_path_factory.mktemp("fresh") / "killed", template, FRESH)


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Kills:
    return crash("row", tmp_path_factory.mktemp("row") / "killed", template, ROW)


def assert_what_was_live_answers(home: Path, template: Path, whole: Snapshot) -> None:
    """Or what became live: nothing else, nothing in between, and nothing half-built is to be had."""
    expected = {current_id(template): answer(open_current(template, IDENTITY)), whole.id: answer(whole)}
    live = open_current(home, IDENTITY)
    assert live.id in expected
    assert answer(live) == expected[live.id]
    assert {manifest.id for manifest in list_snapshots(home)} == {n for n in names(home) if n[0] != "."}
    for name in names(home):
        if name.startswith("."):
            with pytest.raises(NoSnapshot):
                activate(home, name)
        else:
            assert answer(Snapshot(folder_of(home, name), IDENTITY)) == expected[name]


def go_on(home: Path) -> tuple[Manifest, int, int]:
    """The next build and activation; how many passages it encoded, and how many had been acknowledged before."""
    log = acknowledged(home)
    kept = {log.read_bytes()[at : at + PASSAGE] for at in range(0, log.stat().st_size, PASSAGE)} if log.exists() else ()
    encoder = HashingEncoder()
    manifest = built(MANY, home, encoder)
    activate(home, manifest.id)
    return manifest, encoder.encoded, len(kept)


def assert_nothing_paid_for_is_lost(home: Path, template: Path, whole: Snapshot, kills: int = 1) -> int:
    """What was acknowledged is not encoded again; how much that was.

    Each kill may have come between the keeping of a batch and its acknowledgement: it is not encoded again either.
    """
    finished = whole.id in names(home)
    manifest, encoded, kept = go_on(home)
    assert encoded in ({0} if finished else {len(MANY) - kept - BATCH * number for number in range(kills + 1)})
    assert manifest.id == current_id(home) == whole.id
    assert dict(manifest.files) == dict(whole.manifest.files), "the same bytes as without a kill"
    assert names(home) == {current_id(template), whole.id}
    assert {path.name for path in home.iterdir() if path.suffix != ".lock"} == {"current", "snapshots"}
    return kept


def test_fifty_builds_were_killed_before_they_had_finished(fresh: Kills) -> None:
    assert sum(kill["killed"] for kill in fresh) == FRESH


def test_a_build_killed_at_a_random_instant(fresh: Kills, template: Path, whole: Snapshot) -> None:
    kept = set()
    for kill in fresh:
        assert_what_was_live_answers(Path(kill["home"]), template, whole)
        kept.add(assert_nothing_paid_for_is_lost(Path(kill["home"]), template, whole))
    assert len(kept) >= 4, "the instants fell into different batches, else this says little"


def test_builds_killed_one_after_the_other_in_one_home(row: Kills, template: Path, whole: Snapshot) -> None:
    """Each goes on where the one before it was killed, also one that was killed itself."""
    before = 0
    for kills, kill in enumerate(row, start=1):
        home = Path(kill["home"])
        assert_what_was_live_answers(home, template, whole)
        kept = assert_nothing_paid_for_is_lost(home, template, whole, kills)
        assert kept >= before
        before = kept
    assert before


def test_activations_killed_one_after_the_other(
    tmp_path: Path, template: Path, whole: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`current` names one of the two whole snapshots, and what a killed activation left goes with the next one."""
    built(MANY, template_with_two := tmp_path / "two", HashingEncoder())
    built(LIVE, template_with_two, HashingEncoder())
    activate(template_with_two, whole.id)
    kills = crash("switch", tmp_path / "killed", template_with_two, SWITCHES)
    assert sum(kill["killed"] for kill in kills) == SWITCHES
    for kill in kills:
        home = Path(kill["home"])
        assert_what_was_live_answers(home, template, whole)
        activate(home, whole.id)
        assert {path.name for path in home.iterdir()} == {"current", ".current.lock", "snapshots"}
