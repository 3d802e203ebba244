"""Where questions are answered: one snapshot, what was barred since it was built, and a record of what was said."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import numpy as np

from api.retention import oldest_kept
from api.schemas import AnswerOut
from api.settings import Settings
from api.site_rules import site_rules
from api.thresholds import calibrated
from assistant.answer import Answer, Citation, Outcome, Stage
from assistant.identifiers import identifiers
from assistant.pipeline import Assistant, unobserved
from assistant.question import Question
from assistant.rules import Rules
from assistant.suggestions import openers
from corpus.catalogue import answers, conversations
from corpus.catalogue.answers import CitedSpan, Given
from corpus.catalogue.database import Catalogue
from corpus.errors import NoConversation
from corpus.types import Document
from indexer.encoder import Encoder
from indexer.snapshot import Snapshot

_SEARCHED = (Outcome.ANSWERED, Outcome.CONFLICTING_EVIDENCE, Outcome.INSUFFICIENT_EVIDENCE)
"""What is stopped before any search rests on nothing, and may hold what must not be kept."""


@dataclass(frozen=True, slots=True)
class Request:
    """All that decides an answer, beside the snapshot and the program."""

    question: Question
    rules: Rules


@dataclass(frozen=True, slots=True)
class Keeping:
    """For whom an answer is kept: the key that asked, the conversation whose next turn it is, and whether at all.

    `may_keep` is asked when the answer is there: whoever asked may have been told by then that it took too long.
    """

    owner: str = ""
    conversation: str = ""
    may_keep: Callable[[], bool] = lambda: True


KEPT, UNKEPT = Keeping(), Keeping(may_keep=lambda: False)


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
        self._settings = settings
        self._enough = calibrated(settings.home, encoder.identity)
        self._software = software
        self._clock = clock

    def answer(
        self, question: Question, begins: Callable[[Stage], None] = unobserved, keeping: Keeping = KEPT
    ) -> Answer:
        """The answer; kept unless it was stopped before any search or the conversation holds identifiers.

        What is barred is asked for each time: a conversation may go on while a retraction arrives.
        """
        rules = self._rules()
        assistant = Assistant(self._snapshot, self._encoder, software=self._software, rules=rules)
        given = assistant.answer(question, begins)
        searched = given.outcome in _SEARCHED and not _identifies(question)
        if searched and self._settings.answer_days and keeping.may_keep():
            with suppress(NoConversation):  # deleted while its question was answered: then its answer goes with it
                self._keep(Request(question, rules), given, keeping)
        return given

    def openers(self, article: Document) -> tuple[str, ...]:
        """Questions to begin with on an article of the snapshot."""
        return openers(article, self._snapshot, self._encoder, self._rules())

    def _rules(self) -> Rules:
        return site_rules(self._settings, self._catalogue, self._snapshot.manifest, self._enough)

    def _keep(self, asked: Request, given: Answer, keeping: Keeping) -> None:
        request = msgspec.json.encode(asked).decode()
        body = AnswerOut.of(given).model_dump_json()
        kept = Given(
            given.id, given.created, self._snapshot.id, given.outcome, request, body, self._cited(given), keeping.owner
        )
        with self._catalogue.writing() as connection:
            answers.keep(connection, kept)
            if keeping.conversation:
                conversations.append(connection, keeping.conversation, given.id, given.created)
            answers.remove_older(connection, oldest_kept(self._settings.answer_days, self._clock()))

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
    """Whether anything that would be kept identifies a patient, an emergency told earlier included."""
    earlier = (text for turn in question.history for text in (turn.text, turn.read_as))
    return any(map(identifiers, (question.text, question.read_as or "", *earlier)))
