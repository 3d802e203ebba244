"""What holds for every format, also for one that is added later."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as example_count
from markdown_it import MarkdownIt

from api.errors import UnknownFormat
from api.export import FORMATS, export
from api.export.wording import given_of, key_of, line
from api.schemas import AnswerOut, CreatorOut
from assistant.answer import Outcome
from assistant.policy import caution, disclaimer
from tests.api.export.samples import TRIAL, answer, filled, hostile, visible
from tests.api.terminal import Terminal
from tests.api.test_cli_ask import EVERY_WAY

EVERY_FORMAT = pytest.mark.parametrize("name", FORMATS)
EVERY_OUTCOME = pytest.mark.parametrize("outcome", Outcome)


def shown(name: str, text: str) -> str:
    """What a reader of the file gets to see, on one line, as one who knows the format shows it."""
    if name == "markdown":
        tokens = MarkdownIt().parse(text)
        return line(" ".join(child.content for token in tokens for child in token.children or ()))
    if FORMATS[name].media_type.endswith("json"):
        return line(" ".join(_strings(json.loads(text))))
    return line(text)


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [text for one in inner for text in _strings(one)]
    return [str(value)]


@EVERY_FORMAT
@EVERY_OUTCOME
def test_every_format_shows_the_disclaimer_whatever_the_outcome(name: str, outcome: Outcome) -> None:
    assert line(disclaimer().text) in shown(name, export(answer(outcome), name))


@EVERY_FORMAT
@EVERY_OUTCOME
def test_every_format_shows_the_caution_where_the_answer_has_one(name: str, outcome: Outcome) -> None:
    one = answer(outcome)
    assert (caution().text in shown(name, export(one, name))) == (one.caution is not None)


@EVERY_FORMAT
@EVERY_OUTCOME
def test_the_same_answer_gives_the_same_text_also_after_years_in_the_catalogue(name: str, outcome: Outcome) -> None:
    one = answer(outcome)
    kept = AnswerOut.model_validate_json(one.model_dump_json())
    assert export(one, name) == export(kept, name)


@EVERY_FORMAT
def test_every_format_tells_how_far_review_and_retraction_checks_have_come(name: str) -> None:
    text = shown(name, export(answer(), name))
    for standing in (
        "approved",
        "under review",
        "submitted, not reviewed",
        "expression of concern",
        "cited, not quoted",
    ):
        assert standing in text


@EVERY_FORMAT
def test_suggestions_are_no_part_of_an_export(name: str) -> None:
    assert "harms of imaginol" not in shown(name, export(answer(), name))


@EVERY_FORMAT
def test_every_source_is_there_with_title_and_identifiers(name: str) -> None:
    text = shown(name, export(answer(), name))
    for source in answer().sources:
        assert source.title in text
    for identifier in ("10.5555/imaginol.2020", "99000001"):
        assert identifier in text


@EVERY_FORMAT
@example_count(max_examples=40)
@given(text=hostile)
def test_no_text_stops_an_export_or_hides_the_disclaimer(name: str, text: str) -> None:
    written = export(filled(text), name)
    written.encode()
    assert line(disclaimer().text) in shown(name, written)


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UnknownFormat, match=r"'endnote' is no format .* markdown, ris, bibtex, csl-json, fhir"):
        export(answer(), "endnote")


def test_formats_say_what_they_are() -> None:
    assert len({one.media_type for one in FORMATS.values()}) == len(FORMATS)
    assert len({one.extension for one in FORMATS.values()}) == len(FORMATS)
    assert all(one.description for one in FORMATS.values())


@given(one=visible, other=visible)
def test_keys_are_safe_and_two_sources_never_share_one(one: str, other: str) -> None:
    keys = [key_of(TRIAL.model_copy(update={"id": text})) for text in (one, other)]
    for key in keys:
        assert key.isascii()
        assert not set(key) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert (keys[0] == keys[1]) == (one == other)


@pytest.mark.parametrize(
    ("document_id", "key"),
    [
        ("PMID:99000001", "PMID_99000001"),
        ("invented-fever", "invented-fever"),
        ("REF:a1", "REF_a1"),
        ("PMC12", "PMC12"),
    ],
)
def test_keys_can_be_read(document_id: str, key: str) -> None:
    assert key_of(TRIAL.model_copy(update={"id": document_id})) == key


@pytest.mark.parametrize(
    ("given_name", "written"),
    [("MC", "M. C."), ("J-P", "J.-P."), ("A", "A."), ("Ø", "Ø."), ("HMAC", "H. M. A. C."), ("BERTIL", "BERTIL"),
     ("M C", "M C"), ("M.C.", "M.C."), ("Maria", "Maria"), ("", "")],
)  # fmt: skip
def test_no_initial_is_lost_in_a_style_that_shortens_names(given_name: str, written: str) -> None:
    assert given_of(CreatorOut(family="Walter", given=given_name)) == written


def test_a_doi_is_part_of_its_key() -> None:
    key = key_of(TRIAL.model_copy(update={"id": "DOI:10.5555/a_b"}))
    assert key.startswith("DOI-10.5555-a-b__")
    assert key != key_of(TRIAL.model_copy(update={"id": "DOI:10.5555/a-b"}))


def test_what_the_program_answers_can_be_exported_in_every_format(copied: Terminal) -> None:
    for question, _ in EVERY_WAY:
        result = copied.run("ask", "--json", question)
        given_answer = AnswerOut.model_validate_json(result.stdout)
        for name in FORMATS:
            text = shown(name, export(given_answer, name))
            assert line(given_answer.disclaimer) in text
            assert all(source.title in text for source in given_answer.sources)
