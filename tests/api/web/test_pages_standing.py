"""Law 5 on pages: what was retracted since the index was built is shown as that everywhere, at once."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from lxml.html import HtmlElement

from corpus.catalogue import documents, notices
from corpus.catalogue.documents import WithdrawnBy
from corpus.catalogue.incoming import incoming
from corpus.types import Notice, SourceStatus
from tests.api.http.small import home_in, service_of, serving
from tests.api.web.markup import chosen, page, said, text
from tests.api.web.test_pages_asking import FIRST, asked
from tests.tiny import LIBRARY, PAPERS

CITED = next(one for one in PAPERS if one.key == "urate2020")
LATER = "2099-01-01T00:00:00+00:00"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[TestClient]:
    """A service whose catalogue holds what its index was built from."""
    with serving(home_in(tmp_path)) as client:
        client.follow_redirects = False
        with service_of(client).catalogue.writing() as connection:
            for one in LIBRARY.documents():
                documents.put(connection, incoming(one, "tiny", "article"), "2026-01-01T00:00:00+00:00")
        yield client


def badges(client: TestClient) -> list[str]:
    """The states of the work in the reference list of the article that cites it."""
    entries = chosen(chosen(page(client, "/articles/gout"), ".references")[0], "li")
    return next(said(one, ".badge") for one in entries if CITED.title in text(one))


@pytest.mark.parametrize(
    ("status", "badge", "is_evidence"),
    [
        (SourceStatus.RETRACTED, "Retracted", False),
        (SourceStatus.EXPRESSION_OF_CONCERN, "Expression of concern", True),
    ],
)
def test_a_notice_reaches_every_page(held: TestClient, status: SourceStatus, badge: str, is_evidence: bool) -> None:
    location, before = asked(held, FIRST)
    assert badges(held) == []
    with service_of(held).catalogue.writing() as connection:
        notices.add(connection, [Notice(CITED.doi, "", status, "list")], LATER)
    assert badges(held) == [badge]
    source = page(held, f"/sources/{quote(CITED.id, safe='')}")
    assert badge in said(source, ".badge")
    assert ("This work is not evidence." in text(source)) is not is_evidence
    after = page(held, location.partition("#")[0])
    (listed,) = chosen(after, ".sources")
    assert badge in said(listed, ".badge")
    assert badge not in said(chosen(before, ".sources")[0], ".badge")
    told = [one for one in said(after, ".notice") if "no longer evidence" in one]
    assert bool(told) is not is_evidence
    assert is_evidence or CITED.title in told[0]


def test_a_document_that_was_withdrawn_is_no_longer_evidence(held: TestClient) -> None:
    with service_of(held).catalogue.writing() as connection:
        documents.withdraw(connection, CITED.id, WithdrawnBy.PERSON, "wrong", LATER)
    assert badges(held) == ["No longer evidence"]


def test_what_is_copied_tells_of_a_retraction_since(held: TestClient) -> None:
    location, _ = asked(held, FIRST)
    where = location.partition("#")[0]
    assert "No longer evidence" not in copied(page(held, where))
    with service_of(held).catalogue.writing() as connection:
        notices.add(connection, [Notice(CITED.doi, "", SourceStatus.RETRACTED, "list")], LATER)
    assert "No longer evidence since this answer was given: [" in copied(page(held, where))


def copied(shown: HtmlElement) -> str:
    """What the button for copying takes."""
    (area,) = shown.xpath("//textarea[starts-with(@id, 'copied-')]")
    return str(area.text)


def test_a_withdrawn_article_says_so_wherever_it_is_read(held: TestClient) -> None:
    assert not [one for one in said(page(held, "/articles/gout"), ".notice") if "no longer evidence" in one]
    assert held.get("/v1/articles/gout").json()["is_evidence"]
    with service_of(held).catalogue.writing() as connection:
        documents.withdraw(connection, "gout", WithdrawnBy.PERSON, "a wrong dose", LATER)
    assert [one for one in said(page(held, "/articles/gout"), ".notice") if "no longer evidence" in one]
    assert "No longer evidence" in said(page(held, "/?q=gout"), ".badge")
    assert not held.get("/v1/articles/gout").json()["is_evidence"]
    assert not any(one["is_evidence"] for one in held.get("/v1/articles/gout/passages").json())
    listed = {one["id"]: one["is_evidence"] for one in held.get("/v1/articles").json()}
    assert not listed.pop("gout")
    assert all(listed.values())


def test_the_json_of_an_article_tells_of_a_retraction_since(held: TestClient) -> None:
    def status() -> str:
        references = held.get("/v1/articles/gout").json()["references"]
        return next(str(one["source_status"]) for one in references if one["doi"] == CITED.doi)

    assert status() == "current"
    with service_of(held).catalogue.writing() as connection:
        notices.add(connection, [Notice(CITED.doi, "", SourceStatus.RETRACTED, "list")], LATER)
    assert status() == "retracted"
