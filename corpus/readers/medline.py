"""MEDLINE/PubMed XML (efetch replies, baseline and daily update files), read record by record.

Memory is that of one record, however long the file. Nothing outside the file is ever read.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from corpus.errors import CorpusError, HostileSource, MissingField
from corpus.readers.assembly import Block, Inline, assemble
from corpus.readers.identifiers import pmid_in
from corpus.readers.jats_inline import InlineReader, Node
from corpus.readers.jats_references import text_of
from corpus.readers.medline_notices import Link, notices, source_status
from corpus.readers.medline_work import publication_types, published, read_article_work, read_book_work
from corpus.types import Deletion, Document, DocumentKind, Problem, Record, Work

_ARTICLES = ("PubmedArticle", "MedlineCitation")
_BOOKS = ("PubmedBookArticle", "BookDocument")
_DELETIONS = ("DeleteCitation", "DeleteDocument")
_SETS = ("PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet", "BookDocumentSet")
ROOTS = frozenset((*_SETS, *_ARTICLES, *_BOOKS))
"""The elements that a MEDLINE file may consist of."""
_UNLABELLED = frozenset(("", "unlabelled", "unlabeled", "unassigned"))
_PLAIN = InlineReader(())


def read_medline(stream: BinaryIO, name: str) -> Iterator[Record]:
    """A document for each record, the notices it holds, and the deletions of an update file, in their order.

    A record that cannot be used, and XML that breaks off, is a Problem; what came before stands.
    Raises HostileSource for a file that declares entities.
    """
    number, place = 0, "its beginning"
    try:
        for node in _records(stream, name):
            if node.tag in _DELETIONS:
                yield from _deletions(node)
                continue
            number += 1
            place = f"record {number} (PMID {text_of(next(node.iter('PMID'), None)) or 'missing'})"
            try:
                yield from _read(node, f"{name}: {place}")
            except CorpusError as error:
                yield Problem(name, place, str(error))
    except etree.XMLSyntaxError as error:
        reason = f"{name} is not well-formed XML at line {error.lineno}: {error.msg}; fetch it again"
        yield Problem(name, f"after {place}", reason)


def _records(stream: BinaryIO, name: str) -> Iterator[Node]:
    """The records and deletions; what stands before one in the tree is dropped once the next is asked for."""
    records = (*_ARTICLES, *_BOOKS, *_DELETIONS)
    events = etree.iterparse(stream, ("start", "end"), tag=(*records, *_SETS), resolve_entities=False,
                             no_network=True, load_dtd=False, huge_tree=False, collect_ids=False)  # fmt: skip
    checked = False
    for event, node in events:
        if not checked:
            _refuse_entities(node, name)
            checked = True
        parent = node.getparent()
        inside = parent is not None and parent.tag in records
        if event == "end" and node.tag in records and not inside:
            yield node
            while parent is not None and node.getprevious() is not None:
                del parent[0]


def _refuse_entities(node: Node, name: str) -> None:
    subset: Any = node.getroottree().docinfo.internalDTD  # the published stubs lack its methods
    if subset is not None and any(True for _ in subset.iterentities()):
        raise HostileSource(f"{name} declares entities of its own, which no MEDLINE file needs; remove them")


def _deletions(node: Node) -> Iterator[Deletion]:
    pmids = (pmid_in(text_of(child)) for child in node.iterchildren("PMID"))
    return (Deletion(f"PMID:{pmid}") for pmid in pmids if pmid)


def _read(record: Node, where: str) -> tuple[Record, ...]:
    """The document of a record and its notices; all of them or, by an error, none."""
    if record.tag in _BOOKS:
        book = record if record.tag == "BookDocument" else record.find("BookDocument")
        if book is None:
            raise MissingField(f"{where} has no BookDocument; fetch it again")
        work = read_book_work(book, record.find("PubmedBookData"))
        return (_document(work, book, book, where),)
    citation = record if record.tag == "MedlineCitation" else record.find("MedlineCitation")
    article = None if citation is None else citation.find("Article")
    if citation is None or article is None:
        raise MissingField(f"{where} has no MedlineCitation/Article; fetch it again")
    work = read_article_work(citation, record.find("PubmedData"))
    document = _document(work, citation, article, where)
    return (document, *notices(_links(citation), publication_types(article), work, published(article)))


def _document(work: Work, citation: Node, article: Node, where: str) -> Document:
    if not work.pmid or not work.title:
        raise MissingField(f"{where} has no {'title' if work.pmid else 'PMID'}; it cannot be cited without it")
    content = assemble([*_blocks(citation, article)] or [Block(("Title",), Inline(work.title))])
    return Document(
        id=f"PMID:{work.pmid}",
        kind=DocumentKind.LITERATURE,
        work=work,
        text=content.text,
        sections=content.sections,
        source_status=source_status(_links(citation), publication_types(article), work.title),
        licence=text_of(article.find("Abstract/CopyrightInformation")),
    )


def _blocks(citation: Node, article: Node) -> Iterator[Block]:
    """The abstract, then what the record has besides it in English (a summary in plain language, say)."""
    english = [node for node in citation.iterchildren("OtherAbstract") if node.get("Language", "eng") == "eng"]
    for abstract in (*article.iterchildren("Abstract"), *english):
        kind = abstract.get("Type", "").replace("-", " ").capitalize()
        for node in abstract.iterchildren("AbstractText"):
            path = tuple(part for part in ("Abstract", kind, _heading(node.get("Label", ""))) if part)
            content = _PLAIN.inside(node)
            if content.text:
                yield Block(path, content)


def _heading(label: str) -> str:
    """A label as a heading: NLM prints them in capitals."""
    plain = " ".join(label.split()).rstrip(" .:")
    if plain.lower() in _UNLABELLED:
        return ""
    return plain.capitalize() if plain.isupper() else plain


def _links(citation: Node) -> list[Link]:
    return [
        Link(
            kind=node.get("RefType", ""),
            pmid=pmid_in(text_of(node.find("PMID"))),
            source=text_of(node.find("RefSource")),
            note=text_of(node.find("Note")),
        )
        for node in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
    ]
