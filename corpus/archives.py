"""The members of tar archives, one after the other, without unpacking: memory is that of one member."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import zstandard

from corpus.errors import UnreadableSource

MOST_BYTES = 1 << 29
"""512 MiB: more than any document, so that a few compressed bytes cannot ask for all memory."""

_DAMAGE = (tarfile.TarError, zstandard.ZstdError, zlib.error, EOFError, OSError)


def is_archive(name: str) -> bool:
    """Whether a file name is that of a tar archive that `members` reads."""
    return name.lower().endswith((".tar", ".tar.gz", ".tgz", ".tar.zst"))


def members(path: Path, read: bool) -> Iterator[tuple[str, bytes | None]]:
    """Name and content of each regular file of an archive, in its order.

    The content is empty unless `read`, and None for a file that is larger than any document.
    Raises UnreadableSource, after the members before it, where the archive is damaged or cut short.
    """
    try:
        with _unpacked(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            while member := archive.next():
                archive.members.clear()  # type: ignore[attr-defined]  # or every header read would be kept
                if member.isfile():
                    yield member.name, _content(archive, member) if read else b""
    except _DAMAGE as error:
        raise UnreadableSource(f"{path} is damaged or no tar archive ({error}); fetch it again") from error
    if stream.ended:
        raise UnreadableSource(f"{path} ends before its end mark, so members may be missing; fetch it again")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes | None:
    stream = archive.extractfile(member) if member.size <= MOST_BYTES else None
    return stream.read() if stream else None


class _Watched(io.RawIOBase):
    """A stream that notes whether its end was met: by the end mark, tar stops before that."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self.ended = self.ended or not block
        return block


@contextmanager
def _unpacked(path: Path) -> Iterator[_Watched]:
    with path.open("rb") as raw:
        if path.name.lower().endswith(".zst"):
            yield _Watched(zstandard.ZstdDecompressor().stream_reader(raw))
        elif path.name.lower().endswith("gz"):
            with gzip.GzipFile(fileobj=raw, mode="rb") as stream:
                yield _Watched(cast(IO[bytes], stream))
        else:
            yield _Watched(raw)
