"""CDS Hooks 2.0: discovery, cards on a patient's conditions, feedback; and that nothing of a patient stays."""

import json
import logging
import uuid
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from api.cds.cards import articles_on, card, names_of
from api.cds.schemas import ConditionIn
from api.logs import JsonLines
from api.reading import articles
from assistant.policy import caution, disclaimer
from assistant.rules import Rules
from corpus.catalogue import answers
from corpus.types import Document, DocumentKind, ReviewStatus, Work
from tests.api.export.samples import hostile
from tests.api.http import small
from tests.api.http.asking import Json, problem
from tests.hashing import HashingEncoder
from tests.tiny import LIBRARY, snapshot_of

SERVICE = "/cds-services/sequitur-patient-view"
BASE = "http://127.0.0.1/"
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def condition(*names: str, **more: object) -> Json:
    """A FHIR R4 Condition under one name as its text and others as displays."""
    text, *displays = names
    coding = [{"system": "http://snomed.info/sct", "code": "1", "display": display} for display in displays]
    subject = {"reference": "Patient/zebulon-77", "display": "Zebulon Quartermain"}
    return {"resourceType": "Condition", "code": {"text": text, "coding": coding}, "subject": subject} | more


def status(code: str) -> Json:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": code}]}


def bundle(*resources: Json) -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def called(**prefetch: object) -> Json:
    """A call of the hook, with all that a client may send beside the conditions."""
    return {
        "hook": "patient-view",
        "hookInstance": str(uuid.uuid4()),
        "fhirServer": "https://fhir.example.org",
        "fhirAuthorization": {"access_token": "opaque-token", "token_type": "Bearer", "expires_in": 300},
        "context": {"userId": "Practitioner/abc", "patientId": "zebulon-77", "encounterId": "456"},
        "prefetch": prefetch,
    }


def cards(client: TestClient, *names: str) -> list[Json]:
    response = client.post(SERVICE, json=called(conditions=bundle(*(condition(name) for name in names))))
    assert response.status_code == 200, response.text
    return list(response.json()["cards"])


def linked(client: TestClient, *names: str) -> list[str]:
    """The ids of the articles that the card links to."""
    return [unquote(link["url"].rpartition("/")[2]) for card in cards(client, *names) for link in card["links"]]


def is_empty(value: object) -> bool:
    return value in (None, "", [], {}) or (
        any(map(is_empty, value.values()))
        if isinstance(value, dict)
        else isinstance(value, list) and any(map(is_empty, value))
    )


def test_discovery_says_what_there_is_and_what_it_wants_to_be_sent(client: TestClient) -> None:
    response = client.get("/cds-services")
    (service,) = response.json()["services"]
    assert service["hook"] == "patient-view"
    assert f"/cds-services/{service['id']}" == SERVICE
    assert service["prefetch"] == {
        "conditions": "Condition?patient={{context.patientId}}&clinical-status=active&_count=50"
    }
    assert service["title"]
    assert service["description"]
    assert not is_empty(response.json())


def test_a_card_leads_to_the_articles_on_the_conditions(client: TestClient) -> None:
    (found,) = cards(client, "Paroxysmal atrial fibrillation (disorder)", "Fracture of ankle", "Gouty arthritis")
    assert set(found) == {"uuid", "summary", "detail", "indicator", "source", "links"}
    assert uuid.UUID(found["uuid"])
    assert found["indicator"] == "info"
    assert found["source"] == {"label": "Sequitur", "url": BASE}
    titles = ["How is gout treated?", "What is the evidence for oral anticoagulation in atrial fibrillation?"]
    addresses = [f"{BASE}articles/gout", f"{BASE}articles/af-anticoagulation"]
    assert [(link["label"], link["url"], link["type"]) for link in found["links"]] == [
        (title, address, "absolute") for title, address in zip(titles, addresses, strict=True)
    ]
    assert found["summary"].startswith(
        "Sequitur has 2 articles on this patient's conditions: How is gout treated?; What"
    )
    assert len(found["summary"]) < 140
    assert found["detail"].startswith(f"**Caution:** {caution().text}")
    assert "- How is gout treated? (Sequitur review: under review; updated " in found["detail"]
    assert disclaimer().text in found["detail"]
    assert not is_empty(found)


