"""What is no backup, or was made to do harm, is refused, and nothing of it is left behind."""

import io
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import zstandard

from corpus.catalogue.database import Catalogue, default_url
from indexer.archive import CATALOGUE, CONTENTS, Contents, record_of
from indexer.backup import back_up, restore
from indexer.errors import BackupDamaged
from tests.corpus.catalogue.samples import NOW, fill
from tests.hashing import HashingEncoder
from tests.indexer.backing_up import contents
from tests.indexer.corpora import CORPUS, built

FILES = {CATALOGUE: b"rows", "snapshots/abc/manifest.json": b"{}", "snapshots/abc/lexical/terms": b"gout"}
HONEST = Contents(NOW, "tests", "abc", ("abc",), 1, {name: record_of(io.BytesIO(body)) for name, body in FILES.items()})
Member = tuple[tarfile.TarInfo, bytes]


def regular(name: str, body: bytes) -> Member:
    entry = tarfile.TarInfo(name)
    entry.size = len(body)
    return entry, body


def special(name: str, kind: bytes, link: str = "") -> Member:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    return entry, b""


def listing(told: Contents) -> Member:
    return regular(CONTENTS, msgspec.json.encode(told))


def members(told: Contents = HONEST) -> list[Member]:
    return [listing(told), *(regular(name, body) for name, body in FILES.items())]


def packed(path: Path, entries: list[Member]) -> Path:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for entry, body in entries:
            archive.addfile(entry, io.BytesIO(body))
    path.write_bytes(zstandard.compress(raw.getvalue()))
    return path


def listed(name: str, body: bytes = b"x") -> Contents:
    """An honest list, but for one more file."""
    return replace(HONEST, files={**HONEST.files, name: record_of(io.BytesIO(body))})


def refused(archive: Path, home: Path) -> None:
    around = contents(home.parent)
    with pytest.raises(BackupDamaged):
        restore(archive, home, default_url(home))
    assert not home.exists()
    assert contents(home.parent) == around
    assert [path.name for path in home.parent.iterdir() if path.is_dir()] == []


