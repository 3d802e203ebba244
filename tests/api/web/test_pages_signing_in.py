"""Signing in with a key where keys are asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.catalogue.keys import Role
from tests.api.http.small import home_in, key, serving
from tests.api.web.markup import chosen, page, said, text, tree


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[TestClient]:
    """A service that asks for keys."""
    with serving(home_in(tmp_path), keys_asked=True) as client:
        client.follow_redirects = False
        yield client


def sign_in(client: TestClient, text: str, target: str = "/") -> str:
    """Sign in, and give the cookie that came."""
    response = client.post("/sign-in", data={"key": text, "next": target})
    assert (response.status_code, response.headers["location"]) == (303, target)
    return str(response.headers["set-cookie"])


@pytest.mark.parametrize("path", ["/", "/articles/gout?conversation=x", "/ask", "/sources/gout", "/editorial-policy"])
def test_pages_lead_to_signing_in_and_back(guarded: TestClient, path: str) -> None:
    response = guarded.get(path, headers={"accept": "text/html"})
    assert response.status_code == 303
    form = page(guarded, response.headers["location"])
    (wanted,) = [one.get("value") for one in chosen(form, "input") if one.get("name") == "next"]
    assert wanted == path
    sign_in(guarded, key(guarded, "reader"), path)
    assert guarded.get(path, headers={"accept": "text/html"}).status_code in (200, 404)


def test_the_cookie_is_read_by_nobody_else(guarded: TestClient) -> None:
    flags = {part.strip().lower() for part in sign_in(guarded, key(guarded, "reader")).split(";")[1:]}
    assert flags == {"httponly", "path=/", "samesite=strict"}
    with TestClient(guarded.app, base_url="https://127.0.0.1", follow_redirects=False) as secure:
        assert "secure" in sign_in(secure, key(guarded, "other")).lower()


@pytest.mark.parametrize("wrong", ["", "sq_nothing", "<script>alert(1)</script>"])
def test_a_wrong_key_is_told_and_not_repeated(guarded: TestClient, wrong: str) -> None:
    response = guarded.post("/sign-in", data={"key": wrong, "next": "/ask"}, headers={"accept": "text/html"})
    found = tree(response, 401)
    assert "not known" in text(chosen(found, "#key-problem")[0])
    assert not wrong or wrong not in response.text
    assert "set-cookie" not in response.headers


def test_keys_cannot_be_guessed_at_leisure(tmp_path: Path) -> None:
    with serving(home_in(tmp_path), keys_asked=True, rate=3) as client:
        tried = [client.post("/sign-in", data={"key": f"sq_{n}"}, headers={"accept": "text/html"}) for n in range(5)]
        assert [one.status_code for one in tried] == [401, 401, 401, 429, 429]
        assert int(tried[-1].headers["retry-after"]) > 0
        tree(tried[-1], 429)


def test_the_navigation_offers_what_a_role_may_do(guarded: TestClient) -> None:
    offered = {}
    for role in Role:
        sign_in(guarded, key(guarded, role, role))
        (nav,) = [one for one in chosen(page(guarded, "/"), "nav") if "site-nav" in one.get("class", "")]
        offered[role] = said(nav, "a")
        assert said(nav, "button") == ["Sign out"]
    assert offered == {
        Role.CLINICIAN: ["Library", "Ask"],
        Role.EVALUATOR: ["Library", "Ask", "Evaluator"],
        Role.OPERATOR: ["Library", "Ask", "Operator", "Evaluator"],
    }


def test_signing_out_forgets_the_key(guarded: TestClient) -> None:
    sign_in(guarded, key(guarded, "reader"))
    page(guarded, "/")
    assert guarded.post("/sign-out").headers["location"] == "/sign-in"
    assert guarded.get("/", headers={"accept": "text/html"}).status_code == 303


def test_an_open_page_is_led_to_signing_in(guarded: TestClient) -> None:
    told = guarded.post("/ask", data={"question": "gout?"}, headers={"hx-request": "true", "accept": "text/html"})
    assert (told.status_code, told.headers["hx-redirect"]) == (401, "/sign-in")


def test_programs_are_told_as_programs(guarded: TestClient) -> None:
    told = guarded.get("/v1/articles", headers={"accept": "text/html"})
    assert (told.status_code, told.headers["content-type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "\\\\evil.example"])
def test_signing_in_leads_nowhere_else(guarded: TestClient, target: str) -> None:
    response = guarded.post("/sign-in", data={"key": key(guarded, "reader"), "next": target})
    assert response.headers["location"] == "/"


def test_where_no_keys_are_asked_for_the_form_leads_on(client: TestClient) -> None:
    response = client.get("/sign-in?next=/ask")
    assert (response.status_code, response.headers["location"]) == (303, "/ask")
