"""Where questions are answered: one snapshot, what was barred since it was built, and a record of what was said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from api.schemas import AnswerOut
from api.settings import Settings
from api.thresholds import calibrated
from assistant.answer import Answer, Citation, Outcome
from assistant.pipeline import Assistant
from assistant.question import Question
from assistant.rules import Rules
from assistant.triage import triage
from corpus.catalogue import answers
from corpus.catalogue.answers import CitedSpan, Given
from corpus.catalogue.database import Catalogue
from corpus.standing import barred_since
from indexer.encoder import Encoder
from indexer.snapshot import Snapshot

_SEARCHED = (Outcome.ANSWERED, Outcome.CONFLICTING_EVIDENCE, Outcome.INSUFFICIENT_EVIDENCE)
"""What is stopped before any search rests on nothing, and may hold what must not be kept."""


@dataclass(frozen=True, slots=True)
class Request:
    """All that decides an answer, beside the snapshot and the program."""

    question: Question
    rules: Rules


class Desk:
    """Answers questions from one snapshot and keeps the answers for replay and recall, as long as the site chooses."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        catalogue: Catalogue,
        settings: Settings,
        software: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._catalogue = catalogue
        self._least_status = settings.least_status
        self._enough = calibrated(settings.home, encoder.identity)
        self._days = settings.answer_days
        self._software = software
        self._clock = clock

    def answer(self, question: Question) -> Answer:
        """The answer; kept unless it was stopped before any search or the conversation holds identifiers.

        What is barred is asked for each time: a conversation may go on while a retraction arrives.
        """
        barred = barred_since(self._catalogue, self._snapshot.manifest.created)
        rules = Rules(self._least_status, barred, self._enough)
        assistant = Assistant(self._snapshot, self._encoder, software=self._software, rules=rules)
        given = assistant.answer(question)
        if self._days and given.outcome in _SEARCHED and not _identifies(question):
            self._keep(Request(question, rules), given)
        return given

    def _keep(self, asked: Request, given: Answer) -> None:
        request = msgspec.json.encode(asked).decode()
        body = AnswerOut.of(given).model_dump_json()
        kept = Given(given.id, given.created, self._snapshot.id, given.outcome, request, body, self._cited(given))
        oldest = self._clock() - timedelta(days=self._days)
        with self._catalogue.writing() as connection:
            answers.keep(connection, kept)
            answers.remove_older(connection, oldest.isoformat(timespec="seconds"))

    def _cited(self, given: Answer) -> tuple[CitedSpan, ...]:
        spans = (
            span
            for number, statement in enumerate(given.statements)
            for citation in statement.citations
            for span in (self._own(number, citation), *_by_way_of(number, citation))
        )
        return tuple(spans)

    def _own(self, statement: int, cited: Citation) -> CitedSpan:
        row = self._snapshot.store.row_of(cited.passage_id)
        assert row is not None
        (passage,) = self._snapshot.passages(np.array([row]))
        return CitedSpan(
            statement, cited.source_id, cited.passage_id, cited.start, cited.end, cited.quote, passage.text
        )


def _by_way_of(statement: int, cited: Citation) -> Iterator[CitedSpan]:
    return (CitedSpan(statement, source_id, "", 0, 0, "", "") for source_id in cited.via)


def _identifies(question: Question) -> bool:
    texts = (question.text, question.read_as or "", *(turn.text for turn in question.history))
    stopped = (triage(text) for text in texts if text)
    return any(one is not None and one.outcome is Outcome.PATIENT_IDENTIFIERS for one in stopped)
