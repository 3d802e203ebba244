"""The service does what its OpenAPI description says, whatever is sent that fits it or does not (Schemathesis)."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config._checks import NegativeDataRejectionConfig
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from corpus.catalogue.keys import Role
from tests.api.http.listening import kept_open
from tests.api.http.small import bearer, home_in, key, serving

EXAMPLES = 15
"""For each operation that fit its description, and as many that do not; the same ones each time."""
REJECTED = ("400", "401", "403", "404", "405", "409", "412", "413", "422", "429")
LEFT_OUT = ("POST /v1/snapshots",)
"""It begins a build, a process of its own that takes minutes."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over the tiny library that asks for keys, so that all its operations are tried with one."""
    with serving(home_in(tmp_path_factory.mktemp("small")), keys_asked=True, queue=1000) as client:
        yield client


@pytest.mark.parametrize("mode", GenerationMode)
def test_what_comes_back_is_what_is_described(
    client: TestClient, mode: GenerationMode, subtests: pytest.Subtests
) -> None:
    operator = bearer(key(client, "everything", Role.OPERATOR))
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", kept_open(client.app))
    schema.config.checks.negative_data_rejection = NegativeDataRejectionConfig(expected_statuses=REJECTED)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        fits_not = operation.query or operation.body  # any text fits a path
        if operation.label not in LEFT_OUT and (mode is GenerationMode.POSITIVE or fits_not):
            with subtests.test(operation.label):
                check(operation, mode, operator)


def test_every_reference_in_the_description_leads_somewhere(client: TestClient) -> None:
    text = client.get("/v1/openapi.json").text
    known = json.loads(text)["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named
    assert named <= set(known)


def check(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, headers: dict[str, str]) -> None:
    """Ask an operation many things; status, content type, headers and body have to be as they are described.

    That a question of marks alone is refused is told by its status; a schema of its characters would tell no reader.
    """

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    ask()
