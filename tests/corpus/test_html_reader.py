"""Web pages: the main text under its headings, tables with their headers, no script, no network, stable ids."""

import socket
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import CorpusError, HostileSource, MissingField, UnreadableSource
from corpus.readers.html import read_html
from corpus.types import Author, Document, DocumentKind, EvidenceType, Section, SourceStatus, Work

LONG = "This paragraph is long enough to be taken for the main text of a page by whoever looks for it there."
META = """
<meta name="citation_title" content="Allopurinol in gout: a randomised trial">
<meta name="citation_author" content="Doe, Jane"><meta name="citation_author" content="GOUT Study Group">
<meta name="citation_journal_title" content="J Artif Trials">
<meta name="citation_publication_date" content="2021/05/03">
<meta name="citation_volume" content="7"><meta name="citation_issue" content="2">
<meta name="citation_firstpage" content="12"><meta name="citation_lastpage" content="19">
<meta name="citation_doi" content="10.5555/Gout.1">
"""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever opens a connection fails the test."""

    def refuse(*_: object) -> NoReturn:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def page(body: str, head: str = "<title>On gout</title>") -> bytes:
    return f"<!DOCTYPE html><html lang='en'><head>{head}</head><body><article>{body}</article></body></html>".encode()


def read(body: str, head: str = "<title>On gout</title>") -> Document:
    return read_html(page(body, head), "gout.html", "gout")


def laid_out(document: Document) -> list[tuple[tuple[str, ...], str]]:
    """Path and text of each section, having checked that the sections tile the text."""
    end = 0
    for section in document.sections:
        assert document.text[end : section.start] == ("\n\n" if end else "")
        end = section.end
    assert end == len(document.text)
    return [(section.path, document.text[section.start : section.end]) for section in document.sections]


class TestDescription:
    def test_the_tags_of_publishers(self) -> None:
        document = read(f"<p>{LONG}</p>", META)
        assert document == Document(
            id="DOI:10.5555/gout.1",
            kind=DocumentKind.LITERATURE,
            work=Work(
                title="Allopurinol in gout: a randomised trial",
                authors=(Author("Doe", "Jane"), Author("GOUT Study Group")),
                container="J Artif Trials",
                year=2021,
                volume="7",
                issue="2",
                pages="12-19",
                doi="10.5555/Gout.1",
                url="https://doi.org/10.5555/Gout.1",
                evidence_type=EvidenceType.RCT,
            ),
            text=LONG,
            sections=(Section((), 0, len(LONG)),),
        )

    @pytest.mark.parametrize(
        ("tags", "expected"),
        [
            ('<meta name="citation_pmid" content="90000001">' + META, "PMID:90000001"),
            ('<meta name="DC.Identifier" content="doi:10.5555/dc">', "DOI:10.5555/dc"),
            ('<meta property="og:url" content="https://Example.org/Gout?x=1#dose">', "URL:https://example.org/Gout?x=1"),
            ('<link rel="canonical" href="http://example.org/a"><meta property="og:url" content="https://example.org/b">',
             "URL:http://example.org/a"),
            ('<link rel="canonical" href="/relative">', "FILE:gout"),
            ('<link rel="canonical" href="javascript:alert(1)">', "FILE:gout"),
            ('<link rel="canonical" href="http://[bad">', "FILE:gout"),
            ("", "FILE:gout"),
        ],
    )  # fmt: skip
    def test_the_id(self, tags: str, expected: str) -> None:
        assert read(f"<p>{LONG}</p>", f"<title>T</title>{tags}").id == expected

    def test_an_address_stands_for_a_work_without_identifiers(self) -> None:
        document = read(f"<p>{LONG}</p>", '<title>T</title><link rel="canonical" href="https://example.org/gout">')
        assert document.work.url == "https://example.org/gout"

    @pytest.mark.parametrize(
        ("head", "body", "title"),
        [
            ("<title>Gout | The Site</title>", "<h1>Gout</h1>", "Gout"),
            ("<title>Gout | The Site</title>", "<h1>Keyboard shortcuts</h1>", "Gout | The Site"),
            ("<title>Gout | The Site</title>", "<h1>Menu</h1><h1>The Site</h1><h1>Gout</h1>", "The Site"),
            ('<title>x</title><meta property="og:title" content="Gout.">', "", "Gout"),
            ("", "<h1>Gout</h1>", "Gout"),
        ],
    )
    def test_the_title(self, head: str, body: str, title: str) -> None:
        assert read(f"{body}<p>{LONG}</p>", head).work.title == title

    def test_what_stands_in_json_for_machines_is_read_and_is_no_text(self) -> None:
        machine = (
            '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Article", '
            '"headline": "On gout", "datePublished": "2019-04-01", "author": {"@type": "Person", "name": "Jane Doe"}}'
            "</script>"
        )
        document = read(f"<p>{LONG}</p>", f"<title>On gout</title>{machine}")
        assert (document.work.year, document.work.authors) == (2019, (Author("Jane Doe"),))
        assert document.text == LONG

    def test_a_date_in_the_text_is_no_date_of_publication(self) -> None:
        assert read(f"<p>{LONG} It was 3 May 2004 then, and 2005 later.</p>").work.year is None

    def test_a_title_that_says_retracted_is_believed(self) -> None:
        document = read(f"<p>{LONG}</p>", "<title>RETRACTED: On gout</title>")
        assert document.source_status is SourceStatus.RETRACTED


class TestText:
    def test_headings_lists_and_quotations(self) -> None:
        document = read(
            f"<h1>On gout</h1><p>{LONG}</p><h2>Treatment</h2><p>Start <b>low</b>,<br>go <i>slow</i>. {LONG}</p>"
            "<h3>Doses</h3><ul><li>Allopurinol 100 mg</li><li>Febuxostat<ul><li>40 mg at first</li></ul></li></ul>"
            f"<dl><dt>Flare</dt><dd>An attack of gout.</dd></dl><h2>Prognosis</h2><blockquote>{LONG}</blockquote>"
        )
        assert laid_out(document) == [
            ((), LONG),
            (("Treatment",), f"Start low, go slow. {LONG}"),
            (
                ("Treatment", "Doses"),
                "Allopurinol 100 mg\n\nFebuxostat\n\n40 mg at first\n\nFlare: An attack of gout.",
            ),
            (("Prognosis",), LONG),
        ]

    def test_scripts_are_never_text(self) -> None:
        document = read(
            f"<p>{LONG}<script>one()</script></p><style>two</style><noscript>three</noscript><template>four</template>"
            f"<svg><text>five</text></svg><!-- six --><p>Last. {LONG}</p><iframe>seven</iframe>"
        )
        assert document.text == f"{LONG}\n\nLast. {LONG}"

    def test_navigation_is_not_text(self) -> None:
        article = page(f"<p>{LONG} {LONG} {LONG}</p>")
        whole = article.replace(b"<body>", b"<body><nav><a href='/'>Home</a> <a href='/b'>Bye</a></nav>")
        assert read_html(whole, "a.html", "a").text == f"{LONG} {LONG} {LONG}"

    @pytest.mark.parametrize(
        ("written", "plain"),
        [
            ("10<sup>9</sup>/L and CO<sub>2</sub>", "10^9/L and CO2"),
            ("HbA<sub>1c</sub>, m<sup>2</sup>, 6<sup>th</sup>", "HbA1c, m2, 6th"),
            ('fell.<sup><a href="#r1">1</a>,<a href="#r2">2</a></sup> Then', "fell. Then"),
            ("approved until <time>2020</time> only", "approved until 2020 only"),
            ("give <del>50 mg</del> <ins>5 mg</ins> daily", "give 5 mg daily"),
            ("give <s>50 mg</s> 5&nbsp;mg daily", "give 5 mg daily"),
            ("a &lt; b &amp; c", "a < b & c"),
            ("of\u202e a\x07 drug", "of a drug"),
        ],
    )
    def test_no_number_changes(self, written: str, plain: str) -> None:
        assert read(f"<p>{LONG} {LONG} {LONG} It {written}.</p>").text == f"{LONG} {LONG} {LONG} It {plain}."


class TestTables:
    TABLE = (
        "<table><caption>Table 1. Doses</caption><thead><tr><th>Drug</th><th>Dose (mg/day)</th></tr></thead><tbody>"
        "<tr><td>Allopurinol</td><td>100<br>at first</td></tr>"
        '<tr><td rowspan="2">Febuxostat</td><td>40</td></tr><tr><td>80</td></tr></tbody></table>'
    )
    ROWS = (
        "Drug: Allopurinol; Dose (mg/day): 100 at first\nDrug: Febuxostat; Dose (mg/day): 40\n"
        "Drug: Febuxostat; Dose (mg/day): 80"
    )

    def test_every_value_keeps_its_header_and_its_row(self) -> None:
        document = read(f"<h2>Doses</h2><p>{LONG}</p>{self.TABLE}<p>{LONG} Again.</p>")
        assert laid_out(document) == [
            (("Doses",), LONG),
            (("Doses", "Table 1. Doses"), self.ROWS),
            (("Doses",), f"{LONG} Again."),
        ]
        assert [section.is_table for section in document.sections] == [False, True, False]

    def test_a_figure_that_is_a_table(self) -> None:
        table = self.TABLE.replace("<caption>Table 1. Doses</caption>", "")
        figure = f"<figure>{table}<figcaption>Table 2. The doses</figcaption></figure>"
        document = read(f"<p>{LONG} {LONG}</p>{figure}<p>{LONG}!</p>")
        assert laid_out(document)[1] == (("Table 2. The doses",), self.ROWS)

    def test_tables_that_follow_each_other(self) -> None:
        document = read(f"<p>{LONG}</p>{self.TABLE}{self.TABLE.replace('Table 1', 'Table 2')}")
        assert [path for path, _ in laid_out(document)] == [(), ("Table 1. Doses",), ("Table 2. Doses",)]

    def test_a_table_that_lays_out_a_page_is_text(self) -> None:
        outer = f"<table><tr><td><p>{LONG}</p>{self.TABLE}</td><td><p>{LONG} Again.</p></td></tr></table>"
        document = read(outer)
        assert LONG in document.text
        assert "Allopurinol" in document.text

    def test_a_page_that_holds_the_word_for_a_table_keeps_it(self) -> None:
        document = read(f"<p>{LONG} tablehere0x1x</p>{self.TABLE}")
        assert laid_out(document) == [((), f"{LONG} tablehere0x1x"), (("Table 1. Doses",), self.ROWS)]


class TestRefusals:
    @pytest.mark.parametrize("body", ["", "<script>alert(1)</script>", "<div></div>"])
    def test_a_page_without_text(self, body: str) -> None:
        with pytest.raises(UnreadableSource, match=r"gout\.html holds no text outside navigation and scripts"):
            read(body)

    def test_a_page_without_a_title(self) -> None:
        with pytest.raises(MissingField, match=r"gout\.html has no title"):
            read(f"<p>{LONG}</p>", "")

    @pytest.mark.parametrize("data", [b"", b"\x00", b"\xff\xfe", b"plain words", b"{}", b"<a/>"])
    def test_what_is_no_page(self, data: bytes) -> None:
        with pytest.raises(CorpusError, match=r"gout\.html"):
            read_html(data, "gout.html", "gout")

    def test_depth_is_bounded(self) -> None:
        with pytest.raises(CorpusError, match=r"gout\.html"):
            read("<div>" * 100_000 + LONG)

    def test_spans_ask_in_vain_for_millions_of_cells(self) -> None:
        rows = '<tr><td colspan="99999" rowspan="99999">x</td><td>y</td></tr>' * 500
        assert len(read(f"<p>{LONG}</p><table>{rows}</table>").text) < 5_100_000

    def test_a_table_that_unfolds_without_measure_is_refused(self) -> None:
        header = "".join(f"<th>{'h' * 290}</th>" for _ in range(90))
        rows = (f"<tr>{'<td rowspan=1000>x</td>' * 90}</tr>" + "<tr></tr>" * 999) * 3
        with pytest.raises(HostileSource, match=r"gout\.html: a table unfolds to more than 5,000,000 characters"):
            read(f"<p>{LONG}</p><table><thead><tr>{header}</tr></thead>{rows}</table>")

    @given(st.text("<>/ap\"'=&;#0 table tr td th sup sub li ul h2 script\n", max_size=120))
    def test_any_markup_gives_a_document_or_a_refusal(self, noise: str) -> None:
        try:
            document = read(f"<p>{LONG}</p>{noise}<p>{LONG}</p>")
        except CorpusError:
            return
        laid_out(document)


def test_the_same_page_gives_the_same_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was read before, and whatever a settings file in the working folder says."""
    (tmp_path / "settings.cfg").write_text("[DEFAULT]\nMIN_EXTRACTED_SIZE = 100000\n")
    monkeypatch.chdir(tmp_path)
    whole = page(f"<h2>A</h2><p>{LONG}</p><p>{LONG}</p>{TestTables.TABLE}", META)
    assert len({read_html(whole, "a.html", "a").version for _ in range(4)}) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_encodings(encoding: str) -> None:
    whole = page(f"<p>{LONG} Crème brûlée à l’été.</p>".replace("’", "'")).decode()
    declared = whole.replace("<head>", f'<head><meta charset="{encoding}">')
    assert "Crème brûlée à l'été." in read_html(declared.encode(encoding), "a.html", "a").text
