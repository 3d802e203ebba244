"""One question over HTTP: through the queue, timed, counted, logged without its text, told whole or as it comes."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT
from opentelemetry import trace

from api.desk import Desk, Keeping
from api.logs import told
from api.metrics import Metrics
from api.problems import noted
from api.service import Service, Work
from api.streaming import MEDIA_TYPE, Rendering, Stages, unless_gone
from assistant.answer import Answer, Stage
from assistant.pipeline import unobserved
from assistant.question import Question

_TRACER = trace.get_tracer("sequitur")

CLIENT_GONE = 499
"""What the log and the metrics tell of a client that did not wait; nobody receives it (as nginx writes it)."""


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
    """A question that waits in the queue or is being answered, and the request that it came with."""

    request: Request
    service: Service
    work: Work[Answer]
    watch: Stopwatch
    stages: Stages

    @classmethod
    def begin(
        cls, request: Request, service: Service, ask: Callable[[Desk], Question], owner: str, conversation: str = ""
    ) -> "Answering":
        """Put a question into the queue, made when its turn comes; Overloaded when the queue is full.

        As it is made then, a follow-up sees the answer that was still being given when it was sent.
        """
        stages, given_up = Stages.here(), threading.Event()
        watch = Stopwatch(stages.begins)
        keeping = Keeping(owner, conversation, may_keep=lambda: not given_up.is_set())
        metrics: Metrics = request.app.state.metrics
        work = service.submit(lambda: _answered(service, metrics, ask, watch, keeping), given_up)
        return cls(request, service, work, watch, stages)

    async def answer(self) -> Answer | None:
        """The whole answer; None when whoever asked is gone, and then a question that still waits is not answered."""
        given = await unless_gone(self.request, self.service.result(self.work))
        if given is not None:
            self._note(given)
        return given

    def streamed(self, rendering: Rendering) -> StreamingResponse:
        """The answer as it comes. Whoever goes takes a question that still waits out of the queue."""
        return StreamingResponse(self._parts(rendering), media_type=MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})

    async def _parts(self, rendering: Rendering) -> AsyncIterator[bytes]:
        done = asyncio.ensure_future(self.service.result(self.work))
        try:
            yield rendering.opening()
            async for stage in self.stages.until(done):
                yield KEEPALIVE_COMMENT if stage is None else rendering.stage(stage)
            given = await done
            self._note(given)
            for part in await rendering.settled(given):
                yield part
        except Exception as error:  # the response has begun: a fault can only be told within it
            for part in await rendering.failed(noted(self.request, error)):
                yield part
        finally:
            done.cancel()

    def _note(self, given: Answer) -> None:
        """Add to the log line of the request what became of its question."""
        told(self.request.scope).update(
            outcome=given.outcome,
            snapshot=given.provenance.snapshot,
            stages={stage: round(1000 * taken, 1) for stage, taken in self.watch.taken.items()},
        )


def _answered(
    service: Service, metrics: Metrics, ask: Callable[[Desk], Question], watch: Stopwatch, keeping: Keeping
) -> Answer:
    began = time.perf_counter()
    with _TRACER.start_as_current_span("answer") as span, service.desk() as desk:
        answer = desk.answer(ask(desk), watch.begins, keeping)
        watch.ends()
        span.set_attributes({"sequitur.outcome": answer.outcome, "sequitur.snapshot": answer.provenance.snapshot})
        span.set_attributes({f"sequitur.seconds.{stage}": taken for stage, taken in watch.taken.items()})
    for stage, taken in watch.taken.items():
        metrics.stage_seconds.labels(stage).observe(taken)
    metrics.answers.labels(answer.outcome).inc()
    metrics.answer_seconds.observe(time.perf_counter() - began)
    return answer
