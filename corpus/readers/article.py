"""Vetted articles: Markdown with YAML front matter and Pandoc citations `[@key]`."""

from collections.abc import Mapping

from corpus.errors import UnknownReference
from corpus.readers.assembly import assemble
from corpus.readers.front_matter import read_front_matter
from corpus.readers.markdown import read_markdown
from corpus.readers.text import clean
from corpus.types import CitationMark, Document, DocumentKind, EvidenceType, Reference, Work


def read_article(text: str, name: str, library: Mapping[str, Reference]) -> Document:
    """The document of an article; its references are the library entries it cites, in order of first citation.

    Raises UnreadableSource (front matter is not YAML), MissingField, UnknownReference; each names the file.
    """
    front, body = read_front_matter(clean(text), name)
    content = assemble(read_markdown(body))
    return Document(
        id=front.id,
        kind=DocumentKind.ARTICLE,
        work=Work(title=front.title, year=front.updated.year, evidence_type=EvidenceType.ARTICLE),
        text=content.text,
        sections=content.sections,
        references=_cited(content.marks, library, name),
        marks=content.marks,
        review_status=front.status,
        updated=front.updated.isoformat(),
    )


def _cited(marks: tuple[CitationMark, ...], library: Mapping[str, Reference], name: str) -> tuple[Reference, ...]:
    keys = dict.fromkeys(key for mark in marks for key in mark.keys)
    unknown = [key for key in keys if key not in library]
    if unknown:
        raise UnknownReference(
            f"{name} cites {', '.join('@' + key for key in unknown)}, not in the literature; "
            "correct the key or add the work to the CSL-JSON file"
        )
    return tuple(library[key] for key in keys)
