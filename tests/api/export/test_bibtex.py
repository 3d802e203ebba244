"""BibTeX: entries that LaTeX and reference managers read, and our own reader, whatever the sources are called."""

import re

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import example, given

from api.export.bibtex import as_bibtex, encoded
from api.export.wording import given_of, line
from api.schemas import AnswerOut, CreatorOut
from assistant.answer import Outcome
from assistant.policy import disclaimer
from corpus.errors import CorpusError, UnreadableSource
from corpus.readers.bibtex import read_bibtex
from corpus.types import Author, Work
from tests.api.export.samples import TRIAL, answer, authors_of, hostile, visible

NOTE = "of Sequitur answer 11111111-2222-4333-8444-555555555555, 2026-01-02T03:04:05+00:00:"
WARNED = f"Caution: Exercise caution as content is pending human review. Disclaimer: {disclaimer().text}"
ANSWERED = f"""\
% Sequitur answer 11111111-2222-4333-8444-555555555555, 2026-01-02T03:04:05+00:00, outcome: answered
% Caution: Exercise caution as content is pending human review.
% Disclaimer: {disclaimer().text}

@article{{PMID_99000001,
  author = {{Berg, A. and van Aker, B. C.}},
  title = {{{{Imaginol in invented fever: a trial}}}},
  journal = {{J Invented Med}},
  year = {{2020}},
  volume = {{3}},
  number = {{2}},
  pages = {{11--19}},
  doi = {{10.5555/imaginol.2020}},
  pmid = {{99000001}},
  pmcid = {{PMC9900001}},
  url = {{https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9900001/}},
  annote = {{Source [1] {NOTE} literature: randomized trial, 2020; Sequitur review: approved. {WARNED}}}
}}

@misc{{invented-fever,
  title = {{{{How is invented fever treated?}}}},
  year = {{2026}},
  month = {{1}},
  day = {{5}},
  howpublished = {{Sequitur article invented-fever}},
  annote = {{Source [2] {NOTE} vetted article, 2026; Sequitur review: under review. {WARNED}}}
}}

@misc{{REF_group1999,
  author = {{{{Imaginol Study Group}} and others}},
  title = {{{{Old imaginol}}}},
  year = {{1999}},
  url = {{https://example.org/old?a=1&b=2}},
  annote = {{Source [3] {NOTE} literature: cohort study, 1999, expression of concern; \
Sequitur review: submitted, not reviewed; cited, not quoted. {WARNED}}}
}}
"""


def works(text: str) -> list[Work]:
    """The works that our own reader finds; it finds no fault with any entry."""
    outcomes = [outcome for _, outcome in read_bibtex(text, "export.bib")]
    assert not [outcome for outcome in outcomes if isinstance(outcome, CorpusError)]
    return [outcome[1].work for outcome in outcomes if not isinstance(outcome, CorpusError)]


def as_read(text: str) -> str:
    """A text as our reader gives it: without braces, which group, a tie as a space, and a circumflex as the accent."""
    return line(re.sub(r"[{}]", "", line(text)).replace("~", " ").replace("^", "ˆ"))


def with_source(**changed: object) -> AnswerOut:
    return answer().model_copy(update={"sources": [TRIAL.model_copy(update=changed), *answer().sources[1:]]})


def nested_evenly(text: str) -> bool:
    """Whether braces are even as BibTeX counts them, whatever stands before them."""
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def test_an_answer_in_full() -> None:
    assert as_bibtex(answer()) == ANSWERED


def test_our_own_reader_gives_the_sources_back() -> None:
    found = works(as_bibtex(answer()))
    assert len(found) == 3
    for work, source in zip(found, answer().sources, strict=True):
        assert (work.title, work.authors, work.year) == (source.title, authors_of(source), source.year)
        assert (work.doi, work.pmid, work.pmcid) == (source.doi or "", source.pmid or "", source.pmcid or "")
    assert (found[0].container, found[0].volume, found[0].issue, found[0].pages) == (
        "J Invented Med",
        "3",
        "2",
        "11-19",
    )


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if not outcome.has_statements])
def test_a_refusal_cites_nothing(outcome: Outcome) -> None:
    text = as_bibtex(answer(outcome))
    assert "@" not in text
    with pytest.raises(UnreadableSource, match="no BibTeX entry"):
        read_bibtex(text, "export.bib")


@example(text="x}},\n}\n@article{forged, title={y}")
@example(text="\\} and 5 % of {\\'e} $x$ a--b ~ _^#&")
@example(text="@string{x = 1}")
@given(text=visible.filter(lambda text: as_read(text).rstrip(".")))
def test_no_title_or_journal_breaks_out_of_its_entry(text: str) -> None:
    written = as_bibtex(with_source(title=text, container=text))
    assert nested_evenly(written)
    found = works(written)
    assert [work.title for work in found] == [as_read(text).rstrip("."), *(one.title for one in answer().sources[1:])]
    assert [work.container for work in found] == [as_read(text), "", ""]
    assert found[0].doi == TRIAL.doi


@given(family=visible, given_name=visible)
def test_names_stay_names(family: str, given_name: str) -> None:
    people = [CreatorOut(family=family, given=given_name), CreatorOut(family=family, given="")]
    written = as_bibtex(with_source(creators=people))
    assert nested_evenly(written)
    assert works(written)[0].authors == (Author(as_read(family), as_read(given_of(people[0]))), Author(as_read(family)))


@given(text=hostile)
def test_no_other_field_breaks_out_of_its_entry(text: str) -> None:
    changed = dict.fromkeys(("volume", "issue", "pages", "doi", "pmid", "pmcid", "url", "updated"), text)
    written = as_bibtex(with_source(**changed))
    assert nested_evenly(written)
    assert [work.title for work in works(written)] == [one.title for one in answer().sources]


@given(text=hostile)
def test_nothing_in_the_comment_begins_an_entry(text: str) -> None:
    library = parse_string(
        as_bibtex(answer().model_copy(update={"caution": text, "disclaimer": f"@article{{x, {text}"}))
    )
    assert [entry.key for entry in library.entries] == ["PMID_99000001", "invented-fever", "REF_group1999"]
    assert not library.failed_blocks


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("p < 0.05 & 5 %", r"p $<$ 0.05 \& 5 \%"),
        ("a_b # $2 ~ ^", r"a\_b \# \$2 \textasciitilde{} \textasciicircum{}"),
        (r"\{}|", r"\textbackslash{}\textbraceleft{}\textbraceright{}$\vert$"),
        ("a--b", "a-{}-b"),
        ("Müller, ≥ 2 g/kg", "Müller, ≥ 2 g/kg"),
    ],
)
def test_signs_that_latex_takes_for_its_own(text: str, latex: str) -> None:
    assert encoded(text) == latex


@pytest.mark.parametrize(
    ("family", "given_name", "written"),
    [
        ("van Aker", "B.C.", "van Aker, B.C."),
        ("O'Neil-Smith", "J-P", "O'Neil-Smith, J.-P."),
        ("Fever and Ague Group", "", "{Fever and Ague Group}"),
        ("Fever and Ague", "Jo", "{Fever and Ague}, Jo"),
        ("Berg, Jr", "A", "{Berg, Jr}, A."),
    ],
)
def test_names_as_bibtex_has_them(family: str, given_name: str, written: str) -> None:
    text = as_bibtex(with_source(creators=[CreatorOut(family=family, given=given_name)]))
    assert f"  author = {{{written}}},\n" in text