def test_the_archives_of_these_tests_would_be_taken_if_they_were_honest(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert restore(packed(tmp_path / "a", members()), home, default_url(home)) == HONEST
    assert contents(home) == {**FILES, "current": b"abc\n"}


@pytest.mark.parametrize(
    "hostile",
    [
        [regular("../evil", b"x")],
        [regular("/sequitur-evil", b"x")],
        [regular("snapshots/../../evil", b"x")],
        [regular("snapshots/abc/../../../evil", b"x")],
        [regular("snapshots/abc/more", b"x")],
        [regular("current", b"other\n")],
        [special("snapshots/abc/link", tarfile.SYMTYPE, "/etc")],
        [special("snapshots/abc/link", tarfile.SYMTYPE, "../.."), regular("snapshots/abc/link/evil", b"x")],
        [special("snapshots/abc/link", tarfile.LNKTYPE, "/etc/passwd")],
        [special("snapshots/abc/pipe", tarfile.FIFOTYPE)],
        [special("snapshots/abc/device", tarfile.CHRTYPE)],
        [special("snapshots/empty", tarfile.DIRTYPE)],
        [regular(CATALOGUE, b"rows")],
        [regular(CONTENTS, b"{}")],
    ],
    ids=lambda some: " ".join(f"{entry.name}:{entry.type.decode()}:{entry.linkname}" for entry, _ in some),
)
def test_a_member_that_has_no_place_there(tmp_path: Path, hostile: list[Member]) -> None:
    refused(packed(tmp_path / "a", [*members(), *hostile]), tmp_path / "home")
    refused(packed(tmp_path / "a", [listing(HONEST), *hostile, *members()[1:]]), tmp_path / "home")
    assert not Path("/sequitur-evil").exists()


@pytest.mark.parametrize(
    "name",
    ["../evil", "/sequitur-evil", "snapshots/../evil", "snapshots/abc/../../evil", "snapshots/abc//evil",
     "snapshots/abc", "snapshots/other/evil", "snapshots/", "", ".", "current", ".current.lock", "./catalogue.db",
     "snapshots/abc/manifest.json/evil", "snapshots/abc/evil\0"],
)  # fmt: skip
def test_a_list_that_names_what_has_no_place_there(tmp_path: Path, name: str) -> None:
    refused(packed(tmp_path / "a", [*members(listed(name)), regular(name, b"x")]), tmp_path / "home")
    assert not Path("/sequitur-evil").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_a_member_that_is_listed_and_no_file(tmp_path: Path, kind: bytes) -> None:
    entries = [*members(listed("snapshots/abc/x", b"")), special("snapshots/abc/x", kind, "/etc/passwd")]
    refused(packed(tmp_path / "a", entries), tmp_path / "home")


@pytest.mark.parametrize(
    "told",
    [
        replace(HONEST, live="other"),
        replace(HONEST, live="../abc"),
        replace(HONEST, snapshots=("../abc",), live=""),
        replace(HONEST, snapshots=("abc", ""), live=""),
        replace(HONEST, files={name: record for name, record in HONEST.files.items() if name != CATALOGUE}),
        replace(HONEST, files={name: replace(record, size=1) for name, record in HONEST.files.items()}),
        replace(HONEST, files={name: replace(record, sha256="") for name, record in HONEST.files.items()}),
        listed("snapshots/abc/absent"),
    ],
)
def test_a_list_that_is_not_true(tmp_path: Path, told: Contents) -> None:
    refused(packed(tmp_path / "a", members(told)), tmp_path / "home")


@pytest.mark.parametrize(
    "change",
    [
        lambda some: some[1:],
        lambda some: [*some[1:], some[0]],
        lambda some: some[:1],
        lambda some: [],
        lambda some: [regular(CONTENTS, b"not json"), *some[1:]],
        lambda some: [regular(CONTENTS, b'{"created": 7}'), *some[1:]],
        lambda some: [special(CONTENTS, tarfile.SYMTYPE, "/etc/passwd"), *some[1:]],
    ],
    ids=["no list", "list last", "list only", "nothing", "no JSON", "other JSON", "a link"],
)
def test_a_list_that_is_not_there(tmp_path: Path, change: Callable[[list[Member]], list[Member]]) -> None:
    refused(packed(tmp_path / "a", change(members())), tmp_path / "home")


@pytest.mark.parametrize(
    "body",
    [b"", b"no archive", b"\0" * 20_000, zstandard.compress(b""), zstandard.compress(b"no archive" * 1000),
     b"\x28\xb5\x2f\xfd" + b"\xff" * 1000],
)  # fmt: skip
def test_a_file_that_is_no_archive(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a").write_bytes(body)
    refused(tmp_path / "a", tmp_path / "home")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BackupDamaged, match="No such file"):
        restore(tmp_path / "absent", tmp_path / "home", default_url(tmp_path / "home"))
    with pytest.raises(BackupDamaged, match="Is a directory"):
        restore(tmp_path, tmp_path / "home", default_url(tmp_path / "home"))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup as it is made."""
    home = tmp_path_factory.mktemp("real") / "home"
    built(CORPUS[:1], home, HashingEncoder())
    with closing(Catalogue.open(default_url(home))) as catalogue:
        fill(catalogue)
        back_up(home, catalogue, home.with_name("backup"), created=NOW, software="tests")
    return home.with_name("backup").read_bytes()


@pytest.fixture(scope="module")
def whole(real: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "backup").write_bytes(real)
    restore(folder / "backup", folder / "home", default_url(folder / "home"))
    return contents(folder / "home")


@pytest.mark.parametrize("part", [n / 16 for n in range(16)])
def test_a_backup_that_is_cut_short(tmp_path: Path, real: bytes, part: float) -> None:
    (tmp_path / "a").write_bytes(real[: int(len(real) * part)])
    refused(tmp_path / "a", tmp_path / "home")


def test_a_backup_without_its_last_bytes_is_refused_or_nothing_of_it_is_missing(
    tmp_path: Path, real: bytes, whole: dict[str, bytes]
) -> None:
    for missing in range(1, 25, 2):
        (tmp_path / "a").write_bytes(real[:-missing])
        _taken_or_refused(tmp_path / "a", tmp_path / f"home{missing}", whole)


def test_a_flipped_byte_is_found_wherever_it_matters(tmp_path: Path, real: bytes, whole: dict[str, bytes]) -> None:
    """Some bytes of an archive say nothing: then all is put back as it was."""
    places = range(0, len(real), len(real) // 40)
    taken = 0
    for place in places:
        (tmp_path / "a").write_bytes(real[:place] + bytes([real[place] ^ 0x40]) + real[place + 1 :])
        taken += _taken_or_refused(tmp_path / "a", tmp_path / f"home{place}", whole)
    assert taken < len(places) / 4


def _taken_or_refused(archive: Path, home: Path, whole: dict[str, bytes]) -> bool:
    try:
        restore(archive, home, default_url(home))
    except BackupDamaged:
        assert not home.exists()
        return False
    assert contents(home) == whole
    return True
