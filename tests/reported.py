"""Runs as a report meets them, made by hand: lines of every kind, and summaries that say something of each."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from assistant.evaluation.case import Case
from assistant.evaluation.measures import Judged, scores_of
from assistant.evaluation.record import (
    Answered,
    Bin,
    Line,
    Percentiles,
    Point,
    Provenance,
    RankedQuery,
    ReadTurn,
    SuiteRecord,
    Summary,
    Value,
)
from assistant.evaluation.run_folder import Run
from assistant.evaluation.score import Score, Scored
from tests.judged import Said, judged, quoting

CREATED = "2026-01-02T03:04:05+00:00"


def answered(
    said: Sequence[Said] = (), of: Case | None = None, suite: str = "suite", same_again: bool = True, **told: Any
) -> Answered:
    """An answered case; `told` as in tests.judged. A refusal when nothing is said."""
    one = judged(said, of, **told)
    answer = one.told if one.told.statements else replace(one.told, message="Nothing answers this.")
    body = msgspec.Raw(msgspec.json.encode(answer))
    return Answered(suite, one.case, body, same_again, {"searching": 0.03, "all": 0.05}, one.verified, one.supported)


def right(of: Case | None = None, suite: str = "suite", text: str = "Give 100 mg daily.") -> Answered:
    """A case with nothing wrong."""
    return answered([quoting(text)], of, suite)


def retold(line: Answered, **fields: Any) -> Answered:
    """The line with other fields in what was told."""
    return replace(line, answer=msgspec.Raw(msgspec.json.encode(replace(line.told, **fields))))


def ranked(query: str = "1", found: Sequence[str] = ("D:1", "D:2"), suite: str = "retrieval") -> RankedQuery:
    """A query whose one relevant document is D:2."""
    return RankedQuery(suite, query, f"query {query}", tuple(found), {"D:2": 1}, 0.02)


def turn(name: str = "1_2", suite: str = "followups") -> ReadTurn:
    """A turn whose reading finds two of the three passages that its resolved form finds, as typed one."""
    found = (("p1", "x"), ("p1", "p2", "p3"), ("p1", "p2", "y"))
    return ReadTurn(
        suite, name, ("pronoun",), ("What is gout?",), "Is it cured?", "Is gout cured?", "Is it?", *found, 0.01
    )


def summary(suite: str, lines: int, **measures: float) -> Summary:
    """A suite with everything a summary may hold; measures by name, each of ten parts of ten cases."""
    values = {
        name: Value(value, value - 0.05, min(1, value + 0.05), 10 * value, 10, 10) for name, value in measures.items()
    }
    return Summary(
        suite,
        lines,
        values,
        by_tag={"topic:gout": measures, "plain": {}},
        confusion={"answered": {"answered": 8, "insufficient_evidence": 2}, "emergency": {"emergency": 1}},
        risk_coverage=(Point(0.5, 0.0), Point(1.0, 0.2)),
        aurc=0.05,
        reliability=(Bin(0.5, 0.6, 3, 0.55, 1.0), Bin(0.8, 0.9, 7, 0.85, 0.7)),
        ece=0.1,
        latency={"searching": Percentiles(0.03, 0.04, 0.05, 0.06), "all": Percentiles(0.05, 0.06, 0.07, 0.08)},
        peak_memory_mib=512.0,
    )


def record(suite: str, cases: int, corpus: str = "c0ffee", digest: str = "d16e57") -> SuiteRecord:
    """What a suite was asked of."""
    return SuiteRecord(suite, digest, cases, corpus, "5a4b", 10, 100)


def run_of(
    lines: Sequence[Line],
    name: str = "run-1",
    created: str = CREATED,
    measures: Mapping[str, float] | None = None,
    summaries: Sequence[Summary] | None = None,
    suites: Sequence[SuiteRecord] | None = None,
    configuration: Mapping[str, str] | None = None,
) -> Run:
    """A run of some lines, a suite for each name among them."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.suite] = counts.get(line.suite, 0) + 1
    chosen = {"statement_support": 0.9, "wrong_refusal": 0.2} if measures is None else measures
    provenance = Provenance(
        created,
        "sequitur 0",
        "c0de",
        "encoder@1",
        "words",
        "a machine",
        dict(configuration or {"policy": "submitted"}),
        tuple(suites if suites is not None else (record(suite, count) for suite, count in counts.items())),
    )
    numbers = tuple(
        summaries if summaries is not None else (summary(s, count, **chosen) for s, count in counts.items())
    )
    return Run(name, provenance, tuple(lines), tuple(map(scored, lines)), numbers)


def scored(line: Line) -> Scored:
    """The scores of a line: by every measure where it is an answer, by one where it is not."""
    match line:
        case Answered():
            one = Judged(line.case, line.told, line.verified, line.supported)
            return Scored(line.suite, line.id, line.case.tags, scores_of(one))
        case RankedQuery():
            place = line.ranked.index("D:2") + 1 if "D:2" in line.ranked else None
            return Scored(line.suite, line.id, (), {"reciprocal_rank": Score(1 / place if place else 0.0)})
        case ReadTurn():
            return Scored(line.suite, line.id, line.tags, {"overlap_at_10": Score(2, 3)})
