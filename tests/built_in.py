"""An installation with the built-in corpus live, built once for all workers: that takes a core a minute."""

import os
from functools import cache
from pathlib import Path

import pytest

from api.live import promote
from api.rebuild import rebuild, renew_built_in
from api.settings import Settings
from corpus.catalogue.database import Catalogue
from indexer.durable import locked
from indexer.encoder import Encoder

SOFTWARE = "sequitur-clinical 0.0.0"
WHEN = "2026-11-22T12:00:00+00:00"


@cache
def encoder() -> Encoder:
    """The installed encoder, loaded once in a process."""
    return Settings.from_environment({}).encoder()


def built_in_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the installation; for reading and copying."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    home = shared / "built-in"
    with locked(shared / "built-in.lock"):
        if not home.is_dir():
            _build(shared / "built-in-unfinished").rename(home)
    return home


def _build(home: Path) -> Path:
    settings = Settings.from_environment({"SEQUITUR_HOME": str(home), "SEQUITUR_USER": "tester"})
    catalogue = Catalogue.open(settings.database)
    renew_built_in(catalogue, SOFTWARE, lambda: WHEN)
    manifest = rebuild(settings, catalogue, SOFTWARE, WHEN, lambda *_: None)
    promote(settings, catalogue, manifest.id, WHEN)
    catalogue.close()
    return home
