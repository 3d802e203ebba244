"""The files that an operator names: single ones, folders, patterns and tar archives, one after the other.

In folders, archives and what a pattern matches, two kinds of file are passed over without a word: hidden ones
(a name that begins with a dot, or lies under such a folder) and what is clearly no document (`is_passed_over`).
Whatever is named by its own path is always given.
"""

import glob
import gzip
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from corpus.archives import MOST_BYTES, is_archive, members
from corpus.errors import UnreadableSource
from corpus.readers.text import clean
from corpus.types import Problem

STARTER = Path(__file__).parent
"""The room itself holds the built-in corpus: articles/*.md and references.json."""

_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 20
_NOT_DOCUMENTS = frozenset(
    """png jpg jpeg gif svg webp tif tiff bmp ico eps mp3 mp4 wav avi mov webm css js py r sh yaml yml toml ini cfg lock
    dtd xsd xsl ent mod csv tsv xls xlsx parquet db sqlite md5 sha1 sha256 sig asc log tmp bak part swp ttf otf woff
    woff2""".split()
)
_ABOUT_THE_FOLDER = frozenset("readme license licence copying notice changelog contributing thumbs".split())


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file on disk (`path`), or the content it had in an archive (`data`). `name` is what messages call it."""

    name: str
    path: Path | None = None
    data: bytes = b""

    def open(self) -> BinaryIO:
        """The content as a stream, decompressed where it is gzip."""
        with self._raw() as raw:
            compressed = raw.read(len(_GZIP)) == _GZIP
        return cast(BinaryIO, _Gunzipped(self._raw())) if compressed else self._raw()

    def read(self) -> bytes:
        """The whole content, decompressed; UnreadableSource for one that is larger than any document."""
        with self.open() as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise UnreadableSource(f"{self.name} holds more than {MOST_BYTES:,} bytes; split it")
        return content

    def text(self) -> str:
        """The whole content as UTF-8 text (a byte order mark is dropped; one of UTF-16 is obeyed)."""
        content = self.read()
        try:
            return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnreadableSource(f"{self.name} is not UTF-8 text ({error}); save it as UTF-8") from error

    def sha256(self) -> str:
        """SHA-256 (hex) of the file as it is stored."""
        digest = hashlib.sha256()
        with self._raw() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def _raw(self) -> BinaryIO:
        return self.path.open("rb") if self.path else io.BytesIO(self.data)


class _Gunzipped(gzip.GzipFile):
    """A gzip stream that closes the file under it, which `gzip` leaves open when it was given one."""

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._under = raw

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._under.close()


def files(paths: Sequence[str | Path]) -> Iterator[SourceFile | Problem]:
    """Every file that some paths mean, folders in order of name; a Problem for what cannot be opened.

    A damaged archive gives its members up to the damage. Raises UnreadableSource, before any file is given, for a
    path at which there is nothing.
    """
    return _found(paths, read=True)


def count(paths: Sequence[str | Path]) -> int:
    """How many files and problems `files` would give (a member that is cut short counts as whole)."""
    return sum(1 for _ in _found(paths, read=False))


def starter_files() -> tuple[Path, ...]:
    """The files of the built-in corpus: its literature, then its articles."""
    return (STARTER / "references.json", *sorted((STARTER / "articles").glob("*.md")))


def is_passed_over(name: str) -> bool:
    """Whether a file that nobody named is left out: hidden, a backup, about its folder, or of a kind without text."""
    path = PurePosixPath(name)
    hidden = any(map(_is_hidden, path.parts))
    about = path.name.lower().partition(".")[0] in _ABOUT_THE_FOLDER
    kind = path.name.lower().removesuffix(".gz").rpartition(".")[2] if "." in path.name else ""
    return hidden or about or path.name.endswith("~") or kind in _NOT_DOCUMENTS


def _is_hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))


def _found(paths: Sequence[str | Path], read: bool) -> Iterator[SourceFile | Problem]:
    for root in dict.fromkeys([root for path in paths for root in _roots(path)]):
        for found in _walk(root) if root.is_dir() else [root]:
            if isinstance(found, Problem):
                yield found
            elif not found.is_file():
                yield Problem(_label(found), "", "no regular file; links to folders are not followed, name the folder")
            elif is_archive(found.name):
                yield from _archived(found, read)
            else:
                yield SourceFile(_label(found), found)


def _roots(path: str | Path) -> list[Path]:
    """What a path means: itself, or what matches it as a pattern and is not passed over."""
    if Path(path).exists():
        return [Path(path)]
    matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []
    if not matches:
        raise UnreadableSource(f"there is nothing at {_label(path)}; name a file, folder, pattern or tar archive")
    return [Path(match) for match in matches if not is_passed_over(Path(match).name)]


def _walk(folder: Path) -> Iterator[Path | Problem]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Problem(_label(folder), "", f"the folder cannot be listed: {error.strerror}")
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not _is_hidden(entry.name):
                yield from _walk(Path(entry.path))
        elif not is_passed_over(entry.name):
            yield Path(entry.path)


def _archived(path: Path, read: bool) -> Iterator[SourceFile | Problem]:
    last = "its beginning"
    try:
        for name, data in members(path, read):
            last = _label(name)
            if is_passed_over(name):
                continue
            if data is None:
                yield Problem(
                    f"{_label(path)}:{last}", "", f"holds more than {MOST_BYTES:,} bytes; unpack and split it"
                )
            else:
                yield SourceFile(f"{_label(path)}:{last}", None, data)
    except UnreadableSource as error:
        yield Problem(_label(path), f"after {last}", str(error))


def _label(path: str | Path) -> str:
    """A path as text that can be printed and stored, whatever bytes its name is made of."""
    return clean(os.fsencode(path).decode("utf-8", "backslashreplace"))
