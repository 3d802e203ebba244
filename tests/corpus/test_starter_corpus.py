"""The built-in articles keep the editorial policy: what a sentence says stands in the works that it cites."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import yaml

from corpus.chunking import chunk
from corpus.gathering import gather
from corpus.sources import STARTER
from corpus.types import Document, DocumentKind, ReviewStatus, Span

TOPICS = """af-anticoagulation c-difficile chronic-kidney-disease community-acquired-pneumonia copd-exacerbation
depression gout hfref hypertension migraine myositis pmr-gca rheumatoid-arthritis sepsis type-2-diabetes
venous-thromboembolism""".split()
SECTIONS = ("Introduction", "Treatment Caveats", "Uncertainty and Evidence Gaps", "Conclusion")
FIELDS = {"id", "title", "topic", "specialty", "status", "updated", "summary"}
NAMES = {  # digits that belong to a name: no quantity, so taken out of the sentence and of the works alike
    "SUSTAIN-6": "a trial, by a name that its record does not use",
    "SGLT2": "a transporter",
    "cotransporter-2": "the same transporter, written out",
    "HbA1c": "a laboratory test",
    "type 2": "a disease",
}
NOT_RESULTS = {"benefit or harm": "says which statement is not made"}
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")
SPELLED = """six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
thirty forty fifty sixty seventy eighty ninety hundred""".split()  # up to five, words mostly count what was just named
DOSE = re.compile(r"(\d+(?:\.\d+)?) ?(mg/kg/day|mg/kg|mg/day|mg|mL/kg|g/kg|g/day|g)\b(?!/)")
RESULT = re.compile(
    r"""\b(?:(?:reduc|increas|improv|worsen|superior|non-?inferior|benefi|effective|protect|favou?r|significant)\w*
    |lower(?:s|ed|ing)?|rais(?:e|es|ed)|(?:more|less)\ frequent|fewer|better|worse|prevent(?:s|ed)|prolong(?:s|ed)
    |failed|surviv\w+|recommend(?:s|ed)?|advis(?:e|es|ed)|prefer(?:s|red)|(?:hazard|odds|risk)\ ratio|relative\ risk
    |HR|RR|OR|CI)\b|\b[Pp]\s?[<=>]""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence or table row of an article, and the works it cites."""

    topic: str
    text: str
    keys: tuple[str, ...]


@cache
def records() -> dict[str, dict[str, Any]]:
    """The CSL-JSON records as they are written, by key."""
    found: list[dict[str, Any]] = json.loads((STARTER / "references.json").read_text("utf-8"))
    return {record["id"]: record for record in found}


@cache
def documents() -> dict[str, Document]:
    return {document.id: document for document in gather()}


def articles() -> list[Document]:
    return [document for document in documents().values() if document.kind is DocumentKind.ARTICLE]


@cache
def claims() -> tuple[Claim, ...]:
    """Every sentence of every article, by the project's own reading of sentences and citations."""
    return tuple(
        Claim(article.id, passage.quote(sentence.start, sentence.end), sentence.keys)
        for article in articles()
        for passage in chunk(article, word_spans, limit=10**6)
        for sentence in passage.sentences
    )


def word_spans(text: str) -> list[Span]:
    return [found.span() for found in re.finditer(r"\S+", text)]


def said_by(keys: Iterable[str]) -> str:
    """What some works may be quoted for: key findings, title, year."""
    works = [records()[key] for key in keys]
    return " ".join(" ".join([*w["key_findings"], w["title"], str(w["issued"]["date-parts"][0][0])]) for w in works)


def without_names(text: str) -> str:
    return re.sub("|".join(re.escape(name) for name in NAMES), " ", text)


def numbers(text: str) -> set[str]:
    """Figures (a percentage with its sign) and spelled-out numbers from six up, for what they are worth."""
    bare = without_names(text)
    return {n.replace(",", "") for n in NUMBER.findall(bare)} | {w for w in SPELLED if re.search(rf"(?i)\b{w}\b", bare)}


def unsupported_numbers(text: str, source: str) -> set[str]:
    known = numbers(source)
    known |= {number.removesuffix("%") for number in known} | {str(SPELLED.index(w) + 6) for w in known & set(SPELLED)}
    return numbers(text) - known


def unsupported_doses(text: str, source: str) -> set[str]:
    """Doses whose number never has that unit in the source ("5 or 10 mg" gives its unit to both)."""
    more = r"(?:(?:\s|-|–|to|or|and|then)+\d+(?:\.\d+)?)*"
    doses = {(number, unit) for number, unit in DOSE.findall(text)}
    return {f"{n} {u}" for n, u in doses if not re.search(rf"(?<![\d.]){n}{more}\s?{u}(?![\w/])", source)}


def undescribed_results(text: str, source: str) -> set[str]:
    """Words of a result or a recommendation that a work's own title and findings do not use."""
    for phrase in NOT_RESULTS:
        text = text.replace(phrase, "")
    return {word for word in RESULT.findall(text) if word.casefold() not in source.casefold()}


