"""PDF: text with its pages, what is printed on every page left out, numbers kept, broken files refused by name."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from corpus.errors import CorpusError, HostileSource, UnreadableSource
from corpus.readers import pdf
from corpus.readers.pdf import read_pdf
from corpus.readers.pdf_flow import Paragraph, paragraphs, without_running_heads
from corpus.readers.pdf_lines import Line, read_lines
from corpus.types import Author, Document, DocumentKind, EvidenceType, SourceStatus

LINE, LEFT, TOP = 12, 72, 780.0
BODY = "Text in the usual size, of which there is more than of any other."
Run = tuple[float, float, str]
"""Size, rise and text of a run of characters."""


def shown(x: float, y: float, runs: Sequence[Run]) -> str:
    """The operators that show a line, its runs one after the other."""
    parts = [f"/F1 {size} Tf {rise} Ts ({_escaped(text)}) Tj" for size, rise, text in runs]
    return f"BT 1 0 0 1 {x} {y} Tm {' '.join(parts)} ET"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def made(*pages: Sequence[str], info: dict[str, str] | None = None, password: str = "") -> bytes:
    """A PDF whose pages consist of some operators."""
    writer = PdfWriter()
    for operators in pages:
        page = writer.add_blank_page(595, 842)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data("\n".join(operators).encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if info:
        writer.add_metadata(info)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def page(*lines: str | tuple[float, str]) -> list[str]:
    """A page of lines one under the other, each a text in size 10, or a size and a text; "" leaves a gap."""
    operators: list[str] = []
    height = TOP
    for line in lines:
        size, text = (10, line) if isinstance(line, str) else line
        height -= 1.2 * size
        if text:
            operators.append(shown(LEFT, height, [(size, 0, text)]))
    return operators


def read(*pages: Sequence[str], **options: dict[str, str]) -> Document:
    return read_pdf(made(*pages, **options), "a.pdf", "a")  # type: ignore[arg-type]


class Pages:
    """A page that reports a text as pypdf would, in a font of its own."""

    def __init__(self, text: str) -> None:
        self._text = text

    def extract_text(self, *, visitor_text: Callable[..., None], **_: object) -> str:
        upright = [1.0, 0.0, 0.0, 1.0, 72.0, 700.0]
        visitor_text(self._text, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0], upright, None, 10.0)
        return self._text


def laid_out(document: Document) -> list[tuple[tuple[str, ...], str]]:
    """Path and text of each section, having checked the laws of sections and pages."""
    end = 0
    for section in document.sections:
        assert document.text[end : section.start] == ("\n\n" if end else "")
        end = section.end
    assert end == len(document.text)
    starts = document.page_starts
    assert starts[0] == 0
    assert list(starts) == sorted(starts)
    assert starts[-1] <= end
    return [(section.path, document.text[section.start : section.end]) for section in document.sections]


class TestText:
    def test_paragraphs_under_headings_with_the_references_left_out(self) -> None:
        document = read(
            page(
                (18, "A randomised trial of allopurinol"),
                "Jane Doe and Max Roe worked on this.",
                "",
                "Abstract",
                "Urate fell in all patients who took the",
                "drug for a year.",
                "2. Methods",
                "They were followed for a year, and",
            ),
            page("nobody was lost.", "RESULTS", "Urate fell by half.", "References", "1. Doe J. Gout. 2001."),
        )
        assert laid_out(document) == [
            ((), "Jane Doe and Max Roe worked on this."),
            (("Abstract",), "Urate fell in all patients who took the drug for a year."),
            (("Methods",), "They were followed for a year, and nobody was lost."),
            (("Results",), "Urate fell by half."),
        ]
        assert document.work.title == "A randomised trial of allopurinol"

    def test_larger_lines_are_headings(self) -> None:
        lines = ("Doses follow in this part of the text, which is long enough.", "Start low.", "Go slow, they say.")
        first = ((18, "On doses"), "Text comes first here, and there is more than one line.", (14, "How to dose"))
        document = read(page(*first, *lines))
        assert [path for path, _ in laid_out(document)] == [(), ("How to dose",)]

    def test_a_raised_or_lowered_number_stays_another_number(self) -> None:
        raised = shown(
            LEFT, 700, [(10, 0, "100 x 10"), (7, 4, "9"), (10, 0, "/L; CO"), (7, -2, "2"), (10, 0, " fell.")]
        )
        assert read([raised]).text == "100 x 10^9/L; CO2 fell."

    def test_the_same_by_another_base_line(self) -> None:
        operators = [
            "BT /F1 10 Tf 1 0 0 1 72 700 Tm (100 x 10) Tj /F1 6 Tf 1 0 0 1 115 704 Tm (9) Tj",
            "/F1 10 Tf 1 0 0 1 119 700 Tm (/L was the count.) Tj ET",
        ]
        assert read(operators).text == "100 x 10^9/L was the count."

    def test_ligatures_are_letters_and_fractions_stay(self) -> None:
        (line,) = read_lines(Pages("efﬁcacy of ½ in 10² patients, “quoted”"))  # type: ignore[arg-type]
        assert line.text == "efficacy of ½ in 10² patients, “quoted”"

    def test_text_up_the_margin_is_left_out(self) -> None:
        margin = "BT /F1 8 Tf 0 1 -1 0 30 200 Tm (Downloaded by somebody) Tj ET"
        assert read([*page("The text that is read."), margin]).text == "The text that is read."

    def test_a_page_that_lies_on_its_side_is_read(self) -> None:
        lines = [f"BT /F1 10 Tf 0 1 -1 0 {100 + 12 * number} 72 Tm (Line {number} of it) Tj ET" for number in range(3)]
        assert "Line 1 of it" in read(lines).text


class TestPages:
    def test_every_part_of_the_text_has_its_page(self) -> None:
        document = read(
            page("One ends here."),
            page("Two begins a sentence that", "runs on to"),
            page("the next page.", "", "Four is a paragraph", "of several lines", "and ends here."),
        )
        assert document.text == (
            "One ends here.\n\nTwo begins a sentence that runs on to the next page.\n\n"
            "Four is a paragraph of several lines and ends here."
        )
        pages = {
            word: document.page_at(document.text.index(word)) for word in ("One", "Two", "runs", "the next", "Four")
        }
        assert pages == {"One": 1, "Two": 2, "runs": 2, "the next": 3, "Four": 3}
        assert document.page_at(len(document.text)) == 3

    def test_pages_without_text_count(self) -> None:
        document = read([], page("On the second."), [], page("On the fourth."), [])
        assert [document.page_at(document.text.index(word)) for word in ("On the second", "On the fourth")] == [2, 4]
        assert len(document.page_starts) == 5

    def test_pages_of_references_only_count_too(self) -> None:
        document = read(page("Text."), page("More."), page("References", "1. A."), page("2. B."))
        assert document.text == "Text.\n\nMore."
        assert document.page_starts == (0, 7, 12, 12)

    def test_a_source_without_pages_has_none(self) -> None:
        plain = read(page("Text."))
        assert plain.page_at(0) == 1
        assert Document("a", DocumentKind.ARTICLE, plain.work, "Text.", ()).page_at(0) is None


class TestRunningHeads:
    def lines(self, *texts: str) -> list[Line]:
        return [Line(text, LEFT, TOP - number * LINE, 10) for number, text in enumerate(texts)]

    def kept(self, *pages: tuple[str, ...]) -> list[list[str]]:
        found = without_running_heads([self.lines(*page) for page in pages])
        return [[line.text for line in page] for page in found]

    def test_what_comes_again_at_the_edge_goes_page_numbers_too(self) -> None:
        pages = [
            (f"Gout {number}", f"Text {'abcde'[number]}.", "J Trials 2021", str(number + 7)) for number in range(5)
        ]
        assert self.kept(*pages) == [[f"Text {letter}."] for letter in "abcde"]

    def test_heads_of_odd_and_even_pages(self) -> None:
        pages = [
            (f"{number} Doe et al" if number % 2 else f"Trials in gout {number}", f"Text {'abcdefgh'[number]}.")
            for number in range(8)
        ]
        assert self.kept(*pages) == [[f"Text {letter}."] for letter in "abcdefgh"]

    def test_page_x_of_y(self) -> None:
        assert self.kept(*((f"Text {'abc'[n]}.", f"Page {n + 1} of 3") for n in range(3))) == [
            ["Text a."],
            ["Text b."],
            ["Text c."],
        ]

    def test_what_only_looks_like_one_stays(self) -> None:
        """Numbers that do not count pages, rows that differ in their figures, repetition in the middle, two pages."""
        numbers = [("Text.", str(number)) for number in (120, 45, 300, 12)]
        assert self.kept(*numbers)[0][-1] == "120"
        rows = [(f"Drug {n}: 1{n} mg in 3{n}% (n = {n})", "x", "y", "z") for n in range(4)]
        assert self.kept(*rows)[0][0] == "Drug 0: 10 mg in 30% (n = 0)"
        middle = [("a", "b", f"c{n}", "The same words.", f"d{n}", f"e{n}", f"f{n}") for n in range(4)]
        assert all("The same words." in page for page in self.kept(*middle))
        assert self.kept(("Head", "a"), ("Head", "b")) == [["Head", "a"], ["Head", "b"]]


class TestJoining:
    def joined(self, *texts: str) -> list[str]:
        lines = [Line(text, LEFT, TOP - number * LINE, 10) for number, text in enumerate(texts)]
        return [one.text for one in paragraphs([lines])]

    @pytest.mark.parametrize(
        ("first", "second", "elsewhere", "expected"),
        [
            ("it was treat-", "ment of", "", "it was treatment of"),
            ("it was treat-", "ment of", "treatment", "it was treatment of"),
            ("a beta-", "blocker is", "", "a beta-blocker is"),
            ("a well-", "known drug", "", "a well-known drug"),
            ("was drug-", "related", "drug-related", "was drug-related"),
            ("was non-", "inferior", "noninferior", "was noninferior"),
            ("and IL-", "6 rose", "", "and IL-6 rose"),
            ("at 10-", "20 mg", "", "at 10-20 mg"),
            ("from anti-", "TNF drugs", "", "from anti-TNF drugs"),
            ("HbA1c-", "lowering", "", "HbA1c-lowering"),
            ("a dash -", "then more", "", "a dash - then more"),
            ("no hyphen", "at all", "", "no hyphen at all"),
        ],
    )
    def test_a_hyphen_at_the_end_of_a_line(self, first: str, second: str, elsewhere: str, expected: str) -> None:
        assert self.joined(f"We saw {elsewhere} there {first}", second)[0].endswith(expected)

    @pytest.mark.parametrize(
        ("lines", "count"),
        [
            ((Line("ends here.", 72, 700, 10), Line("Begins far below", 72, 660, 10)), 2),
            ((Line("does not end", 72, 700, 10), Line("and goes on far below", 72, 660, 10)), 1),
            ((Line("does not end", 72, 700, 10), Line("Figure 1. A caption", 72, 660, 10)), 2),
            ((Line("does not end", 72, 100, 10), Line("in the next column", 320, 700, 10)), 1),
            ((Line("does not end", 72, 100, 10), Line("Another column", 320, 700, 10)), 2),
            ((Line("does not end", 72, 700, 10), Line("but is set smaller", 72, 688, 8)), 2),
            ((Line("ends here.", 72, 700, 10), Line("Set in from it", 90, 688, 10)), 2),
            ((Line("the steps:", 72, 700, 10), Line("• one", 72, 688, 10)), 2),
            ((Line("short end.", 72, 700, 10), Line("A line as long as lines are here.", 72, 688, 10)), 2),
        ],
    )
    def test_lines_are_joined_only_where_nothing_speaks_against_it(self, lines: tuple[Line, ...], count: int) -> None:
        rest = [Line("Methods", 72, 500, 10)]
        rest += [Line("A line as long as lines are here.", 72, 400 - number * 12, 10) for number in range(9)]
        assert len([one for one in paragraphs([[*lines, *rest]]) if one.path == ()]) == count

    def test_headings_on_several_lines_and_under_each_other(self) -> None:
        large = [Line("Effects of allopurinol on", 72, 700, 14), Line("renal outcomes", 72, 684, 14)]
        text = [Line("This is text that is set in the usual size.", 72, 640 - number * 12, 10) for number in range(5)]
        (one,) = {one.path for one in paragraphs([[Line("Results", 72, 720, 14), *large, *text]])}
        assert one == ("Results", "Effects of allopurinol on renal outcomes")

    @given(st.lists(st.tuples(st.text("ab. A•1", min_size=1), st.integers(0, 90), st.integers(8, 12)), max_size=30))
    def test_nothing_is_lost(self, drawn: list[tuple[str, int, int]]) -> None:
        lines = [Line(" ".join(text.split()) or "x", 72, across * 9.0, size) for text, across, size in drawn]
        half = len(lines) // 2
        found: list[Paragraph] = list(paragraphs([lines[:half], lines[half:]]))
        kept = " ".join(" ".join((*one.path, one.text)) for one in found)
        assert all(line.text.strip("1. ") in kept for line in lines)
        assert {one.page for one in found} <= {1, 2}
        assert all(0 < position < len(one.text) for one in found for _, position in one.further_pages)


class TestDescription:
    DOI = "https://doi.org/10.5555/Gout.2021.1"

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            ([DOI], "DOI:10.5555/gout.2021.1"),
            (["doi: 10.5555/gout.1.", DOI.lower().replace("2021.", "")], "DOI:10.5555/gout.1"),
            (["(doi:10.5555/gout(21)1)"], "DOI:10.5555/gout(21)1"),
            (["[10.5555/gout.1]."], "DOI:10.5555/gout.1"),
            (["https://doi.org/10.5555/", "gout.1 more"], "DOI:10.5555/gout.1"),
            (["10.5555/gout.1 corrects 10.5555/gout.0"], "FILE:a"),
            (["no identifier"], "FILE:a"),
        ],
    )
    def test_the_id(self, lines: list[str], expected: str) -> None:
        assert read(page(*lines), page("See 10.5555/cited.1 too.")).id == expected

    def test_the_doi_in_the_properties_comes_first(self) -> None:
        info = {"/Subject": "J Trials 2021, doi:10.5555/own.1"}
        assert read(page(self.DOI), info=info).id == "DOI:10.5555/own.1"

    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("A trial of gout", "A trial of gout"),
            ("Microsoft Word - gout final.doc", "Set largest"),
            ("untitled", "Set largest"),
            ("gout", "Set largest"),
            ("", "Set largest"),
        ],
    )
    def test_the_title(self, title: str, expected: str) -> None:
        first = page((16, "Set largest"), "Then text in an ordinary size follows here.")
        assert read(first, info={"/Title": title}).work.title == expected

    def test_a_title_on_several_lines(self) -> None:
        first = page("J Trials", (16, "A trial of allopurinol"), (16, "in people with gout"), *[BODY] * 2)
        assert read(first).work.title == "A trial of allopurinol in people with gout"

    def test_without_any_title_the_file_is_named(self) -> None:
        assert read(page("Text of one size.")).work.title == "a"

    @pytest.mark.parametrize(
        ("written", "authors"),
        [
            ("Jane Doe; Max Roe", (Author("Jane Doe"), Author("Max Roe"))),
            ("Doe, Jane; Roe, Max", (Author("Doe", "Jane"), Author("Roe", "Max"))),
            ("Jane Doe, Max Roe and A. Poe", (Author("Jane Doe"), Author("Max Roe"), Author("A. Poe"))),
            ("Doe, Jane", (Author("Doe", "Jane"),)),
            ("administrator", ()),
            ("", ()),
        ],
    )
    def test_authors(self, written: str, authors: tuple[Author, ...]) -> None:
        assert read(page("Text."), info={"/Author": written}).work.authors == authors

    @pytest.mark.parametrize(
        ("line", "year"),
        [("© 2019 The Authors", 2019), ("Published online 3 May 2020", 2020), ("In 1998 we saw", None)],
    )
    def test_the_year(self, line: str, year: int | None) -> None:
        assert read(page(line)).work.year == year

    def test_design_and_status(self) -> None:
        document = read(page((16, "RETRACTED: A randomised trial of X"), BODY))
        assert document.work.evidence_type is EvidenceType.RCT
        assert document.source_status is SourceStatus.RETRACTED


class TestRefusals:
    def test_pictures_of_pages_need_ocr(self) -> None:
        with pytest.raises(UnreadableSource, match=r"a\.pdf holds no text, only pictures of its pages; run OCR"):
            read([], ["0 0 m 10 10 l S"], page("12 34"))

    def test_a_password_is_asked_for_in_vain(self) -> None:
        with pytest.raises(UnreadableSource, match=r"a\.pdf .*encrypted"):
            read_pdf(made(page("Secret."), password="x"), "a.pdf", "a")

    def test_a_file_without_pages(self) -> None:
        with pytest.raises(UnreadableSource, match=r"a\.pdf"):
            read()

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"%PDF-1.4\n%%EOF", b"no pdf", b"%PDF-" + b"\xff" * 100])
    def test_what_is_no_pdf(self, data: bytes) -> None:
        with pytest.raises(UnreadableSource, match=r"a\.pdf is damaged, encrypted or no PDF .*fetch it again"):
            read_pdf(data, "a.pdf", "a")

    def test_a_truncated_file(self) -> None:
        whole = made(page("Text of the first page."), page("And of the second."))
        for length in range(0, len(whole) - 200, 97):
            with pytest.raises(UnreadableSource, match=r"a\.pdf"):
                read_pdf(whole[:length], "a.pdf", "a")

    def test_more_pages_or_text_than_any_document_has(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "_MOST_PAGES", 2)
        with pytest.raises(HostileSource, match="more than 2 pages"):
            read(page("a."), page("b."), page("c."))
        monkeypatch.setattr(pdf, "_MOST_TEXT", 10)
        with pytest.raises(HostileSource, match="more than 10 characters"):
            read(page("More than ten."))

    def test_damage_gives_a_document_or_a_refusal(self) -> None:
        whole = made(page((14, "A title here"), "Text of the first page."), page("And of the second."))
        chance = random.Random(7)
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(chance.choice((1, 3, 10))):
                at = chance.randrange(len(damaged))
                damaged[at : at + chance.choice((0, 1, 9))] = bytes([chance.randrange(256)])
            with suppress(CorpusError):
                laid_out(read_pdf(bytes(damaged), "a.pdf", "a"))
