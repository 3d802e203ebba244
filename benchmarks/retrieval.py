"""Which fusion? BM25, the encoder, and ways to combine them: python -m benchmarks.retrieval HOME.

SciFact train claims and PubMedQA questions, each split in halves by id: settings are chosen on
the develop half, and the report half says what they are worth. HOME keeps the two indexes between runs.
"""

import argparse
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np

from assistant.evaluation.measures.retrieval import retrieval_scores
from benchmarks.public_corpora import index_of, retrieval_set
from benchmarks.shared import file_result, table
from indexer.encoder import SentenceTransformerEncoder
from indexer.fusion import reciprocal_rank
from indexer.search import Query, SearchSettings, make_queries, search
from indexer.snapshot import Snapshot

Ranker = Callable[[Query, Snapshot], list[str]]
PASSAGES = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    home: Path = parser.parse_args().home
    encoder = SentenceTransformerEncoder.default()
    rows: dict[str, list[str]] = {name: [] for name in RANKERS}
    sizes = []
    for name in ("scifact", "pubmedqa"):
        judged = retrieval_set(name).queries
        snapshot = index_of(name, home, encoder)
        queries = make_queries([one.text for one in judged], snapshot, encoder)
        for half in ("develop", "report"):
            kept = [(q, one.relevant) for q, one in zip(queries, judged, strict=True) if half_of(one.id) == half]
            sizes.append(f"{name} {half} {len(kept)}")
            for ranker_name, ranker in RANKERS.items():
                ranked = [(ranker(query, snapshot), relevant) for query, relevant in kept]
                rows[ranker_name].append(
                    " / ".join(_mean(measure, ranked) for measure in ("ndcg_at_10", "recall_at_10"))
                )
                print(name, half, ranker_name, rows[ranker_name][-1], flush=True)
    header = ("nDCG@10 / recall@10", "SciFact develop", "SciFact report", "PubMedQA develop", "PubMedQA report")
    body = table(header, [(name, *values) for name, values in rows.items()])
    file_result("retrieval", "Retrieval", "python -m benchmarks.retrieval HOME",
                f"SciFact 5,183 and PubMedQA 500 abstracts; queries: {', '.join(sizes)}; every judged one counts",
                f"The default is marked *. Documents are ranked by their best passage.\n\n{body}")  # fmt: skip


def _mean(measure: str, ranked: Sequence[tuple[list[str], Mapping[str, int]]]) -> str:
    """Over queries, each of which counts."""
    return f"{fmean(retrieval_scores(found, relevant)[measure].hits for found, relevant in ranked):.3f}"


def half_of(key: str) -> str:
    return "report" if hashlib.sha256(key.encode()).digest()[0] % 2 else "develop"


def hybrid(**changes: float | int) -> Ranker:
    """Our search with other settings."""
    settings = SearchSettings(**changes)  # type: ignore[arg-type]
    return lambda query, snapshot: documents(
        h.passage.document_id for h in search(query, snapshot, PASSAGES, None, settings)
    )


def rank_fusion(query: Query, snapshot: Snapshot) -> list[str]:
    """Reciprocal rank fusion over the same candidates."""
    lexical = snapshot.lexical.scores(query.terms)
    rows = np.union1d(snapshot.dense.nearest(query.vector, 200), snapshot.lexical.best(lexical, 200))
    fused = reciprocal_rank(lexical[rows], snapshot.dense.similarity(query.vector, rows))
    best = rows[np.argsort(-fused, kind="stable")[:PASSAGES]]
    return documents(snapshot.store.document_of(int(row)) for row in best)


def documents(passages: Iterator[str] | Sequence[str]) -> list[str]:
    """Document ids in the order of their best passage."""
    return list(dict.fromkeys(passages))


_DEFAULT = SearchSettings()
RANKERS: dict[str, Ranker] = {
    "BM25": hybrid(lexical_weight=1.0, feedback_weight=0.0),
    "encoder": hybrid(lexical_weight=0.0, feedback_weight=0.0),
    "reciprocal rank": rank_fusion,
    **{
        f"convex, lexical {weight:.1f}, feedback {feedback:.1f}"
        + ("*" if (weight, feedback) == (_DEFAULT.lexical_weight, _DEFAULT.feedback_weight) else ""): hybrid(
            lexical_weight=weight, feedback_weight=feedback
        )
        for weight in (0.1, 0.2, 0.3, 0.4, 0.5)
        for feedback in (0.0, 0.3)
    },
}

if __name__ == "__main__":
    main()
