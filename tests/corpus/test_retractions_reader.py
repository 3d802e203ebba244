"""Lists of retracted papers: read strictly, matched on the DOI whatever its case, never softening a status."""

from dataclasses import replace

import pytest

from corpus.errors import MissingField
from corpus.readers.retractions import read_retractions, with_source_status
from corpus.types import Document, DocumentKind, Reference, SourceStatus, Work

TSV = "doi\tstatus\tnotice_doi\n10.1000/A\tretracted\t10.1000/n\n10.1000/b\texpression_of_concern\t\n"
STATUSES = {"10.1000/a": SourceStatus.RETRACTED, "10.1000/b": SourceStatus.EXPRESSION_OF_CONCERN}
PAPER = Document("PMID:1", DocumentKind.LITERATURE, Work("A paper", doi="10.1000/a"), "", ())


@pytest.mark.parametrize("text", [TSV, "\ufeff" + TSV, TSV.replace("\n", "\r\n"), TSV + "\n\n"])
def test_a_list_is_read(text: str) -> None:
    assert read_retractions(text, "list.tsv") == STATUSES


def test_columns_may_stand_in_any_order() -> None:
    assert read_retractions("status\tx\tDOI\nretracted\t\t10.1000/a\n", "l") == {"10.1000/a": SourceStatus.RETRACTED}


@pytest.mark.parametrize("rows", [["retracted", "expression_of_concern"], ["expression_of_concern", "retracted"]])
def test_a_doi_listed_twice_is_retracted(rows: list[str]) -> None:
    text = "doi\tstatus\n" + "".join(f"10.1000/a\t{row}\n" for row in rows)
    assert read_retractions(text, "list.tsv") == {"10.1000/a": SourceStatus.RETRACTED}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "list.tsv: the first line should name the columns doi and status"),
        ("doi,status\n", "separated by tabs"),
        ("doi\tstatus\n\tretracted\n", "list.tsv: line 2 has no DOI"),
        ("doi\tstatus\n10.1000/a\n", "line 2: status '' is unknown; use one of retracted, expression_of_concern"),
        ("doi\tstatus\n10.1000/a\twithdrawn\n", "line 2: status 'withdrawn'"),
    ],
)
def test_a_broken_list_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(MissingField, match=message):
        read_retractions(text, "list.tsv")


@pytest.mark.parametrize("doi", ["10.1000/a", "10.1000/A"])
def test_a_listed_paper_is_marked(doi: str) -> None:
    paper = replace(PAPER, work=Work("A paper", doi=doi))
    assert with_source_status(paper, STATUSES) == replace(paper, source_status=SourceStatus.RETRACTED)


def test_what_is_not_listed_stays_as_it_is() -> None:
    assert with_source_status(PAPER, {"10.1000/z": SourceStatus.RETRACTED}) == PAPER
    without_doi = replace(PAPER, work=Work("A paper"))
    assert with_source_status(without_doi, {"": SourceStatus.RETRACTED}) == without_doi


@pytest.mark.parametrize("own", list(SourceStatus))
def test_a_list_never_softens_a_status(own: SourceStatus) -> None:
    paper = replace(PAPER, work=Work("A paper", doi="10.1000/b"), source_status=own)
    marked = with_source_status(paper, STATUSES).source_status
    assert marked.is_evidence == own.is_evidence
    assert marked is not SourceStatus.CURRENT


def test_a_cited_paper_is_marked() -> None:
    cited = Reference("B1", "PMID:2", Work("Another", doi="10.1000/A"))
    (reference,) = with_source_status(replace(PAPER, work=Work("Citing"), references=(cited,)), STATUSES).references
    assert reference == replace(cited, source_status=SourceStatus.RETRACTED)
