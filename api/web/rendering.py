"""Pages from templates: everything foreign escaped, nothing inline, so that the strict policy of the site holds."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.access import COOKIE, Caller
from api.web.assets import url_of
from assistant.evaluation.report.wording import legible
from assistant.policy import disclaimer
from corpus.catalogue.keys import Role

HEADERS = {"Referrer-Policy": "same-origin"}
"""With "no-referrer" browsers send a form of our own with the origin "null", as if it came from elsewhere."""

ASIDE = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"}
"""Puts what went wrong where an open page tells it, whatever part of itself it asked for."""


_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # whatever language the server speaks


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation; `current` is "page" on it, "true" on a page that belongs to it, else ""."""

    label: str
    href: str
    current: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html.j2 reads, whatever the page."""

    links: tuple[Link, ...]
    signed_in: bool
    disclaimer: str


def page(request: Request, who: Caller | None, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page; `who` decides what the navigation offers, None when nobody is known to be there."""
    text = _environment().get_template(template).render(shell=_shell(request, who), **values)
    return HTMLResponse(text, status, HEADERS)


def fragment(template: str, **values: object) -> str:
    """A part of a page, to be put into one that is open."""
    return _environment().get_template(template).render(**values)


def part(template: str, status: int = 200, headers: dict[str, str] | None = None, **values: object) -> HTMLResponse:
    """A fragment as a response to htmx."""
    return HTMLResponse(fragment(template, **values), status, HEADERS | (headers or {}))


def is_htmx(request: Request) -> bool:
    """Whether an open page asks for a part, rather than a browser for a page."""
    return request.headers.get("hx-request") == "true"


def _shell(request: Request, who: Caller | None) -> Shell:
    entries = [("Library", "/"), ("Ask", "/ask")]
    if who is not None and who.may(Role.OPERATOR):
        entries.append(("Operator", "/operator"))
    if who is not None and who.may(Role.OPERATOR, Role.EVALUATOR):
        entries.append(("Evaluator", "/evaluator"))
    path = request.url.path
    links = tuple(Link(label, href, _current(path, href)) for label, href in entries)
    signed_in = who is not None and bool(who.id) and COOKIE in request.cookies
    return Shell(links, signed_in, disclaimer().text)


def _current(path: str, href: str) -> str:
    below = "/articles/" if href == "/" else f"{href}/"
    return "page" if path == href else "true" if path.startswith(below) else ""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_legible,
    )
    environment.globals["static"] = url_of
    environment.filters |= {"day": day, "sentence": sentence}
    return environment


def day(written: str) -> str:
    """A date or time of ISO 8601 as "22 November 2026"; anything else as it is."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return written
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def sentence(told: str) -> str:
    """What an error says, as a sentence of its own."""
    return f"{told[:1].upper()}{told[1:]}{'' if told.endswith(('.', '?', '!')) else '.'}"


def _legible(value: object) -> object:
    """What an expression of a template gives: foreign text without what a page cannot hold. Markup is ours."""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
