"""Files into the catalogue: what is new is kept, what is known is passed over, what cannot be read is reported."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection

from corpus.catalogue import documents, library, notices, source_files
from corpus.catalogue.blocks import blocks
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import Change, Held, WithdrawnBy
from corpus.catalogue.incoming import Incoming, incoming
from corpus.ingest_reading import FileRead, Kept, kept, read_all
from corpus.readers.formats import Format, read_file, recognise_file
from corpus.sources import STARTER, SourceFile, starter_files
from corpus.types import Deletion, Notice, Problem, Reference

Progress = Callable[[int], None]
"""Told the number of files done."""

BUILT_IN = "built-in"
_TOGETHER = 64
"""Documents kept in one transaction: what a killed run loses at most, and has to read again."""


@dataclass(slots=True)
class Report:
    """What became of what was read: documents by Change, problems, withdrawals, new notices.

    `passed_over` counts what was met and can be of no use: a notice that names no work, a work without a full text.
    """

    files: int = 0
    unchanged_files: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    withdrawn: list[str] = field(default_factory=list)
    notices: int = 0
    passed_over: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def changed_anything(self) -> bool:
        made = (Change.ADDED, Change.CHANGED, Change.RETURNED)
        return bool(self.withdrawn or self.notices or any(self.changes[change] for change in made))


class Ingest:
    """One run over some files."""

    def __init__(self, catalogue: Catalogue, *, software: str, now: Callable[[], str], workers: int = 1) -> None:
        self._catalogue = catalogue
        self._software = software
        self._now = now
        self._workers = workers
        self._files_done = 0
        self._met: set[str] = set()
        self.report = Report()

    def add(self, files: Iterable[SourceFile | Problem], progress: Progress = lambda done: None) -> Report:
        """Read files into the catalogue.

        Literature comes before the articles that may cite it, whatever the order of the files.
        """
        with self._catalogue.reading() as connection:
            known = source_files.known(connection)
        articles: list[SourceFile] = []
        streams: list[SourceFile] = []
        singles = read_all(self._sorted(files, articles, streams), known, self._software, self._workers)
        for group in blocks(singles, _TOGETHER):
            self._keep_files(group, progress)
        for file in streams:
            self._keep_stream(file, known, progress)
        for file in articles:
            self._keep_article(file, progress)
        return self.report

    def withdraw_missing(self, roots: Sequence[str]) -> bool:
        """Withdraw the documents of files under some roots that were there before and were not met in this run.

        Gives False, and withdraws nothing, when something could not be read: what was not met may only be hidden.
        """
        if self.report.problems:
            return False
        with self._catalogue.writing() as connection:
            before = (name for name in source_files.known(connection) if _under(name, roots))
            for document_id in sorted(source_files.forget(connection, [one for one in before if one not in self._met])):
                documents.withdraw(connection, document_id, WithdrawnBy.FILE_GONE, "its file is gone", self._now())
                self.report.withdrawn.append(document_id)
        return True

    def keep(self, records: Iterable[Kept]) -> None:
        """Keep records that come from elsewhere than a file, in transactions of their own."""
        for block in blocks(records, _TOGETHER):
            with self._catalogue.writing() as connection:
                self._keep(connection, block)

    def _sorted(
        self, files: Iterable[SourceFile | Problem], articles: list[SourceFile], streams: list[SourceFile]
    ) -> Iterator[tuple[SourceFile, Format]]:
        """Files to be read by themselves; articles and files of many records are put aside."""
        for file in files:
            if isinstance(file, Problem):
                self.report.problems.append(file)
                continue
            self.report.files += 1
            self._met.add(file.name)
            format = recognise_file(file)
            if isinstance(format, Problem):
                self.report.problems.append(format)
            elif format is Format.ARTICLE:
                articles.append(file)
            elif format is Format.MEDLINE:
                streams.append(file)
            else:
                yield file, format

    def _keep_files(self, group: Sequence[FileRead], progress: Progress) -> None:
        with self._catalogue.writing() as connection:
            for read in group:
                if read.records is None:
                    self.report.unchanged_files += 1
                else:
                    self._finish(connection, read.name, read.sha256, self._keep(connection, read.records))
        self._done(len(group), progress)

    def _keep_stream(self, file: SourceFile, known: dict[str, tuple[str, str]], progress: Progress) -> None:
        """A file of many records, block by block: killed in between, what was kept is found unchanged next time."""
        sha256 = file.sha256()
        if known.get(file.name) == (sha256, self._software):
            self.report.unchanged_files += 1
            self._done(1, progress)
            return
        done = _Done()
        for block in blocks(kept(read_file(file, {}), file.name, Format.MEDLINE), _TOGETHER):
            with self._catalogue.writing() as connection:
                done = done.and_also(self._keep(connection, block))
        with self._catalogue.writing() as connection:
            self._finish(connection, file.name, sha256, done)
        self._done(1, progress)

    def _keep_article(self, file: SourceFile, progress: Progress) -> None:
        """An article is read with the library as it is by now."""
        with self._catalogue.writing() as connection:
            records = kept(read_file(file, library.entries(connection)), file.name, Format.ARTICLE)
            self._finish(connection, file.name, file.sha256(), self._keep(connection, records))
        self._done(1, progress)

    def _done(self, files: int, progress: Progress) -> None:
        self._files_done += files
        progress(self._files_done)

    def _finish(self, connection: Connection, name: str, sha256: str, done: "_Done") -> None:
        """A file with a problem is not noted as read, so that the problem is told again next time."""
        if not done.problems:
            source_files.keep(connection, name, sha256, self._software, done.document_ids, self._now())

    def _keep(self, connection: Connection, records: Iterable[Kept]) -> "_Done":
        ids, problems, references, found = [], 0, [], []
        for one in records:
            match one:
                case Incoming():
                    problems += self._put(connection, one)
                    ids.append(one.id)
                case Reference():
                    references.append(one)
                case Notice():
                    found.append(one)
                case Deletion():
                    self._delete(connection, one)
                case Problem():
                    problems += 1
                    self.report.problems.append(one)
        self.report.notices += notices.add(connection, found, self._now())
        self._refresh_citing(connection, library.keep(connection, references))
        return _Done(tuple(dict.fromkeys(ids)), problems)

    def _put(self, connection: Connection, one: Incoming) -> int:
        """Put a document in; gives 1 when it could not be, since it is held from elsewhere."""
        held = next(documents.held(connection, [one.id]), None)
        taken = held is not None and self._is_of_another_file(held, one)
        change = Change.TAKEN if taken else documents.put(connection, one, self._now())
        self.report.changes[change] += 1
        if change is not Change.TAKEN or held is None:
            return 0
        reason = f"{one.id} is held already as {held.format}, from {held.origin}; give one another id, or leave it out"
        self.report.problems.append(Problem(one.origin, one.id, reason))
        return 1

    def _is_of_another_file(self, held: Held, one: Incoming) -> bool:
        """Whether another file, which is still there, says something else under the same id.

        Only MEDLINE files follow one upon the other: there the later record counts.
        """
        differs = held.version != one.version and held.origin != one.origin and not held.withdrawn
        if not differs or one.format == Format.MEDLINE:
            return False
        return held.origin in self._met or _is_there(held.origin)

    def _delete(self, connection: Connection, one: Deletion) -> None:
        held = list(documents.held(connection, [one.document_id]))
        if held and not held[0].withdrawn:
            documents.withdraw(connection, one.document_id, WithdrawnBy.SOURCE, "deleted by its source", self._now())
            self.report.withdrawn.append(one.document_id)

    def _refresh_citing(self, connection: Connection, keys: Collection[str]) -> None:
        """Articles cite works by key: where a work's description has changed, so have the articles that cite it."""
        entries = library.entries(connection) if keys else {}
        for document_id in library.articles_citing(connection, keys, Format.ARTICLE):
            held = documents.one_held(connection, document_id)
            article = documents.newest(connection, document_id)
            references = tuple(entries.get(one.key, one) for one in article.references)
            renewed = incoming(replace(article, references=references), held.origin, held.format)
            self.report.changes[documents.put(connection, renewed, self._now())] += 1


@dataclass(frozen=True, slots=True)
class _Done:
    """Which documents a file holds, and how many problems it has."""

    document_ids: tuple[str, ...] = ()
    problems: int = 0

    def and_also(self, other: "_Done") -> "_Done":
        ids = dict.fromkeys(chain(self.document_ids, other.document_ids))
        return _Done(tuple(ids), self.problems + other.problems)


def built_in() -> list[SourceFile]:
    """The files of the built-in corpus, under names that do not depend on where the program is installed."""
    return [SourceFile(f"{BUILT_IN}:{path.relative_to(STARTER)}", path) for path in starter_files()]


def _is_there(origin: str) -> bool:
    """Whether a file, a member's archive, or the built-in corpus is where a document came from, and still is."""
    outside = origin.rpartition(":")[0]
    return outside == BUILT_IN or any(name and Path(name).exists() for name in (origin, outside))


def _under(name: str, roots: Sequence[str]) -> bool:
    """Whether a file is one of some roots: the file, or in the folder or archive, or matching the pattern."""
    return any(name == root or name.startswith((f"{root}/", f"{root}:")) or fnmatchcase(name, root) for root in roots)
