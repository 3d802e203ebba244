"""The bibliographic description in a MEDLINE record, of a journal article or of a book and its chapters."""

import re
from collections.abc import Iterator
from itertools import accumulate

from corpus.readers.identifiers import doi_in, pmcid_in, pmid_in
from corpus.readers.jats_design import named_design
from corpus.readers.jats_inline import InlineReader, Node
from corpus.readers.jats_references import page_range, text_of, work_url, year_in
from corpus.readers.medline_notices import date_in
from corpus.readers.text import squeeze
from corpus.types import Author, EvidenceType, Work

# The first that applies. A protocol has no results, whatever design it plans.
_DESIGNS = (
    ("clinical trial protocol", EvidenceType.OTHER),
    ("practice guideline", EvidenceType.GUIDELINE),
    ("guideline", EvidenceType.GUIDELINE),
    ("systematic review", EvidenceType.SYSTEMATIC_REVIEW),
    ("meta-analysis", EvidenceType.SYSTEMATIC_REVIEW),
    ("network meta-analysis", EvidenceType.SYSTEMATIC_REVIEW),
    ("randomized controlled trial", EvidenceType.RCT),
    ("case reports", EvidenceType.CASE_SERIES),
    ("review", EvidenceType.REVIEW),
    ("scoping review", EvidenceType.REVIEW),
)
# What speaks about a study without being one: its words name designs that it does not have.
_ABOUT_STUDIES = frozenset(
    ("comment", "editorial", "letter", "news", "published erratum", "retraction of publication", "retraction notice",
     "expression of concern", "retracted publication", "biography", "interview")
)  # fmt: skip
_COHORT = "Cohort Studies"
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_UNTITLED = frozenset(("", "not available"))
_PLAIN = InlineReader(())


def read_article_work(citation: Node, data: Node | None) -> Work:
    """The description of a `MedlineCitation`; `data` is the record's `PubmedData`. The title may be empty."""
    article = citation.find("Article")
    if article is None:
        return Work("", pmid=_pmid(citation))
    doi, pmid, pmcid = _ids(data, citation, article)
    title = _title(article.find("ArticleTitle")) or _title(article.find("VernacularTitle"))
    first, last = text_of(article.find("Pagination/StartPage")), text_of(article.find("Pagination/EndPage"))
    return Work(
        title=title,
        authors=tuple(_authors(article.find("AuthorList"))),
        container=_journal(citation, article),
        year=_year(article),
        volume=text_of(article.find("Journal/JournalIssue/Volume")),
        issue=text_of(article.find("Journal/JournalIssue/Issue")),
        pages=text_of(article.find("Pagination/MedlinePgn")) or page_range(first, last) or _location(article, "pii"),
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        url=work_url(doi, pmid, pmcid),
        evidence_type=_design(citation, article, title),
    )


def read_book_work(document: Node, data: Node | None) -> Work:
    """The description of a `BookDocument`: a chapter in its book, or the book itself."""
    doi, pmid, pmcid = _ids(data, document, document)
    book = _title(document.find("Book/BookTitle"))
    chapter = _title(document.find("ArticleTitle"))
    lists = [*document.findall("AuthorList"), *document.findall("Book/AuthorList")]
    wrote = [one for one in lists if one.get("Type") != "editors"]
    return Work(
        title=chapter or book,
        authors=tuple(_authors(wrote[0] if wrote else None)),
        container=book if chapter else text_of(document.find("Book/Publisher/PublisherName")),
        year=_year_of(document.find("Book/PubDate")) or _year_of(document.find("ContributionDate")),
        doi=doi,
        pmid=pmid,
        pmcid=pmcid,
        url=work_url(doi, pmid, pmcid),
        evidence_type=_by_type(publication_types(document)) or EvidenceType.OTHER,
    )


def publication_types(article: Node) -> tuple[str, ...]:
    """The publication types of an `Article` or `BookDocument`, as MeSH names them."""
    return tuple(text_of(node) for node in (*article.iterfind("PublicationTypeList/PublicationType"),
                                            *article.iterfind("PublicationType")))  # fmt: skip


