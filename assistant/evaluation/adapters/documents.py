"""Texts of a set as documents."""

from corpus.types import Document, DocumentKind, Section, Work


def plain_document(document_id: str, title: str, text: str) -> Document:
    """A document of one section; of a title without a text, the title is the text."""
    held = text or title
    return Document(document_id, DocumentKind.LITERATURE, Work(title), held, (Section((), 0, len(held)),))
