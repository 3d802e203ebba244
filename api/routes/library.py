"""Articles and passages: listed, read, searched, and placed in their documents."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.access import Asker, Serving
from api.aftermath import status_now
from api.finding import SearchedOut, searched, stands
from api.problems import documented
from api.reading import Placed, article, articles, passage, passages_of
from assistant.policy import caution, disclaimer
from assistant.question import MAX_CHARACTERS, check_text
from assistant.vancouver import reference
from corpus.types import Document, Reference, ReviewStatus, Section

router = APIRouter(prefix="/v1", tags=["library"], responses=documented(401, 403, 422, 429))


class ArticleOut(BaseModel):
    """An article without its text; the caution stands while it is not approved."""

    id: str
    title: str
    review_status: ReviewStatus
    updated: str
    is_evidence: bool
    caution: str | None

    @classmethod
    def of(cls, one: Document, is_evidence: bool) -> "ArticleOut":
        pending = one.review_status is not ReviewStatus.APPROVED
        return cls(
            id=one.id,
            title=one.work.title,
            review_status=one.review_status,
            updated=one.updated,
            is_evidence=is_evidence,
            caution=caution().text if pending else None,
        )


class SearchIn(BaseModel):
    """What is searched for, and how many passages are wanted at most."""

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [{"query": "urate-lowering therapy", "k": 5}]}}

    query: str = Field(max_length=MAX_CHARACTERS)
    k: int = Field(10, ge=1, le=100)


class SectionOut(BaseModel):
    """A run of text under one heading path; in a table, each line is a row with its column headers."""

    path: list[str]
    text: str
    start: int
    end: int
    is_table: bool


class ReferenceOut(BaseModel):
    """A work that the article cites, numbered as in its list."""

    n: int
    key: str
    document_id: str
    title: str
    year: int | None
    doi: str | None
    pmid: str | None
    url: str | None
    source_status: str


class MarkOut(BaseModel):
    """Where the text cites, and the numbers of the references it cites there."""

    position: int
    numbers: list[int]


class WholeArticleOut(ArticleOut):
    """An article: its sections tile its text, offsets count Unicode characters of it."""

    sections: list[SectionOut]
    references: list[ReferenceOut]
    marks: list[MarkOut]
    licence: str


class PassageOut(BaseModel):
    """A passage in its place: `text` stands from `start` to `end` in its document, between `before` and `after`."""

    id: str
    document_id: str
    title: str
    kind: str
    section: list[str]
    text: str
    start: int
    end: int
    page: int | None
    is_table: bool
    review_status: str
    source_status: str
    is_evidence: bool
    caution: str | None
    disclaimer: str
    before: str
    after: str
    reference: str


@router.get("/articles")
def list_articles(
    service: Serving, who: Asker, q: Annotated[str, Query(max_length=200, description="Words of the title.")] = ""
) -> list[ArticleOut]:
    """The vetted articles, by title."""
    wanted = q.casefold().split()
    with service.live.lease() as snapshot:
        found = (one for one in articles(snapshot) if all(word in one.work.title.casefold() for word in wanted))
        rules = service.rules(snapshot)
        return [ArticleOut.of(one, stands(one, snapshot, rules)) for one in found]


@router.get("/articles/{article_id}", responses=documented(404))
def read_article(article_id: str, service: Serving, who: Asker) -> WholeArticleOut:
    """An article with its sections, citation marks and references."""
    with service.live.lease() as snapshot:
        found = article(snapshot, article_id)
        is_evidence = stands(found, snapshot, service.rules(snapshot))
    with service.catalogue.reading() as connection:
        references = [_reference(n, one, connection) for n, one in enumerate(found.references, start=1)]
    numbers = {one.key: n for n, one in enumerate(found.references, start=1)}
    return WholeArticleOut(
        **ArticleOut.of(found, is_evidence).model_dump(),
        sections=[_section(found, one) for one in found.sections],
        references=references,
        marks=[
            MarkOut(position=mark.position, numbers=[numbers[key] for key in mark.keys if key in numbers])
            for mark in found.marks
        ],
        licence=found.licence,
    )


@router.get("/articles/{article_id}/suggestions", responses=documented(404, 503))
async def suggestions(article_id: str, service: Serving, who: Asker) -> list[str]:
    """Questions to begin with on an article; each of them can be answered."""
    return list(await service.result(service.submit(lambda: service.openers(article_id))))


@router.get("/articles/{article_id}/passages", responses=documented(404))
def list_passages(article_id: str, service: Serving, who: Asker) -> list[PassageOut]:
    """The passages of an article, in its order."""
    with service.live.lease() as snapshot:
        found = article(snapshot, article_id)
        is_evidence = stands(found, snapshot, service.rules(snapshot))
        return [_passage_out(Placed(one, found), is_evidence) for one in passages_of(snapshot, article_id)]


@router.get("/passages/{passage_id:path}", responses=documented(404))
def read_passage(passage_id: str, service: Serving, who: Asker) -> PassageOut:
    """A passage in its place, for highlighting. Its id holds a #, which a URL has to write as %23."""
    with service.live.lease() as snapshot:
        placed = passage(snapshot, passage_id)
        return _passage_out(placed, stands(placed.document, snapshot, service.rules(snapshot)))


@router.post("/search", responses=documented(413, 503))
async def find_passages(wanted: SearchIn, service: Serving, who: Asker) -> SearchedOut:
    """The passages that hybrid search finds, but for those that the site would not cite.

    A query may be a question, so it is sent in the body: addresses are written into logs on the way.
    """
    check_text(wanted.query)
    return await service.result(service.submit(lambda: searched(service, wanted.query, wanted.k)))


AROUND = 600
"""Characters of the document before and after a passage."""


def _passage_out(placed: Placed, is_evidence: bool) -> PassageOut:
    one, document = placed.passage, placed.document
    return PassageOut(
        id=one.id,
        document_id=document.id,
        title=document.work.title,
        kind=document.kind,
        section=list(one.section),
        text=one.text,
        start=one.start,
        end=one.end,
        page=document.page_at(one.start),
        is_table=one.is_table,
        review_status=document.review_status,
        source_status=document.source_status,
        is_evidence=is_evidence,
        caution=None if document.review_status is ReviewStatus.APPROVED else caution().text,
        disclaimer=disclaimer().text,
        before=document.text[max(0, one.start - AROUND) : one.start],
        after=document.text[one.end : one.end + AROUND],
        reference=reference(document),
    )


def _section(document: Document, one: Section) -> SectionOut:
    text = document.text[one.start : one.end]
    return SectionOut(path=list(one.path), text=text, start=one.start, end=one.end, is_table=one.is_table)


def _reference(n: int, one: Reference, connection: Connection) -> ReferenceOut:
    work = one.work
    status = status_now(connection, one.document_id, one.source_status, work.doi, work.pmid)
    return ReferenceOut(
        n=n,
        key=one.key,
        document_id=one.document_id,
        title=work.title,
        year=work.year,
        doi=work.doi or None,
        pmid=work.pmid or None,
        url=work.url or None,
        source_status=status,
    )
