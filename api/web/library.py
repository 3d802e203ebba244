"""The library, an article, the editorial policy, and for whom pages are worded."""

from dataclasses import replace
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from markdown_it import MarkdownIt
from markupsafe import Markup

from api.access import Asker, Serving
from api.errors import Overloaded, TooSlow
from api.service import Service
from api.web.article_view import entries
from api.web.conversation import Place
from api.web.places import within
from api.web.rendering import page, part
from api.web.showing import AUDIENCE, show
from api.web.standing import Standing
from assistant.question import Audience

router = APIRouter(include_in_schema=False)

_YEAR = 365 * 24 * 3600


@router.get("/")
def library(
    request: Request, service: Serving, who: Asker, q: Annotated[str, Query(max_length=200)] = ""
) -> HTMLResponse:
    """All articles, or those that hold some words."""
    with service.live.lease() as snapshot:
        found = entries(Standing.now(service, snapshot), q)
    return page(request, who, "library.html.j2", entries=found, wanted=q)


@router.get("/articles/{article_id}")
async def read(
    article_id: str,
    request: Request,
    service: Serving,
    who: Asker,
    conversation: Annotated[str, Query(max_length=64)] = "",
    suggestions: bool = False,
) -> HTMLResponse:
    """An article and the conversation about it. Questions to begin with come later, unless they are asked for."""
    offered = await _openers(service, article_id) if suggestions else None
    place = Place(article_id, conversation)
    return await run_in_threadpool(
        show, request, service, who, place, lambda found: replace(found, openers=() if found.answers else offered)
    )


@router.get("/articles/{article_id}/openers")
async def openers(article_id: str, service: Serving, who: Asker) -> HTMLResponse:
    """Questions to begin with, for an article page that is open."""
    offered = await _openers(service, article_id)
    return part("asking/openers.html.j2", place=Place(article_id), openers=offered)


@router.get("/editorial-policy")
def policy(request: Request, who: Asker) -> HTMLResponse:
    """The editorial policy; the text is the package's own."""
    raw = files("corpus").joinpath("policy", "editorial-policy.md").read_text("utf-8")
    text = MarkdownIt("commonmark", {"html": False}).render(raw.split("---\n", 2)[2])
    return page(request, who, "policy.html.j2", text=Markup(text))


@router.post("/audience")
def choose(audience: Annotated[Audience, Form()], who: Asker, next: Annotated[str, Form()] = "/") -> RedirectResponse:
    """Remember for whom pages are to be worded."""
    response = RedirectResponse(within(next), 303)
    response.set_cookie(AUDIENCE, audience, max_age=_YEAR, httponly=True, samesite="strict")
    return response


async def _openers(service: Service, article_id: str) -> tuple[str, ...] | None:
    """None when too much else is to be done; nobody waits for them."""
    try:
        return await service.result(service.submit(lambda: service.openers(article_id)))
    except (Overloaded, TooSlow):
        return None
