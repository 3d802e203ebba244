"""Clients of the pages over the tiny library."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.api.http.small import home_in, serving


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A service without keys."""
    with serving(home_in(tmp_path)) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service without keys, for tests that leave nothing behind."""
    with serving(home_in(tmp_path_factory.mktemp("shared"))) as client:
        client.follow_redirects = False
        yield client
