"""An installation that operators work on over HTTP: the tiny library in catalogue and index, the encoder installed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli.session import software
from api.service import Service
from api.settings import Serving, Settings
from corpus.catalogue import jobs
from corpus.catalogue.database import Catalogue
from corpus.review import ReviewRules
from tests.api.http.asking import Json
from tests.api.http.small import BASE
from tests.built_in import encoder
from tests.tiny import PAPERS

LESINURAD = next(paper for paper in PAPERS if paper.key == "lesin2015")
QUESTION = f"{LESINURAD.findings[0][:-1]}?"
"""A question that is answered by a sentence of this work."""
SECONDS = 120.0
"""How long a build of a few documents may take where everything is slow."""


def operated_service(home: Path, *, approvers: int = 1, gate: tuple[str, ...] = ()) -> Service:
    """A service on a home; whoever asks may do so as often as they like."""
    found = Settings.from_environment({"SEQUITUR_HOME": str(home), "SEQUITUR_USER": "tester"})
    settings = replace(found, serving=Serving(rate=0), review_rules=ReviewRules(approvers), gate=gate)
    return Service(settings, encoder(), Catalogue.open(settings.database), software())


@contextmanager
def operated(
    home: Path, *, keys_asked: bool = False, approvers: int = 1, gate: tuple[str, ...] = ()
) -> Iterator[TestClient]:
    """A client of such a service."""
    service = operated_service(home, approvers=approvers, gate=gate)
    app: FastAPI = create_app(service, keys_asked=keys_asked)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield client
    service.catalogue.close()


def begun(client: TestClient, **wanted: bool) -> str:
    """The id of the job of a build that begins."""
    response = client.post("/v1/snapshots", json=wanted)
    assert response.status_code == 202, response.text
    told: Json = response.json()
    assert response.headers["location"] == f"/v1/jobs/{told['id']}"
    return str(told["id"])


def ended(client: TestClient, job_id: str) -> Json:
    """A job when it has ended."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        told: Json = client.get(f"/v1/jobs/{job_id}").json()
        if told["finished"]:  # a process that is gone is told before anybody has said how it ended
            return told
        time.sleep(0.1)
    raise AssertionError(f"job {job_id} goes on after {SECONDS} s: {told}")


def live(client: TestClient) -> str:
    """The id of the live snapshot, as the list marks it."""
    (found,) = [one["id"] for one in client.get("/v1/snapshots").json() if one["live"]]
    return str(found)


def approve(client: TestClient, document_id: str = "gout", **step: Any) -> Json:
    """Approve a document, which changes what the next build makes."""
    wanted = {"to": "approved", "why": "checked", "re_review": "2099-01-01", **step}
    response = client.post(f"/v1/documents/{document_id}/review", json=wanted)
    assert response.status_code == 200, response.text
    return dict(response.json())


def process_of(home: Path, job_id: str) -> int:
    """The process that does a job."""
    catalogue = Catalogue.open(Settings.from_environment({"SEQUITUR_HOME": str(home)}).database)
    try:
        with catalogue.reading() as connection:
            return jobs.one_job(connection, job_id).pid
    finally:
        catalogue.close()
