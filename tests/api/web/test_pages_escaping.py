"""Law 9: what documents and askers bring is text, wherever a page shows it."""

import shutil
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from corpus.types import Author, CitationMark, Document, DocumentKind, Reference, Section, SourceStatus, Work
from tests.api.http.small import ENCODER, serving
from tests.api.web.markup import chosen, page, text
from tests.api.web.test_pages_asking import asked, post
from tests.tiny import snapshot_of

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
RUNS = "javascript:alert(1)"
OOB = '<div hx-get="/v1/articles" hx-trigger="load" hx-swap-oob="true" id="main">'
TEMPLATE = "{{ 7 * 7 }} {% raw %}"
HOSTILE = f"{SCRIPT} {IMAGE} {RUNS} {OOB} {TEMPLATE}"
SENTENCE = f"Allopurinol {HOSTILE} is the first-line drug for gout."
TABLE = f"Drug{IMAGE}: allopurinol {SCRIPT}; Dose: 100 mg\nDrug{IMAGE}: febuxostat; Dose: 40 mg {SCRIPT}"
ID = f"REF:{IMAGE}/../{SCRIPT}"

CITED = Work(
    title=f"A trial {HOSTILE}",
    authors=(Author(f"Berg{IMAGE}", SCRIPT),),
    container=SCRIPT,
    year=2020,
    volume=IMAGE,
    doi=f"10.1000/{IMAGE}",
    pmid=f"1{IMAGE}",
    url=RUNS,
)
ADDRESSED = Work(title="By its address alone", url=RUNS)
ARTICLE = Document(
    id="gout",
    kind=DocumentKind.ARTICLE,
    work=Work(title=f"How is gout treated? {HOSTILE}"),
    text=f"{SENTENCE}\n\n{TABLE}",
    sections=(
        Section((f"Treatment {HOSTILE}",), 0, len(SENTENCE)),
        Section((f"Treatment {HOSTILE}", f"Table {HOSTILE}"), len(SENTENCE) + 2, len(SENTENCE) + 2 + len(TABLE), True),
    ),
    references=(Reference(f"k{IMAGE}", ID, CITED), Reference("unheld", RUNS, ADDRESSED, SourceStatus.CORRECTED)),
    marks=(CitationMark(len(SENTENCE), (f"k{IMAGE}", "unheld")),),
    updated=f"2026-01-01{IMAGE}",
    licence=HOSTILE,
)
FINDING = f"Allopurinol {HOSTILE} lowered urate in gout."
PAPER = Document(ID, DocumentKind.LITERATURE, CITED, FINDING, (Section((SCRIPT,), 0, len(FINDING)),), licence=IMAGE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over documents that want to be more than text."""
    home = tmp_path_factory.mktemp("hostile")
    snapshot_of((ARTICLE, PAPER), home, ENCODER).close()
    with serving(home) as client:
        client.follow_redirects = False
        yield client
    shutil.rmtree(home)


@pytest.mark.parametrize("audience", ["clinician", "patient"])
@pytest.mark.parametrize("path", ["/", f"/?q={quote(SCRIPT)}", "/articles/gout", "/articles/gout?suggestions=true"])
def test_documents_are_text(hostile: TestClient, path: str, audience: str) -> None:
    found = page(hostile, path, cookie=f"sequitur_audience={audience}")
    assert "<script>alert(1)</script>" in text(found)
    assert not chosen(found, "img")
    assert [one.get("id") for one in chosen(found, "main")] == ["main"]


def test_the_table_and_the_references_of_an_article_are_text(hostile: TestClient) -> None:
    found = page(hostile, "/articles/gout")
    (table,) = chosen(found, "table")
    assert [text(one) for one in chosen(table, "th")][:2] == [f"Drug{IMAGE}", "Dose"]
    (listed,) = chosen(found, ".references")
    links = [one.get("href") for one in chosen(listed, "a")]
    assert [one for one in links if one.startswith("https:")] == [
        "https://doi.org/10.1000/%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E",
        "https://pubmed.ncbi.nlm.nih.gov/1%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E/",
    ]
    assert not [one for one in links if "javascript" in one and not one.startswith("/sources/")]


def test_answers_and_their_sources_are_text(hostile: TestClient) -> None:
    question = f"What is the first-line drug for gout? {HOSTILE}"
    _, found = asked(hostile, question)
    (exchange,) = chosen(found, ".exchange")
    assert chosen(exchange, ".asked")[0].text == question
    assert chosen(exchange, ".statements"), text(exchange)
    for link in {one.get("href") or "" for one in chosen(exchange, ".cite")}:
        source = page(hostile, link.partition("#")[0])
        assert "<script>alert(1)</script>" in text(source)


def test_a_source_of_a_hostile_id_is_reached(hostile: TestClient) -> None:
    source = page(hostile, f"/sources/{quote(ID, safe='')}")
    assert FINDING in text(source)


@pytest.mark.parametrize(
    "path", [f"/articles/{quote(IMAGE, safe='')}", f"/sources/{quote(SCRIPT, safe='')}", f"/{SCRIPT}"]
)
def test_errors_are_text(hostile: TestClient, path: str) -> None:
    assert not chosen(page(hostile, path, 404), "img")


def test_what_is_left_in_the_box_is_text(hostile: TestClient) -> None:
    left = f"</textarea>{SCRIPT}" + "x" * 1000
    response = post(hostile, left)
    assert response.status_code == 422
    assert f"</textarea>{SCRIPT}" not in response.text