NAMED = {
    "Type 2 diabetes mellitus without complication (disorder)": ["type-2-diabetes"],
    "T2DM": ["type-2-diabetes"],
    "Dermatomyositis": ["myositis"],
    "Essential (primary) hypertension": ["hypertension"],
    "Chronic kidney disease stage 3": ["chronic-kidney-disease"],
    "Heart failure with reduced ejection fraction": ["hfref"],
    "Pulmonary embolism": ["venous-thromboembolism"],
    "Migraine without aura": ["migraine"],
    "Giant cell arteritis": ["pmr-gca"],
    "AF": ["af-anticoagulation"],
    "Portal hypertension": [],
    "Pulmonary hypertension": [],
    "Septic arthritis": [],
    "Gestational diabetes mellitus": [],
    "Type 1 diabetes mellitus": [],
    "Postpartum depression": [],
    "Pseudogout": [],
    "Osteoarthritis": [],
    "Fracture of ankle": [],
    "44054006": [],
}
"""What a condition is called, and the articles that are about it: another disease of a like name is not."""


@pytest.mark.parametrize("name", NAMED)
def test_a_condition_leads_to_the_articles_about_it_and_to_no_others(client: TestClient, name: str) -> None:
    assert linked(client, name) == NAMED[name]


def test_displays_are_read_as_well_as_the_text(client: TestClient) -> None:
    conditions = bundle(condition("Codierte Diagnose", "Gout"))
    (found,) = client.post(SERVICE, json=called(conditions=conditions)).json()["cards"]
    assert [link["label"] for link in found["links"]] == ["How is gout treated?"]


@pytest.mark.parametrize("code", ["inactive", "remission", "resolved"])
@pytest.mark.parametrize("coded", [status, str])
def test_what_the_patient_has_no_more_is_passed_over(code: str, coded: type) -> None:
    assert names_of([ConditionIn.model_validate(condition("Gout", clinicalStatus=coded(code)))]) == ()


@pytest.mark.parametrize("code", ["refuted", "entered-in-error"])
def test_what_the_patient_never_had_is_passed_over(code: str) -> None:
    refuted = condition("Gout", clinicalStatus=status("active"), verificationStatus=status(code))
    confirmed = condition("Sepsis", clinicalStatus=status("relapse"), verificationStatus=status("confirmed"))
    assert names_of(map(ConditionIn.model_validate, (refuted, confirmed, confirmed))) == ("Sepsis",)


def test_no_conditions_no_cards(client: TestClient) -> None:
    for conditions in (None, bundle(), bundle(condition("Fracture of ankle"))):
        response = client.post(SERVICE, json=called(conditions=conditions))
        assert (response.status_code, response.json()) == (200, {"cards": []})


def outcome(severity: str) -> Json:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "processing"}]}


def test_conditions_that_did_not_come_are_told_as_the_specification_has_it(client: TestClient) -> None:
    without = called()
    bare = {name: value for name, value in without.items() if name != "prefetch"}
    failed = (called(conditions=outcome("error")), called(conditions=bundle(condition("Gout"), outcome("fatal"))))
    for body in (without, bare, *failed):
        assert "prefetch.conditions" in problem(client.post(SERVICE, json=body), 412, "http")["detail"]


def test_other_resources_among_the_conditions_are_passed_over(client: TestClient) -> None:
    patient = {"resourceType": "Patient", "name": [{"family": "Gout"}], "code": 7, "issue": "none"}
    conditions = bundle(patient, outcome("warning"), condition("Sepsis")) | {"total": 3, "link": []}
    (found,) = client.post(SERVICE, json=called(conditions=conditions)).json()["cards"]
    assert [link["url"] for link in found["links"]] == [f"{BASE}articles/sepsis"]


def test_calls_that_do_not_fit_are_refused(client: TestClient) -> None:
    wrongs: tuple[Json, ...] = (
        {"hook": "order-sign"},
        {"context": None},
        {"prefetch": {"conditions": {"entry": []}}},
        {"prefetch": 1},
    )
    for wrong in wrongs:
        problem(client.post(SERVICE, json=called(conditions=None) | wrong), 422, "invalid-request")
    problem(client.post("/cds-services/another", json=called(conditions=None)), 404, "http")
    problem(client.post("/cds-services/another/feedback", json={"feedback": []}), 404, "http")


