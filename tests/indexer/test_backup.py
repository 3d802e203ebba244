"""A backup is of one instant, and is put back whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.catalogue import snapshots
from corpus.catalogue.database import Catalogue, default_url
from corpus.catalogue.snapshots import Promotion, PromotionKind
from corpus.catalogue.tables import metadata
from indexer import backup
from indexer.archive import Contents
from indexer.backup import back_up, restore
from indexer.errors import HomeInUse, NoSnapshot, NotWritten, SnapshotDamaged
from indexer.search import make_queries, search
from indexer.snapshot import (
    current_id,
    folder_of,
    list_snapshots,
    open_current,
    snapshots_folder,
)
from tests.corpus.catalogue.samples import NOW, Rows, fill, rows
from tests.hashing import HashingEncoder
from tests.indexer.backing_up import contents, filled

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two snapshots, the second live, and rows in every table."""
    return filled(tmp_path_factory.mktemp("backup") / "home")


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


@pytest.fixture
def catalogue(home: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open(default_url(home))) as opened:
        yield opened


@pytest.fixture(scope="module")
def archive(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "backup.tar.zst"
    take(template, path)
    return path


def take(home: Path, target: Path) -> Contents:
    with closing(Catalogue.open(default_url(home))) as catalogue:
        return back_up(home, catalogue, target, created=NOW, software="tests")


def rows_of(url: str) -> Rows:
    with closing(Catalogue.open(url)) as catalogue:
        return rows(catalogue)


def indexed(home: Path) -> dict[str, bytes]:
    """Every file of every snapshot, and which one is live. What builds keep for themselves begins with a dot."""
    found = {name: body for name, body in contents(snapshots_folder(home)).items() if not name.startswith(".")}
    return found | {"current": (home / "current").read_bytes()}


def found(home: Path) -> list[tuple[str, float]]:
    encoder = HashingEncoder()
    with closing(open_current(home, encoder.identity)) as snapshot:
        (query,) = make_queries(["What shortens a flare?"], snapshot, encoder)
        return [(hit.passage.text, hit.score) for hit in search(query, snapshot, 3)]


def test_what_is_put_back_is_what_was_there(home: Path, tmp_path: Path) -> None:
    target, restored = tmp_path / "backup.tar.zst", tmp_path / "elsewhere" / "restored"
    made = take(home, target)
    assert restore(target, restored, default_url(restored)) == made
    assert indexed(restored) == indexed(home)
    assert rows_of(default_url(restored)) == rows_of(default_url(home))
    assert found(restored) == found(home)
    assert (made.created, made.software, made.live) == (NOW, "tests", current_id(home))
    assert set(made.snapshots) == {manifest.id for manifest in list_snapshots(home)}
    assert made.rows == sum(map(len, rows_of(default_url(home)).values()))
    assert not contents(restored).keys() - contents(home).keys()


def test_the_backup_is_for_its_owner_alone_and_nothing_else_is_left(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    take(home, folder / "backup.tar.zst")
    assert [path.name for path in folder.iterdir()] == ["backup.tar.zst"]
    assert (folder / "backup.tar.zst").stat().st_mode & 0o777 == 0o600


def test_a_home_where_nothing_was_built_yet(tmp_path: Path) -> None:
    home, restored = tmp_path / "home", tmp_path / "restored"
    with closing(Catalogue.open(default_url(home))) as catalogue:
        fill(catalogue)
    made = take(home, tmp_path / "backup.tar.zst")
    assert (made.live, made.snapshots) == ("", ())
    restored.mkdir()
    restore(tmp_path / "backup.tar.zst", restored, default_url(restored))
    assert current_id(restored) is None
    assert rows_of(default_url(restored)) == rows_of(default_url(home))


def test_progress_ends_with_everything(home: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    told: list[int] = []
    made = back_up(home, catalogue, tmp_path / "b.tar.zst", created=NOW, software="tests", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == sum(record.size for record in made.files.values())


def test_into_postgresql_and_from_there(home: Path, archive: Path, tmp_path: Path, postgres_url: str) -> None:
    restored, again = tmp_path / "restored", tmp_path / "again"
    restore(archive, restored, postgres_url)
    assert not (restored / "catalogue.db").exists()
    assert (indexed(restored), rows_of(postgres_url)) == (indexed(home), rows_of(default_url(home)))
    with closing(Catalogue.open(postgres_url)) as catalogue:
        back_up(restored, catalogue, tmp_path / "second.tar.zst", created=NOW, software="tests")
        with catalogue.writing() as connection:
            snapshots.record_promotion(connection, Promotion("s9", "s1", PromotionKind.PROMOTE, NOW, "ann", True))
    restore(tmp_path / "second.tar.zst", again, default_url(again))
    assert rows_of(default_url(again)) == rows_of(default_url(home))


def test_into_a_database_that_is_not_empty(archive: Path, tmp_path: Path, postgres_url: str) -> None:
    with closing(Catalogue.open(postgres_url)) as catalogue:
        fill(catalogue)
    before = rows_of(postgres_url)
    with pytest.raises(HomeInUse, match="SEQUITUR_DATABASE"):
        restore(archive, tmp_path / "restored", postgres_url)
    assert rows_of(postgres_url) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["restored/answers.db", "restored/sub/answers.db", "elsewhere/answers.db"])
def test_into_a_file_wherever_it_is(home: Path, archive: Path, tmp_path: Path, place: str) -> None:
    restored = tmp_path / "restored"
    url = f"sqlite:///{tmp_path / place}"
    restore(archive, restored, url)
    assert not (restored / "catalogue.db").exists()
    assert (indexed(restored), rows_of(url)) == (indexed(home), rows_of(default_url(home)))


@pytest.mark.parametrize("into", ["file", "postgresql"])
def test_when_the_home_cannot_be_put_in_place_the_database_stays_empty(
    archive: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, into: str
) -> None:
    def fail(folder: Path, home: Path) -> None:
        raise OSError(28, "No space left on device", str(home))

    monkeypatch.setattr(backup, "_replace_folder", fail)
    url = request.getfixturevalue("postgres_url") if into == "postgresql" else f"sqlite:///{tmp_path}/other/c.db"
    with pytest.raises(NotWritten):
        restore(archive, tmp_path / "restored", url)
    with closing(Catalogue.open(url)) as catalogue:
        assert catalogue.is_empty(metadata)
    assert [path.name for path in tmp_path.iterdir() if path.name != "other"] == []
    monkeypatch.undo()
    restore(archive, tmp_path / "restored", url)


def test_a_home_that_is_not_empty_is_left_alone(home: Path, archive: Path, tmp_path: Path) -> None:
    before = contents(home)
    with pytest.raises(HomeInUse, match="not empty"):
        restore(archive, home, default_url(home))
    assert contents(home) == before
    (tmp_path / "file").write_text("a file")
    with pytest.raises(HomeInUse, match="not empty"):
        restore(archive, tmp_path / "file", default_url(tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "a file"


def test_a_mount_point_is_not_replaced(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.ismount", lambda path: str(path).endswith("mounted"))
    (tmp_path / "mounted").mkdir()
    with pytest.raises(HomeInUse, match="mount point"):
        restore(archive, tmp_path / "mounted", default_url(tmp_path / "mounted"))
    restore(archive, tmp_path / "mounted" / "home", default_url(tmp_path / "mounted" / "home"))


def test_a_home_behind_a_link(home: Path, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "disk")
    restore(archive, link, default_url(link))
    assert link.is_symlink()
    assert indexed(link) == indexed(home)


def test_a_damaged_snapshot_is_told_instead_of_being_backed_up(home: Path, tmp_path: Path) -> None:
    """A backup that cannot be put back is none; and the earlier one is kept."""
    target = tmp_path / "backup.tar.zst"
    target.write_bytes(b"earlier")
    for manifest in list_snapshots(home):
        path = folder_of(home, manifest.id) / "passages.db"
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(SnapshotDamaged, match=manifest.id):
            take(home, target)
        path.unlink()
        with pytest.raises(SnapshotDamaged, match=r"passages\.db is missing"):
            take(home, target)
        path.write_bytes(whole)
    assert target.read_bytes() == b"earlier"
    take(home, target)


def test_a_live_snapshot_that_is_not_there_is_told(home: Path, tmp_path: Path) -> None:
    live = current_id(home)
    assert live is not None
    shutil.rmtree(folder_of(home, live))
    with pytest.raises(NoSnapshot, match=live):
        take(home, tmp_path / "backup.tar.zst")


def test_a_folder_that_is_not_there(home: Path, tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="absent"):
        take(home, tmp_path / "absent" / "backup.tar.zst")
