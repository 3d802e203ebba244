"""What a web page says of itself in its meta tags: the Highwire tags of publishers, Dublin Core, Open Graph."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

from lxml.html import HtmlElement
from trafilatura.metadata import extract_metadata

from corpus.readers.identifiers import doi_in, pmcid_in, pmid_in
from corpus.readers.jats_references import page_range, work_url, year_in
from corpus.readers.literature import named
from corpus.readers.text import clean, squeeze
from corpus.types import Author, Work

_TITLES = ("citation_title", "dc.title", "dcterms.title", "og:title")
_AUTHORS = ("citation_author", "dc.creator", "dcterms.creator", "dc.contributor")
_CONTAINERS = ("citation_journal_abbrev", "citation_journal_title", "prism.publicationname", "og:site_name")
_DATES = (
    "citation_publication_date", "citation_date", "citation_online_date", "prism.publicationdate", "dcterms.issued",
    "dc.date", "dcterms.date", "article:published_time",
)  # fmt: skip
_DOIS = ("citation_doi", "prism.doi", "dc.identifier", "dcterms.identifier", "bepress_citation_doi")
# Only dates that the page itself gives as such: a date guessed from its words is no date of publication. The last
# day is fixed, since by default it is today, and the same page should give the same document every day.
_DATED = {"extensive_search": False, "original_date": True, "max_date": "2100-12-31"}


def read_page_work(tree: HtmlElement) -> Work:
    """The description of a page, all but its design; its title may be empty."""
    tags = _tags(tree)
    address = _address(tree, tags)
    doi = next(filter(None, (doi_in(written) for name in _DOIS for written in tags.get(name, ()))), "")
    pmid = pmid_in(_first(tags, ("citation_pmid",)))
    pmcid = pmcid_in(_first(tags, ("citation_pmcid",)))
    guessed = extract_metadata(tree, address or None, _DATED)
    return Work(
        title=(_first(tags, _TITLES) or _title(tree)).rstrip("."),
        authors=_authors(tags, guessed.author or ""),
        container=_first(tags, _CONTAINERS),
        year=next(filter(None, (year_in(written) for written in (_first(tags, _DATES), guessed.date or ""))), None),
        volume=_first(tags, ("citation_volume",)),
        issue=_first(tags, ("citation_issue",)),
        pages=page_range(_first(tags, ("citation_firstpage",)), _first(tags, ("citation_lastpage",))),
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        url=address or work_url(doi, pmid, pmcid),
    )


def _tags(tree: HtmlElement) -> Mapping[str, list[str]]:
    """The content of each meta tag that has any, by its name in lower case."""
    tags: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        name = (node.get("name") or node.get("property") or "").strip().lower()
        content = squeeze(clean(node.get("content") or ""))
        if name and content:
            tags.setdefault(name, []).append(content)
    return tags


def _first(tags: Mapping[str, list[str]], names: Iterable[str]) -> str:
    return next((tags[name][0] for name in names if name in tags), "")


def _title(tree: HtmlElement) -> str:
    """The heading that the window's title repeats (with the name of the site, often), else the window's title."""
    windows, headings = ([squeeze(clean(node.text_content())) for node in tree.iter(tag)] for tag in ("title", "h1"))
    window = next(filter(None, windows), "")
    repeated = [heading for heading in headings if heading and heading in window]
    return max(repeated, key=len, default=window) or next(filter(None, headings), "")


def _authors(tags: Mapping[str, list[str]], guessed: str) -> tuple[Author, ...]:
    """The authors by their tags, one each; else those that the page names in another place, kept whole."""
    written = next((tags[name] for name in _AUTHORS if name in tags), [])
    several = [part for one in written for part in one.split(";")]
    return tuple(named(one) for one in several if one.strip(" ,")) or tuple(
        Author(squeeze(clean(one))) for one in guessed.split(";") if one.strip()
    )


def _address(tree: HtmlElement, tags: Mapping[str, list[str]]) -> str:
    """The address that the page calls its own, without a fragment, or ""."""
    links = (node.get("href") or "" for node in tree.iter("link") if "canonical" in (node.get("rel") or "").lower())
    for written in (*links, *tags.get("og:url", ()), *tags.get("citation_public_url", ())):
        try:
            parts = urlsplit(squeeze(clean(written)))
        except ValueError:  # an address that is none, such as "http://[x"
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, parts.query, ""))
    return ""
