"""The two pages on which is asked: an article, and the page for questions about none."""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.access import Caller
from api.reading import article
from api.service import Service
from api.web.article_view import article_view
from api.web.conversation import Box, Place, box, earlier
from api.web.rendering import page
from api.web.standing import Standing
from api.web.wording import READERS
from assistant.question import Audience

AUDIENCE = "sequitur_audience"
"""The cookie that remembers for whom pages are worded."""


def audience_of(request: Request) -> Audience:
    """For whom pages are worded; clinicians when nothing was chosen."""
    chosen = request.cookies.get(AUDIENCE, "")
    return Audience(chosen) if chosen in set(Audience) else Audience.CLINICIAN


def as_it_is(found: Box) -> Box:
    """Nothing to add to the box."""
    return found


def show(
    request: Request,
    service: Service,
    who: Caller,
    place: Place,
    change: Callable[[Box], Box] = as_it_is,
    status: int = 200,
) -> HTMLResponse:
    """The page of a place with its conversation; UnknownArticle, NoConversation when there is none."""
    with service.live.lease() as snapshot:
        standing, audience = Standing.now(service, snapshot), audience_of(request)
        found = change(box(service, who, place, standing))
        if place.article_id is None:
            before = earlier(service, who)
            return page(request, who, "ask.html.j2", status, box=found, earlier=before, reader=READERS[audience])
        view = article_view(article(snapshot, place.article_id), audience, standing)
        return page(request, who, "article.html.j2", status, article=view, box=found)
