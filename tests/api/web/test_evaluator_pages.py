"""The evaluators' pages without a browser: runs by their headline measures, and two side by side."""

from pathlib import Path

from fastapi.testclient import TestClient

from api.runs import runs_folder
from assistant.evaluation.run_folder import RunWriter
from tests.api.http.small import home_in, serving
from tests.api.web.markup import page, tree
from tests.reported import right, run_of

HTML = {"accept": "text/html"}


def text(client: TestClient, path: str) -> str:
    """What a page says."""
    return " ".join(page(client, path).text_content().split())


def write_run(home: Path, name: str, created: str, **measures: float) -> None:
    run = run_of([right()], name, created, measures or None)
    writer = RunWriter(runs_folder(home) / name, run.provenance)
    for line in run.lines:
        writer.add(line)
    writer.finish(run.scored, run.summaries)
    writer.close()


def test_runs_are_shown_and_compared(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    with serving(home) as client:
        assert "There is no finished run yet" in text(client, "/evaluator")
        write_run(home, "first", "2026-01-02T03:04:05+00:00", wrong_refusal=0.2, statement_support=0.99)
        write_run(home, "second & <i>", "2026-02-02T03:04:05+00:00", wrong_refusal=0.01, statement_support=0.99)
        shown = page(client, "/evaluator")
        assert [one.text_content() for one in shown.xpath("//main//section//h2")] == ["second & <i>", "first"]
        assert "1 target missed" in shown.text_content()
        assert "/v1/runs/second%20%26%20%3Ci%3E/report" in shown.xpath("//a/@href")
        assert client.get("/v1/runs/second%20%26%20%3Ci%3E/report").status_code == 200
        assert "No measure differs" in text(client, "/evaluator/compare?a=first&b=second+%26+%3Ci%3E")
        tree(client.get("/evaluator/compare?a=first&b=..%2Ffirst", headers=HTML), 404)
        (runs_folder(home) / "first" / "run.json").write_text("{")
        assert "These runs cannot be read: first." in text(client, "/evaluator")
