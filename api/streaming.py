"""An answer as server-sent events: the disclaimer first, then stages, statements, and the whole answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.types import Receive

from api.logs import log_fault
from api.problems import Problem, fault, problem_of
from api.schemas import AnswerOut
from api.service import Service
from assistant.answer import Answer, Stage
from assistant.policy import disclaimer
from corpus.errors import SequiturError

Result = TypeVar("Result")

SECONDS_OF_SILENCE = 10.0
"""After which a comment is sent: what stands between the two may take a silent connection for a dead one."""

MEDIA_TYPE = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of an answer, told by the thread that works on it, read by the request that waits for it."""

    queue: "asyncio.Queue[Stage]"
    loop: asyncio.AbstractEventLoop

    @classmethod
    def here(cls) -> "Stages":
        """For the running loop."""
        return cls(asyncio.Queue(), asyncio.get_running_loop())

    def begins(self, stage: Stage) -> None:
        """For the working thread; whoever asked may be gone, and its loop closed."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.queue.put_nowait, stage)


async def stages_until(done: "asyncio.Future[Answer]", stages: Stages) -> AsyncIterator[Stage | None]:
    """Each stage as it begins, None after some seconds of silence, until the answer is there."""
    while True:
        stage = asyncio.ensure_future(stages.queue.get())
        try:
            await asyncio.wait((stage, done), timeout=SECONDS_OF_SILENCE, return_when=asyncio.FIRST_COMPLETED)
        finally:
            began = stage.result() if stage.done() else None
            stage.cancel()
        if began is None and done.done():
            return
        yield began


async def events(
    submitted: Future[Answer],
    stages: Stages,
    service: Service,
    request_id: str,
    ended: Callable[[Answer], None],
) -> AsyncIterator[bytes]:
    """`disclaimer`, `stage`…, `caution` when due, `statement`…, then `answer`; a `problem` when it fails midway.

    `ended` is told the answer before it leaves. Whoever goes takes the question out of the queue.
    """
    done = asyncio.ensure_future(service.result(submitted))
    try:
        yield event("disclaimer", json.dumps({"disclaimer": disclaimer().text}))
        async for stage in stages_until(done, stages):
            yield KEEPALIVE_COMMENT if stage is None else event("stage", json.dumps({"stage": stage}))
        answer = await done
        ended(answer)
        for part in _settled(AnswerOut.of(answer)):
            yield part
    except SequiturError as error:
        yield _told(problem_of(error, request_id))
    except Exception:  # the response has begun, so that it is answered as a fault is
        log_fault(request_id)
        yield _told(fault(request_id))
    finally:
        done.cancel()


async def unless_gone(request: Request, awaited: Coroutine[Any, Any, Result]) -> Result | None:
    """What is awaited; None when whoever asked for it is gone, and then it is given up."""
    done, gone = asyncio.ensure_future(awaited), asyncio.ensure_future(_gone(request.receive))
    try:
        await asyncio.wait((done, gone), return_when=asyncio.FIRST_COMPLETED)
        return await done if done.done() else None
    finally:
        done.cancel()
        gone.cancel()


async def _gone(receive: Receive) -> None:
    """Ends when the client's connection does; its request has been read."""
    while (await receive())["type"] != "http.disconnect":
        pass


def event(name: str, data: str) -> bytes:
    """One event; `data` may have several lines."""
    return format_sse_event(event=name, data_str=data)


def _told(problem: Problem) -> bytes:
    return event("problem", problem.model_dump_json(exclude_defaults=True))


def _settled(answer: AnswerOut) -> list[bytes]:
    caution = [] if answer.caution is None else [event("caution", json.dumps({"caution": answer.caution}))]
    statements = [event("statement", statement.model_dump_json()) for statement in answer.statements]
    return [*caution, *statements, event("answer", answer.model_dump_json())]
