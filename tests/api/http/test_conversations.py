"""Conversations over HTTP: follow-ups are read in context, nobody sees another's, what is deleted is gone."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.catalogue import answers
from corpus.catalogue.keys import Role
from tests.api.http.asking import ask, problem, stream
from tests.api.http.small import FIRST_LINE, bearer, home_in, key, service_of, serving


def begun(client: TestClient, article: str | None = "gout", **headers: str) -> str:
    response = client.post("/v1/conversations", json={"article_id": article}, headers=headers)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def test_a_follow_up_is_read_in_the_context_of_its_conversation(small: TestClient) -> None:
    conversation = begun(small, None)
    ask(small, {"question": "How is gout treated first?", "conversation_id": conversation})
    within = ask(small, {"question": "What about hypertension?", "conversation_id": conversation})
    alone = ask(small, {"question": "What about hypertension?"})
    assert "treated first" in within["read_as"]
    assert "treated first" not in alone["read_as"]


def test_a_conversation_gives_what_a_question_leaves_out(small: TestClient) -> None:
    wanted = {"article_id": "hypertension", "audience": "patient"}
    made = small.post("/v1/conversations", json=wanted).json()
    assert {name: made[name] for name in wanted} == wanted
    given = ask(small, {"question": "What is the first-line drug?", "conversation_id": made["id"]})
    assert given["audience"] == "patient"
    assert [one["id"] for one in given["sources"] if one["kind"] == "article"] == ["hypertension"]


def test_a_question_s_own_article_and_audience_come_before_its_conversation_s(small: TestClient) -> None:
    conversation = begun(small, "hypertension")
    own = {"article_id": "gout", "audience": "trainee", "conversation_id": conversation}
    given = ask(small, {"question": "What is the first-line drug?"} | own)
    assert given["audience"] == "trainee"
    assert [one["id"] for one in given["sources"] if one["kind"] == "article"] == ["gout"]


def test_a_conversation_holds_its_answers_in_their_order_and_stands_first_in_the_list(small: TestClient) -> None:
    older, conversation = begun(small), begun(small)
    asked = [FIRST_LINE | {"conversation_id": conversation}, {"question": "And in refractory disease?"}]
    first = ask(small, asked[0])
    second = stream(small, asked[1] | {"conversation_id": conversation})[-1][1]
    whole = small.get(f"/v1/conversations/{conversation}").json()
    assert whole["answers"] == [first, second]
    listed = [one["id"] for one in small.get("/v1/conversations").json()]
    assert {conversation, older} <= set(listed)
    assert len(small.get("/v1/conversations", params={"limit": 1}).json()) == 1
    problem(small.get("/v1/conversations", params={"limit": 0}), 422, "invalid-request")


def test_deleting_a_conversation_removes_what_was_asked_and_answered(small: TestClient) -> None:
    conversation, marker = begun(small), "zyxomatosis"
    asked = {"question": f"What is the first-line drug for gout in {marker}?", "conversation_id": conversation}
    given = ask(small, asked)
    catalogue = service_of(small).catalogue
    with catalogue.reading() as connection:
        assert any(marker in one.request for one in answers.all_given(connection))
    assert small.delete(f"/v1/conversations/{conversation}").status_code == 204
    problem(small.get(f"/v1/answers/{given['id']}"), 404, "no-answer")
    problem(small.get(f"/v1/conversations/{conversation}"), 404, "no-conversation")
    problem(small.delete(f"/v1/conversations/{conversation}"), 404, "no-conversation")
    problem(small.post("/v1/answers", json=asked), 404, "no-conversation")
    with catalogue.reading() as connection:
        assert not any(marker in one.request + one.body for one in answers.all_given(connection))


def test_there_is_no_conversation_on_an_article_that_is_none(small: TestClient) -> None:
    problem(small.post("/v1/conversations", json={"article_id": "scurvyy"}), 404, "unknown-article")
    problem(small.post("/v1/conversations", json={"audience": "king"}), 422, "invalid-request")


def test_what_is_another_key_s_is_not_there(keyed: TestClient) -> None:
    mine, theirs = (bearer(key(keyed, name)) for name in ("ward 1", "ward 2"))
    conversation = begun(keyed, **mine)
    given = ask(keyed, FIRST_LINE | {"conversation_id": conversation}, **mine)
    answer, whole = f"/v1/answers/{given['id']}", f"/v1/conversations/{conversation}"
    nothing = keyed.get("/v1/answers/none", headers=theirs).json()
    refused = problem(keyed.get(answer, headers=theirs), 404, "no-answer")
    assert refused["detail"] == nothing["detail"]
    problem(keyed.get(f"{answer}/export?format=ris", headers=theirs), 404, "no-answer")
    problem(keyed.post(f"{answer}/feedback", json={"helpful": True}, headers=theirs), 404, "no-answer")
    problem(keyed.get(whole, headers=theirs), 404, "no-conversation")
    problem(keyed.delete(whole, headers=theirs), 404, "no-conversation")
    stolen = FIRST_LINE | {"conversation_id": conversation}
    problem(keyed.post("/v1/answers", json=stolen, headers=theirs), 404, "no-conversation")
    assert keyed.get("/v1/conversations", headers=theirs).json() == []
    assert keyed.get(answer, headers=mine).json() == given
    assert keyed.get(whole, headers=mine).json()["answers"] == [given]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EVALUATOR])
def test_operators_and_evaluators_read_answers_but_no_conversations(keyed: TestClient, role: Role) -> None:
    mine, theirs = bearer(key(keyed, "ward 3")), bearer(key(keyed, "desk", role))
    conversation = begun(keyed, **mine)
    given = ask(keyed, FIRST_LINE | {"conversation_id": conversation}, **mine)
    assert keyed.get(f"/v1/answers/{given['id']}", headers=theirs).json() == given
    problem(keyed.get(f"/v1/conversations/{conversation}", headers=theirs), 404, "no-conversation")


def test_a_site_that_keeps_no_answers_has_no_conversations_and_answers_all_the_same(tmp_path: Path) -> None:
    with serving(home_in(tmp_path / "home"), answer_days=0) as client:
        problem(client.post("/v1/conversations", json={}), 409, "nothing-kept")
        given = ask(client, FIRST_LINE)
        assert given["outcome"] == "answered"
        problem(client.get(f"/v1/answers/{given['id']}"), 404, "no-answer")
        with service_of(client).catalogue.reading() as connection:
            assert list(answers.all_given(connection)) == []
