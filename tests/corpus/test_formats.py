"""Which format a file is in, by what it holds before what it is called; and one bad file never stops the rest."""

import gzip
import json
import tarfile
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableSource
from corpus.gathering import gather
from corpus.readers.formats import HEAD, READERS, Format, read_file, recognise, recognise_file
from corpus.sources import STARTER, SourceFile, files
from corpus.types import Deletion, Document, DocumentKind, Notice, Problem, Record, Reference, Work

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
TRIALS = SHARED / "pmc-trials" / "articles.nxml.tar.zst"
ENTREZ = SHARED / "formats" / "biopython-entrez.tar.zst"
ARTICLE = "---\nid: gout\ntitle: Gout?\ntopic: gout\nstatus: approved\nupdated: 2026-11-22\n---\n## A\n\nText [@a].\n"
JATS = (
    '<article><front><article-meta><article-id pub-id-type="pmc">9000001</article-id><title-group><article-title>T'
    "</article-title></title-group></article-meta></front><body><p>Text.</p></body></article>"
)
MEDLINE = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>90000001</PMID><Article><ArticleTitle>T</ArticleTitle>"
    "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
)
DELETED = "<DeleteCitation><PMID>90000002</PMID></DeleteCitation>"
HTML = f"<!DOCTYPE html><html><head><title>T</title></head><body><p>{'Text of a page. ' * 30}</p></body></html>"
CSL = '[{"id": "a", "title": "T"}]'
RIS = "TY  - JOUR\nID  - a\nTI  - T\nER  - \n"
BIBTEX = "@article{a, title={T}}"
LIBRARY = {"a": Reference("a", "PMID:90000001", Work("T"))}
BEGINNINGS = {
    Format.ARTICLE: [ARTICLE, f"\ufeff{ARTICLE}", f"\n{ARTICLE}", ARTICLE.replace("id: gout\n", "", 1)],
    Format.JATS: [
        JATS,
        f'<?xml version="1.0"?>\n<!-- a comment -->\n{JATS}',
        f'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd" [<!NOTATION x SYSTEM "y">]>\n{JATS}',
        JATS.replace("<article>", '<j:article xmlns:j="x">'),
        JATS.replace("<article>", "<article\n article-type='review'>"),
    ],
    Format.MEDLINE: [
        MEDLINE,
        f'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "x.dtd">\n{MEDLINE}',
        "<PubmedBookArticleSet/>",
        "<PubmedArticle/>",
    ],
    Format.PDF: ["%PDF-1.7\n", "\n\n%PDF-1.4\n"],
    Format.HTML: [HTML, HTML.lower(), "<HTML lang='en'>", f"<!-- x -->{HTML}", f"<?xml version='1.0'?>{HTML}"],
    Format.CSL_JSON: [CSL, f"\n {CSL}", "[]", "[\n  {"],
    Format.RIS: [RIS, f"\ufeff{RIS}", "\n\nTY  - JOUR", "TY - JOUR"],
    Format.BIBTEX: [BIBTEX, f"% made by hand\n\n{BIBTEX}", "@string(a = 1)", "@ARTICLE {a,"],
}  # fmt: skip
SUFFIXES = {
    "a.md": Format.ARTICLE, "a.markdown": Format.ARTICLE, "a.nxml": Format.JATS, "a.pdf": Format.PDF,
    "a.html": Format.HTML, "a.HTM": Format.HTML, "a.xhtml": Format.HTML, "a.json": Format.CSL_JSON,
    "a.ris": Format.RIS, "a.bib": Format.BIBTEX, "a.bib.gz": Format.BIBTEX, "x.tar:y/a.ris": Format.RIS,
}  # fmt: skip
UNKNOWN = [
    "",
    "plain words",
    "<svg/>",
    "<pmc-articleset/>",
    '{"id": 1}',
    "@ home",
    "---\n- a\n",
    "PK\x03\x04",
    "\x89PNG",
]


def held(name: str, content: str | bytes) -> SourceFile:
    return SourceFile(name, None, content if isinstance(content, bytes) else content.encode())


def records(name: str, content: str | bytes) -> list[Record]:
    return list(read_file(held(name, content), LIBRARY))


def test_every_format_has_a_reader_and_beginnings() -> None:
    assert set(READERS) == set(BEGINNINGS) == set(Format)
    assert set(SUFFIXES.values()) == set(Format) - {Format.MEDLINE}, "whose files are called .xml, as others are"


