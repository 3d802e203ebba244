"""Cases as a page shows them: what was asked, what came, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant.evaluation.case import Case, Fact
from assistant.evaluation.record import Answered, RankedQuery, ReadTurn
from assistant.evaluation.report.measures import Reading
from assistant.evaluation.report.wording import amount, link, number
from assistant.evaluation.score import Score, Scored, Scores
from assistant.evaluation.told import Told, ToldSource
from assistant.evaluation.verdict import CheckedStatement, checked, failures, withdrawn

WORST = 100
"""Queries and turns that are listed; all of a public set would make a page that no browser likes."""
RANKS = 10

_Searched = TypeVar("_Searched", RankedQuery, ReadTurn)

ScoredBy = Mapping[tuple[str, str], Scores]
"""Scores by suite and case."""


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A case's score for a measure, in words; `of` is empty where all that could be had is one."""

    title: str
    value: str
    of: str


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A nugget or a forbidden fact, and the number of the statement that says it; None when none does."""

    text: str
    kind: str
    statement: int | None


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Sources of which one must be cited, and those that are."""

    sources: tuple[str, ...]
    cited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A numbered source, where it is found, and whether it is withdrawn, whatever the answer says of it."""

    told: ToldSource
    link: str | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class AnsweredCase:
    """A case of a question suite; without `failures` it is right."""

    anchor: str
    case: Case
    told: Told
    failures: tuple[str, ...]
    statements: tuple[CheckedStatement, ...]
    numbers: Mapping[str, int]
    nuggets: tuple[ShownFact, ...]
    forbidden: tuple[ShownFact, ...]
    must_cite: tuple[ShownGroup, ...]
    must_not_cite: ShownGroup
    sources: tuple[ShownSource, ...]
    seconds: Mapping[str, float]
    same_again: bool
    scores: tuple[ShownScore, ...]


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document at a rank (from 1; None: not among those found), and its grade (0: not judged relevant)."""

    id: str
    rank: int | None
    grade: int
    link: str | None


@dataclass(frozen=True, slots=True)
class RankedCase:
    """A query of a retrieval set: its first documents, and the relevant ones that are not among these."""

    anchor: str
    line: RankedQuery
    first: tuple[FoundDocument, ...]
    missed: tuple[FoundDocument, ...]
    scores: tuple[ShownScore, ...]


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A turn of a follow-up set; `shared` and `raw_shared` count the passages of the resolved form that our reading
    and the words as typed also find."""

    anchor: str
    line: ReadTurn
    shared: int
    raw_shared: int
    scores: tuple[ShownScore, ...]


def scores_of(scored: Iterable[Scored]) -> ScoredBy:
    """Scores of a run by suite and case."""
    return {(one.suite, one.case): one.scores for one in scored}


def answered_cases(
    lines: Sequence[Answered], scores: ScoredBy, reading: Reading, prefix: str
) -> tuple[AnsweredCase, ...]:
    """Every case, the wrong ones first, else in their order. `prefix` begins the ids in the page."""
    shown = (_answered(line, scores, reading, f"{prefix}-{n}") for n, line in enumerate(lines, start=1))
    return tuple(sorted(shown, key=lambda one: not one.failures))


def ranked_cases(
    lines: Sequence[RankedQuery], scores: ScoredBy, reading: Reading, prefix: str
) -> tuple[RankedCase, ...]:
    """The WORST queries, worst first."""
    worst = _worst(lines, scores, reading)
    return tuple(_ranked(line, _scores(line, scores, reading), f"{prefix}-{n}") for n, line in enumerate(worst, 1))


def read_cases(lines: Sequence[ReadTurn], scores: ScoredBy, reading: Reading, prefix: str) -> tuple[ReadCase, ...]:
    """The WORST turns, worst first."""
    worst = _worst(lines, scores, reading)
    return tuple(_read(line, _scores(line, scores, reading), f"{prefix}-{n}") for n, line in enumerate(worst, 1))


def _answered(line: Answered, scores: ScoredBy, reading: Reading, anchor: str) -> AnsweredCase:
    case, told, no_evidence = line.case, line.told, withdrawn(line)
    sources = told.cited
    nuggets = sorted(case.nuggets, key=lambda nugget: not nugget.vital)
    return AnsweredCase(
        anchor=anchor,
        case=case,
        told=told,
        failures=failures(line),
        statements=checked(line),
        numbers={source.id: source.n for source in told.sources},
        nuggets=tuple(_fact(nugget, "vital" if nugget.vital else "okay", told) for nugget in nuggets),
        forbidden=tuple(_fact(fact, "forbidden", told) for fact in case.forbidden),
        must_cite=tuple(_group(group, sources) for group in case.must_cite),
        must_not_cite=_group(case.must_not_cite, sources),
        sources=tuple(ShownSource(source, link(source.id), source.id in no_evidence) for source in told.sources),
        seconds=line.seconds,
        same_again=line.same_again,
        scores=_scores(line, scores, reading),
    )


def _fact(fact: Fact, kind: str, told: Told) -> ShownFact:
    return ShownFact(fact.text, kind, told.saying(fact))


def _group(group: tuple[str, ...], sources: frozenset[str]) -> ShownGroup:
    return ShownGroup(group, tuple(source for source in group if source in sources))


def _ranked(line: RankedQuery, scores: tuple[ShownScore, ...], anchor: str) -> RankedCase:
    ranks = {document: rank for rank, document in enumerate(line.ranked, start=1)}
    relevant = {document: grade for document, grade in line.relevant.items() if grade > 0}
    shown = [*line.ranked[:RANKS], *(document for document in relevant if document not in line.ranked[:RANKS])]
    found = tuple(FoundDocument(one, ranks.get(one), relevant.get(one, 0), link(one)) for one in shown)
    first = len(line.ranked[:RANKS])
    return RankedCase(anchor, line, found[:first], found[first:], scores)


def _read(line: ReadTurn, scores: tuple[ShownScore, ...], anchor: str) -> ReadCase:
    resolved = set(line.found_resolved)
    return ReadCase(
        anchor, line, len(resolved.intersection(line.found_reading)), len(resolved.intersection(line.found_raw)), scores
    )


def _scores(line: Answered | RankedQuery | ReadTurn, scores: ScoredBy, reading: Reading) -> tuple[ShownScore, ...]:
    found = scores.get((line.suite, line.id), {})
    return tuple(
        ShownScore(reading.scale(name).title, number(_share(score)), _of(score)) for name, score in found.items()
    )


def _of(score: Score) -> str:
    return "" if score.total == 1 else f"{amount(score.hits)} of {amount(score.total)}"


def _share(score: Score) -> float:
    return score.hits / score.total if score.total else float("nan")


def _worst(lines: Sequence[_Searched], scores: ScoredBy, reading: Reading) -> list[_Searched]:
    def goodness(line: _Searched) -> float:
        found = {name: s for name, s in scores.get((line.suite, line.id), {}).items() if s.total}
        good = [1 - _share(s) if reading.scale(name).better == "lower" else _share(s) for name, s in found.items()]
        return sum(good) / len(good) if good else 0.0

    return sorted(lines, key=goodness)[:WORST]
