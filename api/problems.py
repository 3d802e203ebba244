"""Our exceptions → HTTP status and public message, one table, as problem details (RFC 9457)."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.errors import (
    BadSetting,
    BuildRunning,
    GateRefused,
    IdentifiersNoticed,
    KeyNeeded,
    NoAnswer,
    NoPassage,
    NoRun,
    NotAllowed,
    NothingKept,
    Overloaded,
    TooMany,
    TooSlow,
    UnknownFormat,
    UnreadableRun,
)
from api.logs import log_fault
from assistant.errors import InvalidQuestion, UnknownArticle
from assistant.evaluation.errors import BadRun, EvaluationError
from corpus.catalogue.jobs import UnknownJob
from corpus.errors import (
    CatalogueError,
    CatalogueUnavailable,
    NoConversation,
    ReviewRefused,
    SequiturError,
    UnknownDocument,
)
from indexer.errors import IndexerError, LiveChanged, NoSnapshot, SnapshotIsLive

MEDIA_TYPE = "application/problem+json"
SECONDS_TO_RETRY = 5
"""When to try again after what may pass by itself, where nothing better is known."""


class FieldProblem(BaseModel):
    """What is wrong with one field; the value is not repeated, for it may be a question's text."""

    pointer: str = Field(examples=["/question"])
    detail: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(examples=["urn:sequitur:problem:invalid-question"])
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldProblem] = []


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, name and title; without a `detail` of its own it tells the error's message."""

    status: int
    name: str
    title: str
    detail: str | None = None


FAULT = Kind(500, "fault", "Something went wrong", "This is a fault of the program; tell the operator the request id.")
KINDS: dict[type[SequiturError], Kind] = {
    UnknownArticle: Kind(404, "unknown-article", "There is no such article"),
    InvalidQuestion: Kind(422, "invalid-question", "The question cannot be taken as it is"),
    NoAnswer: Kind(404, "no-answer", "No such answer is kept", "It was not kept, was deleted, or its time is over."),
    NoConversation: Kind(404, "no-conversation", "There is no such conversation"),
    NoPassage: Kind(404, "no-passage", "There is no such passage"),
    UnknownFormat: Kind(422, "unknown-format", "There is no such format"),
    NothingKept: Kind(409, "nothing-kept", "This site keeps no answers"),
    IdentifiersNoticed: Kind(422, "identifiers", "Details that identify a patient are not kept"),
    UnknownDocument: Kind(404, "unknown-document", "There is no such document"),
    ReviewRefused: Kind(409, "review-refused", "The review rules do not allow this step"),
    BuildRunning: Kind(409, "build-running", "A build is running already"),
    UnknownJob: Kind(404, "unknown-job", "There is no such job"),
    NoRun: Kind(404, "no-run", "There is no such run"),
    UnreadableRun: Kind(409, "unreadable-run", "The run cannot be read"),
    BadRun: Kind(409, "bad-run", "The runs cannot be looked at like this"),
    GateRefused: Kind(409, "gate-refused", "The quality gate did not let the snapshot go live"),
    NoSnapshot: Kind(404, "no-snapshot", "There is no such snapshot", "See the list of snapshots."),
    LiveChanged: Kind(409, "live-changed", "Another snapshot became live meanwhile"),
    SnapshotIsLive: Kind(409, "snapshot-is-live", "The snapshot is live"),
    KeyNeeded: Kind(401, "key-needed", "A valid key is needed"),
    NotAllowed: Kind(403, "not-allowed", "The key does not have the role that is needed"),
    Overloaded: Kind(503, "overloaded", "Too many questions wait"),
    TooMany: Kind(429, "too-many", "Too many requests"),
    TooSlow: Kind(503, "too-slow", "The answer took too long"),
    CatalogueUnavailable: Kind(503, "catalogue-unavailable", "The catalogue does not answer", "Try again later."),
    CatalogueError: Kind(409, "catalogue", "The catalogue cannot do what was asked"),
    IndexerError: Kind(503, "index", "The index cannot be read", "The operator has to look at it."),
    EvaluationError: Kind(500, "evaluation", "The run cannot be read", "The operator has to look at it."),
    BadSetting: Kind(500, "configuration", "The service is not set up rightly", "The operator has to look at it."),
    SequiturError: FAULT,
}
"""The nearest class in an exception's hierarchy decides; what stands here under no name of its own is a fault."""

