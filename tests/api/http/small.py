"""A service over the tiny library with an encoder that needs no model: for what holds however well it answers."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.service import Service
from api.settings import Serving, Settings
from corpus.catalogue.database import Catalogue
from corpus.catalogue.keys import Role, create
from tests.api.http.asking import Json
from tests.hashing import HashingEncoder
from tests.tiny import LIBRARY, snapshot_of

BASE = "http://127.0.0.1"
WHEN = "2026-11-22T12:00:00+00:00"
ENCODER = HashingEncoder()
FIRST_LINE: Json = {"question": "What is the first-line drug for gout?", "article_id": "gout"}

Chosen = int | bool | tuple[str, ...]


def home_in(folder: Path) -> Path:
    """A home where the tiny library is live."""
    return Path(shutil.copytree(_built().name, folder, dirs_exist_ok=True))


@cache
def _built() -> TemporaryDirectory[str]:
    """Such a home, built once and gone with the process."""
    made = TemporaryDirectory()
    snapshot_of(LIBRARY.documents(), Path(made.name), ENCODER).close()
    return made


def service_at(home: Path, *, answer_days: int = 365, **serving: Chosen) -> Service:
    """A service on a home; its application closes it."""
    found = Settings.from_environment({"SEQUITUR_HOME": str(home), "SEQUITUR_USER": "tester"})
    chosen = replace(Serving(rate=0), **serving)  # type: ignore[arg-type]
    settings = replace(found, serving=chosen, answer_days=answer_days)
    return Service(settings, ENCODER, Catalogue.open(settings.database), "tiny 1")


@contextmanager
def serving(home: Path, *, keys_asked: bool = False, answer_days: int = 365, **chosen: Chosen) -> Iterator[TestClient]:
    """A client of a service on a home; a fault of the program is a response, as it is for a client elsewhere."""
    service = service_at(home, answer_days=answer_days, **chosen)
    app = create_app(service, keys_asked=keys_asked)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield client
    service.catalogue.close()


def service_of(client: TestClient) -> Service:
    """The service that a client asks."""
    app = client.app
    assert isinstance(app, FastAPI)
    found = app.state.service
    assert isinstance(found, Service)
    return found


def key(client: TestClient, name: str, role: Role = Role.CLINICIAN) -> str:
    """The text of a new key."""
    with service_of(client).catalogue.writing() as connection:
        return create(connection, name, role, WHEN)[1]


def bearer(text: str) -> dict[str, str]:
    """The header that brings a key."""
    return {"authorization": f"Bearer {text}"}
