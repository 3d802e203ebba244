"""Past answers and what they rest on: is what they cite still there, still said, still evidence?"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.catalogue.answers import CitedSpan, Given
from corpus.sentences import split_sentences
from corpus.types import Document, SourceStatus
from indexer.snapshot import Snapshot


class Standing(StrEnum):
    """How a citation stands, from the least to the most serious."""

    INTACT = "intact"
    PASSAGE_CHANGED = "passage changed"
    CORRECTED = "corrected"
    CONCERN = "expression of concern"
    QUOTE_GONE = "quoted text gone"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Touched:
    """A citation of a past answer, and how it stands now."""

    answer_id: str
    created: str
    span: CitedSpan
    standing: Standing


Find = Callable[[str], Document | None]
"""A document by its id, None when it is not there or was withdrawn."""

_GRAVITY = tuple(Standing)
_UNCUT = 300
"""Characters of a sentence that fits into a passage, however short its words are."""
_BY_STATUS = {
    SourceStatus.RETRACTED: Standing.RETRACTED,
    SourceStatus.RETRACTION_NOTICE: Standing.RETRACTED,
    SourceStatus.EXPRESSION_OF_CONCERN: Standing.CONCERN,
    SourceStatus.CORRECTED: Standing.CORRECTED,
    SourceStatus.ERRATUM: Standing.CORRECTED,
}


def standing(span: CitedSpan, cited_by: Iterable[str], find: Find) -> Standing:
    """How a citation stands among the documents that `find` gives.

    `cited_by` are the ids of what the same statement cites directly: their reference lists tell of works that are
    cited by way of them and not held.
    """
    document = find(span.document_id)
    if not span.passage_id:
        own = document.source_status if document else SourceStatus.CURRENT
        return max((_of_status(status) for status in (own, *_listed(span, cited_by, find))), key=_GRAVITY.index)
    if document is None:
        return Standing.WITHDRAWN
    return max(_of_status(document.source_status), _of_text(span, document), key=_GRAVITY.index)


def between(answers: Iterable[Given], before: Snapshot, after: Snapshot) -> Iterator[Touched]:
    """The citations of past answers that stand worse in one snapshot than in another."""
    for one, span, cited_by in _citations(answers):
        was, now = (standing(span, cited_by, snapshot.document) for snapshot in (before, after))
        if _GRAVITY.index(now) > _GRAVITY.index(was):
            yield Touched(one.id, one.created, span, now)


def of_documents(answers: Iterable[Given], document_ids: frozenset[str], find: Find) -> Iterator[Touched]:
    """How every citation of some documents stands."""
    for one, span, cited_by in _citations(answers):
        if span.document_id in document_ids:
            yield Touched(one.id, one.created, span, standing(span, cited_by, find))


def _citations(answers: Iterable[Given]) -> Iterator[tuple[Given, CitedSpan, tuple[str, ...]]]:
    for one in answers:
        for span in one.cited:
            direct = (s.document_id for s in one.cited if s.statement == span.statement and s.passage_id)
            yield one, span, tuple(direct)


def _listed(span: CitedSpan, cited_by: Iterable[str], find: Find) -> Iterator[SourceStatus]:
    for document_id in cited_by:
        citing = find(document_id)
        for reference in citing.references if citing else ():
            if span.document_id in (reference.document_id, f"{document_id}:{reference.key}"):
                yield reference.source_status


def _of_status(status: SourceStatus) -> Standing:
    return _BY_STATUS.get(status, Standing.INTACT)


def _of_text(span: CitedSpan, document: Document) -> Standing:
    if _says(document.text, span.passage, _first(span.passage_id)):
        return Standing.INTACT
    return Standing.PASSAGE_CHANGED if _says(document.text, span.quote, span.start) else Standing.QUOTE_GONE


def _says(text: str, said: str, place: int) -> bool:
    """Whether something is still said, as sentences of its own: "5 mg a day." is not what "15 mg a day." says."""
    return any(
        _is_whole(text, *found.span(), may_be_cut=found.start() == place)
        for found in re.finditer(re.escape(said), text)
    )


def _is_whole(text: str, start: int, end: int, *, may_be_cut: bool) -> bool:
    """Whether a span begins where a sentence of the lines around it begins, and ends where one ends.

    Chunking cuts sentences that are longer than a passage, so that at its old place a span may lie within one.
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    spans = split_sentences(text[first : last if last >= 0 else len(text)])
    around = ((first + left, first + right) for left, right in spans)
    cut = [right - left > _UNCUT for left, right in around if start < right and end > left] if may_be_cut else []
    return (start - first in {left for left, _ in spans} or any(cut[:1])) and (
        end - first in {right for _, right in spans} or any(cut[-1:])
    )


def _first(passage_id: str) -> int:
    """Where a passage began in its document, as its id says (see `corpus.types.passage_id`)."""
    return int(passage_id.rpartition("#")[2].partition("-")[0])
