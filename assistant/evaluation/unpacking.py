"""Foreign archives into a new folder: regular files only, inside it, and no more than was agreed."""

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from assistant.evaluation.adapters.files import opened
from assistant.evaluation.errors import BadSuite, FetchFailed

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # with members, and without any
_TAR, _TAR_AT = b"ustar", 257
_BLOCK = 1 << 20
_LONGEST_NAME = 1000
_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, OSError, BadSuite)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken, in bytes and in files. The largest public set meant is a few GiB."""

    download: int = 8 << 30
    unpacked: int = 32 << 30
    files: int = 200_000


def unpack(archive: Path, name: str, into: Path, limits: Limits) -> None:
    """The files of a zip or tar (plain, gzip, zstd) archive, or the one file, called `name`, that it is.

    Told by content, not by name. Raises FetchFailed; what was written before stays, so `into` is to be thrown away.
    """
    room = _Room(into, limits)
    try:
        with archive.open("rb") as raw:
            beginning = raw.read(len(_ZIP[0]))
        if beginning in _ZIP:
            _unzip(archive, room)
        elif _is_tar(archive):
            _untar(archive, room)
        else:
            with opened(archive) as stream:
                room.write(name.removesuffix(".gz").removesuffix(".zst"), stream)
    except _DAMAGE as error:
        raise FetchFailed(f"{name} cannot be unpacked ({error}); fetch it again, or unpack it by hand") from error


def _is_tar(path: Path) -> bool:
    with opened(path) as stream:
        beginning = stream.read(_TAR_AT + len(_TAR))
    return beginning[_TAR_AT:] == _TAR


def _unzip(path: Path, room: "_Room") -> None:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            kind = stat.S_IFMT(member.external_attr >> 16)
            if member.is_dir() and kind in (0, stat.S_IFDIR):
                room.place(member.filename)
            elif kind not in (0, stat.S_IFREG) or member.flag_bits & 1:
                raise FetchFailed(f"the member {member.filename!r} is a link, a device or encrypted; do not use it")
            else:
                with archive.open(member) as stream:
                    room.write(member.filename, stream)


def _untar(path: Path, room: "_Room") -> None:
    with opened(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        while member := archive.next():
            archive.members.clear()  # type: ignore[attr-defined]  # or every header read would be kept
            if member.isdir():
                room.place(member.name)
            elif member.isfile() and (held := archive.extractfile(member)):
                room.write(member.name, held)
            else:
                raise FetchFailed(f"the member {member.name!r} is a link or a device; do not use this archive")


class _Room:
    """A folder that files are written to, and what is left of the limits."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._bytes = 0
        self._files = 0

    def place(self, name: str) -> Path:
        """Where a member goes; FetchFailed for a name that leads out of the folder, or that is no plain name."""
        path = PurePosixPath(name)
        odd = "\\" in name or not name.isprintable() or len(name) > _LONGEST_NAME or ":" in name[:3]
        if odd or path.is_absolute() or ".." in path.parts or not name.strip("/"):
            raise FetchFailed(f"the member {name[:80]!r} names a place outside the archive; do not use it")
        self._files += 1
        if self._files > self._limits.files:
            raise FetchFailed(f"the archive holds more than {self._limits.files:,} files; unpack it by hand")
        return self._folder.joinpath(*path.parts)

    def write(self, name: str, stream: IO[bytes]) -> None:
        path = self.place(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._new(path) as file:
            while block := stream.read(_BLOCK):
                self._bytes += len(block)
                if self._bytes > self._limits.unpacked:
                    raise FetchFailed(
                        f"the archive unfolds to more than {self._limits.unpacked:,} bytes; do not use it"
                    )
                file.write(block)

    @contextmanager
    def _new(self, path: Path) -> Iterator[IO[bytes]]:
        try:
            with path.open("xb") as file:
                yield file
        except FileExistsError as error:
            raise FetchFailed(f"two members of the archive are called {path.name}; do not use it") from error
