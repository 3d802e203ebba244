"""An answer as server-sent events for programs: the disclaimer first, then stages, statements, and the whole answer."""

import json

from fastapi.sse import format_sse_event

from api.problems import Problem
from api.schemas import AnswerOut
from assistant.answer import Answer, Stage
from assistant.policy import disclaimer


class Events:
    """`disclaimer`, `stage`…, `caution` when due, `statement`…, then `answer`; a `problem` when it fails midway."""

    def opening(self) -> bytes:
        return event("disclaimer", json.dumps({"disclaimer": disclaimer().text}))

    def stage(self, stage: Stage) -> bytes:
        return event("stage", json.dumps({"stage": stage}))

    async def settled(self, given: Answer) -> list[bytes]:
        answer = AnswerOut.of(given)
        caution = [] if answer.caution is None else [event("caution", json.dumps({"caution": answer.caution}))]
        statements = [event("statement", statement.model_dump_json()) for statement in answer.statements]
        return [*caution, *statements, event("answer", answer.model_dump_json())]

    async def failed(self, problem: Problem) -> list[bytes]:
        return [event("problem", problem.model_dump_json(exclude_defaults=True))]


def event(name: str, data: str) -> bytes:
    """One event; `data` may have several lines."""
    return format_sse_event(event=name, data_str=data)
