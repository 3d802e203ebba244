"""PubMed: records by PMID, and PMIDs by DOI."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain

from corpus.connectors.batches import Batch, Identified, in_batches, settle
from corpus.connectors.eutils import Eutils, XmlReply
from corpus.readers.identifiers import doi_in, pmid_in
from corpus.readers.jats_inline import Node
from corpus.readers.medline import read_medline
from corpus.types import Document, Problem, Record

PUBMED = "PubMed"
_TOGETHER = 200  # records a request; NCBI asks for POST beyond 200 ids (NBK25499)
_DOIS_TOGETHER = 40  # each is a clause of one query
_MOST_PER_DOI = 5  # more records than this for a DOI, and the query was not read as a DOI


class PubMed:
    """Records of PubMed, batch by batch."""

    def __init__(self, eutils: Eutils) -> None:
        self._eutils = eutils

    def fetch(self, pmids: Iterable[str]) -> Iterator[Record]:
        """The records of some works, and a Problem for each PMID that PubMed does not hold."""
        return chain.from_iterable(batch.records for batch in self.batches(pmids))

    def batches(self, pmids: Iterable[str]) -> Iterator[Batch]:
        """The same, as each request settles it. Raises ServiceError; every batch before that is good."""
        for asked in in_batches(pmids, _TOGETHER):
            yield settle(asked, self._records, PUBMED)

    def pmids_for_dois(self, dois: Iterable[str]) -> Iterator[Identified | Problem]:
        """For each DOI the one PMID whose record carries that very DOI, or a Problem: none has it, or several have."""
        for asked in in_batches(dois, _DOIS_TOGETHER):
            doi_of = {doi: _searchable(doi) for doi in asked}
            pmids_of = self._pmids([doi for doi in doi_of.values() if doi])
            for written, doi in doi_of.items():
                yield _identified(written, doi, pmids_of.get(doi, ()))

    def _records(self, asked: tuple[str, ...]) -> Iterator[Record]:
        pmid_of = {written: pmid_in(written).lstrip("0") for written in asked}
        wanted = {pmid for pmid in pmid_of.values() if pmid}
        reply = self._set(sorted(wanted, key=int)) if wanted else None
        there = _pmids_in(reply.root) if reply else set()
        for written, pmid in pmid_of.items():
            if pmid not in there:
                yield Problem(PUBMED, written, "PubMed holds no such record" if pmid else "is not a PMID")
        if reply:
            yield from (_expected(record, wanted) for record in read_medline(BytesIO(reply.body), PUBMED))

    def _set(self, pmids: list[str]) -> XmlReply | None:
        form = (("db", "pubmed"), ("id", ",".join(pmids)), ("retmode", "xml"))
        return self._eutils.ask("efetch", form, "PubmedArticleSet", lambda reply: reply)

    def _pmids(self, dois: list[str]) -> dict[str, tuple[str, ...]]:
        """The PMIDs of the records that carry each DOI.

        A search finds them, but a search may also be read more widely than it was meant, so what counts is the DOI
        in the record itself. When it finds too much, each half is searched for alone.
        """
        if not dois:
            return {}
        found = self._search(dois)
        if len(found) > _MOST_PER_DOI * len(dois):
            if len(dois) == 1:
                return {}
            half = len(dois) // 2
            return self._pmids(dois[:half]) | self._pmids(dois[half:])
        carriers: dict[str, list[str]] = {}
        for pmid, doi in self._dois_of(found):
            carriers.setdefault(doi, []).append(pmid)
        return {doi: tuple(dict.fromkeys(carriers.get(doi, ()))) for doi in dois}

    def _search(self, dois: list[str]) -> list[str]:
        """The PMIDs that a search for any of the DOIs finds, at most one more than are believed."""
        term = " OR ".join(f'"{doi}"[doi]' for doi in dois)
        most = str(_MOST_PER_DOI * len(dois) + 1)
        form = (("db", "pubmed"), ("term", term), ("retmax", most), ("retmode", "xml"))
        return self._eutils.ask("esearch", form, "eSearchResult", lambda reply: _ids(reply.root)) or []

    def _dois_of(self, pmids: list[str]) -> list[tuple[str, str]]:
        """PMID and DOI (lower case) of each record that has one."""
        if not pmids:
            return []
        form = (("db", "pubmed"), ("id", ",".join(pmids)), ("retmode", "xml"))
        return self._eutils.ask("esummary", form, "eSummaryResult", lambda reply: _summaries(reply.root)) or []


def _searchable(written: str) -> str:
    """The DOI (lower case) that a query can hold between quotation marks, or ""."""
    doi = doi_in(written).lower()
    return "" if '"' in doi else doi


def _identified(written: str, doi: str, pmids: tuple[str, ...]) -> Identified | Problem:
    if len(pmids) == 1:
        return Identified(written, pmids[0])
    if pmids:
        return Problem(PUBMED, written, f"several records carry this DOI: PMIDs {', '.join(pmids)}; name the one meant")
    return Problem(PUBMED, written, "no record of PubMed carries this DOI" if doi else "is not a DOI")


def _expected(record: Record, wanted: set[str]) -> Record:
    """The record, or a Problem for a document that nobody asked for."""
    if isinstance(record, Document) and record.work.pmid not in wanted:
        return Problem(PUBMED, record.id, "was sent without being asked for, so it is not kept")
    return record


def _pmids_in(root: Node) -> set[str]:
    """The PMIDs of the records of a set (articles and books), however readable they are."""
    return {node.text or "" for node in root.iterfind("./*/*/PMID")}


def _ids(root: Node) -> list[str]:
    return [node.text or "" for node in root.iterfind("IdList/Id")]


def _summaries(root: Node) -> list[tuple[str, str]]:
    found = ((summary.findtext("Id", ""), _doi_of(summary)) for summary in root.iterfind("DocSum"))
    return [(pmid, doi) for pmid, doi in found if pmid and doi]


def _doi_of(summary: Node) -> str:
    """The DOI among the article ids of a summary, or else the one it gives itself."""
    places = ("Item[@Name='ArticleIds']/Item[@Name='doi']", "Item[@Name='DOI']")
    return next(filter(None, (doi_in(summary.findtext(place, "")).lower() for place in places)), "")