def published(article: Node) -> str:
    """The date of an `Article` in ISO 8601, as exact as its issue (else its electronic version) gives it."""
    dates = (article.find("Journal/JournalIssue/PubDate"), article.find("ArticleDate"))
    return next(filter(None, (date_in(" ".join(map(text_of, date))) for date in dates if date is not None)), "")


def _pmid(record: Node) -> str:
    return pmid_in(text_of(record.find("PMID")))


def _ids(data: Node | None, record: Node, article: Node) -> tuple[str, str, str]:
    """DOI, PMID and PMCID of the record itself: its reference list names those of other works in the same way."""
    lists = [part.find("ArticleIdList") for part in (data, record) if part is not None]
    ids = [(node.get("IdType"), text_of(node)) for one in lists if one is not None for node in one]
    doi = next(filter(None, (doi_in(text) for kind, text in ids if kind == "doi")), "")
    pmcid = next(filter(None, (pmcid_in(text) for kind, text in ids if kind == "pmc")), "")
    return doi or doi_in(_location(article, "doi")), _pmid(record), pmcid


def _location(article: Node, kind: str) -> str:
    """An electronic location that is not marked as invalid."""
    nodes = (node for node in article.iterchildren("ELocationID") if node.get("EIdType") == kind)
    return next((text_of(node) for node in nodes if node.get("ValidYN", "Y") == "Y"), "")


def _title(node: Node | None) -> str:
    """A title without its full stop, and without the brackets that mark a translated one."""
    if node is None:
        return ""
    title = _PLAIN.inside(node).text.rstrip(".")
    if _is_bracketed(title):
        title = title[1:-1].rstrip(".")
    return "" if title.lower() in _UNTITLED else title


def _is_bracketed(title: str) -> bool:
    """Whether one pair of brackets stands around the whole ("[A] and [B]" has two)."""
    *before, last = accumulate((character == "[") - (character == "]") for character in title or " ")
    return title.startswith("[") and last == 0 and all(before)


def _authors(names: Node | None) -> Iterator[Author]:
    """People and groups, without spellings marked as wrong; "et al." closes a list that NLM cut short."""
    if names is None:
        return
    for author in names.iterchildren("Author"):
        family = squeeze(f"{text_of(author.find('LastName'))} {text_of(author.find('Suffix'))}")
        given = text_of(author.find("ForeName")) or text_of(author.find("Initials"))
        group = text_of(author.find("CollectiveName"))
        if author.get("ValidYN", "Y") == "Y" and (family or group or given):
            yield Author(family, given) if family else Author(group or given)
    if names.get("CompleteYN") == "N":
        yield Author("et al.")


def _journal(citation: Node, article: Node) -> str:
    """The journal as it is cited: NLM's abbreviation, else its title."""
    nodes = (article.find("Journal/ISOAbbreviation"), citation.find("MedlineJournalInfo/MedlineTA"),
             article.find("Journal/Title"))  # fmt: skip
    return next(filter(None, map(text_of, nodes)), "")


def _year(article: Node) -> int | None:
    """The year of the issue, else that of the electronic version."""
    return _year_of(article.find("Journal/JournalIssue/PubDate")) or _year_of(article.find("ArticleDate"))


def _year_of(date: Node | None) -> int | None:
    """The year of a date, also of one that is written out ("1998 Dec-1999 Jan", "Winter 2000")."""
    if date is None:
        return None
    written = _YEAR.search(text_of(date.find("MedlineDate")))
    return year_in(text_of(date.find("Year"))) or (int(written.group()) if written else None)


def _design(citation: Node, article: Node, title: str) -> EvidenceType:
    types = publication_types(article)
    if found := _by_type(types):
        return found
    if {name.lower() for name in types} & _ABOUT_STUDIES:
        return EvidenceType.OTHER
    abstract = " ".join(text_of(node) for node in article.iterfind("Abstract/AbstractText"))
    keywords = "; ".join(text_of(node) for node in citation.iterfind("KeywordList/Keyword"))
    named = named_design(title, abstract, keywords)
    headings = (text_of(node) for node in citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName"))
    return EvidenceType.COHORT if named is EvidenceType.OTHER and _COHORT in headings else named


def _by_type(types: tuple[str, ...]) -> EvidenceType | None:
    names = {name.lower() for name in types}
    return next((design for name, design in _DESIGNS if name in names), None)
