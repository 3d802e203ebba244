"""What operators do over HTTP: build, promote, roll back, and see what became of long work."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import building
from api.building import building_alone
from corpus.catalogue import jobs
from corpus.catalogue.database import Catalogue
from corpus.catalogue.keys import Role
from corpus.errors import CatalogueUnavailable
from indexer.build import build
from indexer.home import current_id
from tests.api.http.asking import ask, problem
from tests.api.http.operating import LESINURAD, QUESTION, approve, begun, ended, live, operated, process_of
from tests.api.http.small import bearer, home_in, key, serving
from tests.api.terminal import Terminal
from tests.hashing import HashingEncoder
from tests.tiny import LIBRARY

READ = (
    "/v1/jobs", "/v1/jobs/1", "/v1/snapshots", "/v1/snapshots/a/diff/b", "/v1/snapshots/a/impact/b",
    "/v1/review-queue", "/v1/documents", "/v1/documents/gout",
)  # fmt: skip
DONE = ("/v1/snapshots", "/v1/snapshots/rollback", "/v1/snapshots/a/promote", "/v1/documents/gout/review")


@pytest.fixture
def home(copied: Terminal) -> Path:
    return copied.home


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with operated(home) as client:
        yield client


def says(folder: Path, status: int) -> tuple[str, ...]:
    """A gate that names what it looks at, and ends with a status."""
    script = folder / "gate.py"
    script.write_text(
        f"import os, sys; print('looked at', os.environ['SEQUITUR_SNAPSHOT']); sys.exit({status})", "utf-8"
    )
    return (sys.executable, str(script))


@pytest.mark.parametrize(("method", "path"), [*(("GET", one) for one in READ), *(("POST", one) for one in DONE)])
def test_only_operators_may(tmp_path: Path, method: str, path: str) -> None:
    with serving(home_in(tmp_path), keys_asked=True) as client:
        problem(client.request(method, path, json={}), 401, "key-needed")
        for role in (Role.CLINICIAN, Role.EVALUATOR):
            asked = client.request(method, path, json={}, headers=bearer(key(client, role, role)))
            problem(asked, 403, "not-allowed")


def test_what_was_built_is_answered_from_next_and_the_way_back_is_one_request(
    client: TestClient, copied: Terminal
) -> None:
    first = live(client)
    assert ask(client, {"question": QUESTION})["provenance"]["snapshot"] == first
    approve(client)

    job = ended(client, begun(client))
    assert (job["kind"], job["state"], job["who"]) == ("index build", "done", "tester")
    assert job["done"] == job["total"]
    second = live(client)
    assert second != first
    assert job["detail"] == f"{second}: built, live"
    answer = ask(client, {"question": "What is the first-line drug for gout?", "article_id": "gout"})
    assert answer["provenance"]["snapshot"] == second
    assert {"approved"} == {one["review_status"] for one in answer["sources"] if one["id"] == "gout"}

    assert client.post("/v1/snapshots/rollback").json() == {"live": first, "previous": second, "gate": None}
    assert ask(client, {"question": QUESTION})["provenance"]["snapshot"] == first
    problem(client.post("/v1/snapshots/rollback"), 404, "no-snapshot")
    again = ended(client, begun(client))
    assert (again["state"], live(client)) == ("done", first), "no build undoes a roll-back"
    assert again["detail"] == f"{second}: nothing has changed, not live: it was rolled back"

    assert client.post(f"/v1/snapshots/{second}/promote").json()["live"] == second
    assert ask(client, {"question": QUESTION})["provenance"]["snapshot"] == second
    listed = copied.run("jobs", "--last", "2").stdout
    assert "nothing has changed" in listed, "the command line tells of the same jobs"


def test_what_is_built_for_later_waits(client: TestClient) -> None:
    first = live(client)
    approve(client)
    job = ended(client, begun(client, promote=False))
    assert (job["state"], live(client)) == ("done", first)
    (second,) = [one["id"] for one in client.get("/v1/snapshots").json() if not one["live"]]
    assert job["detail"] == f"{second}: built"
    found = client.get(f"/v1/snapshots/{first}/diff/{second}").json()
    assert found["statuses"] == [
        {"document_id": "gout", "before": ["under_review", "current"], "after": ["approved", "current"]}
    ]
    assert (found["added"], found["passages_new"]) == ([], 0)


def test_one_build_at_a_time_whoever_began_the_other(client: TestClient, home: Path) -> None:
    first = begun(client, promote=False)
    refused = client.post("/v1/snapshots", json={})
    assert first in problem(refused, 409, "build-running")["detail"]
    assert refused.headers["location"] == f"/v1/jobs/{first}"
    assert ended(client, first)["state"] == "done"
    with building_alone(home, "a-job-of-the-command-line"):
        refused = client.post("/v1/snapshots", json={})
        problem(refused, 409, "build-running")
        assert refused.headers["location"] == "/v1/jobs/a-job-of-the-command-line"
    assert ended(client, begun(client, promote=False))["state"] == "done", "a job that has ended is in nobody's way"


def test_what_the_gate_refuses_is_not_live_and_its_report_is_told(home: Path, tmp_path: Path) -> None:
    with operated(home, gate=says(tmp_path, 4)) as client:
        first = live(client)
        approve(client)
        job = ended(client, begun(client))
        (second,) = [one["id"] for one in client.get("/v1/snapshots").json() if not one["live"]]
        assert job["state"] == "failed"
        assert "status 4" in job["detail"]
        assert f"looked at {second}" in job["detail"]
        refused = problem(client.post(f"/v1/snapshots/{second}/promote"), 409, "gate-refused")
        assert f"looked at {second}" in refused["detail"]
        assert live(client) == first
        assert ask(client, {"question": QUESTION})["provenance"]["snapshot"] == first
    with operated(home, gate=says(tmp_path, 0)) as client:
        told = client.post(f"/v1/snapshots/{second}/promote").json()
        assert (told["live"], told["gate"]["report"].strip()) == (second, f"looked at {second}")


def test_a_build_that_is_killed_is_told_of_and_the_next_one_finishes(client: TestClient, home: Path) -> None:
    first = live(client)
    approve(client)
    job_id = begun(client)
    os.kill(process_of(home, job_id), signal.SIGKILL)
    job = ended(client, job_id)
    assert (job["state"], job["detail"]) == ("interrupted", "stopped by SIGKILL")
    assert job["finished"]
    assert live(client) == first
    assert ended(client, begun(client))["state"] == "done"
    assert live(client) != first


def test_a_build_stops_with_the_service(home: Path) -> None:
    with operated(home) as client:
        first = live(client)
        approve(client)
        job_id = begun(client)
        pid = process_of(home, job_id)
        assert Path(f"/proc/{pid}").exists()
    assert not Path(f"/proc/{pid}").exists()
    with operated(home) as client:
        told = client.get(f"/v1/jobs/{job_id}").json()
        assert (told["state"], told["detail"]) == ("interrupted", "stopped by SIGTERM")
        assert live(client) == first


def test_a_build_whose_process_could_not_be_noted_stops_with_the_service_too(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = list[int]()

    def fails(_: Catalogue, __: str, pid: int) -> None:
        pids.append(pid)
        raise CatalogueUnavailable("away")

    monkeypatch.setattr(jobs, "hand_over", fails)
    with operated(home) as client:
        approve(client)
        problem(client.post("/v1/snapshots", json={}), 503, "catalogue-unavailable")
        assert Path(f"/proc/{pids[0]}").exists()
    assert not Path(f"/proc/{pids[0]}").exists()


def test_a_promotion_does_not_undo_what_became_live_while_its_gate_ran(home: Path) -> None:
    other = build(LIBRARY.documents(), home, HashingEncoder(), created="2026-01-03", software="tiny 1").id
    gate = f"import pathlib; pathlib.Path({str(home / 'current')!r}).write_text({other!r})"
    with operated(home, gate=(sys.executable, "-c", gate)) as client:
        told = problem(client.post(f"/v1/snapshots/{current_id(home)}/promote"), 409, "live-changed")["detail"]
        assert f"{other} is live by now" in told
    assert current_id(home) == other


def test_a_build_that_breaks_down_before_it_can_say_so_has_failed(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_command", lambda *_: [sys.executable, "-c", "raise SystemExit(7)"])
    job = ended(client, begun(client))
    assert (job["state"], job["detail"]) == ("failed", "it broke down (exit status 7); see the log")
    monkeypatch.setattr(building, "_command", lambda *_: ["/nowhere/python"])
    job = ended(client, begun(client))
    assert (job["state"], job["detail"]) == ("failed", "it could not be started: No such file or directory")


def test_a_build_is_in_the_name_of_the_key(home: Path) -> None:
    with operated(home, keys_asked=True) as client:
        client.headers |= bearer(key(client, "Dr Osler", Role.OPERATOR))
        job = ended(client, begun(client))
        assert (job["who"], job["state"]) == ("Dr Osler", "done")
        assert client.get("/v1/jobs", params={"limit": 1}).json() == [job]


def test_a_retraction_touches_the_answers_that_cite_the_work(client: TestClient, copied: Terminal) -> None:
    first = live(client)
    answer = ask(client, {"question": QUESTION})
    notices = copied.home.parent / "notices.tsv"
    notices.write_text(f"doi\tstatus\n{LESINURAD.doi}\tretracted\n", "utf-8")
    assert copied.run("corpus", "refresh-status", "--no-services", "--list", str(notices)).exit_code == 0
    assert ended(client, begun(client))["state"] == "done"
    touched = client.get(f"/v1/snapshots/{first}/impact/{live(client)}").json()
    assert {(one["answer_id"], one["standing"]) for one in touched} == {(answer["id"], "retracted")}
    assert LESINURAD.id in {one["document_id"] for one in touched}
    assert client.get(f"/v1/snapshots/{first}/impact/{first}").json() == []
    assert QUESTION not in client.get(f"/v1/snapshots/{first}/impact/{live(client)}").text


def test_what_is_not_there_is_said_so(client: TestClient) -> None:
    problem(client.get("/v1/jobs/none"), 404, "unknown-job")
    for path in ("diff", "impact"):
        problem(client.get(f"/v1/snapshots/{live(client)}/{path}/0123456789abcdef"), 404, "no-snapshot")
    problem(client.post("/v1/snapshots/..%2f..%2fetc/promote"), 404, "http")
    problem(client.post("/v1/snapshots/0123456789abcdef/promote"), 404, "no-snapshot")
    problem(client.post("/v1/snapshots", json={"promote": True, "force": True}), 422, "invalid-request")


def test_answers_go_on_while_a_build_runs(client: TestClient) -> None:
    job_id, answered = begun(client, promote=False), 0
    while client.get(f"/v1/jobs/{job_id}").json()["state"] == "running":
        assert ask(client, {"question": QUESTION})["outcome"] == "answered"
        answered += 1
        time.sleep(0.05)
    assert answered
