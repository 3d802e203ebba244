"""Reading files on several cores, in their order; what was read before and has not changed is not read again."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from corpus.catalogue.incoming import Incoming, incoming
from corpus.readers.formats import Format, read_file
from corpus.sources import SourceFile
from corpus.types import Deletion, Document, Notice, Problem, Record, Reference

Kept = Incoming | Reference | Notice | Deletion | Problem
"""What a file holds, as the catalogue takes it."""

_WAITING = 8
"""Files handed to each process ahead of time: enough that none waits, few enough that memory stays flat."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file's name, digest and content; `records` is None when it is known and unchanged."""

    name: str
    sha256: str
    format: Format
    records: tuple[Kept, ...] | None


@dataclass(frozen=True, slots=True)
class _Task:
    file: SourceFile
    format: Format
    known: tuple[str, str] | None
    reader: str

    def run(self) -> FileRead:
        sha256 = self.file.sha256()
        if self.known == (sha256, self.reader):
            return FileRead(self.file.name, sha256, self.format, None)
        records = kept(read_file(self.file, {}), self.file.name, self.format)
        return FileRead(self.file.name, sha256, self.format, tuple(records))


def kept(records: Iterable[Record], origin: str, format: Format) -> Iterator[Kept]:
    """Records as the catalogue takes them."""
    return (incoming(one, origin, format) if isinstance(one, Document) else one for one in records)


def read_all(
    files: Iterable[tuple[SourceFile, Format]], known: Mapping[str, tuple[str, str]], reader: str, workers: int
) -> Iterator[FileRead]:
    """What each file holds, in the order given. `known` has the digest and reader of files read before."""
    tasks = (_Task(file, format, known.get(file.name), reader) for file, format in files)
    if workers < 2:
        yield from map(_Task.run, tasks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from _in_order(tasks, lambda task: pool.submit(_Task.run, task), workers * _WAITING)


def _in_order(tasks: Iterable[_Task], submit: Callable[[_Task], Future[FileRead]], ahead: int) -> Iterator[FileRead]:
    waiting: deque[Future[FileRead]] = deque()
    for task in tasks:
        waiting.append(submit(task))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
