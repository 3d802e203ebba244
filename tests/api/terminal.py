"""The command line as someone at a terminal uses it: words in, exit status and two streams out."""

from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner, Result

from api.cli import app


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs commands in this process, on one home."""

    home: Path

    def run(self, *words: str, typed: str | bytes = "", **environment: str) -> Result:
        """The result of a command; colours and escapes are kept, as at a real terminal."""
        given = {"SEQUITUR_HOME": str(self.home), "COLUMNS": "200", "TERM": "dumb", **environment}
        return CliRunner().invoke(app, list(words), input=typed, env=given, color=True)

    def fails(self, *words: str, **environment: str) -> str:
        """The one line on standard error of a command that fails for a reason of ours."""
        result = self.run(*words, **environment)
        assert isinstance(result.exception, SystemExit), repr(result.exception)
        assert result.exit_code == 1
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        assert line.startswith("sequitur: ")
        return line

    def files(self) -> set[str]:
        """What stands in the home, by relative name."""
        return {path.relative_to(self.home).as_posix() for path in self.home.rglob("*")}
