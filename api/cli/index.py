"""For operators: build snapshots from the catalogue, compare them, and choose what is live."""

import os
from typing import Annotated

import typer

from api.building import BUILD, building_alone
from api.cli.index_lines import say_difference, say_snapshot, say_switch, size, snapshot_line
from api.cli.progress import shown
from api.cli.report import summary, touched_line
from api.cli.session import ATTENTION, AsJson, note, now, open_catalogue, say, say_json, software
from api.live import needed, roll_back
from api.live import promote as promote_snapshot
from api.rebuild import rebuild, renew_built_in, unchanged
from api.settings import Settings
from api.snapshots import Listed, difference_between, listed, touched_between
from corpus.catalogue import jobs
from corpus.catalogue import snapshots as recorded
from corpus.catalogue.database import Catalogue
from corpus.standing import StandingCorpus
from indexer import snapshot as snapshots
from indexer.home import folder_of
from indexer.housekeeping import removable
from indexer.removal import remove
from indexer.snapshot import Manifest

app = typer.Typer(no_args_is_help=True, help="Build, compare, promote, roll back and remove indexes.")

_BEHIND_ANSWERS = 10
"""Niceness of a build that the service started: what is asked meanwhile goes first."""
A = Annotated[str, typer.Argument(metavar="A", help="Id of a snapshot, see: sequitur index list")]
B = Annotated[str, typer.Argument(metavar="B", help="Id of another snapshot.")]


