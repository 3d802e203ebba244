"""What every command that answers needs: the settings, the live snapshot, the assistant."""

import importlib.metadata

import typer

from api.settings import Settings
from assistant.evidence import Eligibility
from assistant.pipeline import Assistant
from assistant.render import plain
from indexer.encoder import Encoder
from indexer.snapshot import Snapshot, open_current, require_current


def software() -> str:
    """Name and version, as provenance records them."""
    return f"sequitur-clinical {importlib.metadata.version('sequitur-clinical')}"


def open_snapshot(settings: Settings) -> tuple[Snapshot, Encoder]:
    """The live snapshot and its encoder; without a snapshot it fails before loading a model."""
    require_current(settings.home)
    encoder = settings.encoder()
    return open_current(settings.home, encoder.identity), encoder


def open_assistant(settings: Settings) -> Assistant:
    """An assistant over the live snapshot."""
    snapshot, encoder = open_snapshot(settings)
    return Assistant(snapshot, encoder, software=software(), eligibility=Eligibility(settings.approved_only))


def note(text: str) -> None:
    """A line for the person at the terminal, kept out of what a program reads."""
    typer.echo(plain(text), err=True)
