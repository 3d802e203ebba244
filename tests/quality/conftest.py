"""An assistant over the starter corpus, indexed once with the default encoder (about half a minute)."""

from collections.abc import Iterator

import pytest

from assistant.pipeline import Assistant
from corpus.gathering import gather
from indexer.build import build
from indexer.encoder import SentenceTransformerEncoder
from indexer.snapshot import activate, open_current


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    home = tmp_path_factory.mktemp("starter-index")
    encoder = SentenceTransformerEncoder.default()
    manifest = build(gather(), home, encoder, created="2026-11-22T00:00:00+00:00", software="tests")
    activate(home, manifest.id)
    snapshot = open_current(home, encoder.identity)
    yield Assistant(snapshot, encoder, software="tests")
    snapshot.close()
