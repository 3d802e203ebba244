"""JATS and NLM full texts (PubMed Central): one XML file, one document. Nothing outside the file is ever read."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from corpus.errors import HostileSource, MissingField, UnreadableSource
from corpus.readers.assembly import Block, assemble_bounded
from corpus.readers.identifiers import identify
from corpus.readers.jats_body import BodyReader
from corpus.readers.jats_front import read_licence, read_source_status, read_work
from corpus.readers.jats_inline import InlineReader, Node
from corpus.readers.jats_references import read_references
from corpus.types import Document, DocumentKind


def read_jats(data: bytes, name: str) -> Document:
    """The document of a JATS article: abstract, body, figure captions, tables and appendices.

    Left out: what `jats_headings` names, supplementary files, sub-articles and responses.
    Raises HostileSource, UnreadableSource (with the line), MissingField; each names the file.
    """
    article = _parse(data, name)
    meta = article.find("front/article-meta")
    if article.tag != "article" or meta is None:
        raise MissingField(f"{name} has no article/front/article-meta; give a JATS article (PMC's full-text XML)")
    references = read_references(article)
    inline = InlineReader([reference.key for reference in references])
    work = read_work(article, meta, inline)
    document_id = identify(work.doi, work.pmid, work.pmcid, "")
    if not work.title or not document_id:
        missing = "PMCID, PMID or DOI (article-id)" if work.title else "title (article-title)"
        raise MissingField(f"{name} has no {missing}; a document cannot be cited without it")
    content = assemble_bounded(_blocks(article, meta, BodyReader(inline)), len(data), name)
    return Document(
        id=document_id,
        kind=DocumentKind.LITERATURE,
        work=work,
        text=content.text,
        sections=content.sections,
        references=references,
        marks=content.marks,
        source_status=read_source_status(article, meta, work.title),
        licence=read_licence(meta),
    )


def _parse(data: bytes, name: str) -> Node:
    """The root element, with no entity expanded and no DTD, file or address opened."""
    if b"<!ENTITY" in (data.replace(b"\0", b"") if b"\0" in data[:4096] else data):
        raise HostileSource(
            f"{name} declares entities of its own, which no JATS article needs; remove the declarations"
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableSource(
            f"{name} is not well-formed XML at line {error.lineno}: {error.msg}; fetch it again"
        ) from error
    # Once more after parsing: in an encoding that the search above cannot see through.
    subset: Any = root.getroottree().docinfo.internalDTD  # the published stubs lack its methods
    if subset is not None and any(True for _ in subset.iterentities()):
        raise HostileSource(
            f"{name} declares entities of its own, which no JATS article needs; remove the declarations"
        )
    return root


def _blocks(article: Node, meta: Node, reader: BodyReader) -> Iterator[Block]:
    for abstract in meta.iterchildren("abstract"):
        title = reader.heading(abstract)
        extra = (title,) if title and title.casefold() not in ("abstract", "summary") else ()
        yield from reader.flow(abstract, ("Abstract", *extra))
    for part in article.iterchildren("body", "floats-group", "back"):
        yield from reader.flow(part, ())
