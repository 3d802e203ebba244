"""A work as a Vancouver-style reference (the NLM's Citing Medicine, journal articles)."""

from corpus.types import Author, Document, DocumentKind, EvidenceType, Work

LISTED_AUTHORS = 6
"""Vancouver lists six authors, then "et al."."""

EVIDENCE = {
    EvidenceType.GUIDELINE: "guideline",
    EvidenceType.SYSTEMATIC_REVIEW: "systematic review",
    EvidenceType.RCT: "randomized trial",
    EvidenceType.COHORT: "cohort study",
    EvidenceType.CASE_SERIES: "case series",
    EvidenceType.REVIEW: "review",
    EvidenceType.ARTICLE: "vetted article",
    EvidenceType.OTHER: "other publication",
}


def reference(document: Document) -> str:
    """One line: authors, title, journal, year;volume(issue):pages, identifiers. Fields not known are left out.

    A work without identifiers, such as a web page, is found by its address.
    """
    work = document.work
    if document.kind is DocumentKind.ARTICLE:
        return _sentences(work.title, f"Sequitur article {document.id}", f"Updated {document.updated}")
    identifiers = [f"doi:{work.doi}" if work.doi else "", f"PMID: {work.pmid}" if work.pmid else "", work.pmcid]
    described = _sentences(_authors(work.authors), work.title, work.container, _issue(work), *identifiers)
    return f"{described} Available from: {work.url}" if work.url and not any(identifiers) else described


def _sentences(*parts: str) -> str:
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def _authors(authors: tuple[Author, ...]) -> str:
    names = [" ".join(part for part in (a.family, _initials(a.given)) if part) for a in authors[:LISTED_AUTHORS]]
    return ", ".join([*names, *(["et al"] if len(authors) > LISTED_AUTHORS else [])])


def _initials(given: str) -> str:
    letters = given.replace(".", "").replace("-", "")
    if letters.isupper() and letters.isalpha():
        return letters
    return "".join(part[0].upper() for part in given.replace("-", " ").replace(".", " ").split())


def _issue(work: Work) -> str:
    volume = f"{work.volume}({work.issue})" if work.issue else work.volume
    after = ":".join(part for part in (volume, work.pages) if part)
    return ";".join(part for part in (str(work.year or ""), after) if part)