def test_nothing_of_a_patient_is_kept_or_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sequitur")
    body = called(conditions=bundle(condition("Gout", note=[{"text": "lives in Quarry Lane"}])))
    assert client.post(SERVICE, json=body).status_code == 200
    said: Json = {"card": str(uuid.uuid4()), "outcome": "overridden", "outcomeTimestamp": "2026-11-22T00:00:00Z"}
    said |= {"overrideReason": {"userComment": "Zebulon has no gout"}}
    assert client.post(f"{SERVICE}/feedback", json={"feedback": [said, said]}).status_code == 200
    logged = [JsonLines().format(record) for record in caplog.records]
    lines = [json.loads(line) for line in logged if "cds-services" in line]
    assert [line["route"] for line in lines] == ["/cds-services/{service_id}", "/cds-services/{service_id}/feedback"]
    assert [line.get("articles") for line in lines] == [1, None]
    assert lines[1]["feedback"] == {"overridden": 2}
    told = " ".join(logged).lower()
    assert [word for word in ("zebulon", "gout", "quarry", "opaque-token", body["hookInstance"]) if word in told] == []
    with small.service_of(client).catalogue.reading() as connection:
        assert answers.latest(connection, 1) == []


def test_feedback_that_does_not_fit_is_refused(client: TestClient) -> None:
    said = {"card": "c", "outcome": "ignored", "outcomeTimestamp": "2026-11-22T00:00:00Z"}
    problem(client.post(f"{SERVICE}/feedback", json={"feedback": [said]}), 422, "invalid-request")


def test_a_key_is_asked_for_where_keys_are(tmp_path: Path) -> None:
    with small.serving(small.home_in(tmp_path), keys_asked=True) as client:
        key = small.bearer(small.key(client, "ehr"))
        sent: tuple[tuple[str, str, Json | None], ...] = (
            ("GET", "/cds-services", None),
            ("POST", SERVICE, called(conditions=None)),
            ("POST", f"{SERVICE}/feedback", {"feedback": []}),
        )
        for method, path, body in sent:
            problem(client.request(method, path, json=body), 401, "key-needed")
            assert client.request(method, path, json=body, headers=key).status_code == 200


def test_a_client_in_a_browser_may_call_from_an_origin_of_the_site(tmp_path: Path) -> None:
    with small.serving(small.home_in(tmp_path), origins=("https://ehr.example.org",)) as client:
        theirs = {"origin": "https://ehr.example.org"}
        asked = {
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type,authorization",
        }
        before = client.options(SERVICE, headers=theirs | asked)
        assert before.status_code == 200
        assert before.headers["access-control-allow-origin"] == "https://ehr.example.org"
        response = client.post(SERVICE, json=called(conditions=None), headers=theirs)
        assert response.headers["access-control-allow-origin"] == "https://ehr.example.org"
        problem(
            client.post(SERVICE, json=called(conditions=None), headers={"origin": "https://evil.example"}),
            403,
            "foreign-origin",
        )


def test_articles_that_the_site_does_not_answer_from_are_left_out(tmp_path: Path) -> None:
    snapshot = snapshot_of(LIBRARY.documents(), tmp_path, HashingEncoder())
    try:
        names = ("Gout", "Hypertension")
        for rules, expected in (
            (Rules(), ["gout", "hypertension"]),
            (Rules(ReviewStatus.APPROVED), ["hypertension"]),
            (Rules(barred=("gout",)), ["hypertension"]),
        ):
            assert [one.id for one in articles_on(names, snapshot, rules)] == expected
        approved = tuple(one for one in articles(snapshot) if one.id == "hypertension")
        assert caution().text not in card(approved, BASE).detail
        assert disclaimer().text in card(approved, BASE).detail
    finally:
        snapshot.close()


@given(st.lists(hostile, min_size=1, max_size=5))
def test_no_title_makes_a_card_of_another_form(titles: list[str]) -> None:
    found = tuple(
        Document(f"id/{n}", DocumentKind.ARTICLE, Work(title), "", (), updated=title) for n, title in enumerate(titles)
    )
    made = card(found, BASE)
    assert len(made.summary) < 140
    assert [link.url for link in made.links] == [f"{BASE}articles/id%2F{n}" for n in range(len(titles))]
    tokens = [one for token in PARSER.parse(made.detail) for one in (token, *(token.children or []))]
    assert not {one.type for one in tokens} & {
        "html_block",
        "html_inline",
        "image",
        "link_open",
        "code_inline",
        "fence",
    }
