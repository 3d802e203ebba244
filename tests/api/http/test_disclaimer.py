"""The disclaimer by construction (law 1): every operation of the application that gives an answer shows it."""

import json
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.export import FORMATS
from assistant.policy import disclaimer
from tests.api.http.asking import EVENTS, Json
from tests.api.http.small import FIRST_LINE

REFUSED: Json = {"question": "Does natalizumab help in pellagra?"}
STOPPED: Json = {"question": "What is the weather in Paris tomorrow?"}
CHAT: Json = {"model": "sequitur", "messages": [{"role": "user", "content": FIRST_LINE["question"]}]}

WITHOUT = re.compile(
    r"GET /(healthz|readyz|metrics)$|GET /v1/(articles|passages|models)\b|POST /v1/search$|GET /cds-services$"
    r"|POST /(v1/answers|cds-services)/\{\w+\}/feedback$|(GET|POST) /v1/conversations$|DELETE "
    r"|(GET|POST) /v1/(jobs|snapshots|review-queue|documents|runs)\b"
)
"""Operations that give no answer; what is neither here nor in SHOWN is new, and has to be put into one of them."""


def asked(client: TestClient) -> list[str]:
    """As JSON and as events, whatever became of the question."""
    ways = [(one, headers) for one in (FIRST_LINE, REFUSED, STOPPED) for headers in ({}, EVENTS)]
    return [client.post("/v1/answers", json=one, headers=headers).text for one, headers in ways]


def kept(client: TestClient) -> list[str]:
    """The ids of an answer and of a refusal."""
    return [client.post("/v1/answers", json=one).json()["id"] for one in (FIRST_LINE, REFUSED)]


def read(client: TestClient) -> list[str]:
    return [client.get(f"/v1/answers/{one}").text for one in kept(client)]


def exported(client: TestClient) -> list[str]:
    return [client.get(f"/v1/answers/{one}/export?format={name}").text for one in kept(client) for name in FORMATS]


def conversed(client: TestClient) -> list[str]:
    conversation = client.post("/v1/conversations", json={}).json()["id"]
    client.post("/v1/answers", json=FIRST_LINE | {"conversation_id": conversation})
    return [client.get(f"/v1/conversations/{conversation}").text]


def chatted(client: TestClient) -> list[str]:
    whole = client.post("/v1/chat/completions", json=CHAT).json()["choices"][0]["message"]["content"]
    streamed = client.post("/v1/chat/completions", json=CHAT | {"stream": True}).text
    chunks = [json.loads(line) for line in re.findall(r"^data: (\{.*)$", streamed, re.MULTILINE)]
    parts = [choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"]]
    return [whole, "".join(parts)]


def carded(client: TestClient) -> list[str]:
    condition = {"resourceType": "Condition", "code": {"text": "gout"}}
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": condition}]}
    body = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "1"},
        "prefetch": {"conditions": bundle},
    }
    found = client.get("/cds-services").json()["services"]
    cards = [client.post(f"/cds-services/{one['id']}", json=body).json()["cards"] for one in found]
    return [card["detail"] for some in cards for card in some]


SHOWN: dict[str, Callable[[TestClient], list[str]]] = {
    "POST /v1/answers": asked,
    "GET /v1/answers/{answer_id}": read,
    "GET /v1/answers/{answer_id}/export": exported,
    "GET /v1/conversations/{conversation_id}": conversed,
    "POST /v1/chat/completions": chatted,
    "POST /cds-services/{service_id}": carded,
}


def words(text: str) -> str:
    """The words of a text, however a format sets and escapes them."""
    return " ".join(re.findall(r"\w+", text))


def test_every_operation_that_gives_an_answer_shows_the_disclaimer(
    small: TestClient, subtests: pytest.Subtests
) -> None:
    paths = small.get("/v1/openapi.json").json()["paths"]
    operations = [f"{method.upper()} {path}" for path, found in paths.items() for method in found]
    assert {"POST /v1/answers", "GET /v1/answers/{answer_id}"} <= set(operations)
    for operation in operations:
        with subtests.test(operation):
            assert (operation in SHOWN) != bool(WITHOUT.match(operation)), "say whether it gives an answer"
            texts = SHOWN[operation](small) if operation in SHOWN else []
            assert bool(texts) == (operation in SHOWN)
            for text in texts:
                assert words(disclaimer().text) in words(text)
