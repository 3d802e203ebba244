"""One question over HTTP: through the queue, timed by stage, counted, logged without its text."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from opentelemetry import trace

from api.desk import Desk
from api.metrics import Metrics
from api.service import Service
from assistant.answer import Answer, Stage
from assistant.pipeline import unobserved
from assistant.question import Question

_TRACER = trace.get_tracer("sequitur")


@dataclass
class Stopwatch:
    """How long each stage took, in seconds; `observed` is told each stage as it begins."""

    observed: Callable[[Stage], None] = unobserved
    taken: dict[Stage, float] = field(default_factory=dict)
    _now: Stage | None = None
    _began: float = 0.0

    def begins(self, stage: Stage) -> None:
        """A stage begins, and the one before has ended."""
        self.ends()
        self._now, self._began = stage, time.perf_counter()
        self.observed(stage)

    def ends(self) -> None:
        """All is done."""
        if self._now is not None:
            self.taken[self._now] = time.perf_counter() - self._began
            self._now = None


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers questions for requests, and tells the metrics."""

    service: Service
    metrics: Metrics

    def submit(
        self, ask: Callable[[Desk], Question], watch: Stopwatch, owner: str = "", conversation: str = ""
    ) -> Future[Answer]:
        """Put a question into the queue, made when its turn comes; Overloaded when the queue is full.

        As it is made then, a follow-up sees the answer that was still being given when it was sent.
        """
        return self.service.submit(lambda: self._answer(ask, watch, owner, conversation))

    def _answer(self, ask: Callable[[Desk], Question], watch: Stopwatch, owner: str, conversation: str) -> Answer:
        began = time.perf_counter()
        with _TRACER.start_as_current_span("answer") as span, self.service.desk() as desk:
            answer = desk.answer(ask(desk), watch.begins, owner=owner, conversation=conversation)
            watch.ends()
            span.set_attributes({"sequitur.outcome": answer.outcome, "sequitur.snapshot": answer.provenance.snapshot})
            span.set_attributes({f"sequitur.seconds.{stage}": taken for stage, taken in watch.taken.items()})
        for stage, taken in watch.taken.items():
            self.metrics.stage_seconds.labels(stage).observe(taken)
        self.metrics.answers.labels(answer.outcome).inc()
        self.metrics.answer_seconds.observe(time.perf_counter() - began)
        return answer
