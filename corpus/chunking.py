"""Document → Passages: along sections and sentences, within the encoder's limit, losing nothing.

Pure: the tokenizer is an argument, and the same document gives the same passages.
"""

from collections.abc import Callable, Iterator
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
        _passage(document, section, run, following)
        for section in document.sections
        for run, following in _followed(_pack(_pieces(document.text, section, token_spans, limit), limit), section)
    )


_Piece = tuple[int, int, int]
"""(start, end, tokens) of a sentence or of a part of one."""
_WINDOW = 64
"""Characters looked at for each token of the limit, so that cutting a text without sentences takes linear time."""


def _pieces(text: str, section: Section, token_spans: TokenSpans, limit: int) -> list[_Piece]:
    pieces: list[_Piece] = []
    for start, end in split_sentences(text[section.start : section.end]):
        pieces.extend(_cut(text, section.start + start, section.start + end, token_spans, limit))
    return pieces


def _cut(text: str, start: int, end: int, token_spans: TokenSpans, limit: int) -> Iterator[_Piece]:
    """The sentence itself when it fits, else consecutive parts of at most `limit` tokens each.

    What remains is counted anew: the second half of a word may be more tokens than it was in the word.
    """
    while start < end:
        seen = min(end, start + _WINDOW * limit)
        spans = token_spans(text[start:seen])
        edge = seen if len(spans) <= limit else max(start + 1, start + spans[limit][0])
        yield start, edge, min(limit, len(spans))
        start = edge


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


def _followed(packed: Iterator[list[_Piece]], section: Section) -> Iterator[tuple[list[_Piece], int]]:
    """Each run with the position where the next begins, or the section ends."""
    runs = list(packed)
    return zip(runs, [*(run[0][0] for run in runs[1:]), section.end], strict=False)


def _passage(document: Document, section: Section, run: list[_Piece], following: int) -> Passage:
    start, end = run[0][0], run[-1][1]
    text = document.text[start:end]
    edges = [left for left, _, _ in run[1:]] + [following]
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
    found = (key for mark in marks if start < mark.position <= edge for key in mark.keys)
    return tuple(dict.fromkeys(found))
