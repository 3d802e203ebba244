"""What the tests ask over HTTP, and how they read what comes back."""

import json
from collections.abc import Iterable
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

Json = dict[str, Any]

EVENTS = {"accept": "text/event-stream"}
DOSE: Json = {"question": "What is the dose of IVIg?", "article_id": "myositis"}

ASKED: dict[str, Json] = {
    "answered": DOSE,
    "insufficient_evidence": {"question": "What is the role of zorblaxumab in myositis?", "article_id": "myositis"},
    "out_of_scope": {"question": "What is the weather in Paris tomorrow?"},
    "emergency": {"question": "I have crushing chest pain right now and cannot breathe"},
    "patient_identifiers": {"question": "My patient John Smith, born 03/04/1956, MRN 1234567: what dose of IVIg?"},
}
"""One question for each outcome that the built-in corpus has an example of."""


def ask(client: TestClient, asked: Json = DOSE, **headers: str) -> Json:
    """The answer as JSON."""
    response = client.post("/v1/answers", json=asked, headers=headers)
    assert response.status_code == 200, response.text
    return dict(response.json())


def stream(client: TestClient, asked: Json = DOSE, **headers: str) -> list[tuple[str, Json]]:
    """The names and data of all events."""
    response = client.post("/v1/answers", json=asked, headers=EVENTS | headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return events(response.text)


def events(text: str) -> list[tuple[str, Json]]:
    """The events of a stream; comments are left out."""
    blocks = (block.splitlines() for block in text.split("\n\n"))
    return [_event(lines) for lines in blocks if any(line.startswith("event:") for line in lines)]


def content(answer: Json) -> Json:
    """All of an answer but its id and its time."""
    return {name: value for name, value in answer.items() if name not in ("id", "created")}


def problem(response: Response, status: int, name: str) -> Json:
    """The problem details of a response, which is one of this kind."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    told = dict(response.json())
    assert (response.status_code, told["status"]) == (status, status), response.text
    assert told["type"] == f"urn:sequitur:problem:{name}"
    assert told["title"]
    assert told["detail"]
    assert told["request_id"] == response.headers["x-request-id"]
    return told


def _event(lines: Iterable[str]) -> tuple[str, Json]:
    fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
    return fields["event"], json.loads(fields["data"])
