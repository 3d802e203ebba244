"""Indexes of public sets, each in a home of its own, brought up to date before every use."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from assistant.evaluation.sets import Documents
from indexer.build import build
from indexer.encoder import Encoder
from indexer.errors import NoSnapshot, SnapshotDamaged, SnapshotMismatch
from indexer.home import folder_of
from indexer.snapshot import Snapshot, activate, open_current


def index_of(
    name: str,
    documents: Documents,
    homes: Path,
    encoder: Encoder,
    software: str,
    progress: Callable[[str, int], None] = lambda stage, done: None,
) -> Path:
    """The folder of a snapshot of a set's documents, under HOMES/NAME; what is held there is not encoded again."""
    home = homes / name.replace(":", "-").replace("/", "-")
    with ExitStack() as opened:
        held = _held(home, encoder)
        if held is not None:
            opened.callback(held.close)
        made = build(documents(), home, encoder, created="", software=software, reuse=held, progress=progress)
    activate(home, made.id)
    return folder_of(home, made.id)


def _held(home: Path, encoder: Encoder) -> Snapshot | None:
    """The live index; None where there is none, or none that this program with this encoder can read."""
    try:
        return open_current(home, encoder.identity)
    except (NoSnapshot, SnapshotDamaged, SnapshotMismatch):
        return None
