"""How sure the assistant is of every calibration case of a suite, wherever it looked."""

from dataclasses import replace

from assistant.evaluation.asking import asked
from assistant.evaluation.calibrating import Judged
from assistant.evaluation.case import Case, Split, Suite
from assistant.evaluation.errors import BadSuite
from assistant.pipeline import Assistant
from assistant.rules import Rules
from indexer.encoder import Encoder
from indexer.snapshot import Snapshot

NEVER = 2.0
"""No probability reaches it."""


def judged(suite: Suite, snapshot: Snapshot, encoder: Encoder, rules: Rules) -> tuple[Judged, ...]:
    """What the evidence for every calibration case of a suite comes to; cases of other splits are not looked at.

    Cases that are stopped before any search have no threshold to choose. BadSuite when no case is for calibration.
    """
    cases = [case for case in suite.cases if case.split is Split.CALIBRATION]
    if not cases:
        raise BadSuite(f'{suite.name} has no case with "split": "calibration"; thresholds are chosen on no other')
    found = ((case, _confidence(case, snapshot, encoder, rules)) for case in cases)
    return tuple(Judged(value, case.is_answerable) for case, value in found if value is not None)


def _confidence(case: Case, snapshot: Snapshot, encoder: Encoder, rules: Rules) -> float | None:
    """The best confidence of any scope: with nothing enough the widest is judged, with everything the narrowest."""
    found = []
    for enough in (0.0, NEVER):
        assistant = Assistant(snapshot, encoder, software="", rules=replace(rules, enough=enough))
        found.append(asked(assistant, case).confidence)
    return max((one for one in found if one is not None), default=None)
