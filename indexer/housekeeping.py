"""Which snapshots nothing needs any more."""

from collections.abc import Collection
from pathlib import Path

from indexer.home import current_id
from indexer.snapshot import Manifest, list_snapshots


def removable(home: Path, needed: Collection[str], keep: int) -> tuple[Manifest, ...]:
    """The snapshots that are neither live, nor needed, nor among the `keep` newest; oldest first."""
    live = current_id(home)
    older = list_snapshots(home)[keep:]
    return tuple(reversed([one for one in older if one.id != live and one.id not in needed]))
