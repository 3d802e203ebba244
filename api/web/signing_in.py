"""Signing in with an access key, where keys are asked for: a cookie that scripts cannot read holds it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access import COOKIE, Serving
from api.pace import Pace
from api.web.places import within
from api.web.rendering import page
from corpus.catalogue import keys

router = APIRouter(include_in_schema=False)

_UNKNOWN = "This key is not known, or was revoked. Check that it was copied whole; your operator can make another."


@router.get("/sign-in")
def form(request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The page that asks for a key; where none is asked for, it leads on."""
    if not request.app.state.keys_asked:
        return RedirectResponse(within(next), 303)
    return page(request, None, "sign_in.html.j2", next=within(next), problem=None)


@router.post("/sign-in")
def sign_in(
    request: Request, service: Serving, key: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/"
) -> Response:
    """Keep a valid key in the browser. Every attempt counts, so that keys cannot be guessed at leisure."""
    pace: Pace = request.app.state.pace
    pace.count(request.client.host if request.client else "")
    text = key.strip()
    if not text or keys.recognise(service.catalogue, text, service.now()) is None:
        return page(request, None, "sign_in.html.j2", 401, next=within(next), problem=_UNKNOWN)
    response = RedirectResponse(within(next), 303)
    response.set_cookie(COOKIE, text, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")
    return response


@router.post("/sign-out")
def sign_out() -> Response:
    """Forget the key."""
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response
