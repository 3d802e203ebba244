"""Hostile XML: entities, outside files, depth and spans that ask for more than a machine has."""

import time
from pathlib import Path

import pytest

from corpus.errors import CorpusError, HostileSource, MissingField, UnreadableSource
from corpus.readers.jats import read_jats
from corpus.types import Document

HEAD = (
    '<front><article-meta><article-id pub-id-type="pmc">1</article-id><title-group><article-title>T</article-title>'
    "</title-group></article-meta></front>"
)


def article(body: str, doctype: str = "") -> str:
    return f"{doctype}<article>{HEAD}<body>{body}</body></article>"


def attempt(data: bytes, name: str) -> Document | CorpusError:
    """The document, or the error of ours that refuses it; any other error fails the test."""
    try:
        return read_jats(data, name)
    except CorpusError as error:
        return error


def laughs(levels: int = 9) -> str:
    """A billion laughs: each entity is ten of the one before."""
    declarations = ['<!ENTITY l0 "lol">']
    declarations += [f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, levels + 1)]
    return f"<!DOCTYPE article [{''.join(declarations)}]>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_billion_laughs_are_refused_at_once(encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding != "utf-16" else ""
    data = (declaration + article("<p>&l9;</p>", laughs())).encode(encoding)
    start = time.perf_counter()
    with pytest.raises(HostileSource, match=r"bad\.nxml declares entities of its own"):
        read_jats(data, "bad.nxml")
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY x SYSTEM "{url}">',
        '<!ENTITY x PUBLIC "p" "{url}">',
        '<!ENTITY % x SYSTEM "{url}"> %x;',
        '<!ENTITY x "harmless">',
    ],
)
def test_no_file_is_ever_read(declaration: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    doctype = f"<!DOCTYPE article [{declaration.format(url=secret.as_uri())}]>"
    with pytest.raises(HostileSource) as caught:
        read_jats(article("<p>&x;</p>", doctype).encode(), "bad.nxml")
    assert "secret" not in str(caught.value)


def test_an_external_dtd_is_not_opened(tmp_path: Path) -> None:
    dtd = tmp_path / "jats.dtd"
    dtd.write_text('<!ENTITY x "the secret"> <!not well-formed')  # so that opening it would be noticed
    document = read_jats(article("<p>a &x; b</p>", f'<!DOCTYPE article SYSTEM "{dtd.as_uri()}">').encode(), "a")
    assert document.text == "a &x; b"


def test_xinclude_is_text_of_no_interest(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{secret.as_uri()}"/>'
    assert read_jats(article(f"<p>a{include}b</p>").encode(), "a").text == "ab"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", ""),
        (b"no xml", "line 1"),
        (b"<article>\n<front>\n</article>", "line 3"),
        (b"<article>&nope;</article>", "line 1"),
        (b'<?xml version="1.0" encoding="nonsense"?><article/>', ""),
        (b"<article>\xff</article>", "line 1"),
        (b"<article>\x00</article>", "line 1"),
    ],
)
def test_what_is_not_well_formed_is_named_with_its_line(data: bytes, line: str) -> None:
    with pytest.raises(UnreadableSource, match=rf"bad\.nxml is not well-formed XML.*{line}"):
        read_jats(data, "bad.nxml")


@pytest.mark.parametrize("tag", ["sec", "list", "bold", "disp-quote", "p", "boxed-text", "fn", "table-wrap", "td"])
@pytest.mark.parametrize("depth", [60, 240, 100_000])
def test_depth_is_bounded(tag: str, depth: int) -> None:
    data = article(f"<{tag}>" * depth + "<p>deep</p>" + f"</{tag}>" * depth).encode()
    result = attempt(data, "deep.nxml")
    if isinstance(result, CorpusError):
        assert "deep.nxml" in str(result)
        assert depth > 60
    else:
        assert depth < 1000


@pytest.mark.parametrize(
    "table",
    [
        '<tr><td colspan="99999" rowspan="99999">x</td></tr>' * 2000,
        f"<thead><tr><th>{'h' * 290}</th></tr></thead>" + '<tr><td rowspan="9999">x</td></tr>' + "<tr/>" * 100_000,
        f"<thead>{'<tr>' + '<th>h</th>' * 300 + '</tr>'}</thead>" * 30 + "<tr><td>x</td></tr>" * 1000,
        f'<tr><td rowspan="99999">{"x" * 100_000}</td></tr>' + "<tr/>" * 10_000,
        '<tr><td colspan="-5" rowspan="0x10">x</td><td colspan="">y</td><td colspan="²">z</td></tr>',
    ],
    ids=["spans", "headers", "header rows", "long cell", "nonsense"],
)
def test_spans_ask_in_vain_for_millions_of_cells(table: str) -> None:
    start = time.perf_counter()
    result = attempt(article(f"<table-wrap><table>{table}</table></table-wrap>").encode(), "wide.nxml")
    size = len(str(result)) if isinstance(result, CorpusError) else len(result.text)
    assert size < 5_100_000
    assert time.perf_counter() - start < 20


def test_a_table_that_unfolds_without_measure_is_refused() -> None:
    header = "".join(f"<th>{'h' * 290}</th>" for _ in range(90))
    cells = '<td rowspan="1000">x</td>' * 90
    rows = (f"<tr>{cells}</tr>" + "<tr/>" * 999) * 3
    table = f"<table-wrap><table><thead><tr>{header}</tr></thead>{rows}</table></table-wrap>"
    with pytest.raises(HostileSource, match=r"wide\.nxml: a table unfolds to more than 5,000,000 characters"):
        read_jats(article(table).encode(), "wide.nxml")


@pytest.mark.parametrize(
    "paragraph",
    [
        "[" * 200_000,
        "(" + '<xref ref-type="bibr" rid="B1">1</xref> ' * 20_000,
        '[<xref ref-type="bibr" rid="B1">1</xref>]-' * 20_000,
        '<xref ref-type="bibr" rid="B1">1-999</xref>' * 20_000,
        "(e.g. " * 50_000 + '<xref ref-type="bibr" rid="B1">Doe, 2004</xref>',
        "10<sup>9</sup>" * 50_000,
    ],
    ids=["brackets", "open bracket", "ranges", "shown ranges", "fillers", "powers"],
)
def test_long_paragraphs_take_linear_time(paragraph: str) -> None:
    back = '<back><ref-list><ref id="B1"><mixed-citation>One</mixed-citation></ref></ref-list></back></article>'
    data = article(f"<p>{paragraph}</p>").replace("</article>", back).encode()
    start = time.perf_counter()
    read_jats(data, "long.nxml")
    assert time.perf_counter() - start < 15


def test_control_characters_cannot_pass_for_markers() -> None:
    with pytest.raises(UnreadableSource):
        read_jats(article("<p>a&#2;b</p>").encode(), "bad.nxml")


def test_another_vocabulary_is_not_an_article() -> None:
    with pytest.raises(MissingField):
        read_jats(b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "picture.svg")
