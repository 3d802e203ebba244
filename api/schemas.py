"""The Answer as JSON: the names other programs rely on."""

from pydantic import BaseModel

from assistant.answer import Answer, Citation, Source
from assistant.vancouver import reference
from indexer.search import Hit


class CitationOut(BaseModel):
    n: int
    source_id: str
    passage_id: str
    start: int
    end: int
    quote: str
    supports: str
    review_status: str
    via: list[str]
    page: int | None = None


class StatementOut(BaseModel):
    text: str
    section: list[str]
    citations: list[CitationOut]


class CreatorOut(BaseModel):
    """A person (family name, given names or initials) or a group (`family` only)."""

    family: str
    given: str


class SourceOut(BaseModel):
    """A numbered source. `creators` are the `authors` with their names apart; `updated` is the date of an article."""

    n: int
    id: str
    kind: str
    title: str
    authors: list[str]
    creators: list[CreatorOut]
    container: str
    year: int | None
    volume: str | None
    issue: str | None
    pages: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    url: str | None
    updated: str | None
    evidence_type: str
    review_status: str
    source_status: str
    reference: str


class RelatedOut(BaseModel):
    passage_id: str
    source_id: str
    title: str
    section: list[str]
    text: str
    review_status: str


class ProvenanceOut(BaseModel):
    snapshot: str
    encoder: str
    generator: str
    prompt: str | None
    policy: str
    disclaimer_version: str
    software: str


class AnswerOut(BaseModel):
    """An Answer, field by field; `message` is null when it states something."""

    id: str
    created: str
    question: str
    read_as: str
    audience: str
    outcome: str
    message: str | None
    statements: list[StatementOut]
    sources: list[SourceOut]
    related: list[RelatedOut]
    suggestions: list[str]
    glossary: dict[str, str]
    confidence: float | None
    caution: str | None
    disclaimer: str
    provenance: ProvenanceOut

    @classmethod
    def of(cls, answer: Answer) -> "AnswerOut":
        return cls(
            id=answer.id,
            created=answer.created,
            question=answer.question,
            read_as=answer.read_as,
            audience=answer.audience,
            outcome=answer.outcome,
            message=answer.message,
            statements=[
                StatementOut(text=s.text, section=list(s.section), citations=[_citation(c) for c in s.citations])
                for s in answer.statements
            ],
            sources=[_source(source) for source in answer.sources],
            related=[RelatedOut.model_validate(one, from_attributes=True) for one in answer.related],
            suggestions=list(answer.suggestions),
            glossary=dict(answer.glossary),
            confidence=answer.confidence,
            caution=answer.caution,
            disclaimer=answer.disclaimer,
            provenance=ProvenanceOut.model_validate(answer.provenance, from_attributes=True),
        )


class HitOut(BaseModel):
    """A passage found by a search."""

    rank: int
    score: float
    passage_id: str
    document_id: str
    section: list[str]
    text: str

    @classmethod
    def of(cls, hit: Hit) -> "HitOut":
        passage = hit.passage
        return cls(
            rank=hit.rank,
            score=round(hit.score, 4),
            passage_id=passage.id,
            document_id=passage.document_id,
            section=list(passage.section),
            text=passage.text,
        )


def _citation(citation: Citation) -> CitationOut:
    return CitationOut.model_validate(citation, from_attributes=True)


def _source(source: Source) -> SourceOut:
    document, work = source.document, source.document.work
    return SourceOut(
        n=source.n,
        id=document.id,
        kind=document.kind,
        title=work.title,
        authors=[" ".join(part for part in (a.family, a.given) if part) for a in work.authors],
        creators=[CreatorOut(family=a.family, given=a.given) for a in work.authors],
        container=work.container,
        year=work.year,
        volume=work.volume or None,
        issue=work.issue or None,
        pages=work.pages or None,
        doi=work.doi or None,
        pmid=work.pmid or None,
        pmcid=work.pmcid or None,
        url=work.url or None,
        updated=document.updated or None,
        evidence_type=work.evidence_type,
        review_status=document.review_status,
        source_status=document.source_status,
        reference=reference(document),
    )
