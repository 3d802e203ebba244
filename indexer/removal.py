"""Taking a snapshot away; whoever holds it open goes on reading it."""

import os
import shutil
from pathlib import Path

from indexer.durable import locked, sync_folder, writing
from indexer.errors import SnapshotIsLive
from indexer.home import SWITCH, current_id, folder_of

REMOVED = ".removed-"
"""Before the name of a folder that is being removed; the next build removes what a killed removal left."""


def remove(home: Path, snapshot: str) -> None:
    """Remove a snapshot that is not live: gone in one step, then deleted. SnapshotIsLive, NoSnapshot."""
    folder = folder_of(home, snapshot)
    away = folder.with_name(f"{REMOVED}{snapshot}")
    with writing(home, "remove it again"):
        with locked(home / SWITCH):
            if snapshot == current_id(home):
                raise SnapshotIsLive(f"{snapshot} is live; promote another one first: sequitur index promote ID")
            shutil.rmtree(away, ignore_errors=True)
            os.replace(folder, away)
            sync_folder(folder.parent)
        shutil.rmtree(away, ignore_errors=True)
