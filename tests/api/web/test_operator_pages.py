"""The operators' pages without a browser: what they show, what forms do, whom they are for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.web.operator_view import _OFFERS
from corpus.catalogue import jobs
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import WithdrawnBy, withdraw
from corpus.catalogue.jobs import JobState, RunningJob
from corpus.catalogue.keys import Role
from corpus.review import _STEPS
from tests.api.http.asking import ask
from tests.api.http.operating import LESINURAD, QUESTION, approve, begun, ended, live, operated
from tests.api.http.small import bearer, home_in, key, service_of, serving
from tests.api.terminal import Terminal
from tests.api.web.markup import page, parts, tree

OPERATOR = ("/operator", "/operator/documents", "/operator/documents/gout", "/operator/snapshots", "/operator/jobs")
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }}'
HTML = {"accept": "text/html"}


@pytest.fixture
def home(copied: Terminal) -> Path:
    return copied.home


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with operated(home) as client:
        client.follow_redirects = False
        yield client


def catalogue(client: TestClient) -> Catalogue:
    return service_of(client).catalogue


def text(client: TestClient, path: str, status: int = 200) -> str:
    """What a page says."""
    return " ".join(page(client, path, status).text_content().split())


@pytest.mark.parametrize("path", [*OPERATOR, "/evaluator"])
def test_pages_are_for_their_roles(tmp_path: Path, path: str) -> None:
    with serving(home_in(tmp_path), keys_asked=True) as client:
        client.follow_redirects = False
        sent = client.get(path, headers=HTML)
        assert (sent.status_code, sent.headers["location"].partition("?")[0]) == (303, "/sign-in")
        who = bearer(key(client, "ward", Role.CLINICIAN))
        tree(client.get(path, headers=HTML | who), 403)
        who = bearer(key(client, "judge", Role.EVALUATOR))
        assert client.get(path, headers=HTML | who).status_code == (200 if path == "/evaluator" else 403)


@pytest.mark.parametrize(
    "path", ["/operator/documents/gout/review", "/operator/snapshots", "/operator/snapshots/rollback"]
)
def test_forms_are_for_operators(tmp_path: Path, path: str) -> None:
    with serving(home_in(tmp_path), keys_asked=True) as client:
        for role in (Role.CLINICIAN, Role.EVALUATOR):
            assert client.post(path, data={}, headers=bearer(key(client, role, role))).status_code == 403


def test_the_queue_names_what_waits_and_what_is_due(client: TestClient) -> None:
    assert "Waiting 3" in text(client, "/operator")
    assert "scurvy" in text(client, "/operator")
    assert "Guideline for gout" not in text(client, "/operator")
    assert "Guideline for gout" in text(client, "/operator?literature=true")
    approve(client, "gout")
    approve(client, "scurvy")
    with catalogue(client).writing() as connection:
        connection.exec_driver_sql("UPDATE document SET re_review = '2020-01-31' WHERE id = 'scurvy'")
    shown = text(client, "/operator")
    assert "Due again 1" in shown
    assert "since 31 January 2020" in shown
    assert "Waiting 1" in shown


def test_documents_are_filtered_and_paged(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "1 to 15 of 15" in text(client, "/operator/documents?kind=&status=")
    assert "1 to 3 of 3" in text(client, "/operator/documents?kind=article")
    assert "1 to 1 of 1" in text(client, "/operator/documents?q=scurvy&kind=article&status=under_review")
    assert "No document fits" in text(client, "/operator/documents?status=approved")
    monkeypatch.setattr("api.web.operator.ON_A_PAGE", 4)
    first = page(client, "/operator/documents?kind=literature&q=gout")
    (later,) = first.xpath("//a[@rel='next']/@href")
    assert "kind=literature" in later
    assert "q=gout" in later
    second = page(client, later)
    assert second.xpath("//nav[contains(@class, 'paging')]/a/@rel")[0] == "prev"


def test_only_steps_that_the_rules_know_are_offered() -> None:
    assert {status: {one.to for one in offered} for status, offered in _OFFERS.items()} == {
        status: set(steps) for status, steps in _STEPS.items()
    }


def test_a_step_is_taken_by_a_form(client: TestClient) -> None:
    form = {"to": "approved", "version": "1", "why": HOSTILE, "name": "Ann", "re_review": "2099-01-01"}
    sent = client.post("/operator/documents/gout/review", data=form)
    assert (sent.status_code, sent.headers["location"]) == (303, "/operator/documents/gout#history")
    shown = text(client, "/operator/documents/gout")
    assert "Under review → Approved, to be reviewed again by 2099-01-01" in shown
    assert HOSTILE in shown
    assert page(client, "/operator/documents/gout").xpath("//li[@aria-current='step']")[0].text_content() == "Approved"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"why": " "}, "Say why"),
        ({"re_review": ""}, "needs the date"),
        ({"re_review": "2020-01-01"}, "not in the future"),
        ({"version": "2"}, "is at version 1, not 2"),
        ({"to": "under_review"}, "from there it can go"),
    ],
)
def test_a_step_that_is_refused_says_why_and_keeps_what_was_typed(
    client: TestClient, changed: dict[str, str], told: str
) -> None:
    form = {"to": "approved", "version": "1", "why": "read <b>all</b>", "name": "Ann", "re_review": "2099-01-01"}
    sent = client.post("/operator/documents/gout/review", data=form | changed, headers=HTML)
    found = tree(sent, 409)
    assert told in found.xpath("string(//main//*[contains(@class, 'problem')])")
    if changed.get("to", "approved") == "approved" and changed.get("why") is None:
        assert "read <b>all</b>" in [one.text for one in found.xpath("//textarea")]
    assert "No step has been taken yet" in text(client, "/operator/documents/gout")


def test_a_key_signs_with_its_name_and_a_second_person_is_asked_for(home: Path) -> None:
    with operated(home, keys_asked=True, approvers=2) as client:
        client.follow_redirects = False
        client.headers |= bearer(key(client, "Dr Osler", Role.OPERATOR))
        assert "Recorded as taken by Dr Osler" in text(client, "/operator/documents/gout")
        assert not page(client, "/operator/documents/gout").xpath("//input[@name='name']")
        form = {"to": "approved", "version": "1", "why": "read", "re_review": "2099-01-01"}
        assert client.post("/operator/documents/gout/review", data=form).status_code == 303
        assert "One approval is there, by Dr Osler" in text(client, "/operator/documents/gout")
        again = client.post("/operator/documents/gout/review", data=form, headers=HTML)
        assert "another person is needed" in tree(again, 409).text_content()


def test_a_document_tells_what_is_wrong_with_it(client: TestClient) -> None:
    assert "Retracted" in text(client, "/operator/documents/DOI:10.1000/peglo2011")
    assert "lean on retracted works" in text(client, "/operator/documents/gout")
    with catalogue(client).writing() as connection:
        withdraw(connection, "scurvy", WithdrawnBy.PERSON, HOSTILE, "2026-11-22T12:00:00+00:00")
    shown = text(client, "/operator/documents/scurvy")
    assert "Withdrawn 22 November 2026" in shown
    assert HOSTILE in shown
    assert not page(client, "/operator/documents/scurvy").xpath("//form[contains(@action, 'review')]")
    assert "There is no such document" in text(client, "/operator/documents/none", 404)


def test_without_scripts_a_build_is_followed_by_looking_again(client: TestClient) -> None:
    approve(client)
    sent = client.post("/operator/snapshots", data={"promote": "true"})
    assert sent.status_code == 303
    where = sent.headers["location"]
    job_id = where.rpartition("=")[2]
    shown = page(client, where)
    assert shown.xpath("//progress")
    assert shown.xpath(f"//a[@href='{where}']")
    second = client.post("/operator/snapshots", data={})
    assert second.headers["location"] == where, "one build at a time: a second press leads to the first"
    assert "Running" in text(client, "/operator/jobs")
    assert ended(client, job_id)["state"] == "done"
    assert f"{live(client)}: built, live" in text(client, where)
    assert f"{live(client)}: built, live" in text(client, f"/operator/jobs/{job_id}")


def test_an_open_page_is_told_of_progress_and_of_the_end(client: TestClient) -> None:
    store = catalogue(client)
    with RunningJob(store, "index build", "ann", lambda: "2026-11-22T12:00:00+00:00") as job:
        job.progress("embedding", 3, 15)
        told = client.get(f"/operator/jobs/{job.id}/progress")
        (bar,) = [one for part in parts(told.text) for one in part.iter("progress")]
        assert (bar.get("value"), bar.get("max")) == ("3", "15")
        assert "3 of 15 documents" in told.text
        job.detail = HOSTILE
    told = client.get(f"/operator/jobs/{job.id}/progress")
    assert "<progress" not in told.text
    assert "hx-trigger" not in told.text, "what has ended is not asked for again"
    assert "<script>" not in told.text
    assert "The build: Done." in told.text
    assert 'id="switchable"' in told.text


def test_switching_by_forms(client: TestClient) -> None:
    first = live(client)
    approve(client)
    assert ended(client, begun(client, promote=False))["state"] == "done"
    (second,) = [one["id"] for one in client.get("/v1/snapshots").json() if not one["live"]]
    assert client.post(f"/operator/snapshots/{second}/promote").headers["location"] == "/operator/snapshots"
    assert live(client) == second
    shown = text(client, "/operator/snapshots")
    assert f"Roll back to {first}" in shown
    assert client.post("/operator/snapshots/rollback").status_code == 303
    assert live(client) == first
    assert "Roll back" not in page(client, "/operator/snapshots").xpath("string(//section[@aria-labelledby='indexes'])")
    refused = client.post("/operator/snapshots/rollback", headers=HTML)
    assert "nothing was live before" in tree(refused, 409).xpath("string(//main//*[contains(@class, 'problem')])")
    assert ask(client, {"question": QUESTION})["provenance"]["snapshot"] == first

    changes = text(client, f"/operator/snapshots/compare?a={first}&b={second}")
    assert "under review, current" in changes
    assert "No answer that is kept cites anything that stands worse" in changes
    assert "Nothing differs" in text(client, f"/operator/snapshots/compare?a={first}&b={first}")
    tree(client.get("/operator/snapshots/compare?a=../..&b=x", headers=HTML), 404)


def test_the_gates_report_is_shown(home: Path, tmp_path: Path) -> None:
    script = tmp_path / "gate.py"
    script.write_text(f"print({HOSTILE!r}); raise SystemExit(4)")
    with operated(home, gate=("python3", str(script))) as client:
        refused = tree(client.post(f"/operator/snapshots/{live(client)}/promote", headers=HTML), 409)
        assert HOSTILE in refused.xpath("//pre")[0].text_content()
        shown = text(client, "/operator/snapshots")
        assert "Refused by the gate" in shown
        assert "Promotion asks the quality gate first" in shown


def test_a_job_that_broke_down_says_why(client: TestClient) -> None:
    store = catalogue(client)
    job_id = jobs.announce(store, "index build", "ann", "2026-11-22T12:00:00+00:00")
    jobs.end(store, job_id, JobState.FAILED, HOSTILE, "2026-11-22T12:01:00+00:00")
    shown = text(client, f"/operator/jobs/{job_id}")
    assert "Failed" in shown
    assert HOSTILE in shown


def test_touched_answers_are_listed_without_their_questions(client: TestClient, copied: Terminal) -> None:
    first = live(client)
    answer = ask(client, {"question": QUESTION})
    notices = copied.home.parent / "notices.tsv"
    notices.write_text(f"doi\tstatus\n{LESINURAD.doi}\tretracted\n", "utf-8")
    assert copied.run("corpus", "refresh-status", "--no-services", "--list", str(notices)).exit_code == 0
    assert ended(client, begun(client))["state"] == "done"
    shown = text(client, f"/operator/snapshots/compare?a={first}&b={live(client)}")
    assert "Past answers touched 1" in shown
    assert answer["id"] in shown
    assert "Retracted" in shown
    assert QUESTION not in shown
