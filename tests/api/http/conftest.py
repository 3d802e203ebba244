"""A service over the built-in corpus with the real encoder, and clients that ask it as a program would."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.service import Service
from api.settings import Serving, Settings
from corpus.catalogue.database import Catalogue
from tests.api.http import small
from tests.built_in import SOFTWARE, built_in_home, encoder

BASE = "http://127.0.0.1"

Serve = Callable[..., TestClient]


def settings_of(home: Path, **serving: int | bool | tuple[str, ...]) -> Settings:
    """An installation in a folder; callers may ask as often as they like unless `rate` says otherwise."""
    chosen = replace(Serving(rate=0), **serving)  # type: ignore[arg-type]
    found = Settings.from_environment({"SEQUITUR_HOME": str(home), "SEQUITUR_USER": "tester"})
    return replace(found, serving=chosen)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """An installation with the built-in corpus live, for a test to change."""
    return Path(shutil.copytree(built_in_home(tmp_path_factory), tmp_path / "home"))


def service_at(home: Path, **serving: int | bool | tuple[str, ...]) -> Service:
    """A service on a home; its application closes it."""
    settings = settings_of(home, **serving)
    return Service(settings, encoder(), Catalogue.open(settings.database), SOFTWARE)


@pytest.fixture
def serve(home: Path) -> Iterator[Serve]:
    """Starts a service on the test's own home: serve(keys_asked=True, queue=1, …)."""
    with ExitStack() as stack:

        def start(*, keys_asked: bool = False, **serving: int | bool | tuple[str, ...]) -> TestClient:
            app = create_app(service_at(home, **serving), keys_asked=keys_asked)
            return stack.enter_context(TestClient(app, base_url=BASE, raise_server_exceptions=False))

        yield start


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service without keys, shared by the tests of a module."""
    home = Path(shutil.copytree(built_in_home(tmp_path_factory), tmp_path_factory.mktemp("module") / "home"))
    with TestClient(create_app(service_at(home), keys_asked=False), base_url=BASE) as client:
        yield client


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where the tiny library is live, shared by the tests of a module."""
    return small.home_in(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module", name="small")
def small_client(small_home: Path) -> Iterator[TestClient]:
    """A service on it, without keys."""
    with small.serving(small_home) as client:
        yield client


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over the tiny library that asks for keys."""
    with small.serving(small.home_in(tmp_path_factory.mktemp("keyed")), keys_asked=True) as client:
        yield client
