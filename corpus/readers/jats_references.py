"""The reference list of a JATS article: ids, identifiers and bibliographic descriptions."""

from collections.abc import Iterable, Iterator

from corpus.readers.identifiers import doi_in, identify, pmcid_in, pmid_in
from corpus.readers.jats_inline import Node
from corpus.readers.text import clean, squeeze
from corpus.types import Author, Reference, SourceStatus, Work

_CITATIONS = ("element-citation", "mixed-citation", "citation", "nlm-citation", "citation-alternatives")
_NAMES = frozenset(("name", "string-name", "collab"))
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
    doi = _doi(citation)
    pmid = next(filter(None, map(pmid_in, _ids(citation, "pmid"))), "")
    pmcid = next(filter(None, map(pmcid_in, _ids(citation, "pmc", "pmcid"))), "")
    title, container = _titles(citation)
    first, last = text_of(citation.find("fpage")), text_of(citation.find("lpage"))
    work = Work(
        title=title,
        authors=tuple(read_authors(_people(citation))),
        container=container,
        year=year_in(text_of(citation.find("year"))),
        volume=text_of(citation.find("volume")),
        issue=text_of(citation.find("issue")),
        pages=page_range(first, last) or text_of(citation.find("elocation-id")),
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        url=work_url(doi, pmid, pmcid),
    )
    status = SourceStatus.RETRACTED if is_marked_retracted(title) else SourceStatus.CURRENT
    return Reference(key, identify(doi, pmid, pmcid, ""), work, status)


def _ids(citation: Node, *kinds: str) -> Iterator[str]:
    return (text_of(node) for node in citation.iter("pub-id") if node.get("pub-id-type") in kinds)


def _doi(citation: Node) -> str:
    """The DOI given as such, or else as a link to the resolver."""
    links = (
        " ".join((*(str(value) for value in node.attrib.values()), text_of(node)))
        for node in citation.iter("ext-link", "uri")
    )
    resolver = (link for link in links if "doi" in link.lower())
    return next(filter(None, map(doi_in, (*_ids(citation, "doi"), *resolver))), "")


def _titles(citation: Node) -> tuple[str, str]:
    """Title and container. A book has its title in `source`; an unmarked citation is its own title."""
    source = text_of(citation.find("source"))
    title = next(filter(None, (text_of(citation.find(tag)) for tag in ("article-title", "chapter-title"))), "")
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
        surname = node.find("surname")
        if node.tag == "collab" or surname is None:
            family, given = text_of(node), ""
        else:
            family = squeeze(f"{text_of(surname)} {text_of(node.find('suffix'))}")
            given = text_of(node.find("given-names"))
        if family:
            yield Author(family, given)


def text_of(node: Node | None) -> str:
    """The text inside an element as one clean line, or ""; "" for no element."""
    if node is None:
        return ""
    return squeeze(clean("".join(map(str, node.itertext())) if len(node) else node.text or ""))


def is_marked_retracted(title: str) -> bool:
    """Whether a title says that its work is withdrawn, as publishers and PubMed mark it."""
    return title.upper().startswith(("RETRACTED", "[RETRACTED"))


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
