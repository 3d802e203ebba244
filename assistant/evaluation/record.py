"""What a run leaves behind, line by line: enough to score it again, compare it and show it.

RUN/run.json       Provenance: what was asked, of which corpus, by which program
RUN/cases.jsonl    a Line for each case, in the order they were done
RUN/scores.jsonl   a Scored for each case
RUN/summary.json   a Summary for each suite
"""

import msgspec

from assistant.evaluation.case import Case
from assistant.evaluation.told import Told, Verified, read_told


class SuiteRecord(msgspec.Struct, frozen=True):
    """A suite of a run: the digest of its file, and what it was asked of.

    `corpus` is the fingerprint of the documents and their versions; runs are compared with a baseline only on the same.
    """

    name: str
    digest: str
    cases: int
    corpus: str
    snapshot: str
    documents: int
    passages: int


class Provenance(msgspec.Struct, frozen=True):
    """What a run was made with. `code` is a digest of the program's files, `configuration` all that was chosen."""

    created: str
    software: str
    code: str
    encoder: str
    support: str
    machine: str
    configuration: dict[str, str]
    suites: tuple[SuiteRecord, ...]


class StatementSupport(msgspec.Struct, frozen=True):
    """What the support check says of a statement: of all its spans together, of each alone, and without each."""

    together: bool
    alone: tuple[bool, ...]
    without: tuple[bool, ...]


class Answered(msgspec.Struct, frozen=True, tag="answer"):
    """A case and what was answered: the public JSON, whether asking again gave the same, seconds by stage, and what its
    citations turned out to be."""

    suite: str
    case: Case
    answer: msgspec.Raw
    same_again: bool
    seconds: dict[str, float]
    verified: tuple[Verified, ...]
    supported: tuple[StatementSupport, ...]

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def told(self) -> Told:
        return read_told(bytes(self.answer))


class RankedQuery(msgspec.Struct, frozen=True, tag="ranking"):
    """A query of a retrieval set: the document ids found, best first, and the relevant ones with their grades."""

    suite: str
    id: str
    text: str
    ranked: tuple[str, ...]
    relevant: dict[str, int]
    seconds: float


class ReadTurn(msgspec.Struct, frozen=True, tag="reading"):
    """A turn of a follow-up set: as typed, as people resolved it, as we read it, and the passages that each found."""

    suite: str
    id: str
    tags: tuple[str, ...]
    history: tuple[str, ...]
    raw: str
    resolved: str
    reading: str
    found_raw: tuple[str, ...]
    found_resolved: tuple[str, ...]
    found_reading: tuple[str, ...]
    seconds: float


Line = Answered | RankedQuery | ReadTurn


class Value(msgspec.Struct, frozen=True):
    """A measure over the cases it concerns: hits of total, and the 95% bootstrap interval."""

    value: float
    low: float
    high: float
    hits: float
    total: float
    cases: int


class Percentiles(msgspec.Struct, frozen=True):
    """Seconds that half, 95 and 99 of 100 cases stayed within, and the longest."""

    p50: float
    p95: float
    p99: float
    longest: float


class Bin(msgspec.Struct, frozen=True):
    """A bin of the reliability diagram: its bounds, how many answers, mean confidence, share that was right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


class Point(msgspec.Struct, frozen=True):
    """A point of the risk–coverage curve: share answered, share of these that are wrong, both in [0, 1]."""

    coverage: float
    risk: float


class Summary(msgspec.Struct, frozen=True):
    """A suite of a run in numbers. `by_tag`: tag → measure → value. `confusion`: expected outcome → given → count.

    Curve, bins, `aurc` and `ece` are of cases in which something was searched; empty and None without any.
    """

    suite: str
    cases: int
    measures: dict[str, Value]
    by_tag: dict[str, dict[str, float]] = {}
    confusion: dict[str, dict[str, int]] = {}
    risk_coverage: tuple[Point, ...] = ()
    aurc: float | None = None
    reliability: tuple[Bin, ...] = ()
    ece: float | None = None
    latency: dict[str, Percentiles] = {}
    peak_memory_mib: float = 0.0
