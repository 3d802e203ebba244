"""One small index for the tests of the command line, built by it, with the encoder that is installed."""

import shutil
from pathlib import Path

import pytest

from tests.api.terminal import Terminal
from tests.tiny import LIBRARY


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The tiny library as a command line names it."""
    articles, literature = LIBRARY.write(tmp_path_factory.mktemp("library"))
    return [str(articles), str(literature)]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, sources: list[str]) -> Terminal:
    """A terminal whose home holds the tiny library; for reading only."""
    terminal = Terminal(tmp_path_factory.mktemp("home"))
    for words in (("corpus", "add", *sources), ("index", "build")):
        result = terminal.run(*words)
        assert result.exit_code == 0, result.output
    return terminal


@pytest.fixture
def copied(built: Terminal, tmp_path: Path) -> Terminal:
    """The same, for a test to change or damage."""
    return Terminal(Path(shutil.copytree(built.home, tmp_path / "home")))


@pytest.fixture
def empty(tmp_path: Path) -> Terminal:
    """A terminal whose home does not exist yet."""
    return Terminal(tmp_path / "new" / "home")
