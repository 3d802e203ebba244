"""Do follow-ups find what their human-resolved form finds? python -m benchmarks.followups HOME [--development].

The health turns of public conversations, over every sixth MedQuAD answer: overlap of the ten best passages with those
of the resolved question, for the turn as typed and as we read it. Earlier turns are read by us too, in order. Beside
them stands what adding words can reach at most: the turn with exactly those words of the history that people used.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from assistant.evaluation.measures.followups import overlap
from assistant.evaluation.score import Score, pooled
from assistant.evaluation.sets import FollowupSet
from assistant.followup import resolve
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Question, Turn
from benchmarks.public_corpora import index_of, shared_set
from benchmarks.shared import file_result, table
from indexer.analysis import terms
from indexer.encoder import Encoder, SentenceTransformerEncoder
from indexer.search import make_queries, search
from indexer.snapshot import Snapshot


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--development", action="store_true", help="the turns that are not about health")
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    snapshot = index_of("medquad", arguments.home, encoder)
    scores: dict[str, list[tuple[float, float, float]]] = {}
    for source, raw, resolved, ours, ceiling in readings(snapshot, not arguments.development):
        human, *others = (found(text, snapshot, encoder) for text in (resolved, raw, ours, ceiling))
        typed, read, best = (pooled([overlap(one, human) or Score(0)]) for one in others)
        changed = "needs its context" if raw != resolved else "stands alone"
        for group in ("all", source.split("-")[0], changed):
            scores.setdefault(group, []).append((typed, read, best))
    rows = []
    for group, found_in in scores.items():
        typed, read, best = (fmean(one[column] for one in found_in) for column in range(3))
        closed = [f"{(value - typed) / (1 - typed):.0%}" if typed < 1 else "–" for value in (read, best)]
        rows.append((group, len(found_in), f"{typed:.3f}", f"{read:.3f}", closed[0], f"{best:.3f}", closed[1]))
    turns, name = ("development", "followups-development") if arguments.development else ("health", "followups")
    header = (f"{turns} turns", "n", "as typed", "as we read it", "of the gap", "with people's words", "of the gap")
    flag = " --development" if arguments.development else ""
    file_result(name, "Follow-ups: overlap@10 with the human-resolved question",
                f"python -m benchmarks.followups HOME{flag}",
                f"MedQuAD, every sixth distinct answer: {snapshot.manifest.passages:,} passages",
                table(header, rows))  # fmt: skip


def readings(snapshot: Snapshot, health: bool) -> Iterator[tuple[str, str, str, str, str]]:
    """(source, as typed, resolved by people, as we read it, with the words people took) of the turns wanted."""
    found = shared_set("cast", "followup", "#health" if health else "#other")
    assert isinstance(found, FollowupSet)
    for turn in found.turns:
        history: tuple[Turn, ...] = ()
        for earlier in turn.history[-MAX_TURNS:]:
            text = earlier[:MAX_CHARACTERS]
            history = (*history, Turn(text, read(text, history, snapshot)))
        raw = turn.raw[:MAX_CHARACTERS]
        source, *_ = turn.tags
        yield source, raw, turn.resolved, read(raw, history, snapshot), told(raw, turn.resolved, turn.history)


def told(raw: str, resolved: str, history: Sequence[str]) -> str:
    """The turn with a bracket of the words, said before, that the rewrite has and the turn lacks; newest first."""
    wanted, words = set(terms(resolved)) - set(terms(raw)), []
    for word in (word.strip("?,.!") for turn in reversed(history) for word in turn.split()):
        if wanted & set(terms(word)):
            wanted -= set(terms(word))
            words.append(word)
    return f"{raw} ({', '.join(words)})" if words else raw


def read(text: str, history: tuple[Turn, ...], snapshot: Snapshot) -> str:
    return resolve(Question(text, history), "", snapshot.vocabulary, snapshot.lexical.rarity).text


def found(text: str, snapshot: Snapshot, encoder: Encoder) -> list[str]:
    """The ids of the ten best passages."""
    (query,) = make_queries([text], snapshot, encoder)
    return [hit.passage.id for hit in search(query, snapshot, 10)]


if __name__ == "__main__":
    main()
