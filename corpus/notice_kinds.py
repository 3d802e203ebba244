"""What each kind of notice makes of the work it is about, and what it is itself: one table for every source."""

import re
from collections.abc import Mapping

from corpus.types import SourceStatus

NOTICE_KINDS: Mapping[str, SourceStatus | None] = {
    "retraction": SourceStatus.RETRACTED,
    "withdrawal": SourceStatus.RETRACTED,
    "removal": SourceStatus.RETRACTED,
    # Some of the work no longer stands, and no notice says in a form a program could read which part. A sentence
    # quoted from it may be one of those, so none is evidence.
    "partial_retraction": SourceStatus.RETRACTED,
    "expression_of_concern": SourceStatus.EXPRESSION_OF_CONCERN,
    # A work is corrected whoever erred, author or publisher; ERRATUM is what the text of the notice is.
    "correction": SourceStatus.CORRECTED,
    "corrigendum": SourceStatus.CORRECTED,
    "erratum": SourceStatus.CORRECTED,
    "reinstatement": SourceStatus.CURRENT,
    # These add to a work and take nothing back.
    "addendum": None,
    "clarification": None,
    "new_edition": None,
    "new_version": None,
}
"""None is a kind that says nothing about the work's status. A kind that is not here is to be reported, not guessed."""

OF_THE_NOTICE: Mapping[SourceStatus, SourceStatus] = {
    SourceStatus.RETRACTED: SourceStatus.RETRACTION_NOTICE,
    SourceStatus.EXPRESSION_OF_CONCERN: SourceStatus.EXPRESSION_OF_CONCERN,
    SourceStatus.CORRECTED: SourceStatus.ERRATUM,
}
"""By what it makes of the work: what the publication that announces it is."""

_PLAIN = frozenset(("retraction", "expression_of_concern", "correction", "reinstatement"))


def kind_in(written: str) -> str:
    """A kind as the table has it: "Expression of concern" and "expression-of-concern" are one."""
    return re.sub(r"[\s_-]+", "_", written.strip().lower())


def reason_of(kind: str) -> str:
    """What to say of a notice whose status alone would hide what it was ("partial retraction"), or ""."""
    return "" if kind in _PLAIN else kind.replace("_", " ")
