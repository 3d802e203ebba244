"""Who may do what: access keys and their roles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.errors import KeyNeeded, NotAllowed
from api.pace import Pace
from api.service import Service
from corpus.catalogue import keys
from corpus.catalogue.keys import Role

COOKIE = "sequitur_key"
"""Where a browser keeps the key that was typed into the sign-in page."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the id of the key and its role. Where no keys are asked for, id "" may do everything."""

    id: str
    name: str
    role: Role | None

    def may(self, *roles: Role) -> bool:
        return self.role is None or self.role in roles


ANYBODY = Caller("", "", None)


def service_of(request: Request) -> Service:
    """The service that a request is made to."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


def key_text(request: Request) -> str:
    """The key that a request brings: as a bearer token, else in the cookie of the sign-in page; "" for none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")


def caller(request: Request) -> Caller:
    """Who makes a request; KeyNeeded without a valid key where keys are asked for, TooMany when it asks too often.

    Without a valid key the address is counted, so that keys cannot be guessed at leisure.
    """
    pace: Pace = request.app.state.pace
    address = request.client.host if request.client else ""
    if not request.app.state.keys_asked:
        pace.count(address)
        return ANYBODY
    service, text = service_of(request), key_text(request)
    found = keys.recognise(service.catalogue, text, service.now()) if text else None
    pace.count(address if found is None else found.id)
    if found is None:
        told = "this key is not known, or was revoked" if text else "no key came with the request"
        raise KeyNeeded(f"{told}; send one as: Authorization: Bearer sq_…")
    request.scope["caller"] = found.id
    return Caller(found.id, found.name, found.role)


def allowed(*roles: Role) -> Callable[[Caller], Caller]:
    """A dependency that lets callers of some roles through."""

    def check(who: Annotated[Caller, Depends(caller)]) -> Caller:
        if not who.may(*roles):
            wanted = " or ".join(roles)
            raise NotAllowed(f"this key is of the role {who.role}; this is for the role {wanted}")
        return who

    return check


clinician = allowed(*Role)
operator = allowed(Role.OPERATOR)
evaluator = allowed(Role.EVALUATOR, Role.OPERATOR)

Serving = Annotated[Service, Depends(service_of)]
Asker = Annotated[Caller, Depends(clinician)]
Operator = Annotated[Caller, Depends(operator)]
Evaluator = Annotated[Caller, Depends(evaluator)]
"""What routes take as parameters."""
