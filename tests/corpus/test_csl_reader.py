"""CSL-JSON literature: descriptions, findings as text, ids, and errors that name the record."""

import json
from typing import Any

import pytest

from corpus.errors import CorpusError, DuplicateDocument, MissingField, UnreadableSource
from corpus.readers.csl import each_csl, read_csl
from corpus.readers.identifiers import doi_in, identify, pmcid_in, pmid_in
from corpus.types import (
    Author,
    Document,
    DocumentKind,
    EvidenceType,
    Reference,
    ReviewStatus,
    Section,
    SourceStatus,
    Work,
)

RECORD: dict[str, Any] = {
    "id": "aggarwal2022",
    "type": "article-journal",
    "title": "Trial of Intravenous Immune Globulin in Dermatomyositis",
    "container-title": "N Engl J Med",
    "author": [{"family": "Aggarwal", "given": "R"}, {"literal": "ProDERM Group"}],
    "issued": {"date-parts": [[2022, 10, 6]]},
    "volume": "387",
    "issue": 14,
    "page": "1264-1278",
    "DOI": "10.1056/NEJMoa2117912",
    "PMID": "36198179",
    "evidence_type": "rct",
    "key_findings": ["IVIG 2 g/kg was compared with placebo.", "79% and 44% responded."],
}


def read(*records: dict[str, Any]) -> tuple[tuple[Reference, ...], tuple[Document, ...]]:
    return read_csl(json.dumps(records), "refs.json")


def changed(**fields: Any) -> dict[str, Any]:
    """The record with fields set, or removed where the value is None."""
    return {key: value for key, value in (RECORD | fields).items() if value is not None}


def test_a_record_is_a_reference_and_a_document() -> None:
    (reference,), (document,) = read(RECORD)
    work = Work(
        title="Trial of Intravenous Immune Globulin in Dermatomyositis",
        authors=(Author("Aggarwal", "R"), Author("ProDERM Group")),
        container="N Engl J Med",
        year=2022,
        volume="387",
        issue="14",
        pages="1264-1278",
        doi="10.1056/NEJMoa2117912",
        pmid="36198179",
        url="https://pubmed.ncbi.nlm.nih.gov/36198179/",
        evidence_type=EvidenceType.RCT,
    )
    assert reference == Reference("aggarwal2022", "PMID:36198179", work)
    text = "IVIG 2 g/kg was compared with placebo.\n\n79% and 44% responded."
    assert document == Document(
        id="PMID:36198179",
        kind=DocumentKind.LITERATURE,
        work=work,
        text=text,
        sections=(Section(("Key findings",), 0, len(text)),),
    )


@pytest.mark.parametrize(
    ("fields", "document_id", "url"),
    [
        ({"PMID": None}, "DOI:10.1056/nejmoa2117912", "https://doi.org/10.1056/NEJMoa2117912"),
        ({"PMID": 36198179}, "PMID:36198179", "https://pubmed.ncbi.nlm.nih.gov/36198179/"),
        ({"PMID": None, "DOI": "https://doi.org/10.1/x"}, "REF:aggarwal2022", ""),
        ({"PMID": None, "DOI": None}, "REF:aggarwal2022", ""),
    ],
)
def test_the_id_is_the_best_identifier_there_is(fields: dict[str, Any], document_id: str, url: str) -> None:
    _, (document,) = read(changed(**fields))
    assert (document.id, document.work.url) == (document_id, url)


@pytest.mark.parametrize("findings", [None, [], ["", " \x00"]])
def test_without_findings_the_title_is_the_text(findings: list[str] | None) -> None:
    _, (document,) = read(changed(key_findings=findings))
    assert document.text == RECORD["title"]
    assert document.sections == (Section(("Title",), 0, len(document.text)),)


def test_without_findings_an_abstract_is_the_text() -> None:
    _, (document,) = read(changed(key_findings=None, abstract="IVIG was compared.\n79% responded."))
    assert document.text == "IVIG was compared. 79% responded."
    assert document.sections == (Section(("Abstract",), 0, len(document.text)),)
    _, (document,) = read(changed(abstract="Not wanted beside findings."))
    assert document.sections[0].path == ("Key findings",)


