"""The HTTP service: routes, what every request passes, and how errors are told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from api.cds import routes as cds
from api.chat import routes as chat
from api.guard import Bounded, Headed, SameSite
from api.logs import Logged
from api.metrics import Metrics
from api.pace import Pace
from api.problems import Problem
from api.routes import (
    answers,
    conversations,
    evaluation,
    health,
    library,
    operation,
    operation_review,
)
from api.service import Service
from api.web import errors, evaluator, operator, operator_snapshots, pages
from corpus.errors import SequiturError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_DESCRIPTION = (
    "Answers to follow-up questions on vetted medical articles, every statement cited with the sentence that supports "
    "it. For healthcare professionals. Every answer carries the professional disclaimer; in a stream it comes first. "
    "Errors are problem details (RFC 9457)."
)
ROUTERS = (
    *(answers.router, conversations.router, library.router, health.router),
    *(operation.router, operation_review.router, evaluation.router),
    *(chat.router, cds.router),
    *(*pages.ROUTERS, operator.router, operator_snapshots.router, evaluator.router),
)


def create_app(service: Service, *, keys_asked: bool) -> FastAPI:
    """The application. Without keys it may be reached under loopback names alone; `service` is closed with it."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(service.close)

    app = FastAPI(
        title="Sequitur",
        version=service.software.rpartition(" ")[2],
        description=_DESCRIPTION,
        lifespan=running,
        docs_url=None,  # the built-in pages load scripts from elsewhere
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.state.service, app.state.metrics, app.state.keys_asked = service, Metrics(), keys_asked
    app.state.pace = Pace(service.settings.serving.rate)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(SequiturError, errors.on_error)
    app.add_exception_handler(RequestValidationError, errors.on_invalid)
    app.add_exception_handler(HTTPException, errors.on_http)
    _add_guards(app, service, keys_asked)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _add_guards(app: FastAPI, service: Service, keys_asked: bool) -> None:
    """The last one added is the first one passed."""
    serving = service.settings.serving
    app.add_middleware(Bounded)
    if serving.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=serving.origins, allow_methods=["GET", "POST", "DELETE"], allow_headers=["*"]
        )
    hosts = serving.hosts or (() if keys_asked else LOOPBACK)
    app.add_middleware(SameSite, hosts=hosts, origins=serving.origins, behind_proxy=keys_asked)
    app.add_middleware(Logged, metrics=app.state.metrics)
    app.add_middleware(Headed, on_failure=errors.on_failure)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description of all routes; problem details take the place of the framework's own error."""
    if not app.openapi_schema:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
        )
        known = schema["components"]["schemas"]
        known["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        known |= known["Problem"].pop("$defs", {})
        for name in ("HTTPValidationError", "ValidationError"):
            known.pop(name, None)
        for operation in (one for path in schema["paths"].values() for one in path.values()):
            if "HTTPValidationError" in str(operation["responses"].get("422")):  # it tells this in a way of its own
                del operation["responses"]["422"]
        schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{"key": []}, {}]
        app.openapi_schema = schema
    return app.openapi_schema
