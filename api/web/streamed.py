"""An answer as it comes into an open page: server-sent fragments, the disclaimer first."""

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass, field

from fastapi.concurrency import run_in_threadpool
from fastapi.sse import format_sse_event

from api.access import Caller
from api.events import event
from api.problems import Problem
from api.service import Service
from api.web.conversation import Place, forgotten, settled
from api.web.rendering import fragment
from api.web.wording import STAGES, WAITING
from assistant.answer import Answer, Outcome, Stage
from assistant.policy import disclaimer
from corpus.errors import SequiturError


@dataclass(frozen=True, slots=True)
class Streamed:
    """One question whose answer streams into the conversation of an open page, into a place named by `token`.

    What comes ends with the event `settled` for the page's script: in which conversation it goes on, and whether the
    question is to be left in the box.
    """

    service: Service
    who: Caller
    place: Place
    question: str
    token: str = field(default_factory=lambda: uuid.uuid4().hex)

    def opening(self) -> bytes:
        return self._part("begun", question=self.question, disclaimer=disclaimer().text, told=WAITING)

    def stage(self, stage: Stage) -> bytes:
        return self._part("stage", told=STAGES[stage])

    async def settled(self, given: Answer) -> list[bytes]:
        place, view = await run_in_threadpool(settled, self.service, self.who, self.place, given)
        told = self._part("settled", answer=view, place=place)
        return [told, _settled(place, leave=view.outcome == Outcome.PATIENT_IDENTIFIERS)]

    async def failed(self, problem: Problem) -> list[bytes]:
        place = self.place
        with suppress(SequiturError):  # a catalogue that is away: the page is told of the failure all the same
            place = await run_in_threadpool(forgotten, self.service, self.place)
        return [self._part("failed", told=problem.detail), _settled(place, leave=True)]

    def _part(self, name: str, **values: object) -> bytes:
        return format_sse_event(data_str=fragment(f"asking/{name}.html.j2", token=self.token, **values))


def _settled(place: Place, *, leave: bool) -> bytes:
    return event("settled", json.dumps({"conversation": place.conversation, "page": place.page, "leave": leave}))
