"""BibTeX: keys and descriptions as written, LaTeX as characters, and a bad entry that stops nothing but itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import CorpusError, UnreadableSource
from corpus.readers.bibtex import decoded, read_bibtex
from corpus.readers.literature import as_records
from corpus.types import (
    Author,
    Document,
    DocumentKind,
    EvidenceType,
    Problem,
    Record,
    Reference,
    Section,
    SourceStatus,
    Work,
)

ENTRY = r"""
@string{jat = "J Artif Trials"}
@Article{doe2021gout,
  author   = {Doe, Jane and van der Berg, Anna and {GOUT Study Group} and M{\"u}ller, Max and others},
  title    = {The {GOUT} trial: a randomised trial},
  journal  = jat,
  year     = 2021, volume = 7, number = "2", pages = {12--19},
  doi      = {https://doi.org/10.5555/Gout.1},
  abstract = {Flares were fewer in 79% of patients & 10$^9$/L was the count.},
}
"""


def records(text: str) -> list[Record]:
    return list(as_records(read_bibtex(text, "refs.bib"), "refs.bib"))


def one(fields: str) -> Document:
    _, document = records(f"@article{{a, {fields}}}")
    assert isinstance(document, Document)
    return document


def test_an_entry_is_a_reference_and_a_document() -> None:
    reference, document = records(ENTRY)
    work = Work(
        title="The GOUT trial: a randomised trial",
        authors=(
            Author("Doe", "Jane"),
            Author("van der Berg", "Anna"),
            Author("GOUT Study Group"),
            Author("Müller", "Max"),
            Author("et al."),
        ),
        container="J Artif Trials",
        year=2021,
        volume="7",
        issue="2",
        pages="12-19",
        doi="10.5555/Gout.1",
        url="https://doi.org/10.5555/Gout.1",
        evidence_type=EvidenceType.RCT,
    )
    text = "Flares were fewer in 79% of patients & 10^9/L was the count."
    assert reference == Reference("doe2021gout", "DOI:10.5555/gout.1", work)
    assert document == Document(
        id="DOI:10.5555/gout.1",
        kind=DocumentKind.LITERATURE,
        work=work,
        text=text,
        sections=(Section(("Abstract",), 0, len(text)),),
    )


@pytest.mark.parametrize(
    ("fields", "document_id"),
    [
        ("title={T}", "REF:a"),
        ("title={T}, doi={10.5555/X}", "DOI:10.5555/x"),
        ("title={T}, doi={10.5555/X}, pmid={90000001}", "PMID:90000001"),
        ("title={T}, eprint={90000001}, eprinttype={pubmed}", "PMID:90000001"),
        ("title={T}, eprint={2101.00001}, eprinttype={arxiv}", "REF:a"),
        ("title={T}, pmid={90000001}, pmcid={PMC9000001}", "PMID:90000001"),
    ],
)
def test_the_id_is_the_best_identifier_there_is(fields: str, document_id: str) -> None:
    assert one(fields).id == document_id


@pytest.mark.parametrize(
    ("fields", "year", "container"),
    [
        ("title={T}, date={2019-05-01}, journaltitle={J}", 2019, "J"),
        ("title={T}, year={1999a}, booktitle={B}", 1999, "B"),
        ("title={T}, year={in press}", None, ""),
    ],
)
def test_biblatex_names_of_fields(fields: str, year: int | None, container: str) -> None:
    work = one(fields).work
    assert (work.year, work.container) == (year, container)


def test_without_an_abstract_the_title_is_the_text() -> None:
    document = one("title={The {T}itle.}")
    assert document.text == "The Title"
    assert document.sections == (Section(("Title",), 0, 9),)


def test_a_title_that_says_retracted_is_believed() -> None:
    reference, document = records("@article{a, title={RETRACTED: A trial}}")
    assert isinstance(reference, Reference)
    assert isinstance(document, Document)
    assert reference.source_status is document.source_status is SourceStatus.RETRACTED


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("plain", "plain"),
        ("a  {b}\n c", "a b c"),
        (r"{\ss} \& {\o}re \v{c} \"{u} {\'e}", "ß & øre č ü é"),
        (r"5\% of 100", "5% of 100"),
        ("5% of 100, #2 & more", "5% of 100, #2 & more"),
        (r"{\"o}: 5% of 100 & more", "ö: 5% of 100 & more"),
        (r"10\textsuperscript{9}/L, CO\textsubscript{2}", "10^9/L, CO2"),
        ("10$^9$/L and CO$_2$", "10^9/L and CO_2"),
        (r"$\beta$-blocker, $\geq$ 5", "β-blocker, ≥ 5"),
        ("cost $5 and $10", "cost $5 and $10"),
        (r"cost \$5", "cost $5"),
        (r"\textit{in vivo} and \emph{not}", "in vivo and not"),
        ("50~mg", "50 mg"),
        (r"50\,mg", "50 mg"),
        ("\u202e\x00x", "x"),
    ],
)
def test_latex_is_plain_text_and_no_figure_is_lost(written: str, plain: str) -> None:
    assert decoded(written) == plain


GOOD = "@article{a, doi={10.5555/x}, title={T}}"
BAD = [
    ("@article{a, title={U}}", "'a'"),
    ("@article{b, doi={10.5555/X}, title={U}}", "DOI:10.5555/x is already there"),
    ("@article{b, year=2020}", "has no title"),
    ("@article{b, title={U, year=2020\n@article{c, title={V}}", "no well-formed entry"),
    ("@article{b, title={U}, title={V}}", "[Dd]uplicate field"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_entry_does_not_stop_the_others(bad: str, reason: str) -> None:
    found = records(f"{GOOD}\n{bad}\n@book{{z, title={{Last}}}}")
    keys = [one.key for one in found if isinstance(one, Reference)]
    assert (keys[0], keys[-1]) == ("a", "z")
    (problem,) = (one for one in found if isinstance(one, Problem))
    assert (problem.file, problem.place) == ("refs.bib", "line 2")
    assert re.search(reason, problem.reason)


@pytest.mark.parametrize("text", ["", "no entry here", "% a comment\n"])
def test_a_file_without_entries_is_no_bibliography(text: str) -> None:
    with pytest.raises(UnreadableSource, match=r"refs\.bib holds no BibTeX entry"):
        records(text)


@given(st.text("@article{}a,=\"\\$%#&~^_'\n 10", max_size=80))
def test_any_text_gives_records_or_a_refusal(noise: str) -> None:
    for text in (noise, f"@article{{a, title={{{noise}}}}}", f"@article{{a, author={{{noise}}}, title={{T}}}}"):
        try:
            found = records(text)
        except CorpusError:
            continue
        assert all(isinstance(one, Reference | Document | Problem) for one in found)
