"""Who may do what, how often, and from where."""

import logging
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.access import COOKIE
from api.guard import HEADERS, POLICY, is_loopback
from corpus.catalogue import keys
from corpus.catalogue.keys import Role
from tests.api.http.asking import ask, problem
from tests.api.http.small import FIRST_LINE, WHEN, bearer, home_in, key, service_of, serving
from tests.api.terminal import Terminal

OPEN = ("/healthz", "/readyz", "/v1/openapi.json")
"""What is served without a key; whoever asks learns no more than that and which program serves here."""


def described(client: TestClient) -> list[tuple[str, str]]:
    """Method and path of every operation, its parameters filled in."""
    paths = client.get("/v1/openapi.json").json()["paths"]
    return [
        (method.upper(), path.replace("{", "").replace("}", "")) for path, found in paths.items() for method in found
    ]


def test_without_keys_everybody_may_do_everything(small: TestClient) -> None:
    assert ask(small, FIRST_LINE)["outcome"] == "answered"
    assert small.get("/metrics").status_code == 200


def test_with_keys_every_operation_asks_for_one_but_those_that_say_how_it_does(keyed: TestClient) -> None:
    for method, path in described(keyed):
        if path not in OPEN:
            response = keyed.request(method, path)
            assert response.status_code == 401, path
            assert response.headers["www-authenticate"] == "Bearer"
            assert "no key came with the request" in response.text
    for path in OPEN:
        assert keyed.get(path).status_code == 200


@pytest.mark.parametrize("text", ["sq_00000000_" + "A" * 43, "sq_nothing", "nonsense", "é", "x" * 5000])
def test_a_key_that_is_none_opens_nothing_and_is_not_repeated(keyed: TestClient, text: str) -> None:
    sent = f"Bearer {text}".encode()
    response = keyed.get("/v1/articles", headers=[(b"authorization", sent)])
    assert text not in problem(response, 401, "key-needed")["detail"]


def test_a_key_comes_as_a_bearer_token_or_in_the_cookie(keyed: TestClient) -> None:
    text = key(keyed, "ward")
    assert keyed.get("/v1/articles", headers=bearer(text)).status_code == 200
    assert keyed.get("/v1/articles", headers={"authorization": f"bearer {text}"}).status_code == 200
    assert keyed.get("/v1/articles", headers={"cookie": f"{COOKIE}={text}"}).status_code == 200
    both = bearer("sq_nonsense") | {"cookie": f"{COOKIE}={text}"}
    problem(keyed.get("/v1/articles", headers=both), 401, "key-needed")
    problem(keyed.get("/v1/articles", headers={"authorization": f"Basic {text}"}), 401, "key-needed")
    problem(keyed.get("/v1/articles", params={"key": text}), 401, "key-needed")


def test_a_revoked_key_opens_nothing_from_the_next_request_on(keyed: TestClient) -> None:
    text, catalogue = key(keyed, "leaver"), service_of(keyed).catalogue
    assert keyed.get("/v1/articles", headers=bearer(text)).status_code == 200
    with catalogue.writing() as connection:
        keys.revoke(connection, text.split("_")[1], WHEN)
    problem(keyed.get("/v1/articles", headers=bearer(text)), 401, "key-needed")


def test_a_role_opens_its_own_doors_alone(keyed: TestClient) -> None:
    status = {role: keyed.get("/metrics", headers=bearer(key(keyed, role, role))).status_code for role in Role}
    assert status == {Role.CLINICIAN: 403, Role.EVALUATOR: 403, Role.OPERATOR: 200}
    refused = keyed.get("/metrics", headers=bearer(key(keyed, "ward")))
    assert "operator" in problem(refused, 403, "not-allowed")["detail"]


