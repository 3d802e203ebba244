"""The Answer as JSON, as an evaluator reads it: measures judge what other programs get, not objects of this one."""

import msgspec

from assistant.answer import Outcome
from assistant.evaluation.case import Fact
from corpus.types import ReviewStatus


class ToldCitation(msgspec.Struct, frozen=True):
    n: int
    source_id: str
    passage_id: str
    start: int
    end: int
    quote: str
    supports: str
    review_status: str
    via: tuple[str, ...] = ()


class ToldStatement(msgspec.Struct, frozen=True):
    text: str
    section: tuple[str, ...]
    citations: tuple[ToldCitation, ...]


class ToldSource(msgspec.Struct, frozen=True):
    n: int
    id: str
    title: str
    year: int | None
    evidence_type: str
    review_status: str
    source_status: str
    reference: str = ""


class ToldRelated(msgspec.Struct, frozen=True):
    passage_id: str
    source_id: str
    title: str
    section: tuple[str, ...]
    text: str
    review_status: str


class Told(msgspec.Struct, frozen=True):
    """The fields of an answer that are judged or shown in a report; the rest of the JSON is passed over."""

    question: str
    read_as: str
    outcome: Outcome
    message: str | None
    statements: tuple[ToldStatement, ...]
    sources: tuple[ToldSource, ...]
    related: tuple[ToldRelated, ...]
    caution: str | None
    disclaimer: str
    confidence: float | None = None

    @property
    def cited(self) -> frozenset[str]:
        """Ids of the sources that are cited, directly or as what an article cites."""
        citations = (citation for statement in self.statements for citation in statement.citations)
        return frozenset(source for citation in citations for source in (citation.source_id, *citation.via))

    @property
    def caution_is_due(self) -> bool:
        """Whether anything that is cited, listed as a source or offered to read is not approved."""
        shown = {citation.review_status for statement in self.statements for citation in statement.citations}
        shown.update(source.review_status for source in self.sources)
        shown.update(related.review_status for related in self.related)
        return not shown <= {ReviewStatus.APPROVED}

    def saying(self, fact: Fact) -> int | None:
        """The number (from 1) of the first statement that says a fact on its own; None when none does."""
        return next((n for n, one in enumerate(self.statements, start=1) if fact.is_in(one.text)), None)


def read_told(body: bytes) -> Told:
    """An answer from its JSON."""
    return msgspec.json.decode(body, type=Told)


class Verified(msgspec.Struct, frozen=True):
    """What a citation turned out to be when its snapshot was looked up, whatever the answer says of it.

    `span` is the text of the cited document at the cited offsets, None when passage or offsets are not there.
    `numbered`: the source list of the answer holds its number for its source alone, and every `via`.
    `attributed`: `via` names the works that the source itself cites for the span, all and no others; True without a
    span, where there is nothing to compare.
    `withdrawn`: ids of cited sources, `via` included, that are no evidence (retracted, a notice, or barred since).
    """

    statement: int
    n: int
    span: str | None
    numbered: bool
    withdrawn: tuple[str, ...] = ()
    attributed: bool = True