@pytest.mark.parametrize("misnamed", ["a", "a.txt", "a.pdf", "a.html", "a.md"])
@pytest.mark.parametrize(
    ("format", "content"), [(f, content) for f, contents in BEGINNINGS.items() for content in contents]
)
def test_content_comes_before_the_name(format: Format, content: str, misnamed: str) -> None:
    assert recognise(misnamed, content.encode()) is format
    assert recognise_file(held(misnamed, gzip.compress(content.encode()))) is format


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_other_encodings(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert recognise("a", mark + MEDLINE.encode(encoding)) is Format.MEDLINE


@pytest.mark.parametrize(("name", "format"), SUFFIXES.items())
def test_the_name_decides_where_the_content_does_not(name: str, format: Format) -> None:
    assert recognise(name, b"words that begin nothing") is format


@pytest.mark.parametrize("content", UNKNOWN)
@pytest.mark.parametrize("name", ["a", "a.xml", "a.docx", "a.txt"])
def test_what_is_not_recognised_is_a_problem(content: str, name: str) -> None:
    assert recognise(name, content.encode()) is None
    (problem,) = records(name, content)
    assert isinstance(problem, Problem)
    assert problem.file == name
    assert "article, jats, medline, pdf, html, csl-json, ris, bibtex" in problem.reason


def test_a_part_of_a_page_is_one_by_its_name() -> None:
    assert recognise("a.html", b"<div><p>x</p></div>") is Format.HTML
    assert recognise("a.nxml", b"<div><p>x</p></div>") is None


def test_an_xml_file_of_another_kind_is_not_read_for_its_name() -> None:
    assert recognise("a.nxml", b"<svg/>") is None


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (ARTICLE, [Document]),
        (JATS, [Document]),
        (MEDLINE, [Document]),
        (MEDLINE.replace("</PubmedArticleSet>", f"{DELETED}</PubmedArticleSet>"), [Document, Deletion]),
        (HTML, [Document]),
        (CSL, [Reference, Document]),
        (RIS, [Reference, Document]),
        (BIBTEX, [Reference, Document]),
    ],
)  # fmt: skip
def test_each_format_gives_its_records(content: str, kinds: list[type]) -> None:
    assert [type(one) for one in records("a", content)] == kinds
    assert records("a", gzip.compress(content.encode())) == records("a", content)


def test_articles_cite_the_library() -> None:
    (article,) = records("a.md", ARTICLE)
    assert isinstance(article, Document)
    assert article.references == (LIBRARY["a"],)
    (problem,) = read_file(held("a.md", ARTICLE), {})
    assert isinstance(problem, Problem)
    assert "a.md cites @a, not in the literature" in problem.reason


def test_pages_and_pdfs_without_identifiers_are_known_by_their_file() -> None:
    for name in ("gout.html", "x/y/gout.html.gz", "all.tar.zst:x/gout.html"):
        (page,) = records(name, HTML)
        assert isinstance(page, Document)
        assert page.id == "FILE:gout"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", "no front matter", "a.md has no front matter"),
        ("a.md", b"---\nid: \xff\n---\n", "a.md is not UTF-8 text"),
        ("a.nxml", "<article>", "a.nxml is not well-formed XML"),
        ("a.xml", "<PubmedArticleSet>", "a.xml is not well-formed XML"),
        ("a.xml", '<!DOCTYPE PubmedArticleSet [<!ENTITY x "y">]><PubmedArticleSet/>', "declares entities"),
        ("a.pdf", "%PDF-1.7", "a.pdf is damaged"),
        ("a.html", "<html></html>", "a.html"),
        ("a.json", "[{", "a.json is not JSON"),
        ("a.json", '{"id": "a"}', "a.json is not a CSL-JSON list"),
        ("a.ris", "nothing", "a.ris is not RIS"),
        ("a.bib", "nothing", "a.bib holds no BibTeX entry"),
        ("a.xml.gz", gzip.compress(MEDLINE.encode(), mtime=0)[:-12], "a.xml.gz cannot be read"),
        ("a.md.gz", gzip.compress(ARTICLE.encode() * 100, mtime=0)[:60], "a.md.gz cannot be read"),
        ("a.md.gz", b"\x1f\x8b" + b"\xff" * 50, "a.md.gz cannot be read"),
    ],
)
def test_a_bad_file_is_one_problem(name: str, content: str | bytes, reason: str) -> None:
    *_, problem = records(name, content)
    assert isinstance(problem, Problem)
    assert problem.file == name
    assert reason in problem.reason


def test_a_file_that_is_gone_or_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.md", tmp_path):
        (problem,) = read_file(SourceFile(str(path), path), {})
        assert isinstance(problem, Problem)
        assert str(path) in problem.reason


