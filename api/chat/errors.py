"""Problems in the shape and with the status that OpenAI's clients read."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api import problems
from api.chat.schemas import ErrorBodyOut, ErrorOut
from api.problems import Problem
from corpus.errors import SequiturError

_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
_CODES = {
    (401, "key-needed"): "invalid_api_key",
    (404, "http"): "model_not_found",
    (429, "too-many"): "rate_limit_exceeded",
}
"""Words that OpenAI's clients look for, by status and kind of problem; all others are the kinds' own names."""


class OpenAIRoute(APIRoute):
    """A route whose errors have the shape and the status that OpenAI's clients read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except SequiturError as error:
                return _translated(await problems.on_error(request, error))
            except RequestValidationError as error:
                return _translated(await problems.on_invalid(request, error))
            except HTTPException as error:
                return _translated(await problems.on_http(request, error))

        return handle


def error_of(problem: Problem) -> ErrorOut:
    """A problem as OpenAI's clients read one."""
    status, name = _status(problem), problem.type.rpartition(":")[2]
    fields = [
        (one.pointer.strip("/").replace("/", "."), one.detail.removeprefix("Value error, ")) for one in problem.errors
    ]
    told = "; ".join(f"{field}: {detail}" if field else detail for field, detail in fields) or problem.detail
    body = ErrorBodyOut(
        message=told,
        type=_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error"),
        param=(fields[0][0] or None) if fields else None,
        code=_CODES.get((status, name), name.replace("-", "_")),
    )
    return ErrorOut(error=body)


def _translated(response: JSONResponse) -> JSONResponse:
    problem = Problem.model_validate_json(bytes(response.body))
    headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return JSONResponse(error_of(problem).model_dump(), _status(problem), headers)


def _status(problem: Problem) -> int:
    """What is wrong with a request is 400 there, never 422."""
    return 400 if problem.status == 422 else problem.status
