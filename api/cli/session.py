"""What every command needs: the settings, the catalogue, the snapshot, the desk; and how it talks to who ran it."""

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer

from api.desk import Desk
from api.settings import Settings
from assistant.render import plain
from corpus.catalogue.database import Catalogue
from indexer.encoder import Encoder
from indexer.home import folder_of, require_current
from indexer.snapshot import Snapshot, open_current

ATTENTION = 3
"""Exit status of a command that did its work and found something that needs a person's attention."""

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def software() -> str:
    """Name and version, as provenance records them."""
    return f"sequitur-clinical {importlib.metadata.version('sequitur-clinical')}"


def now() -> str:
    """The time as the catalogue keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Catalogue]:
    """The catalogue of an installation."""
    catalogue = Catalogue.open(settings.database)
    try:
        yield catalogue
    finally:
        catalogue.close()


def open_snapshot(settings: Settings) -> tuple[Snapshot, Encoder]:
    """The live snapshot, or the one that the settings name, and its encoder; without one no model is loaded."""
    if settings.snapshot is None:
        require_current(settings.home)
        encoder = settings.encoder()
        return open_current(settings.home, encoder.identity), encoder
    folder = folder_of(settings.home, settings.snapshot)
    encoder = settings.encoder()
    return Snapshot(folder, encoder.identity), encoder


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """Where questions are answered from the live snapshot."""
    snapshot, encoder = open_snapshot(settings)
    with open_catalogue(settings) as catalogue:
        yield Desk(snapshot, encoder, catalogue, settings, software())


def note(text: str) -> None:
    """A line for the person at the terminal, kept out of what a program reads."""
    typer.echo(plain(text), err=True)


def say(text: str) -> None:
    """A line of the result; pairs of spaces, which set it out, are kept."""
    typer.echo("  ".join(map(plain, text.split("  "))))


def say_json(value: Any) -> None:
    """The result as one JSON value on one line."""
    typer.echo(msgspec.json.encode(value).decode())