_TITLES = {404: "There is nothing here", 405: "This method is not served here", 413: "The request is too large"}


def kind_of(error: SequiturError) -> Kind:
    """The kind of problem an error is."""
    return next(KINDS[one] for one in type(error).__mro__ if one in KINDS)


def problem_of(error: SequiturError, request_id: str) -> Problem:
    """The problem details of an error of ours."""
    kind = kind_of(error)
    detail = str(error) if kind.detail is None else kind.detail
    return _problem(kind.status, kind.name, kind.title, detail, request_id)


def fault(request_id: str) -> Problem:
    """The problem details of what nobody foresaw."""
    return problem_of(SequiturError(), request_id)


def response(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """Problem details as a response."""
    return JSONResponse(problem.model_dump(exclude_defaults=True), problem.status, headers, MEDIA_TYPE)


def request_id(request: Request) -> str:
    """The id under which a request stands in the log."""
    return str(request.scope.get("request_id", ""))


def noted(request: Request, error: Exception) -> Problem:
    """The problem details of what ended a request: logged when it is a fault, counted when it may pass by itself."""
    known = error if isinstance(error, SequiturError) else SequiturError()
    problem = problem_of(known, request_id(request))
    if problem.status == 500:
        log_fault(problem.request_id)
    if problem.status in (429, 503):
        request.app.state.metrics.refused.labels(kind_of(known).name).inc()
    return problem


async def on_error(request: Request, error: Exception) -> JSONResponse:
    """An error of ours, told as the table says."""
    problem, headers = noted(request, error), dict[str, str]()
    if problem.status == 503:
        headers["Retry-After"] = str(SECONDS_TO_RETRY)
    if isinstance(error, Overloaded | TooMany):
        headers["Retry-After"] = str(error.seconds)
    if isinstance(error, KeyNeeded):
        headers["WWW-Authenticate"] = "Bearer"
    return response(problem, headers)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """A body or parameter that does not fit; names the fields, never their values."""
    assert isinstance(error, RequestValidationError)
    problem = _problem(422, "invalid-request", "The request does not fit", "See errors.", request_id(request))
    fields = [FieldProblem(pointer=_pointer(one["loc"]), detail=str(one["msg"])) for one in error.errors()]
    return response(problem.model_copy(update={"errors": fields}))


async def on_http(request: Request, error: Exception) -> JSONResponse:
    """What the framework refuses by itself: no such path, no such method, a body that is no text or no JSON."""
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # as for JSON that breaks off, which it tells by on_invalid
        unread = "The body cannot be read as what it is said to be."
        return response(_problem(422, "invalid-request", "The request does not fit", unread, request_id(request)))
    title = _TITLES.get(error.status_code, "The request cannot be served")
    problem = _problem(error.status_code, "http", title, str(error.detail), request_id(request))
    return response(problem, dict(error.headers or {}))


async def on_failure(request: Request, error: Exception) -> JSONResponse:
    """What nobody foresaw: the log knows where it happened, the asker only under which id."""
    del error
    return response(fault(request_id(request)))


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route may answer with, for its OpenAPI page."""
    named = {kind.status: kind.title for kind in reversed(KINDS.values())}
    named |= {422: "The request does not fit"} | _TITLES
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": named.get(status, "Problem"), "content": content} for status in statuses}


def _problem(status: int, name: str, title: str, detail: str, request_id: str) -> Problem:
    return Problem(
        type=f"urn:sequitur:problem:{name}", title=title, status=status, detail=detail, request_id=request_id
    )


def _pointer(location: tuple[Any, ...] | list[Any]) -> str:
    return "/" + "/".join(str(part) for part in location if part != "body")