def breaches(check: Callable[[str, str], set[str]], keys_of: Callable[[Claim], Iterable[str]]) -> Iterator[str]:
    for claim in claims():
        found = check(claim.text, said_by(keys_of(claim)))
        if found:
            yield f"{claim.topic}: {', '.join(sorted(found))} in: {claim.text} {claim.keys}"


def descriptive(claim: Claim) -> list[str]:
    return [key for key in claim.keys if records()[key]["findings_level"] == "descriptive-only"]


def written(topic: str) -> tuple[dict[str, Any], str]:
    """The front matter of an article as YAML reads it, and its Markdown body."""
    _, front, body = (STARTER / "articles" / f"{topic}.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def test_there_is_one_article_for_each_topic() -> None:
    assert sorted(article.id for article in articles()) == TOPICS
    assert {record["topics"][0] for record in records().values()} == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_article_says_what_it_is_and_names_no_reviewer(topic: str) -> None:
    front, body = written(topic)
    assert set(front) == FIELDS
    assert front["id"] == front["topic"] == topic
    assert front["title"].endswith("?")
    assert documents()[topic].review_status is ReviewStatus.UNDER_REVIEW
    assert not re.search(r"(?i)\breviewer|\b(?:reviewed|approved) by\b|\badvisory board\b", body)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_article_has_a_readable_length_and_its_sections(topic: str) -> None:
    _, body = written(topic)
    words = [word for word in re.split(r"[\s|]+", re.sub(r"\[@[^\]]*\]", "", body)) if re.search(r"\w", word)]
    assert 900 <= len(words) <= 1600
    top = list(dict.fromkeys(section.path[0] for section in documents()[topic].sections))
    missing = [heading for heading in SECTIONS if not any(found.startswith(heading) for found in top)]
    assert (missing, top[-1]) == ([], "Conclusion")


@pytest.mark.parametrize("topic", TOPICS)
def test_citations_resolve_and_most_sentences_have_one(topic: str) -> None:
    article = documents()[topic]
    cited = {key for mark in article.marks for key in mark.keys}
    assert cited == {reference.key for reference in article.references}
    assert [r.key for r in article.references if r.document_id not in documents()] == []
    own = [claim for claim in claims() if claim.topic == topic]
    assert {key for claim in own for key in claim.keys} == cited
    assert sum(bool(claim.keys) for claim in own) >= 0.8 * len(own)


def test_every_number_stands_in_a_work_cited_in_its_sentence() -> None:
    assert list(breaches(unsupported_numbers, lambda claim: claim.keys)) == []


def test_every_dose_has_the_unit_it_has_in_a_work_cited_in_its_sentence() -> None:
    assert list(breaches(unsupported_doses, lambda claim: claim.keys)) == []


def test_a_work_known_by_its_design_is_cited_for_no_result() -> None:
    assert list(breaches(lambda text, own: undescribed_results(text, own) if own else set(), descriptive)) == []


@pytest.mark.parametrize(
    ("check", "text", "source", "found"),
    [
        (unsupported_numbers, "Improved in 79% of 1,012.", "79% of 1012", set()),
        (unsupported_numbers, "Improved in 97%.", "79%", {"97%"}),
        (unsupported_numbers, "Improved in 12%.", "12 weeks", {"12%"}),
        (unsupported_numbers, "Ten trials in type 2 diabetes, SUSTAIN-6.", "ten trials", set()),
        (unsupported_numbers, "Fifteen trials, 2.5 years.", "25 years", {"fifteen", "2.5"}),
        (unsupported_doses, "Given 5 mg or 10 mg.", "5 or 10 mg", set()),
        (unsupported_doses, "Given 2 g/kg and 1 mg/kg.", "2 g, 1 mg/kg/day", {"2 g/kg", "1 mg/kg"}),
        (undescribed_results, "Deaths were reduced (HR 0.7).", "Reduced ejection fraction", {"HR"}),
    ],
)
def test_the_checks_see_a_breach(
    check: Callable[[str, str], set[str]], text: str, source: str, found: set[str]
) -> None:
    assert check(text, source) == found


@pytest.mark.parametrize("name", [*NAMES, *NOT_RESULTS])
def test_an_exception_is_still_needed(name: str) -> None:
    assert any(name in claim.text for claim in claims())


def test_no_sentence_stands_in_two_articles() -> None:
    plain = {(claim.topic, " ".join(re.findall(r"\w+", claim.text.casefold()))) for claim in claims()}
    times = Counter(text for _, text in plain if len(text.split()) >= 8)
    assert [text for text, count in times.items() if count > 1] == []


def test_resilient_is_never_said_to_have_improved_walking() -> None:
    found = [claim.text for claim in claims() if "hanna2019resilient" in claim.keys]
    assert found
    assert [text for text in found if not re.search(r"\b(?:not|no|neither)\b", text)] == []
