"""Rankings against relevance judgements, computed by ir_measures. Every judged query counts, 0 if it found nothing.

A judged query none of whose documents is relevant also counts 0, as ir_measures and trec_eval have it: leaving it out
would make means incomparable with published ones. No ranking can do better on it, so a set is better without.
"""

from collections.abc import Mapping, Sequence

import ir_measures

from assistant.evaluation.score import Score, Scores

K = 10
"""The depth at which BEIR and most published tables compare (nDCG@10)."""


def retrieval_scores(ranked: Sequence[str], relevant: Mapping[str, int], k: int = K) -> Scores:
    """nDCG@k, recall@k and reciprocal rank of one query: document ids, best first, and the grades of judged ones."""
    return run_scores({"query": ranked}, {"query": relevant}, k)["query"]


def run_scores(
    ranked: Mapping[str, Sequence[str]], judged: Mapping[str, Mapping[str, int]], k: int = K
) -> dict[str, Scores]:
    """Scores of every judged query of a run; rankings of queries that are not judged count nothing.

    nDCG with the grade as gain (Järvelin and Kekäläinen 2002, doi 10.1145/582415.582418); recall of documents with
    grade 1 or more; reciprocal rank of the first such (Voorhees, The TREC-8 Question Answering Track Report, 1999).
    """
    measures = {
        f"ndcg_at_{k}": ir_measures.nDCG @ k,
        f"recall_at_{k}": ir_measures.R @ k,
        "reciprocal_rank": ir_measures.RR,
    }
    names = {measure: name for name, measure in measures.items()}
    qrels = {query: dict(relevant) for query, relevant in judged.items()}
    run = {query: _descending(ranked[query]) for query in judged if ranked.get(query)}
    found: dict[str, Scores] = {query: {} for query in judged}
    for metric in ir_measures.pytrec_eval.evaluator(list(names), qrels).iter_calc(run):
        found[metric.query_id][names[metric.measure]] = Score(float(metric.value))
    return {query: {name: scores[name] for name in measures} for query, scores in found.items()}


def _descending(ranked: Sequence[str]) -> dict[str, float]:
    """Scores that keep the order; a document found twice counts where it is found first."""
    return {document: -float(rank) for rank, document in enumerate(dict.fromkeys(ranked))}
