"""For operators: what the corpus holds, how documents get in and out, and what became of them."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from api.cli.progress import shown
from api.cli.report import summary, tell, touched_line
from api.cli.review import app as review_app
from api.cli.session import ATTENTION, AsJson, note, now, open_catalogue, say, say_json, software
from api.cli.sources import pull, refresh_status
from api.settings import Settings
from assistant.recall import Standing, of_documents
from corpus.account import account, flags
from corpus.catalogue import answers, documents, jobs
from corpus.catalogue.documents import Held, WithdrawnBy
from corpus.ingest import Ingest, built_in
from corpus.leaning import Leaning
from corpus.sources import count, files
from corpus.standing import finder
from corpus.types import Notice

app = typer.Typer(no_args_is_help=True, help="Add, withdraw, fetch, review and recall documents.")
app.command()(pull)
app.command("refresh-status")(refresh_status)
app.add_typer(review_app, name="review")

DocumentId = Annotated[str, typer.Argument(metavar="DOC", help="Id of a document, see: sequitur corpus list")]


@app.command()
def add(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH|DIR|GLOB", help="Files, folders, patterns or tar archives.")
    ] = None,
    starter: Annotated[bool, typer.Option("--starter", help="The built-in corpus, brought up to date.")] = False,
    withdraw_missing: Annotated[
        bool, typer.Option("--withdraw-missing", help="Withdraw documents whose file under PATH is gone.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that read files.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Add documents: article Markdown, JATS, MEDLINE XML, PDF, HTML, CSL-JSON, RIS, BibTeX (gzip and tar too).

    What is there already is left as it is, an edited file makes a new version. A file that cannot be read is
    reported and does not stop the rest; the exit status is then 3.

    Example: sequitur corpus add articles/ library.json 'trials/*.nxml'
    """
    if not paths and not starter:
        raise typer.BadParameter("name what to add, or --starter for the built-in corpus")
    settings = Settings.from_environment()
    roots = [str(Path(path).absolute()) for path in paths or ()]
    with open_catalogue(settings) as catalogue, jobs.RunningJob(catalogue, "corpus add", settings.user, now) as job:
        run = Ingest(catalogue, software=software(), now=now, workers=workers)
        builtin = built_in() if starter else []
        with shown(count(roots) + len(builtin)) as progress:
            run.add(chain(builtin, files(roots)), lambda done: progress("reading", done))
        if withdraw_missing and not run.withdraw_missing(roots):
            note("nothing was withdrawn, since not everything could be read")
        job.detail = summary(run.report)
    tell(run.report, as_json)


@app.command("list")
def list_(
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Only what was withdrawn.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the documents with version, review status and origin.

    Example: sequitur corpus list --json
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.reading() as connection:
        found = (one for one in documents.held(connection) if bool(one.withdrawn) == withdrawn)
        if as_json:
            say_json(list(found))
            return
        for one in found:
            say(_line(one))


@app.command()
def show(document_id: DocumentId, as_json: AsJson = False) -> None:
    """Show one document: its versions, review history, notices, and sentences that lean on retracted literature.

    Example: sequitur corpus show myositis
    """
    with open_catalogue(Settings.from_environment()) as catalogue:
        found = account(catalogue, document_id)
    if as_json:
        say_json(found)
        return
    say(_line(found.held))
    if found.held.withdrawn:
        say(f"  withdrawn  {found.held.withdrawn}  {found.held.withdrawn_why}")
    for version in found.versions:
        say(f"  version {version.number}  {version.recorded}  {version.version[:12]}  {version.origin}")
    for step in found.reviews:
        say(f"  {step.at}  {step.before} → {step.after}  {step.who}: {step.why}")
    _say_flags(found.notices, found.leaning)


@app.command()
def flagged(as_json: AsJson = False) -> None:
    """List what notices say of the corpus: documents with a status, and sentences that lean on retracted works.

    Exit status 3 when there are any.

    Example: sequitur corpus flagged
    """
    with open_catalogue(Settings.from_environment()) as catalogue:
        found = list(flags(catalogue))
    if as_json:
        say_json(found)
    for one in () if as_json else found:
        say(f"{one.document_id}  {one.source_status}  {one.title}")
        _say_flags(one.notices, one.leaning)
    raise typer.Exit(ATTENTION if found else 0)


@app.command()
def withdraw(
    document_id: DocumentId, why: Annotated[str, typer.Option(help="The reason, kept with the withdrawal.")]
) -> None:
    """Take a document out of what is indexed. From now on no answer rests on it; its versions stay.

    Example: sequitur corpus withdraw PMC1234567 --why "superseded by the 2026 guideline"
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.writing() as connection:
        documents.withdraw(connection, document_id, WithdrawnBy.PERSON, why, now())
    note(f"{document_id} is withdrawn; take it out of the index with: sequitur index build")


@app.command()
def restore(document_id: DocumentId) -> None:
    """Undo a withdrawal.

    Example: sequitur corpus restore PMC1234567
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.writing() as connection:
        documents.bring_back(connection, document_id, now())
    note(f"{document_id} stands again; put it into the index with: sequitur index build")


@app.command()
def impact(document_id: DocumentId, as_json: AsJson = False) -> None:
    """List the past answers that cite a document, and how what they cite stands in the catalogue now.

    Exit status 3 when a citation is not intact any more.

    Example: sequitur corpus impact PMC1234567
    """
    with open_catalogue(Settings.from_environment()) as catalogue:
        with catalogue.reading() as connection:
            given = list(answers.given_citing(connection, [document_id]))
            if not given:
                documents.one_held(connection, document_id)
        found = list(of_documents(given, frozenset((document_id,)), finder(catalogue)))
    if as_json:
        say_json(found)
    for one in () if as_json else found:
        say(touched_line(one))
    raise typer.Exit(ATTENTION if any(one.standing is not Standing.INTACT for one in found) else 0)


def _line(one: Held) -> str:
    due = f", again by {one.re_review}" if one.re_review else ""
    return f"{one.id}  v{one.number}  {one.review_status}{due}  {one.format}  {one.title}"


def _say_flags(notices: Iterable[Notice], leaning: Iterable[Leaning]) -> None:
    for notice in notices:
        said = notice.notice_doi or notice.notice_pmid or "no notice named"
        say(f"  {notice.status}  {notice.date or 'no date'}  {said}  ({notice.origin})")
    for one in leaning:
        say(f"  leans on retracted {', '.join(one.keys)}: {one.text}")
