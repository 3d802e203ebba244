"""A home in one file, taken while it is in use, and put back whole or not at all."""

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from corpus.catalogue.database import Catalogue, copy, copying, default_url, file_of
from corpus.catalogue.tables import metadata
from indexer import snapshot as layout
from indexer.archive import CATALOGUE, SNAPSHOTS, Contents, Progress, pack, record_of, unpack
from indexer.durable import replace_file, sync_folder, undisturbed, writing
from indexer.errors import HomeInUse, SnapshotDamaged
from indexer.home import SWITCH, current_id, folder_of, snapshots_folder
from indexer.snapshot import FileRecord, Manifest


def back_up(
    home: Path, catalogue: Catalogue, target: Path, *, created: str, software: str, progress: Progress = lambda _: None
) -> Contents:
    """Write the catalogue and every finished snapshot of a home to a .tar.zst.

    Both are of one instant: the files are opened, and the catalogue is copied, while nothing can switch or be removed.
    Raises NotWritten when the disk is full, and SnapshotDamaged: what is damaged could not be put back.
    """
    with writing(target.parent, "back up again"), _scratch(target) as scratch, ExitStack() as opened:
        with undisturbed(home / SWITCH):
            live = current_id(home) or ""
            manifests = layout.list_snapshots(home)
            ids = tuple(manifest.id for manifest in manifests)
            if live and live not in ids:
                layout.read_manifest(folder_of(home, live))
            streams = {name: opened.enter_context(path.open("rb")) for name, path in _files(home, ids)}
            rows = _copied(catalogue, scratch)
        streams[CATALOGUE] = opened.enter_context((scratch / CATALOGUE).open("rb"))
        records = {name: record_of(stream) for name, stream in streams.items()}
        _check(manifests, records)
        contents = Contents(created, software, live, ids, rows, records)
        pack(scratch / "archive", contents, streams, progress)
        os.replace(scratch / "archive", target)
        sync_folder(target.parent)
    return contents


def restore(archive: Path, home: Path, url: str) -> Contents:
    """Put a backup back into an empty home, and its catalogue into the database at `url`.

    Every file is checked before any of it counts. Raises HomeInUse, BackupDamaged, NotWritten.
    """
    place = home.resolve()
    _require_empty(place)
    with writing(place.parent, "restore again"):
        place.parent.mkdir(parents=True, exist_ok=True)
        with _scratch(place) as scratch:
            whole = scratch / "home"
            contents = unpack(archive, whole)
            if contents.live:
                replace_file(whole / "current", f"{contents.live}\n".encode())
            _put_back(whole, place, url)
            sync_folder(place.parent)
    return contents


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """A new folder beside what is to be written, gone afterwards. What a killed process left there is removed."""
    outer = target.with_name(f".{target.name}.unfinished")
    shutil.rmtree(outer, ignore_errors=True)
    inner = outer / str(uuid.uuid4())  # so that whoever does the same at the same time fails, and mixes nothing
    try:
        outer.mkdir(mode=0o700, exist_ok=True)
        inner.mkdir()
        yield inner
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _files(home: Path, ids: Sequence[str]) -> Iterator[tuple[str, Path]]:
    for one in ids:
        folder = folder_of(home, one)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield f"{SNAPSHOTS}/{path.relative_to(snapshots_folder(home)).as_posix()}", path


def _copied(catalogue: Catalogue, folder: Path) -> int:
    """The number of rows copied; the copy is closed, so that nothing of it is left in another file."""
    new = Catalogue.open(default_url(folder))
    try:
        return copy(catalogue, new, metadata)
    finally:
        new.close()


def _check(manifests: Sequence[Manifest], records: Mapping[str, FileRecord]) -> None:
    for manifest in manifests:
        for name, record in manifest.files.items():
            if records.get(f"{SNAPSHOTS}/{manifest.id}/{name}") != record:
                raise SnapshotDamaged(
                    f"snapshot {manifest.id}: {name} is missing or does not match its checksum, so that it could not "
                    "be put back; build it anew (sequitur index build) or remove it, and back up again"
                )


def _require_empty(home: Path) -> None:
    if os.path.ismount(home):
        raise HomeInUse(f"{home} is a mount point, which cannot be replaced; name a folder in it as SEQUITUR_HOME")
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise HomeInUse(f"{home} is not empty; move it away first, or name another: SEQUITUR_HOME=… sequitur restore")


def _put_back(whole: Path, home: Path, url: str) -> None:
    """Put an unpacked home in its place, with its catalogue where the URL says: both, or neither."""
    file = file_of(url)
    if file is not None and file.resolve().is_relative_to(home):
        inside = whole / file.resolve().relative_to(home)
        inside.parent.mkdir(parents=True, exist_ok=True)
        os.replace(whole / CATALOGUE, inside)
        _replace_folder(whole, home)
        return
    os.replace(whole / CATALOGUE, whole.with_name(CATALOGUE))
    with ExitStack() as opened:
        old, new = Catalogue.open(default_url(whole.parent)), Catalogue.open(url)
        opened.callback(old.close)
        opened.callback(new.close)
        if not new.is_empty(metadata):
            raise HomeInUse("the database that SEQUITUR_DATABASE names holds a catalogue; name an empty one")
        undo = opened.enter_context(ExitStack())
        undo.callback(_take_back, home, whole)
        with copying(old, new, metadata):
            _replace_folder(whole, home)
        undo.pop_all()


def _take_back(home: Path, folder: Path) -> None:
    """Undo what could not be finished: the database did not take its rows."""
    if not folder.exists():
        os.replace(home, folder)


def _replace_folder(folder: Path, home: Path) -> None:
    if home.exists():
        home.rmdir()
    os.replace(folder, home)
