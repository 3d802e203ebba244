"""What MEDLINE says became of works: each kind of notice on the right work, and an erratum never a retraction."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.medline import read_medline
from corpus.readers.medline_notices import Link, date_in, notices, source_status
from corpus.types import Document, Notice, SourceStatus, Work

OWN = Work("A trial of X", doi="10.5555/Own", pmid="90000001")
CITED = "J Trials. 2022 Nov 5;26(11):6917. doi: 10.5555/Other."
PUBLISHED = "2021-06"
RETRACTED, CORRECTED = SourceStatus.RETRACTED, SourceStatus.CORRECTED
CONCERN, ERRATUM = SourceStatus.EXPRESSION_OF_CONCERN, SourceStatus.ERRATUM
NOTICE, CURRENT = SourceStatus.RETRACTION_NOTICE, SourceStatus.CURRENT

OF_THIS = [  # RefType, what became of the work whose record it is, why
    ("RetractionIn", RETRACTED, ""),
    ("RetractedandRepublishedIn", RETRACTED, "retracted and republished"),
    ("PartialRetractionIn", RETRACTED, "partial retraction"),
    ("ExpressionOfConcernIn", CONCERN, ""),
    ("ErratumIn", CORRECTED, "erratum"),
    ("CorrectedandRepublishedIn", CORRECTED, "corrected and republished"),
]
OF_THE_OTHER = [  # RefType, what became of the other work, what this record is itself, why
    ("RetractionOf", RETRACTED, NOTICE, ""),
    ("PartialRetractionOf", RETRACTED, NOTICE, "partial retraction"),
    ("ExpressionOfConcernFor", CONCERN, CONCERN, ""),
    ("ErratumFor", CORRECTED, ERRATUM, "erratum"),
    ("RetractedandRepublishedFrom", RETRACTED, CURRENT, "retracted and republished"),
    ("CorrectedandRepublishedFrom", CORRECTED, CURRENT, "corrected and republished"),
]
SILENT = """CommentIn CommentOn UpdateIn UpdateOf RepublishedIn RepublishedFrom ReprintIn ReprintOf OriginalReportIn
SummaryForPatientsIn AssociatedDataset AssociatedPublication Cites Retraction RetractionInX retractionin""".split()
TYPES = [
    ("Retracted Publication", RETRACTED),
    ("Retraction of Publication", NOTICE),
    ("Retraction Notice", NOTICE),
    ("Expression of Concern", CONCERN),
    ("Published Erratum", ERRATUM),
]
KINDS = [kind for kind, *_ in (*OF_THIS, *OF_THE_OTHER)] + SILENT


def link(kind: str, pmid: str = "90000002", source: str = CITED, note: str = "") -> Link:
    return Link(kind, pmid, source, note)


def told(*links: Link, types: tuple[str, ...] = (), work: Work = OWN) -> list[Notice]:
    return list(notices(links, types, work, PUBLISHED))


@pytest.mark.parametrize(("kind", "status", "reason"), OF_THIS)
def test_a_notice_elsewhere_is_of_this_work(kind: str, status: SourceStatus, reason: str) -> None:
    assert source_status([link(kind)], [], OWN.title) is status
    assert told(link(kind)) == [
        Notice(
            doi="10.5555/own",
            pmid="90000001",
            status=status,
            origin="medline",
            date="2022-11-05",
            notice_doi="10.5555/other",
            notice_pmid="90000002",
            reason=reason,
        )
    ]


@pytest.mark.parametrize(("kind", "other", "own", "reason"), OF_THE_OTHER)
def test_a_record_that_is_a_notice_is_of_the_other_work(
    kind: str, other: SourceStatus, own: SourceStatus, reason: str
) -> None:
    assert source_status([link(kind)], [], "X") is own
    of_other, *of_this = told(link(kind))
    assert of_other == Notice(
        doi="10.5555/other",
        pmid="90000002",
        status=other,
        origin="medline",
        date=PUBLISHED,
        notice_doi="10.5555/own",
        notice_pmid="90000001",
        reason=reason,
    )
    assert of_this == ([] if own is CURRENT else [Notice("10.5555/own", "90000001", own, "medline")])


@pytest.mark.parametrize("kind", SILENT)
def test_other_links_say_nothing(kind: str) -> None:
    assert source_status([link(kind)], ["Journal Article"], "X") is CURRENT
    assert told(link(kind), types=("Journal Article", "Comment", "Corrected and Republished Article")) == []


@pytest.mark.parametrize(("name", "status"), TYPES)
def test_a_publication_type_is_enough(name: str, status: SourceStatus) -> None:
    assert source_status([], ["Journal Article", name], "X") is status
    assert told(types=("Journal Article", name)) == [Notice("10.5555/own", "90000001", status, "medline")]


def test_what_a_link_has_said_the_type_does_not_say_again() -> None:
    (one,) = told(link("RetractionIn"), types=("Retracted Publication",))
    assert one.notice_pmid == "90000002"


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("RETRACTED: A trial of X", RETRACTED),
        ("Retracted: A trial of X", RETRACTED),
        ("RETRACTED ARTICLE: A trial of X", RETRACTED),
        ("[RETRACTED] A trial of X", RETRACTED),
        ("WITHDRAWN: A review of X", RETRACTED),
        ("Retracted articles in cardiology", CURRENT),
        ("Retracted publications: a survey", CURRENT),
        ("Retraction of the uvula", CURRENT),
        ("Erratum: A trial of X", CURRENT),
    ],
)
def test_a_title_that_says_so_is_believed(title: str, status: SourceStatus) -> None:
    assert source_status([], [], title) is status


def test_an_erratum_is_never_a_retraction() -> None:
    for links in ([link("ErratumIn")], [link("ErratumFor")], [link("ErratumIn"), link("ErratumFor")]):
        for types in (("Published Erratum",), ("Journal Article",), ("Corrected and Republished Article",)):
            assert source_status(links, types, "Erratum: X").is_evidence
            assert all(one.status.is_evidence for one in told(*links, types=types))


def test_several_notices_are_all_told_and_the_gravest_stands() -> None:
    links = [link("ErratumIn", "90000003"), link("ExpressionOfConcernIn", "90000004"), link("RetractionIn", "90000005")]
    assert [(one.status, one.notice_pmid) for one in told(*links)] == [
        (CORRECTED, "90000003"),
        (CONCERN, "90000004"),
        (RETRACTED, "90000005"),
    ]
    assert source_status(links, [], "X") is RETRACTED


def test_a_corrected_retraction_notice_stays_a_notice() -> None:
    links = [link("RetractionOf"), link("ErratumIn", "90000003")]
    assert source_status(links, ["Retraction of Publication"], "Retraction: X") is NOTICE
    assert [(one.pmid, one.status) for one in told(*links)] == [
        ("90000002", RETRACTED),
        ("90000001", CORRECTED),
        ("90000001", NOTICE),
    ]


def test_a_link_without_identifiers_tells_of_this_work_only() -> None:
    words = {"pmid": "", "source": "J Trials 1998 Aug;178(2):601"}
    assert told(link("ErratumFor", **words))[0].pmid == OWN.pmid
    (one,) = told(link("ErratumIn", **words))
    assert (one.notice_pmid, one.notice_doi, one.date) == ("", "", "1998-08")


def test_nlms_own_note_is_the_reason() -> None:
    assert told(link("ErratumIn", note="Dosage error in abstract"))[0].reason == "Dosage error in abstract"


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(["", "90000002"]), st.sampled_from(["", CITED]))),
    st.lists(st.sampled_from([name for name, _ in TYPES] + ["Journal Article", "Letter"])),
)
def test_laws(entries: list[tuple[str, str, str]], types: list[str]) -> None:
    links = [Link(*entry) for entry in entries]
    found = told(*links, types=tuple(types))
    status = source_status(links, types, OWN.title)
    own = [one.status for one in found if one.pmid == OWN.pmid]
    assert all(one.pmid or one.doi for one in found)
    assert all(one.doi == one.doi.lower() and one.origin == "medline" for one in found)
    assert status is max(own, key=tuple(SourceStatus).index, default=CURRENT), "the record and its notices agree"
    if not {"Retraction", "Retracted", "PartialRetraction"} & {
        start for kind, *_ in entries for start in _starts(kind)
    }:
        assert all(one.status is not RETRACTED for one in found) or "Retracted Publication" in types


def _starts(kind: str) -> set[str]:
    return {start for start in ("Retraction", "Retracted", "PartialRetraction") if kind.startswith(start)}


@pytest.mark.parametrize(
    ("citation", "date"),
    [
        ("Clin Trials. 2022 Nov;26(11):6917", "2022-11"),
        ("J Appl Trials (1985). 2011 Jul;111(1):5", "2011-07"),
        ("JAMA 2015 Jan 27;313(4):422", "2015-01-27"),
        ("Lancet. 2010 Feb 6;375(9713):445. doi: 10.5555/S0140-6736(10)2019-4", "2010-02-06"),
        ("J X 2000 Nov-Dec;3:1", "2000-11"),
        ("J X. 2000 Spring;3:1", "2000"),
        ("J X. 2000;3:1", "2000"),
        ("2018 05 17", "2018-05-17"),
        ("2018 May 99", "2018-05"),
        ("doi: 10.5555/x.2019.1190", ""),
        ("", ""),
    ],
)
def test_dates_in_citations(citation: str, date: str) -> None:
    assert date_in(citation) == date


def test_a_record_gives_its_document_and_its_notices() -> None:
    data = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>90000009</PMID><Article><Journal><JournalIssue>"
        "<PubDate><Year>2021</Year><Month>Jun</Month><Day>3</Day></PubDate></JournalIssue></Journal><ArticleTitle>"
        "Retraction: A trial of X.</ArticleTitle><PublicationTypeList><PublicationType>Retraction of Publication"
        "</PublicationType></PublicationTypeList><ArticleDate><Year>2019</Year></ArticleDate></Article>"
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionOf"><RefSource>J X. 2018</RefSource>'
        "<PMID>90000001</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    )
    document, of_other, of_this = read_medline(io.BytesIO(data.encode()), "m.xml")
    assert isinstance(document, Document)
    assert document.source_status is NOTICE
    assert of_other == Notice("", "90000001", RETRACTED, "medline", "2021-06-03", "", "90000009")
    assert of_this == Notice("", "90000009", NOTICE, "medline")
