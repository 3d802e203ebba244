"""What an answer under way is told by: stages as they begin, and whether the one who asked is still there."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from fastapi import Request
from starlette.types import Receive

from api.problems import Problem
from assistant.answer import Answer, Stage

Result = TypeVar("Result")

SECONDS_OF_SILENCE = 10.0
"""After which a comment is sent: what stands between the two may take a silent connection for a dead one."""

MEDIA_TYPE = "text/event-stream"


class Rendering(Protocol):
    """How an answer is told to one kind of client, as the bytes of server-sent events."""

    def opening(self) -> bytes:
        """What is told before anything is answered: the disclaimer."""

    def stage(self, stage: Stage) -> bytes:
        """That a stage begins."""

    async def settled(self, given: Answer) -> list[bytes]:
        """The answer."""

    async def failed(self, problem: Problem) -> list[bytes]:
        """That there will be no answer."""


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

    async def until(self, done: "asyncio.Future[Answer]") -> AsyncIterator[Stage | None]:
        """Each stage as it begins, None after some seconds of silence, until the answer is there."""
        while True:
            stage = asyncio.ensure_future(self.queue.get())
            try:
                await asyncio.wait((stage, done), timeout=SECONDS_OF_SILENCE, return_when=asyncio.FIRST_COMPLETED)
            finally:
                began = stage.result() if stage.done() else None
                stage.cancel()
            if began is None and done.done():
                return
            yield began


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
