"""What a backup is as a file: a .tar.zst whose first member lists the others with their lengths and checksums."""

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec
import zstandard

from indexer.durable import sync_folder
from indexer.errors import BackupDamaged
from indexer.snapshot import FileRecord

CONTENTS = "backup.json"
CATALOGUE = "catalogue.db"
SNAPSHOTS = "snapshots"

_LONGEST_CONTENTS = 1 << 28
"""Bytes; the list of a thousand snapshots takes a few million."""
_BLOCK = 1 << 20
_NO_ARCHIVE = (tarfile.TarError, zstandard.ZstdError, EOFError, ValueError, FileExistsError, NotADirectoryError)
"""What reading raises of a file that is no archive, is cut short, or was made to be wrong."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: when and by what it was taken, what was live ("" for nothing), and each file's record."""

    created: str
    software: str
    live: str
    snapshots: tuple[str, ...]
    rows: int
    files: dict[str, FileRecord]


Progress = Callable[[int], None]
"""Told the number of bytes done."""


def pack(path: Path, contents: Contents, streams: Mapping[str, IO[bytes]], progress: Progress) -> None:
    """Write an archive of open files, to be read by its owner alone: questions that were asked are in it."""
    done = 0
    path.touch(mode=0o600)
    with path.open("wb") as raw:
        with (
            zstandard.ZstdCompressor(threads=-1).stream_writer(raw, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="w|") as archive,
        ):
            body = msgspec.json.encode(contents)
            _add(archive, CONTENTS, len(body), io.BytesIO(body))
            for name, stream in streams.items():
                _add(archive, name, contents.files[name].size, stream)
                done += contents.files[name].size
                progress(done)
        raw.flush()
        os.fsync(raw.fileno())


def unpack(archive: Path, folder: Path) -> Contents:
    """Unpack into a new folder what the list of contents names, and nothing else; every byte is checked.

    Raises BackupDamaged.
    """
    folder.mkdir()
    try:
        with _reading(archive) as packed:
            contents = _contents(packed)
            missing = dict(contents.files)
            while (entry := packed.next()) is not None:
                if not entry.isreg() or entry.name not in missing:
                    raise BackupDamaged(f"{archive} holds {entry.name!r}, which is none of its files; use another one")
                if _written(packed.extractfile(entry), folder / entry.name) != missing.pop(entry.name):
                    raise BackupDamaged(f"{archive}: {entry.name} is not what was backed up; use another backup")
    except _NO_ARCHIVE as error:
        raise BackupDamaged(f"{archive} is no backup that can be read ({error}); use another one") from error
    if missing:
        raise BackupDamaged(f"{archive} is cut short: {min(missing)} is missing; use another backup")
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            sync_folder(path)
    return contents


def record_of(stream: IO[bytes]) -> FileRecord:
    """Length and checksum of an open file, which is at its beginning before and after."""
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    size = stream.tell()
    stream.seek(0)
    return FileRecord(size, digest.hexdigest())


def _add(archive: tarfile.TarFile, name: str, size: int, stream: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = size
    archive.addfile(entry, stream)


@contextmanager
def _reading(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        raw = archive.open("rb")
    except OSError as error:
        raise BackupDamaged(f"{archive} cannot be read ({error.strerror}); see that it is there") from error
    with (
        raw,
        zstandard.ZstdDecompressor().stream_reader(raw) as stream,
        tarfile.open(fileobj=stream, mode="r|") as packed,
    ):
        yield packed


def _contents(packed: tarfile.TarFile) -> Contents:
    """The list of contents; ValueError when it is none, or names what has no place in a home."""
    entry = packed.next()
    stream = packed.extractfile(entry) if entry and entry.isreg() and entry.name == CONTENTS else None
    if entry is None or stream is None or entry.size > _LONGEST_CONTENTS:
        raise ValueError("it does not begin with a list of contents")
    contents = msgspec.json.decode(stream.read(), type=Contents)
    wrong = [name for name in contents.files if not _has_a_place(name, contents.snapshots)]
    wrong += [one for one in contents.snapshots if not one.isalnum()]
    if wrong or CATALOGUE not in contents.files or contents.live not in ("", *contents.snapshots):
        raise ValueError(f"its list of contents is not one of a home: {wrong[:3]}")
    return contents


def _has_a_place(name: str, snapshots: tuple[str, ...]) -> bool:
    parts = PurePosixPath(name).parts
    inside = len(parts) > 2 and parts[0] == SNAPSHOTS and parts[1] in snapshots
    return name == CATALOGUE or (inside and ".." not in parts and "/".join(parts) == name)


def _written(stream: IO[bytes] | None, path: Path) -> FileRecord:
    """Write a file, on the disk when this returns; gives what was written."""
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as new:
        while stream and (block := stream.read(_BLOCK)):
            digest.update(block)
            new.write(block)
        new.flush()
        os.fsync(new.fileno())
        return FileRecord(new.tell(), digest.hexdigest())
