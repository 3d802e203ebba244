"""The page of a source: exactly the cited span is marked, or nothing is."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi.testclient import TestClient

from assistant.policy import caution
from tests.api.web.markup import chosen, page, said, text
from tests.api.web.test_pages_asking import FIRST, asked
from tests.tiny import PAPERS

PEGLOTICASE = next(one for one in PAPERS if one.key == "peglo2011")
CANAKINUMAB = next(one for one in PAPERS if one.key == "canak2012")


def test_every_citation_opens_its_source_at_the_sentence(client: TestClient) -> None:
    _, found = asked(client, FIRST)
    opened = 0
    for cite in chosen(found, ".cite"):
        link = cite.get("href") or ""
        source = page(client, link.partition("#")[0])
        if "start=" not in link:  # the literature that an article cites: there is no span of it
            assert not chosen(source, "mark")
            continue
        (card,) = chosen(found, f"#{cite.get('data-card')}")
        assert link.endswith("#quote")
        assert len(chosen(source, "#quote")) == 1
        assert "".join(said(source, "mark")) == said(card, ".card-quote")[0]
        assert caution().text in text(source) or "Approved" in said(source, ".badge")
        opened += 1
    assert opened > 0


@pytest.mark.parametrize(("name", "value"), [("check", "0" * 16), ("end", "999999"), ("start", "1")])
def test_nothing_is_marked_when_the_text_is_another(client: TestClient, name: str, value: str) -> None:
    _, found = asked(client, FIRST)
    link = next(one.get("href") or "" for one in chosen(found, ".cite") if "start=" in (one.get("href") or ""))
    parts = urlsplit(link)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()} | {name: value}
    source = page(client, f"{parts.path}?{'&'.join(f'{key}={quote(one)}' for key, one in query.items())}")
    assert not chosen(source, "mark")
    assert "The quoted sentence is not here any more." in text(source)


def test_a_source_shows_what_became_of_it(client: TestClient) -> None:
    for paper, badge, is_evidence in ((PEGLOTICASE, "Retracted", False), (CANAKINUMAB, "Expression of concern", True)):
        source = page(client, f"/sources/{quote(paper.id, safe='')}")
        assert badge in said(source, ".badge")
        assert ("This work is not evidence." in text(source)) is not is_evidence
        links = [one.get("href") for one in chosen(source, "a") if (one.get("href") or "").startswith("https:")]
        assert links == [f"https://doi.org/{paper.doi}"]
        assert paper.findings[0] in text(source)


def test_what_is_not_there_is_told_with_the_request_s_id(client: TestClient) -> None:
    response = client.get("/sources/nothing", headers={"accept": "text/html"})
    found = page(client, "/sources/nothing", 404)
    assert said(found, "h1") == ["There is no such document"]
    assert response.headers["x-request-id"] in response.text
    assert client.get("/sources/nothing").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/sources/gout?start=x", 422), ("/articles/zzz", 404)]
)
def test_every_error_is_a_page_for_people(client: TestClient, path: str, status: int) -> None:
    page(client, path, status)
    for program in ("/v1/answers/zzz", "/v1/nowhere"):
        told = client.get(program, headers={"accept": "text/html"})
        assert told.headers["content-type"] == "application/problem+json"
