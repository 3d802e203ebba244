"""Do follow-ups find what their human-resolved form finds? python -m benchmarks.followups HOME.

The health turns of public conversations, over every sixth MedQuAD answer: overlap of the ten best passages with those
of the resolved question, for the turn as typed and as we read it. Earlier turns are read by us too, in order.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from assistant.followup import resolve
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Question, Turn
from benchmarks.measures import overlap
from benchmarks.public_corpora import index_of
from benchmarks.shared import file_result, records, table
from indexer.encoder import Encoder, SentenceTransformerEncoder
from indexer.search import make_queries, search
from indexer.snapshot import Snapshot


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    encoder = SentenceTransformerEncoder.default()
    snapshot = index_of("medquad", parser.parse_args().home, encoder)
    turns = [(source, *texts) for source, *texts in readings(snapshot)]
    scores: dict[str, list[tuple[float, float]]] = {}
    for source, raw, resolved, ours in turns:
        typed, human, read = (found(text, snapshot, encoder) for text in (raw, resolved, ours))
        pair = (overlap(typed, human), overlap(read, human))
        changed = "needs its context" if raw != resolved else "stands alone"
        for group in ("all", source.split("-")[0], changed):
            scores.setdefault(group, []).append(pair)
    rows = []
    for group, pairs in scores.items():
        typed_mean, ours_mean = fmean(p[0] for p in pairs), fmean(p[1] for p in pairs)
        closed = (ours_mean - typed_mean) / (1 - typed_mean) if typed_mean < 1 else 0.0
        rows.append((group, len(pairs), f"{typed_mean:.3f}", f"{ours_mean:.3f}", f"{closed:.0%}"))
    body = table(("health turns", "n", "as typed", "as we read it", "of the gap closed"), rows)
    file_result("followups", "Follow-ups: overlap@10 with the human-resolved question",
                "python -m benchmarks.followups HOME",
                f"MedQuAD, every sixth distinct answer: {snapshot.manifest.passages:,} passages", body)  # fmt: skip


def readings(snapshot: Snapshot) -> Iterator[tuple[str, str, str, str]]:
    """(source, as typed, resolved by people, as we read it) of every health turn."""
    for record in records("followup", "turns.jsonl.zst"):
        if not record["health"]:
            continue
        history: tuple[Turn, ...] = ()
        for earlier in record["history"][-MAX_TURNS:]:
            text = earlier[:MAX_CHARACTERS]
            history = (*history, Turn(text, read(text, history, snapshot)))
        raw = record["raw"][:MAX_CHARACTERS]
        yield record["source"], raw, record["resolved"], read(raw, history, snapshot)


def read(text: str, history: tuple[Turn, ...], snapshot: Snapshot) -> str:
    return resolve(Question(text, history), "", snapshot.vocabulary, snapshot.lexical.rarity).text


def found(text: str, snapshot: Snapshot, encoder: Encoder) -> list[str]:
    """The ids of the ten best passages."""
    (query,) = make_queries([text], snapshot, encoder)
    return [hit.passage.id for hit in search(query, snapshot, 10)]


if __name__ == "__main__":
    main()
