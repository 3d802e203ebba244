"""What the encoder reads for a document: its passages, each under its title and section."""

import hashlib
from dataclasses import dataclass

from corpus.chunking import chunk
from corpus.types import Document, Passage
from indexer.encoder import Encoder, EncoderInput

TITLE_TOKENS = 20
SECTION_TOKENS = 16
SPECIAL_TOKENS = 4
"""Room kept in the encoder's limit for what stands before a passage: its title and section."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document cut into passages, with what the encoder reads for each."""

    document: Document
    passages: tuple[Passage, ...]
    inputs: tuple[EncoderInput, ...]


def passage_tokens(encoder: Encoder) -> int:
    """How many tokens a passage may have, so that with its header it fits the encoder."""
    prefix = len(encoder.token_spans(encoder.identity.passage_prefix))
    return encoder.identity.max_tokens - TITLE_TOKENS - SECTION_TOKENS - SPECIAL_TOKENS - prefix


def prepare(document: Document, encoder: Encoder, tokens: int) -> Prepared:
    """Cut a document; each passage is encoded under its title and section, as a reader would see it."""
    passages = chunk(document, encoder.token_spans, tokens)
    title = _first_tokens(document.work.title, TITLE_TOKENS, encoder)
    return Prepared(document, passages, tuple(_input(title, passage, tokens, encoder) for passage in passages))


def _input(title: str, passage: Passage, tokens: int, encoder: Encoder) -> EncoderInput:
    """What the encoder reads. Of a table only the title, section and caption, once for the whole table: rows of
    numbers mean little to a sentence encoder and are many; BM25 finds them by their words."""
    path = ". ".join(passage.section)
    if passage.is_table:
        return EncoderInput(f"{title}. {_first_tokens(path, tokens, encoder)}", ())
    section = _first_tokens(path, SECTION_TOKENS, encoder)
    header = "".join(f"{part}. " for part in (title, section) if part)
    shift = len(header) - passage.start
    spans = tuple((sentence.start + shift, sentence.end + shift) for sentence in passage.sentences)
    return EncoderInput(header + passage.text, spans)


def _first_tokens(text: str, count: int, encoder: Encoder) -> str:
    spans = encoder.token_spans(text)
    return text if len(spans) <= count else text[: spans[count - 1][1]]


def digest(item: EncoderInput) -> bytes:
    """SHA-256 of what is encoded: the same digest has the same vectors."""
    return hashlib.sha256(repr((item.text, item.spans)).encode()).digest()
