"""Errors for people: on pages a calm page with the request's id, everywhere else the problem details."""

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api import problems
from api.errors import KeyNeeded
from api.problems import Problem
from api.web.rendering import ASIDE, is_htmx, page, part, sentence

_FOR_PROGRAMS = ("/v1/", "/metrics", "/healthz", "/readyz", "/cds-services", "/static/")


async def on_error(request: Request, error: Exception) -> Response:
    """An error of ours. Who has to sign in is led there, and back afterwards."""
    if isinstance(error, KeyNeeded) and for_people(request):
        return _to_sign_in(request)
    return _told(request, await problems.on_error(request, error))


async def on_invalid(request: Request, error: Exception) -> Response:
    """A form or address that does not fit."""
    return _told(request, await problems.on_invalid(request, error))


async def on_http(request: Request, error: Exception) -> Response:
    """No such page, no such method."""
    return _told(request, await problems.on_http(request, error))


async def on_failure(request: Request, error: Exception) -> Response:
    """What nobody foresaw."""
    return _told(request, await problems.on_failure(request, error))


def for_people(request: Request) -> bool:
    """Whether a browser asks for a page, or an open page for a part of itself."""
    takes_pages = is_htmx(request) or "text/html" in request.headers.get("accept", "")
    return takes_pages and not request.url.path.startswith(_FOR_PROGRAMS)


def _told(request: Request, response: Response) -> Response:
    if not for_people(request):
        return response
    problem = Problem.model_validate_json(bytes(response.body))
    headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    if is_htmx(request):
        return part("problem.html.j2", problem.status, headers | ASIDE, told=_in_a_line(problem))
    shown = page(request, None, "error.html.j2", problem.status, problem=problem)
    shown.headers.update(headers)
    return shown


def _to_sign_in(request: Request) -> Response:
    came = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = f"/sign-in?{urlencode({'next': came if request.method == 'GET' else '/'})}"
    if is_htmx(request):
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    return RedirectResponse(target, 303)


def _in_a_line(problem: Problem) -> str:
    return f"{sentence(problem.title)} {sentence(problem.detail)}"
