"""Files of a run: JSON lines that grow, so that a process that dies leaves whole ones, and values that are replaced."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

import msgspec

from assistant.evaluation.errors import BadRun
from indexer.durable import replace_file, writing

_Read = TypeVar("_Read")
ANEW = "run again into a new folder"
"""What to do about a run that cannot be read."""


class LineFile(Generic[_Read]):
    """A file that lines are added to. What `add` returned for is on the disk; a torn last line is dropped."""

    def __init__(self, path: Path, kind: Any, again: str, anew: str = ANEW) -> None:
        """Go on with the file, or begin it. Errors say how to go on (`again`) and what to do about a bad line (`anew`).

        BadRun when another process writes it, since their lines would mix, or when a line of it is none of its kind.
        """
        self._path, self._again = path, again
        self._stream = _alone(path)
        with ExitStack() as until_read:
            until_read.callback(self.close)
            _drop_torn(path)
            self._done: tuple[_Read, ...] = tuple(read_lines(path, kind, anew))
            until_read.pop_all()

    @property
    def done(self) -> tuple[_Read, ...]:
        """The lines that were there before."""
        return self._done

    def add(self, line: _Read) -> None:
        with writing(self._path.parent, self._again):
            self._stream.write(msgspec.json.encode(line) + b"\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Let others go on with the file; what could not be written, `add` has told."""
        with suppress(OSError):
            self._stream.close()


def read_lines(path: Path, kind: Any, anew: str = ANEW, *, still_written: bool = False) -> Iterator[Any]:
    """The values of a file of lines; BadRun names the line that is none. In one that is still written, or was when its
    process died, the last line may be torn, and is left out."""
    number = 0
    try:
        with path.open("rb") as stream:
            for line in stream:
                number += 1
                if still_written and not line.endswith(b"\n"):
                    return
                yield msgspec.json.decode(line, type=kind)
    except OSError as error:
        raise BadRun(f"{path} cannot be read ({error.strerror}); {anew}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRun(f"{path}, line {number}: {error}; {anew}") from error


def read_value(path: Path, kind: type[_Read], anew: str = ANEW) -> _Read:
    """The value of a file that holds one; BadRun when it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise BadRun(
            f"{path.parent} is no run folder: {path.name} cannot be read; see: sequitur evaluate run"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRun(f"{path}: {error}; {anew}") from error


def replace_value(path: Path, value: Any) -> None:
    """Write a file that holds one value, legibly."""
    replace_file(path, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def _alone(path: Path) -> BinaryIO:
    """The file opened for adding to it, kept from other processes for as long as it is open."""
    stream = path.open("ab")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        stream.close()
        raise BadRun(f"{path.parent} is being written by another process; wait for it, or name a new folder") from error
    return stream


def _drop_torn(path: Path) -> None:
    """Cut off what a killed process left of a line it was writing."""
    with path.open("r+b") as stream:
        body = stream.read()
        stream.truncate(body.rfind(b"\n") + 1)
