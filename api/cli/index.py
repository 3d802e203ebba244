"""For operators: build, list, verify and activate snapshots."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.progress import shown
from api.cli.session import note, software
from api.settings import Settings
from corpus.sources import Corpus, gather
from indexer import snapshot as snapshots
from indexer.build import build as build_snapshot
from indexer.encoder import EncoderIdentity, default_model_folder, weights_digest
from indexer.errors import IndexerError
from indexer.snapshot import Manifest, Snapshot

app = typer.Typer(no_args_is_help=True, help="Build, list, verify and activate indexes.")

Paths = list[Path] | None


@app.command()
def build(
    articles: Annotated[Paths, typer.Option(help="Folder of article Markdown; repeat for more.")] = None,
    literature: Annotated[Paths, typer.Option(help="CSL-JSON file of literature; repeat for more.")] = None,
    jats: Annotated[
        Paths, typer.Option(help="JATS full text: a file, a folder, or a tar archive (.tar.zst too).")
    ] = None,
    retractions: Annotated[Paths, typer.Option(help="TSV of retracted works, columns doi and status.")] = None,
    starter: Annotated[bool, typer.Option(help="Include the built-in corpus.")] = True,
    activate: Annotated[bool, typer.Option(help="Make the new snapshot current once it is verified.")] = True,
    if_needed: Annotated[bool, typer.Option("--if-needed", help="Do nothing when the live one is up to date.")] = False,
) -> None:
    """Build a snapshot beside the live one, verify it, and make it current.

    Only passages that the live snapshot (or a build that was interrupted) does not hold yet are encoded.
    """
    settings = Settings.from_environment()
    corpus = gather(
        starter=starter,
        articles=articles or (),
        literature=literature or (),
        jats=jats or (),
        retractions=retractions or (),
    )
    if if_needed and _up_to_date(settings, corpus):
        note("The index is up to date.")
        return
    manifest = _build(settings, corpus)
    if activate:
        snapshots.activate(settings.home, manifest.id)
    typer.echo(_line(manifest, live=activate))


def _build(settings: Settings, corpus: Corpus) -> Manifest:
    encoder = settings.encoder()
    with shown(len(corpus)) as progress:
        return build_snapshot(
            corpus,
            settings.home,
            encoder,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            software=software(),
            reuse=_reusable(settings, encoder.identity),
            progress=progress,
        )


@app.command("list")
def list_() -> None:
    """List the snapshots, newest first; the live one is marked with *."""
    settings = Settings.from_environment()
    live = snapshots.current_id(settings.home)
    found = snapshots.list_snapshots(settings.home)
    for manifest in found:
        typer.echo(_line(manifest, live=manifest.id == live))
    if not found:
        note(f"no index in {settings.home}; build one: sequitur index build")


@app.command()
def activate(snapshot: Annotated[str, typer.Argument(help="Id, see: sequitur index list")]) -> None:
    """Verify a snapshot and make it current, in one atomic step."""
    manifest = snapshots.activate(Settings.from_environment().home, snapshot)
    typer.echo(_line(manifest, live=True))


@app.command()
def verify(
    snapshot: Annotated[str | None, typer.Argument(help="Id; the live snapshot when left out.")] = None,
) -> None:
    """Check every file of a snapshot against its checksums."""
    home = Settings.from_environment().home
    manifest = snapshots.verify(snapshots.folder_of(home, snapshot or snapshots.require_current(home)))
    typer.echo(f"{manifest.id} is intact: {len(manifest.files)} files, {_size(manifest)}")


def _up_to_date(settings: Settings, corpus: Corpus) -> bool:
    """Whether the live snapshot holds exactly this corpus, by this encoder and program; loads no model."""
    live = snapshots.current_id(settings.home)
    if live is None:
        return False
    manifest = snapshots.verify(snapshots.folder_of(settings.home, live))
    weights = weights_digest(settings.encoder_folder or default_model_folder())
    versions = {document.id: document.version for document in corpus}
    same_how = manifest.encoder.revision == weights and manifest.software == software()
    return same_how and dict(manifest.documents) == versions


def _reusable(settings: Settings, encoder: EncoderIdentity) -> Snapshot | None:
    """The live snapshot when it can lend its vectors; a damaged or foreign one cannot, and is replaced."""
    try:
        return snapshots.open_current(settings.home, encoder)
    except IndexerError:
        return None


def _line(manifest: Manifest, live: bool) -> str:
    return (
        f"{'*' if live else ' '} {manifest.id}  {manifest.created}  {len(manifest.documents):,} documents  "
        f"{manifest.passages:,} passages  {_size(manifest)}  {manifest.encoder.name}"
    )


def _size(manifest: Manifest) -> str:
    return f"{sum(record.size for record in manifest.files.values()) / 1e6:,.1f} MB"
