"""What is live: promotion through the quality gate, and the way back."""

from dataclasses import dataclass

from api.errors import GateRefused
from api.settings import Settings, child_environment
from corpus.catalogue import answers
from corpus.catalogue import snapshots as recorded
from corpus.catalogue.database import Catalogue
from corpus.catalogue.snapshots import Built, Promotion, PromotionKind
from indexer import snapshot as layout
from indexer.errors import NoSnapshot
from indexer.gate import GateResult, run_gate
from indexer.snapshot import Manifest


@dataclass(frozen=True, slots=True)
class Switch:
    """What is live now, what was before ("" for nothing), and how the gate ended (None without one)."""

    manifest: Manifest
    previous: str
    gate: GateResult | None = None


def promote(settings: Settings, catalogue: Catalogue, snapshot_id: str, now: str) -> Switch:
    """Verify a snapshot, run the gate on it, and make it live in one atomic step.

    Raises GateRefused with the gate's report: what was live stays so, and the attempt is recorded. LiveChanged when
    another became live while the gate ran: whoever did that may have had a reason that this promotion does not know.
    """
    previous = layout.current_id(settings.home) or ""
    layout.verify(layout.folder_of(settings.home, snapshot_id))
    gate = run_gate(settings.gate, child_environment(settings, snapshot_id)) if settings.gate else None
    passed = gate is None or gate.passed
    if passed:
        layout.activate(settings.home, snapshot_id, instead_of=previous)
    attempt = Promotion(snapshot_id, previous, PromotionKind.PROMOTE, now, settings.user, passed, *_told(gate))
    with catalogue.writing() as connection:
        recorded.record_promotion(connection, attempt)
    if gate is not None and not gate.passed:
        raise GateRefused(
            f"the gate ({gate.command}) ended with status {gate.status}, so {snapshot_id} is not live; "
            f"{previous or 'nothing'} stays live. It said:\n{gate.report.strip()}"
        )
    return Switch(layout.read_manifest(layout.folder_of(settings.home, snapshot_id)), previous, gate)


def roll_back(settings: Settings, catalogue: Catalogue, now: str) -> Switch:
    """Make live again what was live before, without asking the gate.

    NoSnapshot when there is nothing to go back to, LiveChanged when somebody else switched at the same time.
    """
    live = layout.require_current(settings.home)
    with catalogue.reading() as connection:
        target = recorded.before(recorded.promotions(connection), live)
    if target is None:
        raise NoSnapshot(f"nothing was live before {live}; choose one yourself: sequitur index promote ID")
    manifest = layout.activate(settings.home, target, instead_of=live)
    attempt = Promotion(target, live, PromotionKind.ROLLBACK, now, settings.user, True)
    with catalogue.writing() as connection:
        recorded.record_promotion(connection, attempt)
    return Switch(manifest, live)


def record_built(catalogue: Catalogue, manifest: Manifest) -> None:
    """Note a snapshot in the catalogue."""
    encoder = f"{manifest.encoder.name}@{manifest.encoder.revision[:12]}"
    one = Built(manifest.id, manifest.created, manifest.software, encoder, len(manifest.documents), manifest.passages)
    with catalogue.writing() as connection:
        recorded.record_built(connection, one)


def needed(settings: Settings, catalogue: Catalogue, *, for_replay: bool) -> set[str]:
    """The snapshots to keep: what can be rolled back to and, `for_replay`, what kept answers were given from."""
    live = layout.current_id(settings.home) or ""
    with catalogue.reading() as connection:
        before = recorded.before(recorded.promotions(connection), live)
        given_from = answers.snapshots_of_answers(connection) if for_replay else set()
    return given_from | ({before} if before else set())


def _told(gate: GateResult | None) -> tuple[str, int | None, str]:
    return ("", None, "") if gate is None else (gate.command, gate.status, gate.report)
