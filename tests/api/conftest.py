"""One small index for the tests of the command line, built by it, with the encoder that is installed."""

import shutil
from pathlib import Path

import pytest

from tests.api.evaluating import CASES, put_threshold, write_suite
from tests.api.terminal import Terminal
from tests.tiny import LIBRARY


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The tiny library as a command line names it."""
    articles, literature = LIBRARY.write(tmp_path_factory.mktemp("library"))
    return [str(articles), str(literature)]


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory, sources: list[str]) -> Path:
    """A home that holds the tiny library, in which nothing was asked yet; for copying."""
    terminal = Terminal(tmp_path_factory.mktemp("template"))
    for words in (("corpus", "add", *sources), ("index", "build")):
        result = terminal.run(*words)
        assert result.exit_code == 0, result.output
    return terminal.home


@pytest.fixture(scope="session")
def built(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A terminal whose home holds the tiny library; for asking and reading only."""
    return Terminal(Path(shutil.copytree(tiny_home, tmp_path_factory.mktemp("built") / "home")))


@pytest.fixture
def copied(tiny_home: Path, tmp_path: Path) -> Terminal:
    """The same, for a test to change or damage."""
    return Terminal(Path(shutil.copytree(tiny_home, tmp_path / "home")))


@pytest.fixture
def empty(tmp_path: Path) -> Terminal:
    """A terminal whose home does not exist yet."""
    return Terminal(tmp_path / "new" / "home")


@pytest.fixture(scope="session")
def suite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A suite over the tiny library."""
    return write_suite(tmp_path_factory.mktemp("suites") / "own.jsonl", CASES)


@pytest.fixture(scope="session")
def run_folder(built: Terminal, suite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of that suite; for reading only."""
    folder = tmp_path_factory.mktemp("runs") / "run-1"
    result = built.run("evaluate", "run", str(suite_file), "--out", str(folder))
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="session")
def worse_folder(built: Terminal, suite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the same suite where nothing is sure enough to be answered."""
    terminal = Terminal(Path(shutil.copytree(built.home, tmp_path_factory.mktemp("strict") / "home")))
    put_threshold(terminal.home, 1.0)
    folder = tmp_path_factory.mktemp("runs") / "run-2"
    result = terminal.run("evaluate", "run", str(suite_file), "--out", str(folder))
    assert result.exit_code == 0, result.output
    return folder
