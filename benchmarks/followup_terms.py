"""How near our reading of a follow-up comes to a person's rewrite: F1 of content terms, no corpus needed.

    python benchmarks/followup_terms.py FOLLOWUP_DIR MEDQUAD_DIR > benchmarks/results/followup-terms.md

The history an earlier turn leaves is our own reading of it, never the person's. Rules were made on the development
turns (health = false); the health turns are only counted.
"""

import io
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import zstandard

from assistant.followup import Reading, resolve
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Question, Turn
from corpus.vocabulary import Vocabulary
from corpus.vocabulary_build import build_vocabulary
from indexer.analysis import terms

HEADING = """# Follow-up readings against human rewrites: F1 of content terms

2026-11-22, 2-core AMD EPYC, `benchmarks/followup_terms.py`. The human rewrite itself has F1 1.000.
Standalone: the rewrite is what was typed. Needing history: the rewrite holds a content term that the question
lacks and an earlier turn has. Counts in brackets.

| turns | n | F1 as typed | F1 ours | F1, needing history | standalone, unchanged | others, changed \
| needing history, changed |
|---|---|---|---|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class Row:
    """One turn, measured."""

    source: str
    health: bool
    raw: float
    ours: float
    stands_alone: bool
    unchanged: bool
    needs_history: bool


def records(path: Path) -> Iterator[dict[str, object]]:
    """The JSON lines of a zstd file."""
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        for line in io.TextIOWrapper(stream, "utf-8"):
            yield json.loads(line)


def background(path: Path) -> Callable[[str], float]:
    """Inverse document frequency over MedQuAD, in place of an index."""
    seen: Counter[str] = Counter()
    count = 0
    for record in records(path):
        seen.update(set(terms(f"{record['question']} {str(record['answer'])[:1000]}")))
        count += 1
    return lambda term: math.log(1 + (count - seen[term] + 0.5) / (seen[term] + 0.5))


def f1(said: str, gold: str) -> float:
    """F1 of two texts' sets of content terms; two empty sets agree."""
    ours, theirs = set(terms(said)), set(terms(gold))
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours or theirs else 1.0


def read_all(
    turns: Iterable[dict[str, object]], vocabulary: Vocabulary, rarity: Callable[[str], float]
) -> Iterator[Row]:
    """Every turn read in the history of our own readings."""
    known: dict[tuple[str, ...], Reading] = {}

    def reading(said: tuple[str, ...]) -> Reading:
        if said not in known:
            before = [Turn(said[at], reading(said[: at + 1]).text) for at in range(len(said) - 1)][-MAX_TURNS:]
            known[said] = resolve(Question(said[-1][:MAX_CHARACTERS], tuple(before)), "", vocabulary, rarity)
        return known[said]

    for record in turns:
        history, raw, gold = record["history"], str(record["raw"]), str(record["resolved"])
        assert isinstance(history, list)
        read = reading((*(str(text) for text in history if str(text).strip()), raw))
        earlier = {term for text in history for term in terms(str(text))}
        needs = bool((set(terms(gold)) - set(terms(raw))) & earlier)
        scores = f1(raw, gold), f1(read.text, gold)
        yield Row(str(record["source"]), bool(record["health"]), *scores, raw == gold, read.text == raw, needs)


def share(rows: list[Row], holds: Callable[[Row], bool]) -> str:
    return f"{fmean(holds(row) for row in rows):.3f} ({len(rows)})" if rows else "–"


def line(name: str, rows: list[Row]) -> str:
    needing = [row for row in rows if row.needs_history]
    return " | ".join((
        f"| {name} | {len(rows)} | {fmean(r.raw for r in rows):.3f} | **{fmean(r.ours for r in rows):.3f}**",
        f"{fmean(r.raw for r in needing):.3f} → **{fmean(r.ours for r in needing):.3f}** ({len(needing)})",
        share([row for row in rows if row.stands_alone], lambda row: row.unchanged),
        share([row for row in rows if not row.stands_alone], lambda row: not row.unchanged),
        share(needing, lambda row: not row.unchanged) + " |",
    ))  # fmt: skip


def main(followup: Path, medquad: Path) -> None:
    articles = Path(__file__).parent.parent / "corpus" / "articles"
    vocabulary = build_vocabulary(path.read_text("utf-8") for path in sorted(articles.glob("*.md")))
    rows = list(read_all(records(followup / "turns.jsonl.zst"), vocabulary, background(medquad / "medquad.jsonl.zst")))
    print(HEADING)
    for health, name in ((False, "development"), (True, "health")):
        part = [row for row in rows if row.health is health]
        print(line(f"**{name}**", part))
        for source in ("trec-cast", "ikat", "mtrag"):
            print(line(f"{name}, {source}", [row for row in part if row.source.startswith(source)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
