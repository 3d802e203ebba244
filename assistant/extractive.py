"""Evidence → drafted statements: verbatim sentences that answer this question. No language model."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from assistant.evidence import Evidence, Ranked
from assistant.grounding import Drafted, same_sense
from assistant.intent import LEANS_BACK
from assistant.sufficiency import STATED, on_the_subject
from indexer.analysis import terms

GENERATOR = "extractive/1"
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class ExtractiveSettings:
    """How many sentences an answer has, and what counts as saying the same twice.

    `within` is how far below the best score (in score units) a sentence may still be told, and `opens_within` how far a
    vetted article's may be and open the answer (`python -m benchmarks.opening`). A sentence without a new figure
    repeats another when this share of the shorter one's words is common; fewer when it has figures.
    """

    at_least: int = 2
    at_most: int = STATED
    within: float = 3.0
    opens_within: float = 1.0
    common_words: float = 0.75
    common_words_with_figures: float = 0.6


def draft(evidence: Evidence, settings: ExtractiveSettings = ExtractiveSettings()) -> tuple[Drafted, ...]:
    """Two to five statements (fewer only when there are fewer), in the order an answer reads."""
    quotable = {(one.candidate.passage.id, one.candidate.position) for one in evidence.ranked}
    standing = [one for one in evidence.ranked if _stands(one, quotable)]
    return tuple(_without_overlap([_span(one, quotable) for one in _ordered(_chosen(standing, settings), settings)]))


def _chosen(ranked: Sequence[Ranked], settings: ExtractiveSettings) -> list[Ranked]:
    """The best sentences that speak of what is asked, each saying something the ones before it do not.

    Where a vetted article says what a chosen reference says, the article is quoted: it brings the reference along.
    """
    chosen: list[Ranked] = []
    for one in on_the_subject(ranked):
        full = len(chosen) == settings.at_most
        if full or (len(chosen) >= settings.at_least and one.score < ranked[0].score - settings.within):
            break
        repeated = [place for place, other in enumerate(chosen) if _repeats(one, other, settings)]
        if not repeated:
            chosen.append(one)
        elif len(repeated) == 1 and _is_better_source(one, chosen[repeated[0]], settings):
            chosen[repeated[0]] = one
    return chosen


def _is_better_source(one: Ranked, other: Ranked, settings: ExtractiveSettings) -> bool:
    """Whether a vetted article says all that a reference says."""
    return one.candidate.vetted and not other.candidate.vetted and _repeats(other, one, settings)


def _repeats(one: Ranked, other: Ranked, settings: ExtractiveSettings) -> bool:
    """Whether a sentence brings no figure that another has not told, and shares most of its words with it."""
    mine, theirs = set(terms(one.candidate.text)), set(terms(other.candidate.text))
    if not same_sense(one.candidate.text, other.candidate.text):
        return False
    figures = {term for term in mine if term[0].isdigit() and not _YEAR.fullmatch(term)}
    words = _common(mine - figures, theirs - figures)
    return figures <= theirs and words >= (settings.common_words_with_figures if figures else settings.common_words)


def _common(one: set[str], other: set[str]) -> float:
    """Share of the smaller set that the other holds."""
    return len(one & other) / max(1, min(len(one), len(other)))


def _ordered(chosen: Sequence[Ranked], settings: ExtractiveSettings) -> list[Ranked]:
    """The opening sentence; then what else its document says, in its order; then the other sources."""
    if not chosen:
        return []
    opening = _opening(chosen, settings)
    told = [opening, *(one for one in chosen if one is not opening)]
    first_of: dict[str, int] = {}
    for rank, one in enumerate(told):
        first_of.setdefault(one.candidate.passage.document_id, rank)
    rest = sorted(told[1:], key=lambda one: (first_of[one.candidate.passage.document_id], one.candidate.sentence.start))
    return [opening, *rest]


def _opening(chosen: Sequence[Ranked], settings: ExtractiveSettings) -> Ranked:
    """The best sentence, or a vetted article's that is nearly as good: it weighs what single studies found."""
    near = (one for one in chosen if one.candidate.vetted and one.score >= chosen[0].score - settings.opens_within)
    return next(near, chosen[0])


def _span(one: Ranked, quotable: Set[tuple[str, int]]) -> Drafted:
    """The sentence, with the one before it when it leans on that and that may be quoted."""
    passage, position = one.candidate.passage, one.candidate.position
    first = passage.sentences[position]
    if _leans(one) and (passage.id, position - 1) in quotable:
        first = passage.sentences[position - 1]
    start, end = first.start, one.candidate.sentence.end
    return Drafted(passage.quote(start, end), passage.id, start, end)


def _leans(one: Ranked) -> bool:
    return not one.candidate.passage.is_table and LEANS_BACK.match(one.candidate.text) is not None


def _stands(one: Ranked, quotable: Set[tuple[str, int]]) -> bool:
    """Whether a sentence can be read: it leans on nothing, or on one that may be quoted, or opens its passage."""
    position = one.candidate.position
    return not _leans(one) or not position or (one.candidate.passage.id, position - 1) in quotable


def _without_overlap(drafted: Sequence[Drafted]) -> Iterator[Drafted]:
    """Each statement once: one whose span lies within another's is left out."""
    for index, one in enumerate(drafted):
        others = (*drafted[:index], *drafted[index + 1 :])
        if not any(other.passage_id == one.passage_id and _within(one, other) for other in others):
            yield one


def _within(one: Drafted, other: Drafted) -> bool:
    return other.start <= one.start and one.end <= other.end and (other.start, other.end) != (one.start, one.end)
