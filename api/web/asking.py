"""Asking on a page: the answer streams into an open page, or comes with the next one where no scripts run."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Asker, Caller, Serving
from api.answering import CLIENT_GONE, Answering
from api.conversing import Asked, question_of
from api.errors import Overloaded, TooSlow
from api.problems import kind_of
from api.service import Service
from api.web.conversation import Box, Place, conversation_deleted, forgotten, opened, settled
from api.web.places import within
from api.web.rendering import ASIDE, HEADERS, is_htmx, part
from api.web.showing import audience_of, show
from api.web.streamed import Streamed
from assistant.errors import InvalidQuestion
from assistant.question import check_text
from corpus.errors import SequiturError

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]
Id = Annotated[str, Form(max_length=64)]
_NOT_TAKEN = (InvalidQuestion, Overloaded, TooSlow)
"""What leaves the question in the box, to be sent again."""


@router.get("/ask")
def blank(
    request: Request, service: Serving, who: Asker, conversation: Annotated[str, Query(max_length=64)] = ""
) -> HTMLResponse:
    """The page for questions about no article in particular."""
    return show(request, service, who, Place(None, conversation))


@router.post("/ask")
async def ask(
    request: Request, service: Serving, who: Asker, question: Text = "", read_as: Text = "", conversation: Id = ""
) -> Response:
    """Ask about no article in particular."""
    return await _ask(request, service, who, Place(None, conversation), question, read_as)


@router.post("/articles/{article_id}/ask")
async def ask_on(
    article_id: str,
    request: Request,
    service: Serving,
    who: Asker,
    question: Text = "",
    read_as: Text = "",
    conversation: Id = "",
) -> Response:
    """Ask about an article."""
    return await _ask(request, service, who, Place(article_id, conversation), question, read_as)


@router.post("/conversations/delete")
def delete(service: Serving, who: Asker, conversation: Id, next: Text = "/") -> RedirectResponse:
    """Delete a conversation with its questions and answers."""
    conversation_deleted(service, who, conversation)
    return RedirectResponse(within(next), 303)


async def _ask(request: Request, service: Service, who: Caller, place: Place, question: str, read_as: str) -> Response:
    try:
        for text in (question, *([read_as] if read_as else [])):
            check_text(text)
        return await _answered(request, service, who, place, question, read_as)
    except _NOT_TAKEN as error:
        return await run_in_threadpool(_not_taken, request, service, who, place, question, error)


async def _answered(
    request: Request, service: Service, who: Caller, place: Place, question: str, read_as: str
) -> Response:
    audience = audience_of(request)
    begun = await run_in_threadpool(opened, service, who, place, audience)
    wanted = Asked(question, begun.article_id, begun.conversation or None, audience, read_as or None)
    try:
        answering = Answering.begin(
            request, service, lambda _: question_of(wanted, service.catalogue, who.id), who.id, begun.conversation
        )
        if is_htmx(request):
            return answering.streamed(Streamed(service, who, begun, question))
        given = await answering.answer()
    except SequiturError:
        await run_in_threadpool(forgotten, service, begun)
        raise
    if given is None:
        return Response(status_code=CLIENT_GONE)
    after, view = await run_in_threadpool(settled, service, who, begun, given)
    if view.is_kept:
        return RedirectResponse(f"{after.page}#answer-{view.id}", 303, HEADERS)
    return await run_in_threadpool(show, request, service, who, after, lambda found: found.with_unkept(view, question))


def _not_taken(
    request: Request, service: Service, who: Caller, place: Place, question: str, error: SequiturError
) -> HTMLResponse:
    """The same page with the question still in the box, or the reason alone for a page that is open."""
    status = kind_of(error).status
    if is_htmx(request):
        return part("problem.html.j2", status, ASIDE, told=str(error))

    def left(found: Box) -> Box:
        return found.left(question, str(error))

    return show(request, service, who, place, left, status)
