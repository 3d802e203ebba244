"""Pages as parsed trees, and what none of them may hold."""

import re
from collections.abc import Iterator

from fastapi.testclient import TestClient
from httpx2 import Response
from lxml.html import HtmlElement, document_fromstring, fragments_fromstring

ADDRESSES = ("href", "src", "action", "hx-get", "hx-post", "formaction", "poster", "data")
_SAFE = re.compile(r"https://|/(?!/)|#|\?")
_EVALUATED = ("hx-on", "hx-vals", "hx-headers")
"""Attributes of htmx that can hold scripts."""


def page(client: TestClient, path: str, status: int = 200, **headers: str) -> HtmlElement:
    """A page that holds nothing it may not hold."""
    return tree(client.get(path, headers={"accept": "text/html", **headers}), status)


def tree(response: Response, status: int = 200) -> HtmlElement:
    """The tree of a response that is a page."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "same-origin"
    found = document_fromstring(response.text)
    assert found.get("lang") == "en"
    assert_clean(found)
    return found


def parts(text: str) -> list[HtmlElement]:
    """The elements of a fragment that holds nothing it may not hold."""
    found = [one for one in fragments_fromstring(text) if isinstance(one, HtmlElement)]
    for one in found:
        assert_clean(one)
    return found


def assert_clean(root: HtmlElement) -> None:
    """No script or style inline, nothing that the policy of the site forbids, no address that runs or leads astray."""
    for one in elements(root):
        assert one.tag not in ("style", "iframe", "object", "embed", "base"), one.tag
        assert one.tag != "script" or (one.get("src", "").startswith("/static/") and not one.text)
        for name, value in one.attrib.items():
            assert name != "style", value
            assert not str(name).startswith(("on", *_EVALUATED)), name
            assert name not in ADDRESSES or _SAFE.match(value), f"{name}={value}"
        if one.get("href", "").startswith("https:"):
            assert "noopener" in one.get("rel", "")


def addresses(root: HtmlElement) -> Iterator[str]:
    """Every address in a page."""
    for one in elements(root):
        yield from (value for name, value in one.attrib.items() if name in ADDRESSES)


def elements(root: HtmlElement) -> Iterator[HtmlElement]:
    """Every element, the root with them."""
    return (one for one in root.iter() if isinstance(one.tag, str))


def said(root: HtmlElement, selector: str) -> list[str]:
    """What the elements of a CSS class, id or tag say, white space and joiners aside."""
    return [text(one) for one in chosen(root, selector)]


def chosen(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements of a tag, a ".class" or an "#id"."""
    if selector.startswith("."):
        return [one for one in elements(root) if selector[1:] in one.get("class", "").split()]
    if selector.startswith("#"):
        return [one for one in elements(root) if one.get("id") == selector[1:]]
    return [one for one in elements(root) if one.tag == selector]


def text(one: HtmlElement) -> str:
    """The text of an element."""
    return " ".join(str(one.text_content()).replace("\u2060", "").split())
