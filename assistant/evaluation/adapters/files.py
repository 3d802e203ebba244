"""The files of a set: plain, gzip or zstd, read as streams. What is wrong with one is a BadSuite that names it."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from assistant.evaluation.errors import BadSuite

MOST_LINE = 1 << 26
"""64 MiB: more than any record, so that a few compressed bytes cannot ask for all memory."""
MOST_FILE = 1 << 30
"""1 GiB: the most that is read of a file that is one JSON value or one XML document."""
SUFFIXES = ("", ".gz", ".zst")

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_DAMAGE = (zstandard.ZstdError, zlib.error, EOFError, OSError)
_BLOCK = 1 << 20


def located(folder: Path, name: str) -> Path:
    """The file of this name in a folder, plain or compressed; BadSuite where there is none, or more than one."""
    found = find(folder, name)
    if found is None:
        raise BadSuite(f"{folder} holds no {name} (nor {name}.gz, {name}.zst); name the folder that does")
    return found


def find(folder: Path, name: str) -> Path | None:
    """As `located`, but None where there is none."""
    found = [path for suffix in SUFFIXES if (path := folder / f"{name}{suffix}").is_file()]
    if len(found) > 1:
        raise BadSuite(f"{folder} holds {' and '.join(path.name for path in found)}; keep one of them")
    return found[0] if found else None


def plain_name(path: Path) -> str:
    """The name of a file without the ending that says how it is compressed."""
    return path.name.removesuffix(".gz").removesuffix(".zst")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The content of a file, decompressed by what it begins with.

    Raises BadSuite, while it is read too, for a file that is missing, damaged or cut short.
    """
    try:
        with path.open("rb") as raw:
            beginning = raw.read(len(_ZSTD))
            raw.seek(0)
            if beginning[: len(_GZIP)] == _GZIP:
                with gzip.GzipFile(fileobj=raw, mode="rb") as stream:
                    yield cast(BinaryIO, stream)
            elif beginning == _ZSTD:
                with io.BufferedReader(_Decompressed(raw), _BLOCK) as unpacked:
                    yield cast(BinaryIO, unpacked)
            else:
                yield raw
    except _DAMAGE as error:
        raise BadSuite(f"{path} cannot be read, or is damaged ({error}); check the path, or fetch it again") from error


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and content of each line that is not blank."""
    with opened(path) as stream:
        number = 0
        while line := stream.readline(MOST_LINE + 1):
            number += 1
            if len(line) > MOST_LINE:
                raise BadSuite(f"{path}, line {number}: longer than {MOST_LINE:,} bytes; check the file")
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if line.strip():
                yield number, line


def content(path: Path) -> bytes:
    """The whole of a file; BadSuite for more than MOST_FILE bytes."""
    with opened(path) as stream:
        held = stream.read(MOST_FILE + 1)
    if len(held) > MOST_FILE:
        raise BadSuite(f"{path} holds more than {MOST_FILE:,} bytes; split it")
    return held.removeprefix(b"\xef\xbb\xbf")


def digest_of(paths: Sequence[Path]) -> str:
    """The first 16 hex digits of a file's SHA-256; of several, that of the list which `sha256sum` makes of them."""
    sums = [_sha256(path) for path in paths]
    if len(sums) > 1:
        listed = "".join(f"{one}  {path.name}\n" for one, path in zip(sums, paths, strict=True))
        return hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return sums[0][:16]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BadSuite(f"{path} cannot be read: {error.strerror}; check the path") from error


class _Decompressed(io.RawIOBase):
    """A zstd stream that says so when it is cut short, which `stream_reader` passes over without a word."""

    # A block of 4 bytes can stand for 128 KiB, so what 2 KiB unfold to stays near 64 MiB.
    _AT_ONCE = 2048

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._within = False
        self._packed = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        while not self._ready and self._unpack():
            pass
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _unpack(self) -> bool:
        """Unpack some more; False at the end."""
        packed = self._packed or self._raw.read(self._AT_ONCE)
        if not packed and self._within:
            raise EOFError("it ends before its end mark")
        if not packed:
            return False
        self._ready = memoryview(self._frame.decompress(packed))
        self._within, self._packed = not self._frame.eof, self._frame.unused_data
        if self._frame.eof:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        return True
