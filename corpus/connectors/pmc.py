"""PubMed Central: full texts, where their own licence lets them be kept and quoted, and PMCIDs by PMID."""

from collections.abc import Iterable, Iterator
from itertools import chain

from lxml import etree

from corpus.connectors.batches import Batch, Identified, in_batches, settle
from corpus.connectors.eutils import Eutils
from corpus.connectors.licences import Terms, licence_of
from corpus.errors import CorpusError
from corpus.readers.identifiers import pmcid_in, pmid_in
from corpus.readers.jats import read_jats
from corpus.readers.jats_inline import Node
from corpus.types import Document, Problem, Record

PMC = "PubMed Central"
_TOGETHER = 20  # full texts a request, some of them of megabytes
_PMIDS_TOGETHER = 100
_LINK = "pubmed_pmc"  # the full text itself, not what cites it (pubmed_pmc_refs)
_NOT_WANTED = "was sent without being asked for, so it is not kept"

ADMITTED = frozenset((Terms.ZERO, Terms.ATTRIBUTION))
"""CC0 and CC BY. Not CC BY-SA: whoever passes on an answer made of such a text would have to license it alike."""


class PubMedCentral:
    """Full texts of PubMed Central, batch by batch."""

    def __init__(self, eutils: Eutils) -> None:
        self._eutils = eutils

    def fetch(self, pmcids: Iterable[str]) -> Iterator[Record]:
        """The full texts, and a Problem for each that is not held, not licensed for it, or not sent in full."""
        return chain.from_iterable(batch.records for batch in self.batches(pmcids))

    def batches(self, pmcids: Iterable[str]) -> Iterator[Batch]:
        """The same, as each request settles it. Raises ServiceError; every batch before that is good."""
        for asked in in_batches(pmcids, _TOGETHER):
            yield settle(asked, self._records, PMC)

    def pmcids_for_pmids(self, pmids: Iterable[str]) -> Iterator[Identified | Problem]:
        """For each PMID the one full text of the same work, or a Problem: none is there, or several are."""
        for asked in in_batches(pmids, _PMIDS_TOGETHER):
            pmid_of = {written: pmid_in(written).lstrip("0") for written in asked}
            linked = self._linked(tuple(dict.fromkeys(pmid for pmid in pmid_of.values() if pmid)))
            for written, pmid in pmid_of.items():
                yield _identified(written, pmid, linked.get(pmid, ()))

    def _records(self, asked: tuple[str, ...]) -> Iterator[Record]:
        pmcid_of = {written: pmcid_in(written) for written in asked}
        wanted = {pmcid for pmcid in pmcid_of.values() if pmcid}
        found = dict(self._articles(sorted(wanted))) if wanted else {}
        for written, pmcid in pmcid_of.items():
            if not pmcid:
                yield Problem(PMC, written, "is not a PMCID; write it as PMC and a number")
            elif pmcid not in found:
                yield Problem(PMC, written, "PubMed Central sends no such article")
        yield from (record if pmcid in wanted else Problem(PMC, pmcid, _NOT_WANTED) for pmcid, record in found.items())

    def _articles(self, pmcids: list[str]) -> list[tuple[str, Record]]:
        """PMCID and record of each article that comes, and of each of which it is said why it does not."""
        numbers = ",".join(pmcid.removeprefix("PMC") for pmcid in pmcids)
        form = (("db", "pmc"), ("id", numbers), ("retmode", "xml"))
        return self._eutils.ask("efetch", form, "pmc-articleset", lambda reply: _entries(reply.root)) or []

    def _linked(self, pmids: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """The PMCIDs linked to each PMID. Each is sent as an `id` of its own, and so answered on its own."""
        if not pmids:
            return {}
        ids = (("id", pmid) for pmid in pmids)
        form = (("dbfrom", "pubmed"), ("db", "pmc"), ("linkname", _LINK), ("cmd", "neighbor"), *ids)
        sets = self._eutils.ask("elink", form, "eLinkResult", lambda reply: _link_sets(reply.root)) or []
        if any(len(asked) != 1 for asked, _ in sets) and len(pmids) > 1:
            return dict(chain.from_iterable(self._linked((pmid,)).items() for pmid in pmids))
        return {asked[0]: found for asked, found in sets if len(asked) == 1}


def _identified(written: str, pmid: str, pmcids: tuple[str, ...]) -> Identified | Problem:
    if len(pmcids) == 1:
        return Identified(written, pmcids[0])
    if pmcids:
        return Problem(PMC, written, f"has several full texts: {', '.join(pmcids)}; name the one meant")
    return Problem(PMC, written, "has no full text in PubMed Central" if pmid else "is not a PMID")


def _entries(root: Node) -> list[tuple[str, Record]]:
    """Articles, and the replies that stand where an article is missing."""
    entries: list[tuple[str, Record]] = []
    for node in root:
        if node.tag == "Reply":
            pmcid = pmcid_in(node.get("Id", ""))
            entries.append((pmcid, Problem(PMC, pmcid, f"PubMed Central says: {node.get('error', 'nothing')}")))
        elif node.tag == "article":
            pmcid = _pmcid_of(node)
            entries.append((pmcid, _article(node, pmcid)))
    return entries


def _article(node: Node, pmcid: str) -> Document | Problem:
    """The document of an article. What may not be kept is not even read."""
    licence = licence_of(node)
    if licence.terms not in ADMITTED:
        return Problem(PMC, pmcid, f"licence does not allow keeping the full text: {licence.name}")
    if node.find("body") is None:
        return Problem(PMC, pmcid, "the publisher gives no full text as XML; its abstract is in PubMed")
    try:
        return read_jats(etree.tostring(node, with_tail=False), f"{PMC}: {pmcid}")
    except CorpusError as error:
        return Problem(PMC, pmcid, str(error))


def _pmcid_of(article: Node) -> str:
    ids = article.iterfind("front/article-meta/article-id")
    return next((pmcid_in("".join(map(str, one.itertext()))) for one in ids if _is_pmcid(one)), "")


def _is_pmcid(node: Node) -> bool:
    return node.get("pub-id-type") in ("pmc", "pmcid")


def _link_sets(root: Node) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The ids each set answers for, and the PMCIDs it links them to."""
    return [
        (
            tuple(node.text or "" for node in links.iterfind("IdList/Id")),
            tuple(
                dict.fromkeys(
                    pmcid_in(node.text or "")
                    for group in links.iterfind("LinkSetDb")
                    if group.findtext("LinkName", "").strip() == _LINK
                    for node in group.iterfind("Link/Id")
                )
            ),
        )
        for links in root.iterfind("LinkSet")
    ]
