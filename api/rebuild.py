"""From the catalogue to a snapshot: is there anything to do, and doing it."""

from collections.abc import Callable

from api.live import record_built
from api.settings import Settings
from corpus.catalogue import source_files
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import held
from corpus.ingest import BUILT_IN, Ingest, Report, built_in
from corpus.standing import StandingCorpus
from indexer import snapshot as snapshots
from indexer.build import Progress, build
from indexer.encoder import EncoderIdentity, default_model_folder, weights_digest
from indexer.errors import IndexerError
from indexer.home import folder_of
from indexer.snapshot import Manifest, Snapshot


def renew_built_in(catalogue: Catalogue, software: str, now: Callable[[], str]) -> Report:
    """Put the built-in corpus in where there is nothing; where it is, keep it as this program brings it."""
    with catalogue.reading() as connection:
        names = source_files.known(connection)
        empty = next(held(connection), None) is None
    run = Ingest(catalogue, software=software, now=now)
    if empty or any(name.startswith(f"{BUILT_IN}:") for name in names):
        run.add(built_in())
        run.withdraw_missing([BUILT_IN])
    return run.report


def unchanged(settings: Settings, catalogue: Catalogue, software: str) -> Manifest | None:
    """The newest intact snapshot of exactly this corpus, by this encoder and program; loads no model."""
    weights = weights_digest(settings.encoder_folder or default_model_folder())
    made_alike = [
        manifest
        for manifest in snapshots.list_snapshots(settings.home)
        if manifest.encoder.revision == weights and manifest.software == software
    ]
    if not made_alike:
        return None
    versions = {document.id: document.version for document in StandingCorpus(catalogue)}
    same = (manifest for manifest in made_alike if dict(manifest.documents) == versions)
    return next((manifest for manifest in same if _is_intact(settings, manifest)), None)


def rebuild(settings: Settings, catalogue: Catalogue, software: str, created: str, progress: Progress) -> Manifest:
    """Build a snapshot of the catalogue as it stands, and note it there; it is not live yet."""
    encoder = settings.encoder()
    reuse = _reusable(settings, encoder.identity)
    try:
        manifest = build(
            StandingCorpus(catalogue),
            settings.home,
            encoder,
            created=created,
            software=software,
            reuse=reuse,
            progress=progress,
        )
    finally:
        if reuse is not None:
            reuse.close()
    record_built(catalogue, manifest)
    return manifest


def _is_intact(settings: Settings, manifest: Manifest) -> bool:
    try:
        snapshots.verify(folder_of(settings.home, manifest.id))
    except IndexerError:
        return False
    return True


def _reusable(settings: Settings, encoder: EncoderIdentity) -> Snapshot | None:
    """The live snapshot when it can lend its vectors; a damaged or foreign one cannot, and is replaced."""
    try:
        return snapshots.open_current(settings.home, encoder)
    except IndexerError:
        return None
