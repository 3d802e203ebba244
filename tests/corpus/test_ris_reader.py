"""RIS: keys and descriptions as exported, and records that never run into each other."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import CorpusError, UnreadableSource
from corpus.readers.literature import as_records
from corpus.readers.ris import read_ris
from corpus.types import Author, Document, DocumentKind, EvidenceType, Problem, Record, Reference, Section, Work

RECORD = """TY  - JOUR
ID  - doe2021gout
AU  - Doe, Jane
AU  - Roe, Max, Jr
AU  - GOUT Study Group
A2  - Editor, E.
TI  - The GOUT trial
T2  - Journal of Artificial Trials
JA  - J Artif Trials
PY  - 2021/06/03/
VL  - 7
IS  - 2
SP  - 12
EP  - 19
DO  - 10.5555/Gout.1
AB  - Patients were randomly assigned
to allopurinol 100 mg.
KW  - Randomized Controlled Trials as Topic
ER  -
"""


def records(text: str) -> list[Record]:
    return list(as_records(read_ris(text, "refs.ris"), "refs.ris"))


def one(*lines: str) -> Document:
    _, document = records("\n".join(["TY  - JOUR", "ID  - a", "TI  - T", *lines, "ER  - "]))
    assert isinstance(document, Document)
    return document


def test_a_record_is_a_reference_and_a_document() -> None:
    reference, document = records(RECORD)
    work = Work(
        title="The GOUT trial",
        authors=(Author("Doe", "Jane"), Author("Roe Jr", "Max"), Author("GOUT Study Group")),
        container="J Artif Trials",
        year=2021,
        volume="7",
        issue="2",
        pages="12-19",
        doi="10.5555/Gout.1",
        url="https://doi.org/10.5555/Gout.1",
        evidence_type=EvidenceType.RCT,
    )
    text = "Patients were randomly assigned to allopurinol 100 mg."
    assert reference == Reference("doe2021gout", "DOI:10.5555/gout.1", work)
    assert document == Document(
        id="DOI:10.5555/gout.1",
        kind=DocumentKind.LITERATURE,
        work=work,
        text=text,
        sections=(Section(("Abstract",), 0, len(text)),),
    )


@pytest.mark.parametrize(
    "text",
    [
        RECORD.replace("\n", "\r\n"),
        f"Provider: X\nContent: text/plain\n\n\n{RECORD}",
        RECORD.replace("  - ", " - "),
        RECORD.replace("ER  -\n", ""),
        RECORD.replace("ER  -", "ER  - "),
    ],
)
def test_exports_differ_in_what_does_not_matter(text: str) -> None:
    assert records(text) == records(RECORD)


def test_a_record_without_its_end_does_not_take_in_the_next() -> None:
    first, _, second, _ = records(
        "TY  - JOUR\nID  - a\nTI  - One\nTY  - JOUR\nID  - b\nTI  - Two\nDO  - 10.5555/b\nER  -"
    )
    assert isinstance(first, Reference)
    assert isinstance(second, Reference)
    assert (first.key, first.work.title, first.work.doi) == ("a", "One", "")
    assert (second.key, second.work.title, second.work.doi) == ("b", "Two", "10.5555/b")


@pytest.mark.parametrize(
    ("lines", "document_id"),
    [
        ([], "REF:a"),
        (["UR  - https://doi.org/10.5555/X"], "DOI:10.5555/x"),
        (["UR  - https://example.org/10.5555/X"], "REF:a"),
        (["AN  - 90000001", "DB  - PubMed"], "PMID:90000001"),
        (["AN  - 90000001", "DP  - NLM"], "PMID:90000001"),
        (["AN  - 90000001", "DB  - Scopus"], "REF:a"),
        (["UR  - https://pubmed.ncbi.nlm.nih.gov/90000001/"], "PMID:90000001"),
        (["UR  - http://www.ncbi.nlm.nih.gov/pubmed/90000001"], "PMID:90000001"),
        (["DO  - 10.5555/x", "UR  - https://pubmed.ncbi.nlm.nih.gov/90000001/"], "PMID:90000001"),
    ],
)
def test_the_id_is_the_best_identifier_there_is(lines: list[str], document_id: str) -> None:
    assert one(*lines).id == document_id


def test_a_record_without_a_key_is_cited_by_its_id() -> None:
    reference, _ = records("TY  - JOUR\nT1  - T\nDO  - 10.5555/x\nER  - ")
    assert isinstance(reference, Reference)
    assert reference.key == reference.document_id == "DOI:10.5555/x"


@pytest.mark.parametrize(
    ("lines", "attribute", "expected"),
    [
        (["Y1  - 1999///"], "year", 1999),
        (["DA  - 1998"], "year", 1998),
        (["SP  - e17"], "pages", "e17"),
        (["T2  - The Book"], "container", "The Book"),
        (["A1  - Doe, J."], "authors", (Author("Doe", "J."),)),
        (["AU  - World Health Organization,"], "authors", (Author("World Health Organization"),)),
        (["C2  - PMC9000001"], "pmcid", "PMC9000001"),
    ],
)
def test_other_tags(lines: list[str], attribute: str, expected: object) -> None:
    assert getattr(one(*lines).work, attribute) == expected


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("TY  - JOUR\nID  - b\nER  - \n", "record 2 has no title"),
        ("TY  - JOUR\nTI  - T\nER  - \n", "record 2 has no key, DOI or PMID"),
        ("TY  - JOUR\nID  - doe2021gout\nTI  - T\nER  - \n", "'doe2021gout' is already taken"),
        ("TY  - JOUR\nID  - c\nTI  - T\nDO  - 10.5555/GOUT.1\nER  - \n", r"\(c\): DOI:10.5555/gout.1 is already there"),
    ],
)
def test_a_bad_record_does_not_stop_the_others(bad: str, reason: str) -> None:
    found = records(RECORD + bad + "TY  - JOUR\nID  - z\nTI  - Last\nER  - \n")
    assert [one.key for one in found if isinstance(one, Reference)] == ["doe2021gout", "z"]
    (problem,) = (one for one in found if isinstance(one, Problem))
    assert (problem.file, problem.place) == ("refs.ris", "record 2")
    assert re.search(reason, problem.reason)


@pytest.mark.parametrize("text", ["", "no record", "ER  - "])
def test_a_file_without_records_is_no_bibliography(text: str) -> None:
    with pytest.raises(UnreadableSource, match=r"refs\.ris is not RIS"):
        records(text)


LINES = ["TY  - JOUR", "ER  - ", "TI  - T", "ID  - a", "AB  - x", "more", "AB", "ZZ  - y", "  - z", "UR  - ;;",
         "AU  - ,", "DO  - 10.5555/x", "PY  - ²²²²"]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_any_lines_give_records_or_a_refusal(lines: list[str]) -> None:
    try:
        found = records("\n".join(lines))
    except CorpusError:
        return
    assert len(found) >= lines.count("TY  - JOUR")
    assert all(isinstance(one, Reference | Document | Problem) for one in found)
