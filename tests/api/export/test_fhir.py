"""FHIR R5: a Bundle that fhir.resources reads again, and whose narratives hold nothing but text."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from fhir.resources.bundle import Bundle
from hypothesis import given
from hypothesis import settings as example_count
from markdown_it import MarkdownIt

from api.export.fhir import as_fhir
from api.export.wording import line
from assistant.answer import Outcome
from assistant.policy import caution, disclaimer
from tests.api.export.samples import CREATED, ID, TRIAL, answer, filled, visible

_XHTML = "{http://www.w3.org/1999/xhtml}"
STATUSES = {"draft", "active", "retired", "unknown"}


def resources(text: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(text)["entry"]]


def elements(value: Any) -> Iterator[Any]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from elements(inner)


def paragraphs(narrative: dict[str, str]) -> list[str]:
    """The paragraphs of a narrative, which holds nothing but text in them."""
    div = ElementTree.fromstring(narrative["div"])
    assert div.tag == f"{_XHTML}div"
    assert all(child.tag == f"{_XHTML}p" and not len(child) and not child.attrib for child in div)
    return [child.text or "" for child in div]


def plain(markdown: str) -> str:
    """What a reader sees of Markdown that is all text."""
    (_, inline, _) = MarkdownIt().parse(markdown)
    assert {child.type for child in inline.children or ()} == {"text"}
    return "".join(child.content for child in inline.children or ())


def test_the_citation_of_a_trial_in_full() -> None:
    _, trial, *_ = resources(as_fhir(answer()))
    note = trial["note"][0]["text"]
    assert plain(note).startswith(
        f"Source [1] of Sequitur answer {ID}, {CREATED}: literature: randomized trial, 2020; "
    )
    assert paragraphs(trial.pop("text")) == [TRIAL.reference, plain(note)]
    del trial["note"], trial["id"]
    assert trial == {
        "resourceType": "Citation",
        "identifier": [{"type": {"text": "Sequitur source"}, "value": "PMID:99000001"}],
        "title": "Imaginol in invented fever: a trial",
        "status": "active",
        "currentState": [{"text": "Sequitur review: approved"}],
        "citedArtifact": {
            "identifier": [
                {"system": "https://doi.org", "value": "10.5555/imaginol.2020"},
                {"system": "https://pubmed.ncbi.nlm.nih.gov", "value": "99000001"},
                {"type": {"text": "PMCID"}, "value": "PMC9900001"},
            ],
            "title": [{"text": "Imaginol in invented fever: a trial"}],
            "publicationForm": [
                {
                    "publishedIn": {"type": {"text": "Periodical"}, "title": "J Invented Med"},
                    "publicationDateText": "2020",
                    "volume": "3",
                    "issue": "2",
                    "pageString": "11-19",
                }
            ],
            "webLocation": [
                {"url": "https://doi.org/10.5555/imaginol.2020"},
                {"url": "https://pubmed.ncbi.nlm.nih.gov/99000001/"},
                {"url": "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9900001/"},
            ],
            "classification": [
                {"type": {"text": "Kind"}, "classifier": [{"text": "literature"}]},
                {"type": {"text": "Evidence type"}, "classifier": [{"text": "randomized trial"}]},
            ],
            "contributorship": {
                "entry": [
                    {"contributor": {"display": "Berg A"}, "forenameInitials": "A"},
                    {"contributor": {"display": "van Aker BC"}, "forenameInitials": "BC"},
                ]
            },
        },
    }


def test_a_source_not_approved_is_a_draft_and_a_short_list_of_authors_is_not_complete() -> None:
    _, _, article, cohort = resources(as_fhir(answer()))
    assert (article["status"], cohort["status"]) == ("draft", "draft")
    assert article["citedArtifact"]["publicationForm"] == [
        {"publicationDateText": "2026", "lastRevisionDate": "2026-01-05"}
    ]
    assert cohort["citedArtifact"]["currentState"] == [{"text": "expression of concern"}]
    assert cohort["citedArtifact"]["contributorship"] == {
        "complete": False,
        "entry": [{"contributor": {"display": "Imaginol Study Group"}}],
    }


def test_every_statement_has_its_sources_and_each_span_that_supports_it() -> None:
    bundle = json.loads(as_fhir(answer()))
    url = {entry["resource"].get("title"): entry["fullUrl"] for entry in bundle["entry"]}
    trial, article, cohort = (url[source.title] for source in answer().sources)
    first, second, _ = bundle["entry"][0]["resource"]["section"]
    assert paragraphs(first["text"]) == ["Imaginol 5 mg/kg lowered fever. [1]"]
    assert [one["reference"] for one in first["entryReference"]] == [trial]
    assert first["section"][0]["title"] == "Characters 0 to 31 of PMID:99000001, page 4"
    assert paragraphs(second["text"]) == ["Imaginol is first-line. [2][3]"]
    assert [one["reference"] for one in second["entryReference"]] == [article, cohort]
    (support,) = second["section"]
    assert support["title"] == "Characters 45 to 80 of invented-fever"
    assert support["focusReference"]["reference"] == article
    assert paragraphs(support["text"])[0] == "“Imaginol comes first in all adults.”"
    assert support["entryClassifier"] == [{"text": "Support: checked"}, {"text": "Sequitur review: under review"}]


def test_what_was_asked_is_the_subject() -> None:
    report = resources(as_fhir(answer()))[0]
    asked = {one["code"]["text"]: one["valueCodeableConcept"]["text"] for one in report["subject"]["characteristic"]}
    assert asked == {"Question": answer().question, "Read as": answer().read_as, "Audience": "patient"}


@pytest.mark.parametrize("outcome", Outcome)
def test_a_bundle_is_read_again_and_written_the_same(outcome: Outcome) -> None:
    text = as_fhir(answer(outcome))
    assert Bundle.model_validate_json(text).model_dump_json(indent=2) + "\n" == text
    bundle = json.loads(text)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert urls == [f"urn:uuid:{resource['id']}" for resource in resources(text)]
    assert len({*urls, bundle["id"]}) == len(urls) + 1
    assert {one["reference"] for one in elements(bundle) if isinstance(one, dict) and "reference" in one} == set(
        urls[1:]
    )
    assert {resource["status"] for resource in resources(text)} <= STATUSES


@pytest.mark.parametrize("outcome", Outcome)
def test_every_resource_warns_on_its_own_in_note_and_narrative(outcome: Outcome) -> None:
    one = answer(outcome)
    for resource in resources(as_fhir(one)):
        notes = " ".join(plain(note["text"]) for note in resource["note"])
        told = " ".join(paragraphs(resource["text"]))
        for text in (notes, told):
            assert disclaimer().text in text
            assert (caution().text in text) == (one.caution is not None)
    assert (resources(as_fhir(one))[0]["status"] == "draft") == (one.caution is not None)


def test_a_refusal_has_its_message_and_what_is_near() -> None:
    (report,) = resources(as_fhir(answer(Outcome.INSUFFICIENT_EVIDENCE)))
    message, near = report["section"]
    assert (message["title"], paragraphs(message["text"])) == ("Insufficient evidence", ["Nothing found answers this."])
    assert near["title"] == "Related, not an answer"
    assert paragraphs(near["section"][0]["text"])[0] == "Its cause is not known."


@example_count(max_examples=50)
@given(visible)
def test_texts_come_out_as_they_went_in(text: str) -> None:
    report, *citations = resources(as_fhir(filled(text)))
    for citation in citations:
        assert citation["title"] == line(text)
        assert plain(citation["citedArtifact"]["title"][0]["text"]) == line(text)
        assert citation["citedArtifact"]["contributorship"]["entry"][1]["contributor"]["display"] == line(text)
    for section in report["section"][:2]:
        assert paragraphs(section["text"])[0].startswith(f"{line(text)} [")
        assert line(text) in paragraphs(section["section"][0]["text"])[0]
    for value in elements([report, *citations]):
        if isinstance(value, dict) and "div" in value:
            assert paragraphs(value)


def test_the_library_is_loaded_for_those_who_ask_for_fhir_and_for_nobody_else() -> None:
    program = "import sys, api.export; sys.exit('fhir.resources' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
