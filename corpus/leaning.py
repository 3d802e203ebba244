"""Sentences of a document that lean on retracted literature, for those who keep the corpus true."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.chunking import chunk
from corpus.source_status import Statuses, settled
from corpus.types import Document, Notice, Sentence, SourceStatus, Span


@dataclass(frozen=True, slots=True)
class Leaning:
    """A sentence that cites retracted works: its span in the document, their keys, and the notices on them.

    `document.text[start:end] == text`. `notices` is empty where only the reference list itself says so.
    """

    start: int
    end: int
    text: str
    keys: tuple[str, ...]
    notices: tuple[Notice, ...]


def leaning(document: Document, statuses: Statuses) -> tuple[Leaning, ...]:
    """The sentences that cite a retracted work, in the order of the text.

    Sentences and what is cited in them are those of the document's passages, so that what is listed here is what
    may not be quoted there.
    """
    retracted = dict(_retracted(document, statuses))
    if not retracted:
        return ()
    return tuple(
        _leaning(document, sentence, keys, retracted)
        for sentence in _sentences(document)
        if (keys := tuple(key for key in sentence.keys if key in retracted))
    )


def _retracted(document: Document, statuses: Statuses) -> Iterator[tuple[str, tuple[Notice, ...]]]:
    """The keys of retracted references, with the notices that say so."""
    for reference in document.references:
        notices = statuses.notices_of(reference.work.doi, reference.work.pmid)
        if settled(reference.source_status, notices) is SourceStatus.RETRACTED:
            yield reference.key, tuple(notice for notice in notices if notice.status is SourceStatus.RETRACTED)


def _leaning(
    document: Document, sentence: Sentence, keys: tuple[str, ...], retracted: Mapping[str, tuple[Notice, ...]]
) -> Leaning:
    notices = dict.fromkeys(notice for key in keys for notice in retracted[key])
    text = document.text[sentence.start : sentence.end]
    return Leaning(sentence.start, sentence.end, text, keys, tuple(notices))


def _sentences(document: Document) -> Iterator[Sentence]:
    """Every sentence, none of them cut: passages whose limit nothing reaches, a sentence counting as one token."""
    for passage in chunk(document, _whole, len(document.text) + 1):
        yield from passage.sentences


def _whole(text: str) -> list[Span]:
    return [(0, len(text))]
