"""What the tests of the catalogue put into it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from corpus.catalogue import answers, conversations, documents, keys, library, notices, reviews, snapshots, source_files
from corpus.catalogue.answers import CitedSpan, Given
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import Change, Held, WithdrawnBy
from corpus.catalogue.incoming import incoming
from corpus.catalogue.jobs import RunningJob
from corpus.catalogue.keys import Role
from corpus.catalogue.snapshots import Built, Promotion, PromotionKind
from corpus.catalogue.tables import cited_work, feedback, file_document, metadata
from corpus.types import (
    Document,
    DocumentKind,
    Notice,
    Reference,
    ReviewStatus,
    Section,
    SourceStatus,
    Work,
)

NOW = "2026-11-22T10:00:00+00:00"
LATER = "2026-11-23T10:00:00+00:00"
Rows = Mapping[str, list[dict[str, Any]]]


def document(
    name: str, text: str = "Rest helps.", *, cites: Iterable[str] = (), doi: str = "", pmid: str = "",
    status: ReviewStatus = ReviewStatus.SUBMITTED,
) -> Document:  # fmt: skip
    """A document of one section; what it cites is given by DOI, which is the key as well."""
    return Document(
        id=name,
        kind=DocumentKind.ARTICLE,
        work=Work(f"About {name}", doi=doi, pmid=pmid),
        text=text,
        sections=(Section(("All",), 0, len(text)),),
        references=tuple(reference(one) for one in cites),
        review_status=status,
    )


def reference(doi: str, title: str = "A trial", key: str = "") -> Reference:
    return Reference(key or doi, f"DOI:{doi}", Work(title, doi=doi))


def put(
    catalogue: Catalogue, one: Document, *, now: str = NOW, origin: str = "a.md", format: str = "article"
) -> Change:
    with catalogue.writing() as connection:
        return documents.put(connection, incoming(one, origin, format), now)


def withdraw(catalogue: Catalogue, name: str, by: WithdrawnBy = WithdrawnBy.PERSON, *, now: str = NOW) -> None:
    with catalogue.writing() as connection:
        documents.withdraw(connection, name, by, "superseded", now)


def held(catalogue: Catalogue, name: str) -> Held:
    with catalogue.reading() as connection:
        return documents.one_held(connection, name)


def standing(catalogue: Catalogue) -> list[Document]:
    with catalogue.reading() as connection:
        return list(documents.standing(connection))


def told(status: SourceStatus, *, doi: str = "", pmid: str = "", origin: str = "list", reason: str = "") -> Notice:
    return Notice(doi, pmid, status, origin, "2026-01-02", reason=reason)


def given(
    name: str, created: str = NOW, *, snapshot: str = "s1", cites: Iterable[str] = ("gout",), owner: str = ""
) -> Given:
    """An answer with a statement for each document it cites, the second citation of each by way of the first."""
    spans = tuple(
        span
        for number, one in enumerate(cites)
        for span in (
            CitedSpan(number, one, f"{one}#0-11", 0, 11, "Rest helps.", "Rest helps."),
            CitedSpan(number, f"DOI:10.5555/{one}", "", 0, 0, "", ""),
        )
    )
    return Given(name, created, snapshot, "answered", '{"text":"What helps?"}', f'{{"id":"{name}"}}', spans, owner)


def fill(catalogue: Catalogue) -> None:
    """Put rows into every table, with characters that a careless copy loses."""
    put(catalogue, document("gout", "Résumé — 5 µg “daily”\n\n☃", cites=["10.5555/a", "10.5555/b"], doi="10.5555/G"))
    put(catalogue, document("gout", "Edited.", cites=["10.5555/a", "10.5555/c"], doi="10.5555/G"))
    put(catalogue, document("scurvy", pmid="90000001"), origin="b.xml", format="jats")
    withdraw(catalogue, "scurvy")
    with catalogue.writing() as connection:
        step = ReviewStatus.SUBMITTED, ReviewStatus.UNDER_REVIEW
        reviews.record(connection, reviews.ReviewEvent("gout", 2, *step, "Ann O’Ther", NOW, "read"))
        library.keep(connection, [reference("10.5555/a", "Ünïcode"), reference("10.5555/b")])
        source_files.keep(connection, "corpus/ä b.md", "0" * 64, "tests", ["gout", "scurvy"], NOW)
        retracted = told(SourceStatus.RETRACTED, doi="10.5555/a", reason="data “invented”")
        notices.add(connection, [retracted, told(SourceStatus.CORRECTED, pmid="90000002")], NOW)
        snapshots.record_built(connection, Built("s1", NOW, "tests", "hashing", 2, 3))
        refused = Promotion("s2", "s1", PromotionKind.PROMOTE, NOW, "ann", False, "gate --all", 3, "nDCG fell")
        for one in (Promotion("s1", "", PromotionKind.PROMOTE, NOW, "ann", True), refused):
            snapshots.record_promotion(connection, one)
        answers.keep(connection, given("a1", cites=["gout", "scurvy"]))
        answers.keep_feedback(connection, "a1", True, "clear", NOW)
        answers.keep_feedback(connection, "a1", False, "", NOW)
        key, _ = keys.create(connection, "Ward 3 – “tablets”", Role.CLINICIAN, NOW)
        answers.keep(connection, given("a2", owner=key.id))
        conversation = conversations.create(connection, key.id, "gout", "clinician", NOW)
        conversations.append(connection, conversation.id, "a2", LATER)
    with RunningJob(catalogue, "build", "ann", lambda: NOW) as job:
        job.progress("embedding", 1, 2)


def rows(catalogue: Catalogue) -> Rows:
    """Every row of every table."""
    with catalogue.reading() as connection:
        return {
            table.name: sorted((dict(row) for row in connection.execute(table.select()).mappings()), key=str)
            for table in metadata.sorted_tables
        }


def feedbacks(catalogue: Catalogue) -> list[tuple[str, bool, str]]:
    with catalogue.reading() as connection:
        found = connection.execute(feedback.select().order_by(feedback.c.id))
        return [(row.answer_id, row.helpful, row.reason) for row in found]


def empty(catalogue: Catalogue) -> None:
    """Remove every row."""
    with catalogue.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def documents_of_files(connection: Connection) -> dict[str, list[str]]:
    """The ids of the documents of every file."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(file_document)):
        found.setdefault(row.file, []).append(row.document_id)
    return found


def citing(connection: Connection, cited_ids: list[str]) -> list[str]:
    """The ids of documents whose newest version cites some works."""
    query = select(cited_work.c.document_id).distinct().where(cited_work.c.cited_id.in_(cited_ids))
    return sorted(connection.scalars(query))
