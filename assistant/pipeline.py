"""Question → Answer: the steps in order."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.answer import Answer, Outcome, Provenance, Related, Source, Stage, Statement
from assistant.citing import cite, glossary
from assistant.conflict import conflicting
from assistant.errors import UnknownArticle
from assistant.evidence import Evidence, gather
from assistant.extractive import GENERATOR, draft
from assistant.followup import Reading, resolve
from assistant.grounding import ground
from assistant.policy import caution, disclaimer
from assistant.question import Question, Turn
from assistant.refusal import message, outcome_without_evidence, related
from assistant.rules import Rules
from assistant.suggestions import suggest
from assistant.triage import Triage, triage, triage_by_wording
from corpus.types import Document, DocumentKind
from indexer.encoder import Encoder
from indexer.search import Query, make_queries
from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _Parts:
    """What becomes an Answer, before it has an id and a time."""

    outcome: Outcome
    message: str | None = None
    statements: tuple[Statement, ...] = ()
    sources: tuple[Source, ...] = ()
    related: tuple[Related, ...] = ()
    suggestions: tuple[str, ...] = ()
    retrieved: frozenset[str] = frozenset()
    confidence: float | None = None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _new_id() -> str:
    return str(uuid.uuid4())


def unobserved(stage: Stage) -> None:
    """Nobody wants to know which stage begins."""
    del stage


class Assistant:
    """Answers questions from one snapshot. The clock and the ids are the only things that vary."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        *,
        software: str,
        rules: Rules = Rules(),
        now: Callable[[], str] = _now,
        new_id: Callable[[], str] = _new_id,
    ) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._software = software
        self._rules = rules
        self._now = now
        self._new_id = new_id

    def answer(self, question: Question, begins: Callable[[Stage], None] = unobserved) -> Answer:
        """The answer, whatever its outcome; raises InvalidQuestion for what cannot be asked at all.

        `begins` is told each stage as it begins.
        """
        begins(Stage.TRIAGE)
        article = self._article(question.article_id)
        typed = [question.text, *([question.read_as] if question.read_as else [])]
        stopped = next(filter(None, map(triage, typed)), None)
        if stopped is not None:
            return self._leave(question, question.text, _Parts(stopped.outcome, stopped.message))
        begins(Stage.READING)
        reading = self._read(question, article)
        begins(Stage.ENCODING)
        texts = dict.fromkeys((reading.text, *typed))
        query, *others = make_queries(list(texts), self._snapshot, self._encoder)
        stopped = self._triage_by_wording([one for one in (query, *others) if one.text in typed])
        if stopped is not None:
            return self._leave(question, question.text, _Parts(stopped.outcome, stopped.message))
        begins(Stage.SEARCHING)
        evidence = gather(query, article, reading.carried, self._snapshot, self._rules)
        begins(Stage.STATING)
        if not evidence.sufficiency.sufficient:
            return self._leave(question, reading.text, self._refuse(question, evidence))
        return self._leave(question, reading.text, self._state(question, reading, evidence))

    def _triage_by_wording(self, queries: Sequence[Query]) -> Triage | None:
        """Nothing is searched before this; the question's vector serves the search as well."""
        found = (triage_by_wording(one.text, one.vector, self._encoder.identity) for one in queries)
        return next(filter(None, found), None)

    def _article(self, article_id: str | None) -> Document | None:
        if article_id is None:
            return None
        article = self._snapshot.document(article_id)
        if article is None:
            known = [d.id for d in self._snapshot.store.documents() if d.kind is DocumentKind.ARTICLE][:20]
            raise UnknownArticle(
                f"no article {article_id!r} in snapshot {self._snapshot.id}; it holds: {', '.join(known) or 'none'}"
            )
        return article

    def _read(self, question: Question, article: Document | None) -> Reading:
        subject = article.work.title if article is not None else ""
        return resolve(question, subject, self._snapshot.vocabulary, self._snapshot.lexical.rarity)

    def _refuse(self, question: Question, evidence: Evidence) -> _Parts:
        outcome = outcome_without_evidence(question, self._snapshot, self._encoder)
        told, near = message(outcome, evidence, self._snapshot), related(outcome, evidence)
        return _Parts(outcome, told, related=near, confidence=evidence.sufficiency.probability)

    def _state(self, question: Question, reading: Reading, evidence: Evidence) -> _Parts:
        passages = {hit.passage.id: hit.passage for hit in evidence.hits}
        grounded = ground(draft(evidence), passages)
        statements, sources = cite(grounded, evidence, self._snapshot)
        outcome = Outcome.CONFLICTING_EVIDENCE if conflicting(reading.text, grounded, evidence) else Outcome.ANSWERED
        cited = [(one.passage.document_id, one.passage.section) for one in grounded]
        before = [question.text, reading.text, *(turn.text for turn in question.history)]
        offers = suggest(evidence, cited, before, self._snapshot, self._encoder, self._rules)
        confidence = evidence.sufficiency.probability
        return _Parts(outcome, None, statements, sources, (), offers, frozenset(passages), confidence)

    def _leave(self, question: Question, read_as: str, parts: _Parts) -> Answer:
        return Answer(
            id=self._new_id(),
            created=self._now(),
            question=question.text,
            read_as=read_as,
            audience=question.audience,
            outcome=parts.outcome,
            message=parts.message,
            statements=parts.statements,
            sources=parts.sources,
            related=parts.related,
            suggestions=parts.suggestions,
            glossary=glossary(parts.statements, question.audience, self._snapshot.vocabulary),
            provenance=self._provenance(),
            retrieved=parts.retrieved,
            confidence=parts.confidence,
        )

    def _provenance(self) -> Provenance:
        encoder = self._encoder.identity
        rules, least = self._rules, self._rules.least
        basis = (disclaimer().digest, caution().digest, str(least), rules.barred, rules.enough)
        return Provenance(
            snapshot=self._snapshot.id,
            encoder=f"{encoder.name}@{encoder.revision[:12]}",
            generator=GENERATOR,
            prompt=None,
            policy=f"{least}@{hashlib.sha256(repr(basis).encode()).hexdigest()[:16]}",
            disclaimer_version=disclaimer().version,
            software=self._software,
        )


def turn_of(answer: Answer) -> Turn:
    """An answer as part of the history of the next question."""
    passages = dict.fromkeys(c.passage_id for statement in answer.statements for c in statement.citations)
    return Turn(answer.question, answer.read_as, tuple(passages), answer.suggestions)