def test_the_log_tells_the_id_of_a_key_and_never_its_secret(
    keyed: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    text = key(keyed, "told")
    with caplog.at_level(logging.DEBUG):
        keyed.get("/v1/articles", headers=bearer(text))
    line = next(one for one in caplog.records if one.getMessage() == "request")
    assert vars(line)["fields"]["key"] == text.split("_")[1]
    assert text.split("_", 2)[2] not in caplog.text + "".join(str(vars(one)) for one in caplog.records)


def test_who_asks_too_often_waits(small_home: Path) -> None:
    with serving(small_home, rate=3) as client:
        assert [client.get("/v1/articles").status_code for _ in range(3)] == [200] * 3
        response = client.get("/v1/articles")
        problem(response, 429, "too-many")
        assert 1 <= int(response.headers["retry-after"]) <= 60
        assert client.get("/healthz").status_code == 200


def test_each_key_has_a_pace_of_its_own_and_guessing_has_one_too(small_home: Path) -> None:
    with serving(small_home, keys_asked=True, rate=3) as client:
        first, second = (bearer(key(client, name)) for name in ("one", "two"))
        guesses = [client.get("/v1/articles", headers=bearer(f"sq_{n}")) for n in range(5)]
        assert [one.status_code for one in guesses] == [401, 401, 401, 429, 429]
        assert "retry-after" in guesses[-1].headers
        assert [client.get("/v1/articles", headers=first).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert client.get("/v1/articles", headers=second).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://["},
        {"origin": "file://127.0.0.1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_s_page_cannot_make_a_browser_ask(small: TestClient, headers: dict[str, str]) -> None:
    problem(small.post("/v1/answers", json=FIRST_LINE, headers=headers), 403, "foreign-origin")
    problem(small.delete("/v1/conversations/x", headers=headers), 403, "foreign-origin")
    problem(small.get("/v1/conversations", headers=headers), 403, "foreign-origin")
    assert small.get("/v1/articles", headers=headers | {"sec-fetch-mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("headers", [{"origin": "http://127.0.0.1"}, {"sec-fetch-site": "same-origin"}, {}])
def test_our_own_page_and_programs_may_ask(small: TestClient, headers: dict[str, str]) -> None:
    assert small.post("/v1/answers", json=FIRST_LINE, headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", "", "127.0.0.1@evil.example"])
def test_a_name_that_is_not_ours_does_not_lead_here(small: TestClient, host: str) -> None:
    problem(small.get("/v1/articles", headers={"host": host}), 421, "wrong-host")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000"])
def test_loopback_names_lead_here(small: TestClient, host: str) -> None:
    assert small.get("/v1/articles", headers={"host": host}).status_code == 200


def test_with_keys_any_name_leads_here_unless_the_site_lists_its_own(small_home: Path, keyed: TestClient) -> None:
    assert keyed.get("/healthz", headers={"host": "sequitur.hospital.example"}).status_code == 200
    problem(keyed.get("/healthz", headers={"host": "["}), 421, "wrong-host")
    with serving(small_home, keys_asked=True, hosts=("sequitur.hospital.example",)) as client:
        assert client.get("/healthz", headers={"host": "sequitur.hospital.example:443"}).status_code == 200
        problem(client.get("/healthz", headers={"host": "127.0.0.1"}), 421, "wrong-host")


PREFLIGHT = {
    "origin": "https://ehr.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type,authorization",
}


def test_no_other_origin_may_read_unless_it_is_listed(small_home: Path, small: TestClient) -> None:
    for closed in (
        small.options("/v1/answers", headers=PREFLIGHT),
        small.get("/healthz", headers={"origin": "https://ehr.example"}),
    ):
        problem(closed, 403, "foreign-origin")
        assert not [name for name in closed.headers if name.startswith("access-control")]
    with serving(small_home, origins=("https://ehr.example",)) as client:
        opened = client.options("/v1/answers", headers=PREFLIGHT)
        assert opened.status_code == 200
        assert opened.headers["access-control-allow-origin"] == "https://ehr.example"
        assert "access-control-allow-credentials" not in opened.headers
        given = client.post("/v1/answers", json=FIRST_LINE, headers={"origin": "https://ehr.example"})
        assert (given.status_code, given.headers["access-control-allow-origin"]) == (200, "https://ehr.example")
        foreign = client.options("/v1/answers", headers=PREFLIGHT | {"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in foreign.headers
        problem(
            client.post("/v1/answers", json=FIRST_LINE, headers={"origin": "https://evil.example"}),
            403,
            "foreign-origin",
        )


def test_every_response_has_the_security_headers_and_none_names_the_server(
    small: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [small.request(method, path) for method, path in described(small)]
    answers += [small.get(path) for path in (*OPEN, "/nothing", "/v1/articles/", "/v1/../etc/passwd")]
    answers += [small.put("/v1/answers"), small.get("/healthz", headers={"host": "evil.example"})]
    answers += [small.post("/v1/answers", content=b"x" * 100_000), small.post("/v1/answers", content=b"{")]
    monkeypatch.setattr(type(service_of(small)), "openers", None)
    answers.append(small.get("/v1/articles/gout/suggestions"))
    assert {200, 404, 405, 413, 421, 422, 500} <= {one.status_code for one in answers}
    for one in answers:
        lacking = [name for name in HEADERS if name.lower() not in one.headers]
        assert not lacking, (one.status_code, one.url)
        assert len(one.headers["x-request-id"]) == 32
        assert "server" not in one.headers


def test_the_policy_lets_no_page_run_or_load_what_is_not_ours() -> None:
    told = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))
    assert told["default-src"] == told["frame-ancestors"] == told["base-uri"] == "'none'"
    assert not any("unsafe" in value or "*" in value for value in told.values())
    assert told["script-src"] == told["style-src"] == told["connect-src"] == "'self'"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "sequitur.example", ""])
def test_an_address_that_others_reach_is_not_served_without_a_key(tmp_path: Path, host: str) -> None:
    told = Terminal(tmp_path).fails("serve", "--host", host)
    assert "sequitur keys create" in told


def test_what_is_asked_for_always_is_asked_for_on_loopback_too(tmp_path: Path) -> None:
    assert "sequitur keys create" in Terminal(tmp_path).fails("serve", SEQUITUR_KEYS="always")


def test_loopback_is_what_only_this_machine_reaches() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.9.1", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "localhost.example", "")))


def test_every_route_is_described_or_serves_the_description(small: TestClient) -> None:
    """What the walks above see is all there is."""
    app = small.app
    served = {one.path for one in getattr(app, "routes", []) if isinstance(one, APIRoute) and one.include_in_schema}
    assert served <= set(small.get("/v1/openapi.json").json()["paths"])


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via"])
def test_without_keys_nothing_is_served_to_whoever_is_behind_a_proxy(header: str, tmp_path: Path) -> None:
    with serving(home_in(tmp_path)) as client:
        refused = client.get("/v1/articles", headers={header: "somebody"})
        assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (421, "behind-a-proxy")
        assert client.get("/v1/articles").status_code == 200
