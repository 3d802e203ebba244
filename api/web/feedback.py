"""Whether an answer helped, said on its page."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access import Asker, Serving
from api.errors import IdentifiersNoticed
from api.problems import kind_of
from api.routes.answers import MAX_REASON, keep_feedback, own
from api.web.places import within
from api.web.rendering import is_htmx, page, part


@dataclass(frozen=True, slots=True)
class Said:
    """What feedback.html.j2 reads: thanks, or a reason that was not kept and why. `page` is where one came from."""

    id: str
    reason: str
    problem: str | None
    page: str


router = APIRouter(include_in_schema=False)


@router.post("/answers/{answer_id}/feedback")
def say(
    answer_id: str,
    request: Request,
    service: Serving,
    who: Asker,
    helpful: Annotated[bool, Form()],
    reason: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> HTMLResponse:
    """Keep what a reader thought, and thank; a reason that cannot be kept stays in its field to be said otherwise."""
    own(service, answer_id, who)
    problem, status = None, 200
    if len(reason) > MAX_REASON:
        problem, status = f"The reason has {len(reason)} characters; say it in at most {MAX_REASON}.", 422
    else:
        try:
            keep_feedback(service, answer_id, helpful, reason.strip())
        except IdentifiersNoticed as error:
            problem, status = str(error), kind_of(error).status
    said = Said(answer_id, reason, problem, within(next))
    if is_htmx(request):
        return part("asking/feedback.html.j2", status, said=said)
    return page(request, who, "feedback.html.j2", status, said=said)
