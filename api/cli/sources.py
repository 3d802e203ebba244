"""For operators: literature from its services, and what became of it."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api.cli.progress import shown
from api.cli.report import summary, tell
from api.cli.session import AsJson, note, now, open_catalogue, software
from api.settings import Services, Settings
from corpus.catalogue import jobs, notices
from corpus.catalogue.database import Catalogue
from corpus.connectors.crossref import Crossref
from corpus.connectors.eutils import Eutils
from corpus.connectors.pmc import PubMedCentral
from corpus.connectors.pubmed import PubMed
from corpus.ingest import Ingest
from corpus.notice_lists import opened_list
from corpus.pull import Pull, all_known, cited_and_not_held, without_full_text
from corpus.readers.retractions import NAMELESS, read_notices
from corpus.types import Notice, Problem


def pull(
    citing: Annotated[list[str] | None, typer.Argument(metavar="[DOC]", help="Only what these documents cite.")] = None,
    full_text: Annotated[
        bool, typer.Option("--full-text", help="Also full texts of PubMed Central whose licence allows it.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many works.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch the literature that the corpus cites and does not hold: records and abstracts from PubMed.

    Each batch is kept before the next is asked for, so that a run that breaks off is continued by the next one.
    Works that cannot be found or may not be kept are reported; the exit status is then 3.

    Example: sequitur corpus pull myositis --full-text
    """
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue, jobs.RunningJob(catalogue, "corpus pull", settings.user, now) as job:
        wanted = cited_and_not_held(catalogue, citing or (), limit)
        run = Ingest(catalogue, software=software(), now=now)
        with _services(settings.services, run) as services, shown(len(wanted)) as progress:
            services.literature(wanted, progress)
            if full_text:
                services.full_texts(without_full_text(catalogue, citing or (), limit), progress)
        job.detail = summary(run.report)
    if not len(wanted):
        note("A record of everything that is cited under an identifier is held already.")
    tell(run.report, as_json)


def refresh_status(
    lists: Annotated[
        list[Path] | None,
        typer.Option("--list", help="Retraction Watch CSV, or a TSV with doi and status (.gz and .zst too)."),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="The lists are whole: what they hold no more is lifted.")
    ] = False,
    services: Annotated[bool, typer.Option(help="Ask PubMed and Crossref.")] = True,
    as_json: AsJson = False,
) -> None:
    """Ask what became of every work that is held or cited: retractions, concerns, corrections, errata.

    What is found counts at once: from now on no answer rests on a retracted work, also before the next build.
    The Retraction Watch data is provided by Retraction Watch / The Center for Scientific Integrity under CC BY 4.0.

    Example: sequitur corpus refresh-status --list retraction_watch.csv --no-services
    """
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue, jobs.RunningJob(catalogue, "refresh-status", settings.user, now) as job:
        run = Ingest(catalogue, software=software(), now=now)
        met = {one for path in lists or () for one in _keep_list(path, run)}
        if complete and not run.report.problems:
            _lift_absent(catalogue, met)
        if services:
            wanted = all_known(catalogue)
            with _services(settings.services, run) as asked, shown(len(wanted)) as progress:
                asked.statuses(wanted, progress)
        job.detail = summary(run.report)
    note("See what is concerned: sequitur corpus flagged. Take it into the index: sequitur index build")
    tell(run.report, as_json)


def _keep_list(path: Path, run: Ingest) -> set[Notice]:
    """The notices that a list holds, kept; a notice that names no work is only counted."""
    met: set[Notice] = set()

    def noted(records: Iterable[Notice | Problem]) -> Iterator[Notice | Problem]:
        for record in records:
            if isinstance(record, Problem) and record.reason == NAMELESS:
                run.report.passed_over += 1
                continue
            if isinstance(record, Notice):
                met.add(record)
            yield record

    with opened_list(path) as lines:
        run.keep(noted(read_notices(lines, str(path))))
    return met


def _lift_absent(catalogue: Catalogue, met: set[Notice]) -> None:
    with catalogue.writing() as connection:
        lifted = sum(notices.lift_absent(connection, origin, met) for origin in {one.origin for one in met})
    note(f"{lifted:,} notices are lifted, since the lists hold them no more")


@contextmanager
def _services(services: Services, run: Ingest) -> Iterator[Pull]:
    with ExitStack() as opened:
        eutils = opened.enter_context(
            Eutils(
                base_url=services.pubmed_url, api_key=services.ncbi_key, contact=services.contact, proxy=services.proxy
            )
        )
        crossref = opened.enter_context(
            Crossref(base_url=services.crossref_url, contact=services.contact, proxy=services.proxy)
        )
        yield Pull(run, PubMed(eutils), PubMedCentral(eutils), crossref)
