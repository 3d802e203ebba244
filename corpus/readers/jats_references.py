"""The reference list of a JATS article: ids, identifiers and bibliographic descriptions."""

import re
from collections.abc import Iterable, Iterator, Mapping

from corpus.readers.identifiers import doi_in, identify, pmcid_in, pmid_in
from corpus.readers.jats_inline import Node
from corpus.readers.text import one_line
from corpus.types import Author, Reference, SourceStatus, Work

_CITATIONS = ("element-citation", "mixed-citation", "citation", "nlm-citation", "citation-alternatives")
_NAMES = frozenset(("name", "string-name", "collab"))
# The mark ends in a colon or bracket; "Retracted articles in cardiology" is the title of another kind of work.
_MARKED = re.compile(r"\[?(?:retracted|withdrawn)(?: (?:article|paper|publication))?(?:\]|\s*:)", re.IGNORECASE)
_OTHER_ROLES = frozenset(("editor", "translator", "compiler", "transed", "guest-editor"))


def read_references(article: Node) -> tuple[Reference, ...]:
    """The entries of the article's own reference lists, in order; one key is one entry."""
    parts = (part for part in article.iterchildren("body", "back", "floats-group"))
    nodes = (ref for part in parts for refs in part.iter("ref-list") for ref in refs.iterchildren("ref"))
    references: dict[str, Reference] = {}
    for number, ref in enumerate(nodes, start=1):
        reference = _reference(ref, ref.get("id", "") or f"ref-{number}")
        references.setdefault(reference.key, reference)
    return tuple(references.values())


def _reference(ref: Node, key: str) -> Reference:
    citation = next(ref.iterchildren(*_CITATIONS), ref)
    if citation.tag == "citation-alternatives":
        citation = next(citation.iterchildren(*_CITATIONS), citation)
    parts: dict[str, Node] = {}
    for child in citation.iterchildren("*"):
        parts.setdefault(child.tag, child)
    ids = [(node.get("pub-id-type"), text_of(node)) for node in citation.iter("pub-id")]
    doi = next(filter(None, (doi_in(text) for kind, text in ids if kind == "doi")), "") or _linked_doi(citation)
    pmid = next(filter(None, (pmid_in(text) for kind, text in ids if kind == "pmid")), "")
    pmcid = next(filter(None, (pmcid_in(text) for kind, text in ids if kind in ("pmc", "pmcid"))), "")
    title, container = _titles(citation, parts)
    work = Work(
        title=title,
        authors=tuple(read_authors(_people(citation))),
        container=container,
        year=year_in(text_of(parts.get("year"))),
        volume=text_of(parts.get("volume")),
        issue=text_of(parts.get("issue")),
        pages=page_range(text_of(parts.get("fpage")), text_of(parts.get("lpage")))
        or text_of(parts.get("elocation-id")),
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        url=work_url(doi, pmid, pmcid),
    )
    status = SourceStatus.RETRACTED if is_marked_retracted(title) else SourceStatus.CURRENT
    return Reference(key, identify(doi, pmid, pmcid, ""), work, status)


def _linked_doi(citation: Node) -> str:
    """The DOI given as a link to the resolver."""
    links = (
        " ".join((*(str(value) for value in node.attrib.values()), text_of(node)))
        for node in citation.iter("ext-link", "uri")
    )
    return next(filter(None, (doi_in(link) for link in links if "doi" in link.lower())), "")


def _titles(citation: Node, parts: Mapping[str, Node]) -> tuple[str, str]:
    """Title and container. A book has its title in `source`; an unmarked citation is its own title."""
    source = text_of(parts.get("source"))
    title = text_of(parts.get("article-title")) or text_of(parts.get("chapter-title"))
    if title:
        return title, source
    return (source or text_of(citation), "")


def _people(citation: Node) -> Iterator[Node]:
    """The authors' name elements, in order, without editors and translators."""
    for node in citation:
        if node.tag in _NAMES:
            yield node
        elif node.tag == "person-group" and node.get("person-group-type") not in _OTHER_ROLES:
            yield from (name for name in node if name.tag in _NAMES)


def read_authors(nodes: Iterable[Node]) -> Iterator[Author]:
    """People and groups; a name without parts, and a group, is a family name."""
    for node in nodes:
        parts: dict[str, Node] = {}
        for child in node:
            parts.setdefault(child.tag, child)
        if node.tag == "collab" or "surname" not in parts:
            family, given = text_of(node), ""
        else:
            family = f"{text_of(parts['surname'])} {text_of(parts.get('suffix'))}".strip()
            given = text_of(parts.get("given-names"))
        if family:
            yield Author(family, given)


def text_of(node: Node | None) -> str:
    """The text inside an element as one clean line, or ""; "" for no element."""
    if node is None:
        return ""
    return one_line("".join(map(str, node.itertext())) if len(node) else node.text or "")


def is_marked_retracted(title: str) -> bool:
    """Whether a title says that its work is withdrawn, as publishers and PubMed mark it ("RETRACTED ARTICLE: …")."""
    return bool(_MARKED.match(title))


def year_in(text: str) -> int | None:
    """The year a text begins with ("2004a"), or none."""
    digits = text[:4]
    return int(digits) if digits.isascii() and digits.isdecimal() and 1500 <= int(digits) <= 2100 else None


def page_range(first: str, last: str) -> str:
    """ "12-19", or the one page there is."""
    return f"{first}-{last}" if last and last != first else first


def work_url(doi: str, pmid: str, pmcid: str) -> str:
    """The page where a work can be read, or "": full text before abstract before resolver."""
    if pmcid:
        return f"https://www.ncbi.nlm.nih.gov/pmc/articles/{pmcid}/"
    if pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    return f"https://doi.org/{doi}" if doi else ""
