"""Runs over HTTP: what evaluators made, nothing beside it, and reports that can ask this site for nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.routes.evaluation import REPORT_POLICY
from api.runs import new_folder, runs_folder
from assistant.evaluation.run_folder import Run, RunWriter
from corpus.catalogue.keys import Role
from tests.api.http.asking import problem
from tests.api.http.small import bearer, home_in, key, serving
from tests.reported import right, run_of

LATER = "2026-02-02T03:04:05+00:00"


def write(folder: Path, run: Run, *, finished: bool = True) -> None:
    """A run as `sequitur evaluate run` leaves it."""
    writer = RunWriter(folder, run.provenance)
    for line in run.lines:
        writer.add(line)
    if finished:
        writer.finish(run.scored, run.summaries)
    writer.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two runs, one that was not finished, and one outside that a link leads to."""
    home = home_in(tmp_path / "home")
    runs = runs_folder(home)
    write(runs / "first", run_of([right()], measures={"wrong_refusal": 0.2, "statement_support": 0.9}))
    write(runs / "second", run_of([right(text="<script>alert(1)</script>")], created=LATER))
    write(runs / "broken-off", run_of([right()]), finished=False)
    write(tmp_path / "outside", run_of([right()]))
    (runs / "link").symlink_to(tmp_path / "outside")
    return home


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with serving(home) as client:
        yield client


def test_runs_are_listed_newest_first_with_their_measures(client: TestClient) -> None:
    second, first = client.get("/v1/runs").json()
    assert (second["name"], first["name"]) == ("second", "first")
    assert client.get("/v1/runs/first").json() == first
    (suite,) = first["suites"]
    assert (suite["name"], suite["cases"]) == ("suite", 1)
    measures = {one["name"]: one for one in suite["measures"]}
    refusal = measures["wrong_refusal"]
    assert (refusal["value"], refusal["target"], refusal["is_met"], refusal["better"]) == (0.2, 0.05, False, "lower")
    assert measures["statement_support"]["is_met"] is False


def test_where_nothing_was_run_there_is_nothing(tmp_path: Path) -> None:
    with serving(home_in(tmp_path)) as client:
        assert client.get("/v1/runs").json() == []


def test_a_report_stands_alone_and_under_a_policy_of_its_own(client: TestClient) -> None:
    response = client.get("/v1/runs/second/report")
    assert response.headers["content-security-policy"] == REPORT_POLICY
    assert REPORT_POLICY.startswith("sandbox allow-scripts; default-src 'none';")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "Evaluation second" in response.text
    assert "first" in response.text, "earlier runs are beside it"
    assert "<script>alert(1)" not in response.text
    assert "&lt;script&gt;alert(1)" in response.text
    assert client.get("/v1/runs/second/report").content == response.content


def test_a_report_follows_its_run(client: TestClient, home: Path) -> None:
    before = client.get("/v1/runs/first/report").text
    assert "0.345" not in before
    (runs_folder(home) / "first" / "summary.json").unlink()
    problem(client.get("/v1/runs/first/report"), 404, "no-run")
    again = run_of([right()], measures={"wrong_refusal": 0.345})
    write(runs_folder(home) / "first", again)
    assert "0.345" in client.get("/v1/runs/first/report").text


@pytest.mark.parametrize(
    "name",
    ["none", "broken-off", "link", "..%2f..%2f..%2foutside", "%2e%2e%2f%2e%2e%2f%2e%2e%2foutside", "..%5c..%5coutside",
     "..%2fruns%2ffirst", "first%2f..%2ffirst", "%2e", "%2e%2e", "%2fetc", "first%00", "First"],
)  # fmt: skip
@pytest.mark.parametrize("end", ["", "/report"])
def test_no_name_leads_out_of_the_folder_of_runs(client: TestClient, name: str, end: str) -> None:
    response = client.get(f"/v1/runs/{name}{end}", follow_redirects=False)
    assert response.status_code == 404
    assert "c0de" not in response.text


def test_a_run_that_cannot_be_read_says_so_without_saying_where_it_lies(client: TestClient, home: Path) -> None:
    (runs_folder(home) / "first" / "run.json").write_text("{")
    for path in ("/v1/runs/first", "/v1/runs/first/report"):
        told = problem(client.get(path), 409, "unreadable-run")
        assert str(home) not in told["detail"]
    assert [one["name"] for one in client.get("/v1/runs").json()] == ["second"]


def test_only_evaluators_and_operators_may(home: Path) -> None:
    with serving(home, keys_asked=True) as client:
        for path in ("/v1/runs", "/v1/runs/first", "/v1/runs/first/report"):
            problem(client.get(path), 401, "key-needed")
            problem(client.get(path, headers=bearer(key(client, "ward", Role.CLINICIAN))), 403, "not-allowed")
            for role in (Role.EVALUATOR, Role.OPERATOR):
                assert client.get(path, headers=bearer(key(client, role, role))).status_code == 200


def test_a_run_without_a_folder_is_where_runs_are_looked_for(home: Path) -> None:
    assert new_folder(home, LATER).parent == runs_folder(home)
