"""Fetching the literature that the corpus cites, and asking what became of it; each batch is kept before the next."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select

from corpus.catalogue.database import Catalogue
from corpus.catalogue.tables import cited_work, document
from corpus.connectors.batches import Batch, Identified
from corpus.connectors.crossref import Crossref
from corpus.connectors.pmc import PubMedCentral
from corpus.connectors.pubmed import PubMed
from corpus.ingest import Ingest
from corpus.ingest_reading import kept
from corpus.readers.formats import Format
from corpus.types import Notice, Problem, Record

Progress = Callable[[str, int], None]
"""Told the stage and how many works are done in it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Works to be asked for, by PMID and by DOI."""

    pmids: tuple[str, ...]
    dois: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.pmids) + len(self.dois)


def cited_and_not_held(catalogue: Catalogue, citing: Sequence[str] = (), limit: int | None = None) -> Wanted:
    """What standing documents (or some of them) cite and the catalogue does not hold, under whatever identifier."""
    columns = (cited_work.c.cited_id, cited_work.c.pmid, cited_work.c.doi)
    query = select(*columns).distinct().join(document, document.c.id == cited_work.c.document_id)
    query = query.where(document.c.withdrawn == "").order_by(*columns)
    if citing:
        query = query.where(document.c.id.in_(citing))
    with catalogue.reading() as connection:
        rows = connection.execute(select(document.c.id, document.c.doi, document.c.pmid))
        held = {name for row in rows for name in row if name}
        missing = [row for row in connection.execute(query) if not held & {row.cited_id, row.pmid, row.doi}]
    return _wanted(islice(((row.pmid, row.doi) for row in missing), limit))


def without_full_text(catalogue: Catalogue, citing: Sequence[str] = (), limit: int | None = None) -> tuple[str, ...]:
    """The PMIDs that standing documents (or some of them) cite and of which no full text is held."""
    query = select(cited_work.c.pmid).distinct().join(document, document.c.id == cited_work.c.document_id)
    query = query.where(document.c.withdrawn == "", cited_work.c.pmid != "").order_by(cited_work.c.pmid)
    if citing:
        query = query.where(document.c.id.in_(citing))
    with catalogue.reading() as connection:
        held = set(connection.scalars(select(document.c.pmid).where(document.c.format == Format.JATS)))
        return tuple(islice((pmid for pmid in connection.scalars(query) if pmid not in held), limit))


def all_known(catalogue: Catalogue) -> Wanted:
    """Every work that is held or cited, under each of its identifiers: services know different notices."""
    with catalogue.reading() as connection:
        rows = [
            row
            for table in (document, cited_work)
            for row in connection.execute(select(table.c.pmid, table.c.doi).distinct())
        ]
    return Wanted(*(tuple(dict.fromkeys(name for row in rows if (name := row[column]))) for column in (0, 1)))


class Pull:
    """One run over the services. What a run that broke off has kept, the next one does not ask for again."""

    def __init__(self, ingest: Ingest, pubmed: PubMed, pmc: PubMedCentral, crossref: Crossref) -> None:
        self._ingest = ingest
        self._pubmed = pubmed
        self._pmc = pmc
        self._crossref = crossref

    def literature(self, wanted: Wanted, progress: Progress) -> None:
        """Records and abstracts from PubMed; works known by a DOI only are looked up there first."""
        self._keep(self._pubmed.batches(wanted.pmids), "PubMed", progress)
        pmids = self._found(self._pubmed.pmids_for_dois(wanted.dois))
        self._keep(self._pubmed.batches(pmids), "PubMed by DOI", progress)

    def full_texts(self, pmids: Iterable[str], progress: Progress) -> None:
        """The full texts that PubMed Central holds and whose licence lets them be kept."""
        identified = list(self._pmc.pmcids_for_pmids(pmids))
        pmcids = [one.found for one in identified if isinstance(one, Identified)]
        self._ingest.report.passed_over += len(identified) - len(pmcids)
        self._keep(self._pmc.batches(pmcids), "full texts", progress, Format.JATS)

    def statuses(self, wanted: Wanted, progress: Progress) -> None:
        """What PubMed and Crossref say became of works; only notices are kept."""
        self._keep_notices(self._pubmed.batches(wanted.pmids), "PubMed", progress)
        self._keep_notices(self._crossref.batches(wanted.dois), "Crossref", progress)

    def _keep(self, batches: Iterable[Batch], stage: str, progress: Progress, format: Format = Format.MEDLINE) -> None:
        for done, batch in _counted(batches):
            self._ingest.keep(kept(batch.records, stage, format))
            progress(stage, done)

    def _keep_notices(self, batches: Iterable[Batch], stage: str, progress: Progress) -> None:
        for done, batch in _counted(batches):
            self._ingest.keep(kept(filter(_is_notice_or_problem, batch.records), stage, Format.MEDLINE))
            progress(stage, done)

    def _found(self, identified: Iterable[Identified | Problem]) -> Iterator[str]:
        """The identifiers found; what was not is reported."""
        for one in identified:
            if isinstance(one, Problem):
                self._ingest.report.problems.append(one)
            else:
                yield one.found


def _is_notice_or_problem(record: Record) -> bool:
    return isinstance(record, Notice | Problem)


def _counted(batches: Iterable[Batch]) -> Iterator[tuple[int, Batch]]:
    done = 0
    for batch in batches:
        done += len(batch.asked)
        yield done, batch


def _wanted(works: Iterable[tuple[str, str]]) -> Wanted:
    """By PMID, and by DOI those that have no PMID."""
    found = list(works)
    pmids = dict.fromkeys(pmid for pmid, _ in found if pmid)
    dois = dict.fromkeys(doi for pmid, doi in found if doi and not pmid)
    return Wanted(tuple(pmids), tuple(dois))
