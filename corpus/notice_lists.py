"""Lists of notices as they are fetched: plain, gzip or zstd."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from corpus.errors import UnreadableSource


@contextmanager
def opened_list(path: Path) -> Iterator[io.TextIOWrapper]:
    """A list as text, decompressed by its suffix; UnreadableSource when it is not there or damaged."""
    try:
        with path.open("rb") as raw, _unpacked(raw, path.suffix) as stream:
            yield io.TextIOWrapper(stream, "utf-8", newline="")
    except (OSError, EOFError, zstandard.ZstdError) as error:
        raise UnreadableSource(f"{path} cannot be read: {error}; fetch it again") from error


def _unpacked(raw: BinaryIO, suffix: str) -> BinaryIO:
    if suffix == ".gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    return cast(BinaryIO, zstandard.ZstdDecompressor().stream_reader(raw)) if suffix == ".zst" else raw