def test_records_before_damage_stand() -> None:
    whole = MEDLINE.replace("</PubmedArticleSet>", " " * 100_000 + "</PubmedArticleSet>").encode()
    packed = gzip.compress(whole, compresslevel=0)
    *before, problem = records("a.xml.gz", packed[: len(packed) // 2])
    assert [type(one) for one in before] == [Document]
    assert isinstance(problem, Problem)


@pytest.mark.parametrize("format", [Format.CSL_JSON, Format.RIS, Format.BIBTEX])
def test_a_bad_record_does_not_stop_the_others(format: Format) -> None:
    content = {
        Format.CSL_JSON: '[{"id": "a", "title": "T"}, {"id": "b"}, {"id": "c", "title": "U", "key_findings": ["X."]}]',
        Format.RIS: f"{RIS}TY  - JOUR\nID  - b\nER  - \n{RIS.replace('- a', '- c')}",
        Format.BIBTEX: f"{BIBTEX}\n@article{{b, year=2020}}\n@article{{c, title={{U}}}}",
    }[format]
    found = records("refs", content)
    assert [one.key for one in found if isinstance(one, Reference)] == ["a", "c"]
    assert [one.id for one in found if isinstance(one, Document)] == ["REF:a", "REF:c"]
    (problem,) = (one for one in found if isinstance(one, Problem))
    assert problem.place in ("record 2", "line 2")
    assert "has no title" in problem.reason


@given(
    st.sampled_from(sorted(SUFFIXES)),
    st.sampled_from(sorted(content for contents in BEGINNINGS.values() for content in contents)),
    st.binary(max_size=60),
    st.integers(0, 200),
)
def test_any_content_gives_records_and_never_an_error(name: str, content: str, noise: bytes, at: int) -> None:
    data = content.encode()
    for damaged in (noise, data[:at] + noise + data[at:], data[:at]):
        found = records(name, damaged)
        assert all(isinstance(one, Document | Reference | Notice | Deletion | Problem) for one in found)


def test_a_head_is_enough_for_a_long_document_type() -> None:
    assert recognise("a", (" " * (HEAD - 200) + MEDLINE).encode()[:HEAD]) is Format.MEDLINE


class TestGathering:
    def test_the_built_in_corpus(self) -> None:
        found = list(gather())
        assert len({one.id for one in found}) == len(found)
        articles = [one for one in found if one.kind is DocumentKind.ARTICLE]
        assert {one.id for one in articles} == {path.stem for path in (STARTER / "articles").glob("*.md")}
        assert all(one.references for one in articles)

    def test_articles_may_cite_what_comes_after_them(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text(ARTICLE)
        (tmp_path / "z.json").write_text(CSL)
        assert [one.id for one in gather([tmp_path])] == ["REF:a", "gout"]

    def test_a_problem_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text(json.dumps([{"id": "a"}]))
        with pytest.raises(UnreadableSource, match=r"a\.json: record 1 \(a\) has no title"):
            list(gather([tmp_path]))
        (tmp_path / "a.json").unlink()
        (tmp_path / "a.tar").write_bytes(b"no archive")
        with pytest.raises(UnreadableSource, match=r"a\.tar is damaged"):
            list(gather([tmp_path]))


def archived(path: Path, suffix: str) -> Iterator[tuple[str, bytes]]:
    with (
        path.open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as stream,
        tarfile.open(fileobj=stream, mode="r|") as archive,
    ):
        for member in archive:
            if member.name.endswith(suffix):
                content = archive.extractfile(member)
                assert content
                yield member.name, content.read()


@pytest.mark.skipif(not TRIALS.exists(), reason=f"the trial reports are not at {TRIALS}")
def test_trial_reports_are_read_out_of_their_archive() -> None:
    for file in islice(files([TRIALS]), 5):
        assert isinstance(file, SourceFile)
        (document,) = read_file(file, {})
        assert isinstance(document, Document)
        assert file.name.endswith(f":{document.id}.nxml")


@pytest.mark.skipif(not ENTREZ.exists(), reason=f"the recorded replies are not at {ENTREZ}")
def test_replies_that_are_no_records_are_problems() -> None:
    found = {name: recognise_file(SourceFile(name, None, data)) for name, data in archived(ENTREZ, ".xml")}
    assert len(found) > 30
    medline = {name.rpartition("/")[2] for name, format in found.items() if format is Format.MEDLINE}
    assert medline == {f"pubmed{number}.xml" for number in (1, 2, 4, 5, 6, 7)}
    assert all(isinstance(format, Format | Problem) for format in found.values())


def test_files_are_read_in_the_same_way_from_disk(tmp_path: Path) -> None:
    written = BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, content in (("a.nxml", JATS), ("LICENSE", "words"), ("b.xyz", "words"), ("c.bib", BIBTEX)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content.encode()))
    (tmp_path / "all.tar").write_bytes(written.getvalue())
    found = [type(one) for file in files([tmp_path]) if isinstance(file, SourceFile) for one in read_file(file, {})]
    assert found == [Document, Problem, Reference, Document]
