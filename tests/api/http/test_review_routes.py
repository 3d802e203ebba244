"""Documents and their review over HTTP: the rules of the site hold whoever asks."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.catalogue.keys import Role
from tests.api.http.asking import Json, problem
from tests.api.http.operating import approve, operated
from tests.api.http.small import bearer, key
from tests.api.terminal import Terminal
from tests.tiny import PAPERS


@pytest.fixture
def home(copied: Terminal) -> Path:
    return copied.home


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with operated(home) as client:
        yield client


def ids(listed: Json) -> list[str]:
    return [one["id"] for one in listed["documents"]]


def test_documents_are_listed_a_page_at_a_time(client: TestClient) -> None:
    whole = client.get("/v1/documents", params={"limit": 200}).json()
    assert whole["total"] == len(whole["documents"]) == 3 + len(PAPERS)
    assert ids(whole) == sorted(ids(whole))
    parts = [client.get("/v1/documents", params={"limit": 4, "offset": start}).json() for start in range(0, 16, 4)]
    assert [one for part in parts for one in ids(part)] == ids(whole)
    assert {part["total"] for part in parts} == {whole["total"]}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kind": "article"}, ["gout", "hypertension", "scurvy"]),
        ({"q": "HOW scurvy"}, ["scurvy"]),
        ({"q": "urate2020"}, ["DOI:10.1000/urate2020"]),
        ({"q": "%"}, []),
        ({"q": "g_ut"}, []),
        ({"kind": "article", "review_status": "approved"}, []),
        ({"withdrawn": "true"}, []),
    ],
)
def test_documents_are_found(client: TestClient, wanted: dict[str, str], found: list[str]) -> None:
    assert ids(client.get("/v1/documents", params=wanted).json()) == found


def test_the_queue_holds_articles_until_they_are_approved_and_again_when_they_are_due(
    client: TestClient, copied: Terminal
) -> None:
    def waiting(**params: bool) -> set[str]:
        return {one["id"] for one in client.get("/v1/review-queue", params=params).json()["waiting"]}

    assert waiting() == {"gout", "hypertension", "scurvy"}
    assert "DOI:10.1000/urate2020" in waiting(literature=True)
    approve(client)
    assert waiting() == {"hypertension", "scurvy"}
    assert client.get("/v1/review-queue").json()["due"] == []
    queue = copied.run("corpus", "review", "queue", "--json").stdout
    assert {one["id"] for one in json.loads(queue)["waiting"]} == waiting(), "as at the command line"


def test_a_step_is_kept_with_who_when_and_why(client: TestClient) -> None:
    step = approve(client, why="checked against sources", version=1)
    assert (step["before"], step["after"], step["who"]) == ("under_review", "approved", "tester")
    told = client.get("/v1/documents/gout").json()
    assert told["reviews"] == [step]
    assert (told["review_status"], told["re_review"]) == ("approved", "2099-01-01")
    back = client.post("/v1/documents/gout/review", json={"to": "under_review", "why": "a new trial", "who": "Ann"})
    assert back.json()["who"] == "Ann"
    assert client.get("/v1/documents/gout").json()["re_review"] is None


@pytest.mark.parametrize(
    "step",
    [
        {"to": "submitted", "why": " "},
        {"to": "approved", "why": "checked", "re_review": "2020-01-01"},
        {"to": "approved", "why": "checked", "re_review": "2099-01-01", "version": 2},
        {"to": "under_review", "why": "it is so already"},
    ],
)
def test_what_the_rules_refuse_changes_nothing(client: TestClient, step: Json) -> None:
    problem(client.post("/v1/documents/gout/review", json=step), 409, "review-refused")
    assert client.get("/v1/documents/gout").json()["reviews"] == []


@pytest.mark.parametrize(
    "step",
    [
        {"to": "approved", "why": "checked"},
        {"to": "submitted", "why": "checked", "re_review": "2099-01-01"},
        {"to": "approved", "why": "", "re_review": "2099-01-01"},
        {"to": "published", "why": "checked"},
        {"to": "submitted", "why": "checked", "number": 1},
    ],
)
def test_what_is_no_step_is_refused_by_its_form(client: TestClient, step: Json) -> None:
    problem(client.post("/v1/documents/gout/review", json=step), 422, "invalid-request")


def test_two_approvals_are_of_two_keys(home: Path) -> None:
    with operated(home, keys_asked=True, approvers=2) as client:
        ann, ben = (bearer(key(client, name, Role.OPERATOR)) for name in ("Ann", "Ben"))
        client.headers |= ann
        first = approve(client)
        assert (first["after"], first["who"], first["waits_for_another"]) == ("under_review", "Ann", True)
        again = {"to": "approved", "why": "checked", "re_review": "2099-01-01"}
        problem(client.post("/v1/documents/gout/review", json=again), 409, "review-refused")
        as_another = client.post("/v1/documents/gout/review", json={**again, "who": "Ben"})
        assert "takes its steps as Ann" in problem(as_another, 409, "review-refused")["detail"], (
            "with one key nobody is two people"
        )
        assert client.get("/v1/documents/gout").json()["review_status"] == "under_review"
        client.headers |= ben
        assert approve(client)["after"] == "approved"


def test_a_document_is_told_of_by_any_id(client: TestClient) -> None:
    told = client.get("/v1/documents/DOI:10.1000/peglo2011").json()
    assert (told["kind"], told["source_status"]) == ("literature", "retracted")
    assert [one["number"] for one in told["versions"]] == [1]
    leaning = client.get("/v1/documents/gout").json()["leaning"]
    assert [one["keys"] for one in leaning] == [["peglo2011"]]
    for path in ("/v1/documents/none", "/v1/documents/../../etc/passwd"):
        assert client.get(path).status_code == 404
    step = {"to": "under_review", "why": "to be read"}
    problem(client.post("/v1/documents/none/review", json=step), 404, "unknown-document")
