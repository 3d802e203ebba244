"""A home is backed up while it is in use; a backup or a restoration that is killed leaves what was there before."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from corpus.catalogue import answers
from corpus.catalogue.database import Catalogue, default_url
from indexer.archive import Contents
from indexer.backup import back_up, restore
from indexer.snapshot import Manifest, current_id, folder_of, list_snapshots, verify
from tests.corpus.catalogue.samples import NOW, given
from tests.indexer.backing_up import CREATED, ROOM, filled

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two snapshots, the second live, and rows in every table."""
    return filled(tmp_path_factory.mktemp("backup") / "home")


@pytest.fixture(scope="module")
def killed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """What a process of its own tells of those that were killed, or that the disk had no room for."""
    folder = tmp_path_factory.mktemp("killed") / "all"
    command = [sys.executable, "-m", "tests.indexer.backing_up", "kill", str(template), str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_backup_of_a_home_that_is_in_use_is_of_one_instant(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process gives answers, switches, removes: whenever it is taken, what is live is there, and is whole."""

    def slowly(home: Path) -> list[Manifest]:
        found = list_snapshots(home)
        time.sleep(0.1)  # in which the other process would go through several turns
        return found

    monkeypatch.setattr("indexer.snapshot.list_snapshots", slowly)
    home = Path(shutil.copytree(template, tmp_path / "home"))
    command = [sys.executable, "-m", "tests.indexer.backing_up", "use", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as busy:
        taken: list[tuple[Path, Contents]] = []
        try:
            end = time.monotonic() + 60
            while not home.with_name("home.begun").exists() and time.monotonic() < end:
                time.sleep(0.01)
            while (len(taken) < 6 or len({made.live for _, made in taken}) < 2) and time.monotonic() < end:
                target = tmp_path / f"backup{len(taken)}"
                with closing(Catalogue.open(default_url(home))) as catalogue:
                    taken.append((target, back_up(home, catalogue, target, created=NOW, software="tests")))
        finally:
            home.with_name("home.stop").touch()
            told = busy.communicate(timeout=60)[0]
    assert busy.returncode == 0
    assert int(told) > 3, "it was in use"
    assert len({made.live for _, made in taken}) == 2
    counts = []
    for target, made in taken:
        restored = tmp_path / f"{target.name}.restored"
        restore(target, restored, default_url(restored))
        assert made.live in made.snapshots
        assert {verify(folder_of(restored, one)).id for one in made.snapshots} == set(made.snapshots)
        assert current_id(restored) == made.live
        counts.append(_answers(restored))
    assert counts == sorted(counts)


def _answers(home: Path) -> int:
    """How many answers there are: each whole, and none between them missing."""
    with closing(Catalogue.open(default_url(home))) as catalogue, catalogue.reading() as connection:
        kept = [one for one in answers.all_given(connection) if one.id.startswith("n")]
    assert [one.id for one in kept] == [f"n{number:06}" for number in range(len(kept))]
    assert all(one.cited == given("any", cites=["gout", "scurvy"]).cited for one in kept)
    return len(kept)


def test_a_backup_that_is_killed_leaves_the_earlier_one_or_the_new_one(killed: dict[str, list[list[str]]]) -> None:
    """And the next one removes what was left."""
    told = killed["backed up"]
    assert Counter(status for status, _ in told) == {"-9": len(told) - 1, "0": 1}
    assert len(told) > 6
    lefts = [left for _, left in told]
    assert set(lefts) == {"earlier", CREATED}
    assert lefts == sorted(lefts, key=["earlier", CREATED].index), "once the new one is there it stays"


def test_a_restoration_that_is_killed_leaves_nothing_or_the_whole_home(killed: dict[str, list[list[str]]]) -> None:
    told = killed["restored"]
    assert Counter(status for status, _ in told) == {"-9": len(told) - 1, "0": 1}
    assert len(told) > 6
    assert {left for _, left in told} <= {"none", "whole"}


def test_a_disk_without_room_leaves_the_earlier_backup_and_nothing_else(killed: dict[str, list[list[str]]]) -> None:
    told = killed["disk full"]
    assert told[:2] == [["3", "earlier", "backup.tar.zst"]] * 2
    assert told[-1] == ["0", "new", "backup.tar.zst"]
    assert len(told) == len(ROOM)
    assert all(one in (["3", "earlier", "backup.tar.zst"], ["0", "new", "backup.tar.zst"]) for one in told)
