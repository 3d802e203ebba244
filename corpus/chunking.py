"""Document → Passages: along sections and sentences, within the encoder's limit, losing nothing.

Pure: the tokenizer is an argument, and the same document gives the same passages.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import ceil

from corpus.sentences import split_sentences
from corpus.types import CitationMark, Document, Passage, Section, Sentence, Span, passage_id

TokenSpans = Callable[[str], list[Span]]
"""The spans (characters) of the encoder's own tokens of a text, special tokens left out."""


def chunk(document: Document, token_spans: TokenSpans, limit: int) -> tuple[Passage, ...]:
    """Passages of at most `limit` tokens that together hold every visible character of the document.

    A passage never crosses a section. A sentence longer than the limit is cut at token borders, and
    its pieces count as sentences of their own.
    """
    if limit < 1:
        raise ValueError(f"a passage limit of {limit} tokens leaves no room for text")
    return tuple(
        _passage(document, section, run)
        for section in document.sections
        for run in _pack(_pieces(document.text, section, token_spans, limit), limit)
    )


_Piece = tuple[int, int, int]
"""(start, end, tokens) of a sentence or of a part of one."""


def _pieces(text: str, section: Section, token_spans: TokenSpans, limit: int) -> list[_Piece]:
    pieces: list[_Piece] = []
    for start, end in split_sentences(text[section.start : section.end]):
        first = section.start + start
        spans = token_spans(text[first : section.start + end])
        pieces.extend(_cut(first, section.start + end, spans, limit))
    return pieces


def _cut(start: int, end: int, spans: list[Span], limit: int) -> Iterator[_Piece]:
    """The sentence itself when it fits, else consecutive parts of `limit` tokens each."""
    bounds = [start + spans[i][0] for i in range(limit, len(spans), limit)]
    edges = [start, *bounds, end]
    for index, (left, right) in enumerate(pairwise(edges)):
        yield left, right, min(limit, len(spans) - index * limit)


def _pack(pieces: list[_Piece], limit: int) -> Iterator[list[_Piece]]:
    """Consecutive pieces in runs of about equal size, each within the limit.

    Equal rather than greedy, so that a section just over the limit does not leave a scrap behind.
    """
    total = sum(tokens for _, _, tokens in pieces)
    target = ceil(total / max(1, ceil(total / limit)))
    run: list[_Piece] = []
    used = 0
    for piece in pieces:
        if run and (used + piece[2] > limit or used >= target):
            yield run
            run, used = [], 0
        run.append(piece)
        used += piece[2]
    if run:
        yield run


def _passage(document: Document, section: Section, run: list[_Piece]) -> Passage:
    start, end = run[0][0], run[-1][1]
    text = document.text[start:end]
    edges = [left for left, _, _ in run[1:]] + [end + 1]
    sentences = tuple(
        Sentence(left, right, _keys(document.marks, left, edge))
        for (left, right, _), edge in zip(run, edges, strict=True)
    )
    return Passage(
        id=passage_id(document.id, start, end),
        document_id=document.id,
        section=section.path,
        text=text,
        start=start,
        end=end,
        sentences=sentences,
        is_table=section.is_table,
    )


def _keys(marks: tuple[CitationMark, ...], start: int, edge: int) -> tuple[str, ...]:
    """Keys cited from `start` up to the next sentence, in order, each once.

    A mark at the very start belongs to the sentence before, which it follows.
    """
    found = (key for mark in marks if start < mark.position < edge for key in mark.keys)
    return tuple(dict.fromkeys(found))
