"""One case, asked: the conversation before it, the question twice, and what its citations turn out to be."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from assistant.answer import Answer, Stage
from assistant.evaluation.case import Case
from assistant.evaluation.measures import judge
from assistant.evaluation.record import Answered, RankedQuery, ReadTurn
from assistant.evaluation.sets import FollowupTurn
from assistant.evaluation.support import SupportCheck
from assistant.evaluation.told import read_told
from assistant.evaluation.verifying import verify
from assistant.followup import resolve
from assistant.pipeline import Assistant, turn_of
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Question, Turn
from assistant.rules import Rules
from indexer.encoder import Encoder
from indexer.search import make_queries, search
from indexer.snapshot import Snapshot

PASSAGES = 100
"""Passages searched for a query; documents are ranked by their best one."""
FOUND = 10
"""Passages of a follow-up that are compared with those of its resolved form."""

AnswerAsJson = Callable[[Answer], bytes]
"""The public JSON of an answer; given by whoever defines it."""


@dataclass(frozen=True, slots=True)
class Examiner:
    """Asks the cases of a suite of one snapshot."""

    snapshot: Snapshot
    encoder: Encoder
    rules: Rules
    software: str
    as_json: AnswerAsJson
    support: SupportCheck

    def answered(self, suite: str, case: Case) -> Answered:
        """The case, asked after the questions before it; asked again to see whether it answers the same."""
        assistant = Assistant(
            self.snapshot, self.encoder, software=self.software, rules=self.rules, now=lambda: "", new_id=lambda: ""
        )
        question = _question(assistant, case)
        watch = _Stopwatch()
        body = self.as_json(assistant.answer(question, watch.begins))
        seconds = watch.seconds()
        again = self.as_json(assistant.answer(question))
        told = read_told(body)
        verified = verify(told, self.snapshot, self.rules)
        supported = judge(case, told, verified, self.support).supported
        return Answered(suite, case, msgspec.Raw(body), body == again, seconds, verified, supported)

    def ranked(self, suite: str, query_id: str, text: str, relevant: dict[str, int]) -> RankedQuery:
        """The documents that a query finds, by their best passage."""
        started = time.perf_counter()
        (query,) = make_queries([text], self.snapshot, self.encoder)
        hits = search(query, self.snapshot, PASSAGES)
        seconds = time.perf_counter() - started
        found = dict.fromkeys(hit.passage.document_id for hit in hits)
        return RankedQuery(suite, query_id, text, tuple(found), relevant, seconds)

    def read(self, suite: str, turn: FollowupTurn) -> ReadTurn:
        """A turn read in its context; earlier turns are read by us too, in order."""
        history: tuple[Turn, ...] = ()
        for earlier in turn.history[-MAX_TURNS:]:
            text = earlier[:MAX_CHARACTERS]
            history = (*history, Turn(text, self._reading(text, history)))
        raw = turn.raw[:MAX_CHARACTERS]
        started = time.perf_counter()
        reading = self._reading(raw, history)
        seconds = time.perf_counter() - started
        return ReadTurn(
            suite=suite,
            id=turn.id,
            tags=turn.tags,
            history=turn.history,
            raw=raw,
            resolved=turn.resolved,
            reading=reading,
            found_raw=self._found(raw),
            found_resolved=self._found(turn.resolved),
            found_reading=self._found(reading),
            seconds=seconds,
        )

    def _reading(self, text: str, history: tuple[Turn, ...]) -> str:
        return resolve(Question(text, history), "", self.snapshot.vocabulary, self.snapshot.lexical.rarity).text

    def _found(self, text: str) -> tuple[str, ...]:
        (query,) = make_queries([text], self.snapshot, self.encoder)
        return tuple(hit.passage.id for hit in search(query, self.snapshot, FOUND))


def asked(assistant: Assistant, case: Case) -> Answer:
    """The answer to a case after the questions before it."""
    return assistant.answer(_question(assistant, case))


def _question(assistant: Assistant, case: Case) -> Question:
    history: tuple[Turn, ...] = ()
    for earlier in case.history:
        history = (*history, turn_of(assistant.answer(Question(earlier, history, case.article, case.audience))))
    return Question(case.question, history, case.article, case.audience)


class _Stopwatch:
    """Seconds by stage; a stage ends where the next begins."""

    def __init__(self) -> None:
        self._began: list[tuple[str, float]] = []

    def begins(self, stage: Stage) -> None:
        self._began.append((str(stage), time.perf_counter()))

    def seconds(self) -> dict[str, float]:
        ends = [*(began for _, began in self._began[1:]), time.perf_counter()]
        stages = {name: end - began for (name, began), end in zip(self._began, ends, strict=True)}
        return stages | {"all": ends[-1] - self._began[0][1]}
