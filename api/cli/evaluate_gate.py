"""For evaluators: what may go live, from where on is refused, and sets from their own sites."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import httpx2
import msgspec
import typer

from api.cli.evaluate import Entailment, Folder, Jobs, app, carried_out
from api.cli.session import AsJson, note, now, say, say_json
from api.errors import GateRefused
from api.examining import live_snapshot, open_content, sources_here
from api.settings import Settings
from api.thresholds import Thresholds, basis_of, thresholds_path
from assistant.evaluation import fetch as fetching
from assistant.evaluation.calibrating import WRONG_REFUSALS, choose, rates
from assistant.evaluation.case import Suite
from assistant.evaluation.confidence import judged
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.gate import faults, floors_of, notices, read_floors
from assistant.evaluation.provenance import fingerprint
from assistant.evaluation.run_folder import read_run, write_baseline
from assistant.evaluation.shipped import baseline_path
from indexer.durable import replace_file, writing
from indexer.snapshot import Snapshot


@app.command()
def gate(
    specs: Annotated[
        list[str] | None, typer.Argument(metavar="[SUITE…]", help="Default: what the baseline has.")
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="A run or baseline; default: the one that is shipped.")] = None,
    floors: Annotated[Path | None, typer.Option(help="Suite → measure → number; default: floors.json there.")] = None,
    done: Annotated[Path | None, typer.Option("--run", help="Judge this run instead of asking anew.")] = None,
    jobs: Jobs = 1,
    entailment: Entailment = None,
    as_json: AsJson = False,
) -> None:
    """Exit with status 1 when a measure is below its floor, or worse than the baseline's by more than chance.

    The baseline counts only on the same corpus fingerprint. This is the gate for promotion: what is asked is the
    snapshot of SEQUITUR_SNAPSHOT, which promotion sets to the candidate, else the live one.

    Example: SEQUITUR_GATE="sequitur evaluate gate" sequitur index promote 0123456789abcdef
    """
    settings = Settings.from_environment()
    against = baseline or baseline_path("starter")
    before, wanted = read_run(against), read_floors(floors) if floors else floors_of(against)
    if done is not None:
        run = read_run(done)
    else:
        names = specs or [record.name for record in before.provenance.suites]
        with TemporaryDirectory(prefix="sequitur-gate-") as folder:
            run = carried_out(names, Path(folder) / "run", jobs, None, entailment, settings)
    found = faults(run, before, wanted)
    if as_json:
        say_json({"passed": not found, "faults": found, "notices": notices(run, before)})
    else:
        for line in (*notices(run, before), *found):
            say(line)
    if found:
        raise GateRefused(f"the gate is closed: {len(found)} of its conditions are not met")
    note("The gate is open.")


@app.command()
def baseline(
    folder: Folder,
    out: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the baseline is kept; its floors stay.")],
) -> None:
    """Keep a run as a baseline: its scores, its summary and what it was made with, without the answers.

    Example: sequitur evaluate baseline run-1 baselines/ours
    """
    write_baseline(read_run(folder), out)
    say(str(out))


@app.command()
def calibrate(
    spec: Annotated[str, typer.Argument(metavar="SUITE", help='A suite with "split": "calibration" cases.')],
    wrong: Annotated[
        float,
        typer.Option("--wrong-refusals", min=0.0, max=1.0, help="The share of answerable ones to refuse at most."),
    ] = WRONG_REFUSALS,
    out: Annotated[Path | None, typer.Option(help="Where to write it; default: thresholds.json in the home.")] = None,
    as_json: AsJson = False,
) -> None:
    """Choose from which probability on a question is answered, on the calibration cases of a suite, and use it here.

    The highest threshold that refuses no more than the given share of answerable cases. Cases of other splits are not
    looked at. The threshold and its rates are written to the home, and answers follow it from then on.

    Example: sequitur evaluate calibrate calibration --wrong-refusals 0.05
    """
    settings = Settings.from_environment()
    suite = open_content(spec)
    if not isinstance(suite, Suite):
        raise BadSuite(f"{spec} has no calibration cases; write a suite of your own, see docs/suites.md")
    kept = _chosen(suite, wrong, settings)
    path = out or thresholds_path(settings.home)
    with writing(path.parent, "calibrate again"):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    if as_json:
        say_json(kept)
        return
    say(f"Answered from a probability of {kept.enough:.3f} on; written to {path}")
    say(f"Refused rightly {kept.rates.correct_refusal:.3f} of {kept.rates.refusable} cases")
    say(f"Refused wrongly {kept.rates.wrong_refusal:.3f} of {kept.rates.answerable} cases")


def _chosen(suite: Suite, wrong: float, settings: Settings) -> Thresholds:
    """The threshold for what answers here; one that was chosen before plays no part."""
    encoder = settings.encoder()
    snapshot = Snapshot(live_snapshot(settings), encoder.identity)
    with closing(snapshot):
        found = judged(suite, snapshot, encoder, sources_here(settings))
    chosen = choose(found, wrong)
    return Thresholds(
        enough=chosen,
        rates=rates(found, chosen),
        suite=suite.name,
        suite_digest=suite.digest,
        corpus=fingerprint(snapshot.manifest),
        basis=basis_of(encoder.identity),
        created=now(),
    )


@app.command()
def fetch(
    what: Annotated[str, typer.Argument(metavar="NAME|URL", help="A set by name (evaluate suites), or an address.")],
    to: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is not there yet.")],
    checksum: Annotated[str, typer.Option(help="MD5 or SHA-256, for an address; a named set has its own.")] = "",
) -> None:
    """Fetch a public set from its own site, and keep it only when it is what its checksum says.

    Example: sequitur evaluate fetch beir-scifact sets/scifact
    """
    with httpx2.Client(timeout=60, proxy=Settings.from_environment().services.proxy or None) as client:
        say(str(fetching.fetch(what, checksum, to, client)))