@app.command()
def build(
    promote: Annotated[bool, typer.Option(help="Make the new snapshot live, if the gate lets it.")] = True,
    job_id: Annotated[
        str | None, typer.Option("--job", hidden=True, help="The job that the service announced.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build a snapshot of the catalogue beside the live one, verify it, and make it live.

    Only passages whose text is new are encoded; when nothing has changed, nothing is built. An empty catalogue gets
    the built-in corpus first; one that holds it gets it as this program brings it.

    Example: sequitur index build --no-promote
    """
    settings = Settings.from_environment()
    if job_id is not None:
        os.nice(_BEHIND_ANSWERS)
    with open_catalogue(settings) as catalogue:
        manifest, live = build_here(settings, catalogue, promote=promote, job_id=job_id)
    say_snapshot(Listed.of(manifest, live), as_json)


def build_here(
    settings: Settings, catalogue: Catalogue, *, promote: bool = True, job_id: str | None = None
) -> tuple[Manifest, str | None]:
    """Build what the catalogue holds, or else the built-in corpus, as a job; the snapshot, and the id that is live."""
    with (
        jobs.RunningJob(catalogue, BUILD, settings.user, now, job_id) as job,
        building_alone(settings.home, job.id),
    ):
        job.progress("changes", 0, 0)
        renewed = renew_built_in(catalogue, software(), now)
        if renewed.changed_anything:
            note(f"The built-in corpus: {summary(renewed)}")
        manifest = unchanged(settings, catalogue, software())
        if manifest is None:
            manifest = _build(settings, catalogue, job)
        else:
            note("Nothing has changed: nothing was encoded, nothing was built.")
            job.detail = f"{manifest.id}: nothing has changed"
        live = snapshots.current_id(settings.home)
        if promote and manifest.id != live:
            live = _promoted(settings, catalogue, manifest, live, job)
    return manifest, live


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the snapshots, newest first; the live one is marked with *.

    Example: sequitur index list
    """
    settings = Settings.from_environment()
    found = listed(settings.home)
    if as_json:
        say_json(found)
        return
    for one in found:
        say(snapshot_line(one))
    if not found:
        note(f"no index in {settings.home}; build one: sequitur index build")


@app.command()
def verify(
    snapshot: Annotated[str | None, typer.Argument(help="Id; the live snapshot when left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check every file of a snapshot against its checksums.

    Example: sequitur index verify
    """
    home = Settings.from_environment().home
    manifest = snapshots.verify(folder_of(home, snapshot or snapshots.require_current(home)))
    if as_json:
        say_json({"id": manifest.id, "intact": True, "files": len(manifest.files)})
    else:
        say(f"{manifest.id} is intact: {len(manifest.files)} files, {size(Listed.of(manifest, None))}")


@app.command()
def diff(a: A, b: B, as_json: AsJson = False) -> None:
    """Show what changes from snapshot A to snapshot B: documents, statuses, passages.

    Example: sequitur index diff 0123456789abcdef fedcba9876543210
    """
    found = difference_between(Settings.from_environment().home, a, b)
    if as_json:
        say_json(found)
    else:
        say_difference(found)


@app.command()
def impact(a: A, b: B, as_json: AsJson = False) -> None:
    """List the past answers whose citations stand worse in B than in A: changed, withdrawn, retracted.

    Exit status 3 when there are any.

    Example: sequitur index impact 0123456789abcdef fedcba9876543210
    """
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue:
        found = touched_between(settings.home, catalogue, a, b)
    if as_json:
        say_json(found)
    for one in () if as_json else found:
        say(touched_line(one))
    raise typer.Exit(ATTENTION if found else 0)


@app.command()
def promote(
    snapshot: Annotated[str, typer.Argument(help="Id, see: sequitur index list")], as_json: AsJson = False
) -> None:
    """Verify a snapshot, run the quality gate (SEQUITUR_GATE) on it, and make it live in one atomic step.

    When the gate refuses, its report is shown and what was live stays so; exit status 1.

    Example: SEQUITUR_GATE="sequitur evaluate gate" sequitur index promote 0123456789abcdef
    """
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue:
        say_switch(promote_snapshot(settings, catalogue, snapshot, now()), as_json)


@app.command()
def rollback(as_json: AsJson = False) -> None:
    """Make live again what was live before. The gate is not asked: this is the way out when something is wrong.

    Example: sequitur index rollback
    """
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue:
        say_switch(roll_back(settings, catalogue, now()), as_json)


@app.command()
def gc(
    keep: Annotated[int, typer.Option(min=0, help="How many of the newest snapshots stay in any case.")] = 2,
    with_answers: Annotated[
        bool, typer.Option("--with-answers", help="Also snapshots that kept answers would be replayed from.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove snapshots that nothing needs: not live, not what a roll-back goes to, not among the newest.

    Readers that have one open go on with it.

    Example: sequitur index gc --keep 3 --dry-run
    """
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue:
        found = removable(settings.home, needed(settings, catalogue, for_replay=not with_answers), keep)
        for manifest in () if dry_run else found:
            remove(settings.home, manifest.id)
            with catalogue.writing() as connection:
                recorded.record_removed(connection, manifest.id, now())
    if as_json:
        say_json({"removed": [manifest.id for manifest in found], "dry_run": dry_run})
        return
    for manifest in found:
        say(f"{'would remove' if dry_run else 'removed'} {snapshot_line(Listed.of(manifest, None)).strip()}")
    if not found:
        note("There is nothing to remove.")


def _promoted(
    settings: Settings, catalogue: Catalogue, manifest: Manifest, live: str | None, job: jobs.RunningJob
) -> str | None:
    """What is live after a build: the snapshot, unless somebody went back from it, which no build undoes."""
    with catalogue.reading() as connection:
        rolled_back = recorded.was_rolled_back(recorded.promotions(connection), manifest.id)
    if rolled_back:
        note(f"It was rolled back, and stays so; to make it live: sequitur index promote {manifest.id}")
        job.detail += ", not live: it was rolled back"
        return live
    job.progress("quality gate" if settings.gate else "promotion", 0, 0)
    promoted = promote_snapshot(settings, catalogue, manifest.id, now()).manifest.id
    job.detail += ", live"
    return promoted


def _build(settings: Settings, catalogue: Catalogue, job: jobs.RunningJob) -> Manifest:
    total = len(StandingCorpus(catalogue))
    job.progress("encoder", 0, 0)
    with shown(total) as progress:
        manifest = rebuild(settings, catalogue, software(), now(), jobs.both(progress, job, total))
    job.detail = f"{manifest.id}: built"
    return manifest
