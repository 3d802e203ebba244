"""The starter corpus, indexed once with the default encoder, and the shipped suites asked of it.

The run asks 440 cases twice each and takes some minutes; it goes the way of `sequitur evaluate run`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.examining import answer_json
from assistant.evaluation.asking import Examiner
from assistant.evaluation.case import Suite, read_suite
from assistant.evaluation.record import Answered
from assistant.evaluation.run_folder import Run
from assistant.evaluation.running import Examination, Setup
from assistant.evaluation.running import run as run_all
from assistant.evaluation.shipped import suite_path
from assistant.evaluation.support import LexicalSupport
from assistant.pipeline import Assistant
from assistant.rules import Rules
from indexer.encoder import SentenceTransformerEncoder
from indexer.home import live_folder
from indexer.snapshot import Snapshot
from tests.built_in import built_in_home

CREATED = "2026-11-22T00:00:00+00:00"
PROCESSES = 2
ASKED = ("starter", "refusals")

Examine = Callable[[Rules], Examiner]


@pytest.fixture(scope="session")
def encoder() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder.default()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose live snapshot holds the starter corpus."""
    return built_in_home(tmp_path_factory)


@pytest.fixture(scope="session")
def snapshot(home: Path, encoder: SentenceTransformerEncoder) -> Iterator[Snapshot]:
    snapshot = Snapshot(live_folder(home), encoder.identity)
    yield snapshot
    snapshot.close()


@pytest.fixture(scope="session")
def assistant(snapshot: Snapshot, encoder: SentenceTransformerEncoder) -> Assistant:
    return Assistant(snapshot, encoder, software="tests")


@pytest.fixture(scope="session")
def examine(snapshot: Snapshot, encoder: SentenceTransformerEncoder) -> Examine:
    """Who asks single cases, by other rules than a run's."""
    return lambda rules: Examiner(snapshot, encoder, rules, "tests", answer_json, LexicalSupport())


@pytest.fixture(scope="session")
def suites() -> tuple[Suite, ...]:
    return tuple(read_suite(suite_path(name)) for name in ASKED)


@pytest.fixture(scope="session")
def run(home: Path, suites: tuple[Suite, ...], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Every case of the shipped suites, asked."""
    setup = Setup(SentenceTransformerEncoder.default, LexicalSupport, answer_json, "tests")
    examinations = [Examination(suite, live_folder(home)) for suite in suites]
    return run_all(examinations, setup, tmp_path_factory.mktemp("runs") / "run", CREATED, PROCESSES)


@pytest.fixture(scope="session")
def answered(run: Run) -> dict[tuple[str, str], Answered]:
    """The answered cases of the run, by suite and id."""
    return {(line.suite, line.id): line for line in run.lines if isinstance(line, Answered)}
