"""One JSON line on standard error for each request: what was asked of which route, never the text of a question."""

import json
import logging
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics

LOGGER = logging.getLogger("sequitur")
UNKNOWN = "unknown"


class JsonLines(logging.Formatter):
    """A record as one line of JSON. Of an exception its kind and places are told: its message may hold a question.

    So may what libraries write, whose words are told as they stand in their code, and of several lines the first.
    """

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = record.getMessage() if record.name == LOGGER.name else str(record.msg).partition("\n")[0]
        line: dict[str, Any] = {"time": when, "level": record.levelname.lower(), "event": event}
        line |= getattr(record, "fields", {})
        if record.exc_info is not None and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["places"] = [
                f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line)


def log(event: str, **fields: Any) -> None:
    """Write a line; fields hold ids, names and numbers, never what somebody typed."""
    LOGGER.info(event, extra={"fields": fields})


def log_fault(request_id: str) -> None:
    """Write where the exception that is being handled came from."""
    LOGGER.exception("fault", extra={"fields": {"request_id": request_id}})


def told(scope: Scope) -> dict[str, Any]:
    """What a route adds to the line of its request."""
    fields: dict[str, Any] = scope.setdefault("told", {})
    return fields


class Logged:
    """Logs and counts every request under the template of its route, when its response has ended."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began, fields = 0, time.perf_counter(), told(scope)

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, seen)
        except Exception:
            log_fault(scope.get("request_id", ""))
            status = status or 500
            raise
        finally:
            self._count(scope, status, time.perf_counter() - began, fields)

    def _count(self, scope: Scope, status: int, taken: float, fields: dict[str, Any]) -> None:
        route = getattr(scope.get("route"), "path", UNKNOWN)
        method = scope["method"] if scope["method"] in _METHODS else UNKNOWN
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(taken)
        log(
            "request",
            request_id=scope.get("request_id"),
            method=method,
            route=route,
            status=status,
            ms=round(1000 * taken, 1),
            **({"key": scope["caller"]} if "caller" in scope else {}),
            **fields,
        )


_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS TRACE".split())


def to_standard_error() -> None:
    """Let the program's log lines, and the warnings of all it is made of, go to standard error as JSON.

    All others too: what a library writes of an exception by itself may hold a question.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.getLogger().handlers = [handler]
    for name, level in (("", logging.WARNING), ("sequitur", logging.INFO), ("uvicorn", logging.WARNING)):
        logging.getLogger(name).setLevel(level)
