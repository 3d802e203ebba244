"""The front of a JATS article: what it is, who wrote it, under which licence, and what became of it."""

import re
from collections.abc import Iterator

from corpus.readers.identifiers import doi_in, pmcid_in, pmid_in
from corpus.readers.jats_design import design
from corpus.readers.jats_inline import InlineReader, Node
from corpus.readers.jats_references import is_marked_retracted, page_range, read_authors, text_of, work_url, year_in
from corpus.types import SourceStatus, Work

_HREF = "{http://www.w3.org/1999/xlink}href"
_LICENCE_URL = re.compile(r"https?://creativecommons\.org/[^\s()<>\"]+")
_NOT_PUBLICATION = frozenset(("pmc-release", "nihms-submitted", "received", "accepted", "retracted", "corrected"))
_BY_TYPE = {
    "retraction": SourceStatus.RETRACTION_NOTICE,
    "correction": SourceStatus.ERRATUM,
    "erratum": SourceStatus.ERRATUM,
    "corrigendum": SourceStatus.ERRATUM,
    "expression-of-concern": SourceStatus.EXPRESSION_OF_CONCERN,
}
_BY_LATER_NOTICE = {
    "retraction-forward": SourceStatus.RETRACTED,
    "correction-forward": SourceStatus.CORRECTED,
}


def read_work(article: Node, meta: Node, inline: InlineReader) -> Work:
    """The bibliographic description of the article; its title may be empty, for the caller to judge."""
    doi, pmid = doi_in(_id(meta, "doi")), pmid_in(_id(meta, "pmid"))
    pmcid = pmcid_in(_id(meta, "pmc")) or pmcid_in(_id(meta, "pmcid"))
    first, last = text_of(meta.find("fpage")), text_of(meta.find("lpage"))
    title = _title(meta, inline)
    return Work(
        title=title,
        authors=tuple(read_authors(_people(meta))),
        container=text_of(article.find("front/journal-meta//journal-title")),
        year=_year(meta),
        volume=text_of(meta.find("volume")),
        issue=text_of(meta.find("issue")),
        pages=page_range(first, last) or text_of(meta.find("elocation-id")),
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        url=work_url(doi, pmid, pmcid),
        evidence_type=design(article.get("article-type", ""), title, meta),
    )


def read_licence(meta: Node) -> str:
    """The URL of the licence, else its wording, else the copyright statement."""
    licences = [*meta.findall("permissions/license"), *meta.findall("license")]
    for licence in licences:
        links = (str(value) for node in licence.iter() for name, value in node.attrib.items() if name == _HREF)
        refs = (text_of(node) for node in licence if str(node.tag).endswith("}license_ref"))
        for written in (*links, *refs, text_of(licence)):
            if found := _LICENCE_URL.search(written):
                return found.group().rstrip(".,;")
    own_links = (licence.get(_HREF, "") for licence in licences)
    statements = (text_of(node) for node in (*licences, *meta.iter("copyright-statement")))
    return next(filter(None, (*own_links, *statements)), "")


def read_source_status(article: Node, meta: Node, title: str) -> SourceStatus:
    """What the article says became of it: its type, its title, the later notices it points to."""
    if status := _BY_TYPE.get(article.get("article-type", "").lower()):
        return status
    notices = {node.get("related-article-type", "") for node in meta.iterchildren("related-article")}
    if is_marked_retracted(title):
        return SourceStatus.RETRACTED
    return next((status for kind, status in _BY_LATER_NOTICE.items() if kind in notices), SourceStatus.CURRENT)


def _id(meta: Node, kind: str) -> str:
    return next((text_of(node) for node in meta.iterchildren("article-id") if node.get("pub-id-type") == kind), "")


def _title(meta: Node, inline: InlineReader) -> str:
    """Title and subtitle, without the marks of footnotes to the title."""
    group = meta.find("title-group")
    parts = () if group is None else group.iterchildren("article-title", "subtitle")
    return ": ".join(filter(None, (inline.inside(part).text.rstrip("*†‡§ ").rstrip(".") for part in parts)))


def _people(meta: Node) -> Iterator[Node]:
    for contributor in meta.iterfind("contrib-group/contrib"):
        if contributor.get("contrib-type", "author") == "author":
            names = contributor.iter("name", "string-name", "collab")
            yield from (node for node, _ in zip(names, range(1), strict=False))


def _year(meta: Node) -> int | None:
    """The year the work first appeared, electronically or in print."""
    dates = [node for node in meta.iterchildren("pub-date") if _kind(node) not in _NOT_PUBLICATION]
    years = [year for node in dates if (year := year_in(text_of(node.find("year"))))]
    return min(years) if years else year_in(text_of(meta.find("permissions/copyright-year")))


def _kind(date: Node) -> str:
    return date.get("pub-type") or date.get("date-type") or ""
