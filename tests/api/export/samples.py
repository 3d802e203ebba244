"""Answers to export, of works that do not exist: one for every outcome, and one whose foreign texts are given."""

from hypothesis import strategies as st

from api.export.wording import line
from api.schemas import (
    AnswerOut,
    CitationOut,
    CreatorOut,
    ProvenanceOut,
    RelatedOut,
    SourceOut,
    StatementOut,
)
from assistant.answer import Outcome
from assistant.policy import caution, disclaimer
from corpus.types import Author

ID = "11111111-2222-4333-8444-555555555555"
CREATED = "2026-01-02T03:04:05+00:00"

TRIAL = SourceOut(
    n=1, id="PMID:99000001", kind="literature", title="Imaginol in invented fever: a trial",
    authors=["Berg A", "van Aker BC"],
    creators=[CreatorOut(family="Berg", given="A"), CreatorOut(family="van Aker", given="BC")],
    container="J Invented Med", year=2020, volume="3", issue="2", pages="11-19", doi="10.5555/imaginol.2020",
    pmid="99000001", pmcid="PMC9900001", url="https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9900001/", updated=None,
    evidence_type="rct", review_status="approved", source_status="current",
    reference="Berg A, van Aker BC. Imaginol in invented fever: a trial. J Invented Med. 2020;3(2):11-19. "
    "doi:10.5555/imaginol.2020. PMID: 99000001. PMC9900001.",
)  # fmt: skip
ARTICLE = SourceOut(
    n=2, id="invented-fever", kind="article", title="How is invented fever treated?", authors=[], creators=[],
    container="", year=2026, volume=None, issue=None, pages=None, doi=None, pmid=None, pmcid=None, url=None,
    updated="2026-01-05", evidence_type="article", review_status="under_review", source_status="current",
    reference="How is invented fever treated? Sequitur article invented-fever. Updated 2026-01-05.",
)  # fmt: skip
COHORT = SourceOut(
    n=3, id="REF:group1999", kind="literature", title="Old imaginol", authors=["Imaginol Study Group", "et al."],
    creators=[CreatorOut(family="Imaginol Study Group", given=""), CreatorOut(family="et al.", given="")],
    container="", year=1999, volume=None, issue=None, pages=None, doi=None, pmid=None, pmcid=None,
    url="https://example.org/old?a=1&b=2", updated=None, evidence_type="cohort", review_status="submitted",
    source_status="expression_of_concern", reference="Imaginol Study Group, et al. Old imaginol. 1999.",
)  # fmt: skip
SOURCES = [TRIAL, ARTICLE, COHORT]

VERBATIM = StatementOut(
    text="Imaginol 5 mg/kg lowered fever.",
    section=["Results"],
    citations=[
        CitationOut(
            n=1, source_id=TRIAL.id, passage_id=f"{TRIAL.id}#0-31", start=0, end=31,
            quote="Imaginol 5 mg/kg lowered fever.",
            supports="verbatim", review_status="approved", via=[], page=4,
        )
    ],
)  # fmt: skip
CHECKED = StatementOut(
    text="Imaginol is first-line.",
    section=["Treatment", "First line"],
    citations=[
        CitationOut(
            n=2, source_id=ARTICLE.id, passage_id="invented-fever#40-90", start=45, end=80,
            quote="Imaginol comes first in all adults.", supports="checked",
            review_status="under_review", via=[COHORT.id],
        )
    ],
)  # fmt: skip
NEAR = RelatedOut(
    passage_id="invented-fever#0-30", source_id="invented-fever", title="How is invented fever treated?",
    section=["Cause"], text="Its cause is not known.", review_status="under_review",
)  # fmt: skip


