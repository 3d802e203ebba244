"""Writing so that a kill at any instant, or a full disk, leaves what was there before."""

import errno
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import NotWritten

_REFUSED = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS))
_SAID = ("requested and", "write error in")
"""How numpy and FAISS tell of a full disk: by an error that has no number."""


@contextmanager
def writing(folder: Path, then: str) -> Iterator[None]:
    """Turn what a full, read-only or failing disk under `folder` raises into NotWritten; `then` says how to go on."""
    try:
        yield
    except (OSError, sqlite3.OperationalError, RuntimeError) as error:
        if not _of_the_disk(error, folder):
            raise
        raise NotWritten(f"{folder} cannot be written to ({_reason(error)}); make room there and {then}") from error


def _of_the_disk(error: Exception, folder: Path) -> bool:
    """Whether it was our writing that failed, and not the reading of a source elsewhere."""
    if isinstance(error, sqlite3.OperationalError):
        return True
    if isinstance(error, OSError) and error.filename is not None:
        path = Path(os.fsdecode(error.filename))
        return path.is_relative_to(folder) or folder.is_relative_to(path)
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _REFUSED
    return any(said in str(error) for said in _SAID)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        named = error.filename2 or error.filename
        return f"{error.strerror}: {os.fsdecode(named)}" if named else error.strerror
    return str(error) if isinstance(error, sqlite3.OperationalError) else "it took only a part of a file"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file, alone, after waiting for whoever has it; it goes with the process, however that ends."""
    with path.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def undisturbed(path: Path) -> Iterator[None]:
    """Keep out, together with other readers, whoever would hold the lock file alone. Writes nothing.

    Where there is no such file, or it may not be read, there is nobody to keep out.
    """
    try:
        stream = path.open("rb")
    except (FileNotFoundError, PermissionError):
        yield
        return
    with stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        yield


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, whenever the process dies."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def remove_unfinished(path: Path) -> None:
    """Remove what killed processes left beside a file they were replacing; called by the only one that may."""
    for left in path.parent.glob(f".{path.name}.*.*"):
        left.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