def test_each_record_is_read_on_its_own() -> None:
    records = [RECORD, changed(id="b"), changed(id="c", PMID="90000003", title=""), changed(id="d", PMID="90000004")]
    found = list(each_csl(json.dumps(records), "refs.json"))
    assert [place for place, _ in found] == [f"record {number}" for number in range(1, 5)]
    assert [isinstance(outcome, CorpusError) for _, outcome in found] == [False, True, True, False]


def test_review_and_source_status_are_read() -> None:
    _, (document,) = read(changed(review_status="approved", source_status="retracted"))
    assert (document.review_status, document.source_status) == (ReviewStatus.APPROVED, SourceStatus.RETRACTED)


def test_a_retracted_reference_says_so() -> None:
    (reference,), _ = read(changed(source_status="retracted"))
    assert reference.source_status is SourceStatus.RETRACTED


def test_text_is_cleaned() -> None:
    _, (document,) = read(changed(key_findings=["50\u202e mg\x07\n twice\u200b daily \ud800."], title="A\tB"))
    assert document.text == "50 mg twice daily ."
    assert document.work.title == "A B"


@pytest.mark.parametrize(
    ("records", "error", "message"),
    [
        ([changed(id=None)], MissingField, "refs.json: record 1 has no id"),
        ([RECORD, changed(id="b", PMID="1", title=" ")], MissingField, r"record 2 \(b\) has no title"),
        ([changed(evidence_type="trial")], MissingField, r"\(aggarwal2022\): evidence_type 'trial' .* rct, cohort"),
        ([changed(review_status="done")], MissingField, "use one of submitted, under_review, approved"),
        ([changed(source_status="gone")], MissingField, "use one of current, corrected"),
        ([changed(key_findings="one")], MissingField, "key_findings should be a list"),
        ([RECORD, changed(PMID="1")], DuplicateDocument, "record 2: id 'aggarwal2022' is already taken"),
        ([RECORD, changed(id="b")], DuplicateDocument, r"record 2 \(b\): PMID:36198179 is already there"),
    ],
)
def test_errors_name_the_record(records: list[dict[str, Any]], error: type[CorpusError], message: str) -> None:
    with pytest.raises(error, match=message):
        read(*records)


@pytest.mark.parametrize("text", ["", "{", '{"id": 1}', "[1]", "null", "[" * 100_000])
def test_what_is_not_a_list_of_objects_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableSource, match=r"refs\.json is not"):
        read_csl(text, "refs.json")


@pytest.mark.parametrize(
    ("issued", "year"),
    [({"date-parts": [["2020"]]}, 2020), ({"raw": "2019-05"}, 2019), ({"date-parts": [[]]}, None), ("2020", None)],
)
def test_the_year_of_a_csl_date(issued: object, year: int | None) -> None:
    _, (document,) = read(changed(issued=issued))
    assert document.work.year == year


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"family": "Beethoven", "given": "L", "non-dropping-particle": "van"}, Author("van Beethoven", "L")),
        ({"family": "King", "given": "ML", "suffix": "Jr"}, Author("King Jr", "ML")),
        ({"literal": "WHO"}, Author("WHO")),
    ],
)
def test_names(author: dict[str, str], expected: Author) -> None:
    _, (document,) = read(changed(author=[author]))
    assert document.work.authors == (expected,)


def test_identify_prefers_the_full_text() -> None:
    assert identify("10.1000/ABC", "12", "PMC3", "k") == "PMC3"
    assert identify("10.1000/ABC", "12", "", "k") == "PMID:12"
    assert identify("10.1000/ABC", "", "", "k") == "DOI:10.1000/abc"
    assert identify("", "", "", "k") == "REF:k"
    assert identify("", "", "", "") == ""


def test_identifiers_are_recognised_as_people_write_them() -> None:
    assert doi_in("https://doi.org/10.1056/NEJMoa2117912.") == "10.1056/NEJMoa2117912"
    assert doi_in("doi: 10.1000/x(1)2") == "10.1000/x(1)2"
    assert doi_in("n/a") == ""
    assert [pmid_in(text) for text in ("PMID: 123", "123", "123a", "")] == ["123", "123", "", ""]
    assert [pmcid_in(text) for text in ("PMC123", "123", "PMC123.1", "x")] == ["PMC123", "PMC123", "PMC123", ""]
