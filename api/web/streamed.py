"""An answer as it comes into an open page: server-sent fragments, the disclaimer first."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import Future
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from api.access import Caller
from api.answering import Stopwatch
from api.logs import log_fault
from api.problems import fault, problem_of, request_id
from api.routes.answers import note
from api.service import Service
from api.streaming import Stages, event, stages_until
from api.web.conversation import Place, forgotten, settled
from api.web.rendering import fragment
from api.web.wording import STAGES, WAITING
from assistant.answer import Answer, Outcome
from assistant.policy import disclaimer
from corpus.errors import SequiturError


@dataclass(frozen=True, slots=True)
class Streamed:
    """One question whose answer streams into the conversation of an open page, into a place named by `token`."""

    request: Request
    service: Service
    who: Caller
    place: Place
    question: str
    token: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def parts(self, submitted: Future[Answer], stages: Stages, watch: Stopwatch) -> AsyncIterator[bytes]:
        """The question with the disclaimer, each stage, the answer; then the event `settled` for the page's script.

        It tells in which conversation it goes on, and whether the question is to be left in the box.
        """
        yield self._part("begun", question=self.question, disclaimer=disclaimer().text, told=WAITING)
        done = asyncio.ensure_future(self.service.result(submitted))
        name, problem = request_id(self.request), None
        try:
            async for stage in stages_until(done, stages):
                yield KEEPALIVE_COMMENT if stage is None else self._part("stage", told=STAGES[stage])
            given = await done
            note(self.request, given, watch)
            place, view = await run_in_threadpool(settled, self.service, self.who, self.place, given)
            yield self._part("settled", answer=view, place=place)
            yield _settled(place, leave=view.outcome == Outcome.PATIENT_IDENTIFIERS)
        except SequiturError as error:
            problem = problem_of(error, name)
        except Exception:  # the page is open and waits, so that it is told of a fault as well
            log_fault(name)
            problem = fault(name)
        finally:
            done.cancel()
        if problem is not None:
            place = await run_in_threadpool(forgotten, self.service, self.place)
            yield self._part("failed", told=problem.detail)
            yield _settled(place, leave=True)

    def _part(self, name: str, **values: object) -> bytes:
        return format_sse_event(data_str=fragment(f"asking/{name}.html.j2", token=self.token, **values))


def _settled(place: Place, *, leave: bool) -> bytes:
    return event("settled", json.dumps({"conversation": place.conversation, "page": place.page, "leave": leave}))
