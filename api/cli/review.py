"""For operators: the review of documents, step by step."""

from typing import Annotated

import typer

from api.cli.session import ATTENTION, AsJson, now, open_catalogue, say, say_json
from api.reviewing import queue as waiting_queue
from api.settings import Settings
from corpus.catalogue import documents, reviews
from corpus.catalogue.reviews import ReviewEvent
from corpus.review import move, waits_for_another
from corpus.types import ReviewStatus

app = typer.Typer(no_args_is_help=True, help="Submitted → Under Review → Approved, and back.")

DocumentId = Annotated[str, typer.Argument(metavar="DOC", help="Id of a document, see: sequitur corpus list")]
Why = Annotated[str, typer.Option(help="The reason, kept with the step.")]
Who = Annotated[str | None, typer.Option(help="Who takes the step; SEQUITUR_USER or the user's name when left out.")]
Version = Annotated[int | None, typer.Option(help="The version that was read; refused when there is a newer one.")]


@app.command()
def start(document_id: DocumentId, why: Why, who: Who = None, version: Version = None, as_json: AsJson = False) -> None:
    """Submitted → Under Review.

    Example: sequitur corpus review start gout --why "assigned to rheumatology"
    """
    _step(document_id, ReviewStatus.UNDER_REVIEW, why, who, version, as_json=as_json)


@app.command()
def approve(
    document_id: DocumentId,
    why: Why,
    re_review: Annotated[str, typer.Option(help="Date at which it is reviewed again, such as 2027-11-22.")],
    who: Who = None,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """Under Review → Approved. Where two people are required, the first approval waits for another person's.

    Example: sequitur corpus review approve gout --version 2 --why "checked against sources" --re-review 2027-11-22
    """
    _step(document_id, ReviewStatus.APPROVED, why, who, version, re_review, as_json)


@app.command("return")
def return_(document_id: DocumentId, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """One step back: Approved → Under Review, or Under Review → Submitted.

    Example: sequitur corpus review return gout --why "new trial on flare prophylaxis"
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.reading() as connection:
        status = documents.one_held(connection, document_id).review_status
    back = ReviewStatus.UNDER_REVIEW if status is ReviewStatus.APPROVED else ReviewStatus.SUBMITTED
    _step(document_id, back, why, who, None, as_json=as_json)


@app.command()
def history(document_id: DocumentId, as_json: AsJson = False) -> None:
    """Show every review step of a document, oldest first.

    Example: sequitur corpus review history gout
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.reading() as connection:
        documents.one_held(connection, document_id)
        steps = reviews.history(connection, document_id)
    if as_json:
        say_json(steps)
        return
    for step in steps:
        say(_line(step))


@app.command()
def queue(
    literature: Annotated[bool, typer.Option("--literature", help="Literature too, not only articles.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the articles that wait for review, and approved documents whose re-review is due (exit status 3).

    Example: sequitur corpus review queue
    """
    with open_catalogue(Settings.from_environment()) as catalogue:
        found = waiting_queue(catalogue, now()[:10], literature=literature)
    if as_json:
        say_json({"waiting": found.waiting, "due": [{"id": one, "re_review": date} for one, date in found.due]})
    else:
        for one in found.waiting:
            say(f"{one.review_status}  {one.id}  v{one.number}  since {one.changed}  {one.title}")
        for document_id, date in found.due:
            say(f"due  {document_id}  approved until {date}")
    raise typer.Exit(ATTENTION if found.due else 0)


def _step(
    document_id: str,
    to: ReviewStatus,
    why: str,
    who: str | None,
    version: int | None,
    re_review: str = "",
    as_json: bool = False,
) -> None:
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue:
        step = move(
            catalogue,
            document_id,
            to,
            who=settings.user if who is None else who,
            why=why,
            now=now(),
            re_review=re_review,
            version=version,
            rules=settings.review_rules,
        )
    if as_json:
        say_json(step)
    else:
        say(_line(step))


def _line(step: ReviewEvent) -> str:
    moved = "approved, waits for a second person" if waits_for_another(step) else f"{step.before} → {step.after}"
    due = f", again by {step.re_review}" if step.re_review else ""
    return f"{step.at}  {step.document_id} v{step.number}: {moved}{due}  {step.who}: {step.why}"