def answer(outcome: Outcome = Outcome.ANSWERED) -> AnswerOut:
    """An answer of this outcome."""
    states, searched = outcome.has_statements, outcome is Outcome.INSUFFICIENT_EVIDENCE
    return AnswerOut(
        id=ID,
        created=CREATED,
        question="What is the dose of imaginol?",
        read_as="What is the dose of imaginol in invented fever?" if states else "What is the dose of imaginol?",
        audience="patient" if states else "clinician",
        outcome=outcome,
        message=None if states else "Nothing found answers this.",
        statements=[VERBATIM, CHECKED] if states else [],
        sources=SOURCES if states else [],
        related=[NEAR] if searched else [],
        suggestions=["What are the harms of imaginol?"] if states else [],
        glossary={"IVF": "invented fever"} if states else {},
        confidence=0.9,
        caution=caution().text if states or searched else None,
        disclaimer=disclaimer().text,
        provenance=ProvenanceOut(
            snapshot="abc123", encoder="tiny@1", generator="extractive/1", prompt=None, policy="submitted@1",
            disclaimer_version="1", software="sequitur-clinical 0.0.0",
        ),
    )  # fmt: skip


def authors_of(source: SourceOut) -> tuple[Author, ...]:
    """The authors of a sample as a reader finds them in an export, the initials apart."""
    apart = {"A": "A.", "BC": "B. C."}
    return tuple(Author(one.family, apart.get(one.given, one.given)) for one in source.creators)


def _quoting(citation: CitationOut, text: str) -> CitationOut:
    return citation.model_copy(update={"quote": text if citation.supports == "verbatim" else f"{text} {text}"})


def filled(text: str, outcome: Outcome = Outcome.CONFLICTING_EVIDENCE) -> AnswerOut:
    """An answer in which every text that others wrote is this one; related passages, too."""
    base = answer(outcome)
    people = [CreatorOut(family=text, given=text), CreatorOut(family=text, given="")]
    sources = [
        one.model_copy(update={"title": text, "authors": [text], "creators": people, "reference": text,
                               "container": text if one is TRIAL else ""})
        for one in base.sources
    ]  # fmt: skip
    statements = [
        one.model_copy(
            update={"text": text, "section": [text], "citations": [_quoting(c, text) for c in one.citations]}
        )
        for one in base.statements
    ]
    return base.model_copy(
        update={
            "question": text,
            "read_as": f"{text} {text}",
            "message": base.message and text,
            "statements": statements,
            "sources": sources,
            "related": [NEAR.model_copy(update={"title": text, "section": [text], "text": text})],
            "glossary": {text: text},
        }
    )


_NASTY = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
    "![i](http://evil.example/i)", "<http://evil.example>", "https://evil.example/", "www.evil.example",
    "a@evil.example", "# ", "- ", "+ ", "1. ", "2) ", "    ", "\t", "> ", "```", "~~~", "~~", "***", "---", "===",
    "| a | b |", "|-|-|", "&lt;", "&#60;", "&amp;", "\\", "\\[", "[^1]: x", "[1]: http://evil.example", "[1]", "$x$",
    "$$", "<!--", "-->", "]]>", "\n", "\r\n", "\n\n", "\u2028", "\x85", "ER  - ", "\nER  - \n", "\nTY  - JOUR\n",
    "\nTI  - other\n", "{", "}", "}}", "},\n", "@article{x,", "\n@article{x,\n", "@comment{", "%", '"', "'", "''", "``",
    "--", "^", "_", "#", "&", " and ", ",", "others", "\x00", "\x1b[31m", "\u202e", "\ufffe", "\ud800", "p < 0.05",
    "≥ 2 g/kg", "Å", "e\u0301", "中", "\U0001f600", "\u00a0", ":", "=", "(", "!",
]  # fmt: skip

hostile = st.lists(st.one_of(st.sampled_from(_NASTY), st.text(max_size=8)), min_size=1, max_size=6).map("".join)
"""Texts that try to be more than text."""
visible = hostile.filter(lambda text: any(c.isalnum() for c in line(text)))
"""The same, with something in them to see."""
