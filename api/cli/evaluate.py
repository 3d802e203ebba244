"""For evaluators: run suites, compare runs, report them."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.evaluate_lines import comparison_as_json, comparison_lines, run_as_json, run_lines
from api.cli.progress import shown
from api.cli.session import ATTENTION, AsJson, note, now, say, say_json, software
from api.examining import examinations, setup
from api.runs import new_folder
from api.settings import Settings
from assistant.evaluation.adapters import ADAPTERS
from assistant.evaluation.case import read_suite
from assistant.evaluation.compare import compare as compare_runs
from assistant.evaluation.fetch import published
from assistant.evaluation.judgements import read_judgements
from assistant.evaluation.report.junit import junit
from assistant.evaluation.report.markdown import markdown
from assistant.evaluation.report.page import html
from assistant.evaluation.run_folder import Run, is_finished, read_run
from assistant.evaluation.running import run as run_all
from assistant.evaluation.shipped import SUITES, suite_path
from assistant.evaluation.targets import TARGETS
from indexer.durable import replace_file, writing

app = typer.Typer(no_args_is_help=True, help="Measure answer quality: run suites, compare runs, gate what goes live.")

Folder = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]
Specs = Annotated[
    list[str], typer.Argument(metavar="SUITE…", help="A shipped suite, a .jsonl file, or a public set as NAME:PATH.")
]
Out = Annotated[Path | None, typer.Option(help="The run's folder; one that broke off is gone on with.")]
Over = Annotated[
    str | None, typer.Option(help="What is asked instead of a set's own documents: \"live\", or another set's.")
]
Jobs = Annotated[int, typer.Option(min=1, max=64, help="Processes that ask.")]
Entailment = Annotated[
    Path | None, typer.Option(help="A cross-encoder folder that judges support instead of the lexical check.")
]


@app.command()
def suites(as_json: AsJson = False) -> None:
    """List the suites that are shipped, the formats of public sets, and the sets that can be fetched by name.

    Example: sequitur evaluate suites
    """
    shipped = {name: (len(read_suite(suite_path(name)).cases), what) for name, what in SUITES.items()}
    if as_json:
        say_json({"suites": shipped, "formats": list(ADAPTERS), "published": published()})
        return
    for name, (count, what) in shipped.items():
        say(f"{name}  {count} cases: {what}")
    say(f"Public sets, as NAME:PATH: {', '.join(ADAPTERS)}")
    for one in published():
        say(f"To fetch: {one.name}  {one.what} ({one.licence})")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Suites to validate.")], as_json: AsJson = False
) -> None:
    """Validate suite files; the first thing that is wrong is told with its line and field.

    Example: sequitur evaluate check my-suite.jsonl
    """
    read = [read_suite(path) for path in files]
    if as_json:
        say_json([{"suite": suite.name, "cases": len(suite.cases), "digest": suite.digest} for suite in read])
        return
    for suite in read:
        say(f"{suite.name}: {len(suite.cases)} cases, digest {suite.digest}")


@app.command()
def run(
    specs: Specs,
    out: Out = None,
    jobs: Jobs = 1,
    over: Over = None,
    entailment: Entailment = None,
    as_json: AsJson = False,
) -> None:
    """Ask every case of the suites, and write a run folder: cases, scores, a summary, and what it was made with.

    Without --out the folder is named after the time, under evaluation/runs in the home. A run that breaks off goes on
    with the same --out.

    Example: sequitur evaluate run starter --jobs 2 --out run-1
    """
    settings = Settings.from_environment()
    folder = out or new_folder(settings.home, now())
    finished = carried_out(specs, folder, jobs, over, entailment, settings)
    note(f"The run is in {folder}; see it: sequitur evaluate report {folder}")
    if as_json:
        say_json(run_as_json(finished))
        return
    for line in run_lines(finished, TARGETS):
        say(line)


@app.command()
def compare(a: Folder, b: Folder, as_json: AsJson = False) -> None:
    """Show what changed from run A to run B: measures, whether by more than chance, and which cases.

    Exit status 3 when a measure got worse by more than chance.

    Example: sequitur evaluate compare run-1 run-2
    """
    found = compare_runs(read_run(a), read_run(b))
    if as_json:
        say_json([comparison_as_json(one) for one in found])
    for line in () if as_json else comparison_lines(found):
        say(line)
    worse = any(one.is_worse and one.is_more_than_chance for comparison in found for one in comparison.differences)
    raise typer.Exit(ATTENTION if worse else 0)


@app.command()
def report(
    folder: Folder,
    page: Annotated[Path | None, typer.Option("--html", help="The page to write; default: report.html in RUN.")] = None,
    summary: Annotated[Path | None, typer.Option("--markdown", help="Also a Markdown summary.")] = None,
    tests: Annotated[Path | None, typer.Option("--junit", help="Also JUnit XML, a test a case.")] = None,
    history: Annotated[
        list[Path] | None, typer.Option("--history", help="Earlier runs, or folders of runs, to show beside it.")
    ] = None,
) -> None:
    """Write one self-contained page about a run: measures, plots, and every case with its answer and verdicts.

    Example: sequitur evaluate report run-2 --history run-1 --markdown summary.md --junit junit.xml
    """
    shown_run = read_run(folder)
    earlier, judged = earlier_runs(history or [], folder), read_judgements(folder)
    written = {page or folder / "report.html": html(shown_run, earlier, TARGETS, judged)}
    if summary:
        written[summary] = markdown(shown_run, TARGETS)
    if tests:
        written[tests] = junit(shown_run)
    for path, text in written.items():
        with writing(path.parent, "report again"):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, text.encode())
        say(str(path))


def carried_out(
    specs: list[str], out: Path, jobs: int, over: str | None, entailment: Path | None, settings: Settings
) -> Run:
    """The run, with progress."""
    with shown(None) as indexing:
        found = examinations(specs, over, settings, software(), indexing)
    with shown(sum(len(one.items()) for one in found)) as progress:
        return run_all(found, setup(settings, software(), entailment), out, now(), jobs, progress)


def earlier_runs(paths: list[Path], folder: Path) -> list[Run]:
    """The finished runs among folders and what is in them, but for the one that is reported; oldest first."""
    candidates = [one for path in paths for one in (path, *(sorted(path.iterdir()) if path.is_dir() else ()))]
    found = {one.resolve(): one for one in candidates if one.is_dir() and is_finished(one)}
    found.pop(folder.resolve(), None)
    return sorted((read_run(one) for one in found.values()), key=lambda run: run.provenance.created)
