"""Where the snapshots of a home are, and which of them is live."""

from pathlib import Path

from indexer.errors import NoSnapshot

SWITCH = ".current.lock"
"""In the home: held while `current` changes or a snapshot is removed, so that neither happens within the other."""


def snapshots_folder(home: Path) -> Path:
    return home / "snapshots"


def folder_of(home: Path, snapshot: str) -> Path:
    """The folder of a snapshot by id; NoSnapshot when there is none."""
    folder = snapshots_folder(home) / snapshot
    if not snapshot.isalnum() or len(snapshot) > 64 or not folder.is_dir():
        raise NoSnapshot(f"no snapshot {snapshot[:80]!r} in {home}; see: sequitur index list")
    return folder


def current_id(home: Path) -> str | None:
    """The id of the live snapshot, None before the first activation."""
    try:
        return (home / "current").read_text("utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NoSnapshot(
            f"{home / 'current'} cannot be read ({error.strerror}); remove it, and: sequitur index promote ID"
        ) from error


def require_current(home: Path) -> str:
    """The id of the live snapshot; NoSnapshot before the first activation."""
    live = current_id(home)
    if live is None:
        raise NoSnapshot(f"no index in {home} is live; build one (sequitur index build), or see: sequitur index list")
    return live


def live_folder(home: Path) -> Path:
    """The folder of the live snapshot; NoSnapshot where `current` names none, or none that is there."""
    live = require_current(home)
    try:
        return folder_of(home, live)
    except NoSnapshot as error:
        raise NoSnapshot(
            f"{home / 'current'} names {live[:40]!r}, and there is no such snapshot; choose another "
            "(sequitur index list, sequitur index promote ID) or build one: sequitur index build"
        ) from error
