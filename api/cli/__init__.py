"""The console command `sequitur`: one file for each audience."""

import importlib.metadata
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli import evaluate_gate, evaluate_judge  # noqa: F401  # what they add to the commands of evaluate
from api.cli.answers import answers, replay
from api.cli.ask import ask, chat
from api.cli.corpus import app as corpus_app
from api.cli.evaluate import app as evaluate_app
from api.cli.home import backup, jobs, restore
from api.cli.index import app as index_app
from api.cli.keys import app as keys_app
from api.cli.mcp import mcp
from api.cli.search import search
from api.cli.serve import serve
from api.cli.session import note
from corpus.errors import SequiturError


class _Group(TyperGroup):
    """Turns this project's errors into a line on standard error and exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except SequiturError as error:
            note(f"sequitur: {error}")
            raise typer.Exit(1) from error


app = typer.Typer(cls=_Group, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


def version() -> str:
    """The installed version of the distribution."""
    return importlib.metadata.version("sequitur-clinical")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sequitur {version()}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Follow-up questions on vetted medical articles, answered with checkable citations.

    For healthcare professionals; every answer carries the professional disclaimer.
    """


app.command()(ask)
app.command()(chat)
app.command()(search)
app.command()(serve)
app.command()(mcp)
app.add_typer(corpus_app, name="corpus")
app.add_typer(index_app, name="index")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(keys_app, name="keys")
for command in (answers, replay, backup, restore, jobs):
    app.command()(command)


def main() -> None:
    """Run the command line; an interrupt ends it quietly."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
