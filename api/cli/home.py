"""For operators: the home as a whole, and the work that goes on in it."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.progress import shown
from api.cli.session import AsJson, note, now, open_catalogue, say, say_json, software
from api.settings import Settings
from corpus.catalogue import jobs as kept_jobs
from indexer.archive import Contents
from indexer.backup import back_up
from indexer.backup import restore as restore_backup
from indexer.home import snapshots_folder


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write, such as sequitur.tar.zst.")],
    as_json: AsJson = False,
) -> None:
    """Write the catalogue and every snapshot to one file, of one instant, while everything goes on.

    Example: sequitur backup /backups/sequitur-2026-11-22.tar.zst
    """
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue, kept_jobs.RunningJob(catalogue, "backup", settings.user, now) as job:
        size = sum(path.stat().st_size for path in snapshots_folder(settings.home).rglob("*") if path.is_file())
        with shown(max(size, 1)) as progress:
            contents = back_up(
                settings.home,
                catalogue,
                target.absolute(),
                created=now(),
                software=software(),
                progress=lambda done: progress("backing up (bytes)", done),
            )
        job.detail = str(target)
    _tell(contents, as_json)


def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="A backup, see: sequitur backup")],
    as_json: AsJson = False,
) -> None:
    """Put a backup back into an empty SEQUITUR_HOME, whole or not at all; every file is checked first.

    Example: SEQUITUR_HOME=/srv/sequitur sequitur restore /backups/sequitur-2026-11-22.tar.zst
    """
    settings = Settings.from_environment()
    _tell(restore_backup(archive.absolute(), settings.home, settings.database), as_json)


def jobs(
    last: Annotated[int, typer.Option(min=1, help="How many of the latest.")] = 20, as_json: AsJson = False
) -> None:
    """List long work, newest first: what ran, how far it is, how it ended.

    Example: sequitur jobs --last 5
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.reading() as connection:
        found = kept_jobs.jobs(connection, last)
    if as_json:
        say_json(found)
        return
    for one in found:
        far = f"  {one.stage} {one.done}/{one.total}" if one.stage else ""
        say(f"{one.started}  {one.kind}  {one.state}  {one.who}{far}  {one.detail}")
    if not found:
        note("No work has been done yet.")


def _tell(contents: Contents, as_json: bool) -> None:
    size = sum(record.size for record in contents.files.values())
    if as_json:
        say_json(
            {"created": contents.created, "live": contents.live, "snapshots": contents.snapshots, "rows": contents.rows}
        )
    else:
        say(
            f"{len(contents.snapshots)} snapshots, {contents.live or 'none'} live, {contents.rows:,} rows of the "
            f"catalogue, {size / 1e6:,.1f} MB, as of {contents.created}"
        )
