"""Markdown: what it says, and that nothing in it is markup but our own."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from api.export.markdown import as_markdown, escaped
from api.export.wording import line
from assistant.answer import Outcome
from assistant.policy import disclaimer
from tests.api.export.samples import COHORT, TRIAL, answer, filled, hostile, visible

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
WORD = "qqzqq"
ANSWERED = f"""\
# What is the dose of imaginol?

**Read as:** What is the dose of imaginol in invented fever?

**Caution:** Exercise caution as content is pending human review.

> Imaginol 5 mg/kg lowered fever. [1]
>
> — [1] Imaginol in invented fever: a trial › Results; p. 4; \
literature: randomized trial, 2020; Sequitur review: approved

> Imaginol is first-line. [2][3]
>
> Supported by [2]: “Imaginol comes first in all adults.”
>
> — [2] How is invented fever treated? › Treatment › First line; vetted article, 2026; Sequitur review: under review; \
citing [3] literature: cohort study, 1999, expression of concern

## Sources

- **[1]** Berg A, van Aker BC. Imaginol in invented fever: a trial. J Invented Med. 2020;3(2):11-19. \
doi:10.5555/imaginol.2020. PMID: 99000001. PMC9900001. \
(literature: randomized trial, 2020; Sequitur review: approved) \
[DOI](<https://doi.org/10.5555/imaginol.2020>) · [PubMed](<https://pubmed.ncbi.nlm.nih.gov/99000001/>)
- **[2]** How is invented fever treated? Sequitur article invented-fever. Updated 2026-01-05. \
(vetted article, 2026; Sequitur review: under review)
- **[3]** Imaginol Study Group, et al. Old imaginol. 1999. \
(literature: cohort study, 1999, expression of concern; Sequitur review: submitted, not reviewed; cited, not quoted) \
[Link](<https://example.org/old?a=1&b=2>)

## Abbreviations

- IVF: invented fever

## Disclaimer

{disclaimer().text}

---

Sequitur answer 11111111-2222-4333-8444-555555555555 · 2026-01-02T03:04:05+00:00 · for: patient · outcome: answered · \
snapshot abc123 · encoder tiny\\@1 · generator extractive/1 · policy submitted\\@1 · disclaimer version 1 · \
sequitur-clinical 0.0.0
"""
REFUSED = """\
# What is the dose of imaginol?

**Caution:** Exercise caution as content is pending human review.

**Insufficient evidence:** Nothing found answers this.

## Related, not an answer

- How is invented fever treated? › Cause: Its cause is not known. (Sequitur review: under review)

## Disclaimer
"""


def structure(tokens: list[Token]) -> list[str]:
    return [one for token in tokens for one in (f"{token.type} {token.tag}", *structure(token.children or []))]


def texts(tokens: list[Token]) -> list[str]:
    """The text of each inline run, in order; code and raw HTML count as text of another kind."""
    return [child.content for token in tokens for child in token.children or () if child.type == "text"]


def links(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("link_open", "image"):
            yield str(token.attrs.get("href", token.attrs.get("src")))
        yield from links(token.children or [])


def test_an_answer_in_full() -> None:
    assert as_markdown(answer()) == ANSWERED


def test_a_refusal_has_its_message_and_what_is_near() -> None:
    assert as_markdown(answer(Outcome.INSUFFICIENT_EVIDENCE)).startswith(REFUSED)


def test_a_conflict_is_named() -> None:
    assert "\n**Conflict:** The sources below disagree" in as_markdown(answer(Outcome.CONFLICTING_EVIDENCE))
    assert "Conflict" not in as_markdown(answer())


@example("[click](javascript:alert(1))")
@example("- 1. item")
@example("=")
@example("a\n\n# heading")
@example("<b>bold</b> &lt;")
@given(visible)
def test_whatever_a_text_holds_it_is_shown_as_it_is_and_changes_nothing_around_it(text: str) -> None:
    for outcome in (Outcome.CONFLICTING_EVIDENCE, Outcome.INSUFFICIENT_EVIDENCE):
        plain = PARSER.parse(as_markdown(filled(WORD, outcome)))
        given_text = PARSER.parse(as_markdown(filled(text, outcome)))
        assert structure(given_text) == structure(plain)
        assert texts(given_text) == [one.replace(WORD, line(text)) for one in texts(plain)]
        assert [*links(given_text)] == [*links(plain)]


@given(hostile)
def test_a_text_alone_on_its_line_stays_text(text: str) -> None:
    tokens = PARSER.parse(f"before\n{escaped(text)}\n")
    assert structure(tokens)[:2] == ["paragraph_open p", "inline "]
    assert {token.type for token in tokens} == {"paragraph_open", "inline", "paragraph_close"}
    assert texts(tokens) == ["before", *([line(text)] if line(text) else [])]


@pytest.mark.parametrize(
    "text",
    ['Imaginol 5 mg/kg (2-3 times), p = 0.005; 88.2%, i.e. "more" - it\'s 2.5 g.', "IgG: 10 to 20", "2.5 g daily"],
)
def test_what_needs_no_escape_has_none(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize("text", ["see https://evil.example/", "see www.evil.example", "HTTP://evil.example"])
def test_addresses_in_texts_are_no_links_where_links_are_made_unasked(text: str) -> None:
    assert not re.search(r"(?i)https?:|www\.", escaped(text))


@given(visible)
def test_links_lead_to_the_resolver_whatever_an_identifier_holds(text: str) -> None:
    source = TRIAL.model_copy(update={"doi": f"10.5555/{text}", "pmid": text})
    found = [
        *links(PARSER.parse(as_markdown(answer().model_copy(update={"sources": [source, *answer().sources[1:]]}))))
    ]
    assert [urlsplit(link).netloc for link in found] == ["doi.org", "pubmed.ncbi.nlm.nih.gov", "example.org"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd", ""])
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    source = COHORT.model_copy(update={"url": url})
    written = as_markdown(answer().model_copy(update={"sources": [*answer().sources[:2], source]}))
    assert "[Link]" not in written
