"""The built-in literature and the policy files: identifiers, evidence types, and what must never come back."""

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
import yaml

from corpus.sources import STARTER
from corpus.types import EvidenceType, ReviewStatus

DOI = re.compile(r'10\.\d{4,9}/[^\s"<>]*[^\s"<>.,;]')
PMID = re.compile(r"[1-9]\d{5,7}")
RIGHT = {  # works that are met elsewhere under a wrong identifier, with the right one
    ("aggarwal2022proderm", "DOI"): "10.1056/NEJMoa2117912",
    ("aggarwal2022proderm", "PMID"): "36198179",
    ("process2014", "PMID"): "24635773",
    ("venkatesh2018adrenal", "PMID"): "29347874",
    ("ytterberg2022oral", "DOI"): "10.1056/NEJMoa2109927",
    ("ytterberg2022oral", "PMID"): "35081280",
    ("empakidney2023", "PMID"): "36331190",
    ("semler2018smart", "PMID"): "29485925",
    ("mackenzie2020fast", "DOI"): "10.1016/S0140-6736(20)32234-0",
    ("ukpds33", "DOI"): "10.1016/S0140-6736(98)07019-6",
}
WRONG = """10.1056/NEJMoa2117024 36198072 36287101 24735773 29768408 10.1056/NEJMc2202778 35045226 36995890 29768150
10.1016/S0140-6736(20)32240-0 10.1016/S0140-6736(05)61359-1""".split()
WITHDRAWN = {  # figures quoted second-hand that the paper itself does not give
    "kroenke2001phq9": ("77%", "94%"),
    "connolly2009rely": ("0.82%", "0.81%", "0.64%"),
}


@cache
def records() -> dict[str, dict[str, Any]]:
    """The CSL-JSON records as they are written, by key."""
    found: list[dict[str, Any]] = json.loads((STARTER / "references.json").read_text("utf-8"))
    keys = [record["id"] for record in found]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, found, strict=True))


@pytest.mark.parametrize(("field", "pattern"), [("DOI", DOI), ("PMID", PMID)])
def test_identifiers_are_well_formed_and_each_belongs_to_one_work(field: str, pattern: re.Pattern[str]) -> None:
    found = [record[field] for record in records().values() if field in record]
    assert len(found) > 100
    assert [one for one in found if not pattern.fullmatch(one)] == []
    assert [one for one, count in Counter(map(str.casefold, found)).items() if count > 1] == []


def test_no_identifier_is_one_of_the_wrong_ones_met_elsewhere() -> None:
    text = json.dumps(list(records().values())).casefold()
    assert [one for one in WRONG if one.casefold() in text] == []
    assert {(key, field): records()[key][field] for key, field in RIGHT} == RIGHT


def test_records_say_what_they_are() -> None:
    kinds = {str(kind) for kind in EvidenceType} - {str(EvidenceType.ARTICLE)}
    for key, record in records().items():
        assert re.fullmatch(r"[a-z0-9-]+", key)
        assert record["evidence_type"] in kinds, key
        assert record["findings_level"] in ("results-seen", "descriptive-only"), key
        assert record["review_status"] == ReviewStatus.UNDER_REVIEW, key
        assert record["key_findings"], key
        assert all(finding.strip() for finding in record["key_findings"]), key


@pytest.mark.parametrize("key", WITHDRAWN)
def test_a_withdrawn_figure_stays_out(key: str) -> None:
    bodies = [path.read_text("utf-8") for path in sorted((STARTER / "articles").glob("*.md"))]
    citing = [body for body in bodies if f"@{key}" in body]
    assert citing
    texts = [json.dumps(records()[key]), *citing]
    assert [figure for figure in WITHDRAWN[key] for text in texts if re.search(rf"(?<!\d){figure}", text)] == []
    assert records()[key]["findings_level"] == "descriptive-only"


@pytest.mark.parametrize("name", ["cautions", "disclaimer", "editorial-policy"])
def test_a_policy_has_a_version_and_a_text(name: str) -> None:
    _, front, body = (STARTER / "policy" / f"{name}.md").read_text("utf-8").split("---\n", 2)
    assert re.fullmatch(r"\d+(?:\.\d+)*", str(yaml.safe_load(front)["version"]))
    assert len(body.split()) >= 8
