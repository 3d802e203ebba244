"""CSL-JSON: items by the schema of CSL 1.0.2."""

import json
from typing import Any

import pytest
from hypothesis import given

from api.export.csl import as_csl
from api.export.wording import line
from assistant.answer import Outcome
from assistant.policy import disclaimer
from corpus.readers.csl import read_csl
from tests.api.export.samples import answer, authors_of, filled, visible

TYPES = {"article-journal", "webpage", "document"}
FIELDS = set("id type title author container-title issued volume issue page DOI PMID PMCID URL note custom".split())
NOTE = "of Sequitur answer 11111111-2222-4333-8444-555555555555, 2026-01-02T03:04:05+00:00:"
WARNED = f"Caution: Exercise caution as content is pending human review. Disclaimer: {disclaimer().text}"
TRIAL_ITEM = {
    "id": "PMID_99000001",
    "type": "article-journal",
    "title": "Imaginol in invented fever: a trial",
    "author": [{"family": "Berg", "given": "A."}, {"family": "van Aker", "given": "B. C."}],
    "container-title": "J Invented Med",
    "issued": {"date-parts": [[2020]]},
    "volume": "3",
    "issue": "2",
    "page": "11-19",
    "DOI": "10.5555/imaginol.2020",
    "PMID": "99000001",
    "PMCID": "PMC9900001",
    "URL": "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9900001/",
    "note": f"Source [1] {NOTE} literature: randomized trial, 2020; Sequitur review: approved. {WARNED}",
    "custom": {
        "n": 1, "source_id": "PMID:99000001", "kind": "literature", "evidence_type": "rct", "review_status": "approved",
        "source_status": "current",
    },
}  # fmt: skip


def items(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_a_trial_in_full() -> None:
    assert items(as_csl(answer()))[0] == TRIAL_ITEM


def test_an_article_has_the_day_of_its_update_and_a_group_one_name() -> None:
    _, article, cohort = items(as_csl(answer()))
    assert (article["type"], article["issued"]) == ("webpage", {"date-parts": [[2026, 1, 5]]})
    assert cohort["author"] == [{"literal": "Imaginol Study Group"}, {"literal": "et al."}]
    assert cohort["type"] == "webpage"
    assert cohort["custom"]["source_status"] == "expression_of_concern"


@pytest.mark.parametrize("outcome", Outcome)
def test_items_have_the_fields_and_types_of_csl(outcome: Outcome) -> None:
    found = items(as_csl(answer(outcome)))
    assert len({item["id"] for item in found}) == len(found) == (3 if outcome.has_statements else 1)
    for item in found:
        assert {"id", "type"} <= set(item) <= FIELDS
        assert item["type"] in TYPES


def test_where_no_source_is_cited_one_item_says_so() -> None:
    (item,) = items(as_csl(answer(Outcome.EMERGENCY)))
    assert item["type"] == "document"
    assert item["title"].endswith(": emergency, no source is cited")
    assert item["note"] == f"Disclaimer: {disclaimer().text}"


def test_our_own_reader_gives_the_sources_back() -> None:
    references, documents = read_csl(as_csl(answer()), "export.json")
    assert [reference.key for reference in references] == ["PMID_99000001", "invented-fever", "REF_group1999"]
    for document, source in zip(documents, answer().sources, strict=True):
        work = document.work
        assert (work.title, work.year) == (source.title, source.year)
        assert work.authors == authors_of(source)
        assert (work.doi, work.pmid) == (source.doi or "", source.pmid or "")


@given(visible)
def test_texts_come_out_as_they_went_in(text: str) -> None:
    for item in items(as_csl(filled(text))):
        assert item["title"] == line(text)
        assert item["author"][0]["family"] == line(text)
        assert item["author"][1] == {"literal": line(text)}
