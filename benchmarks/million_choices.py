"""What a search over the million could be instead: exact, on two threads, by inverted lists, by a graph."""

import multiprocessing
import time
from collections.abc import Callable
from functools import partial

import faiss
import numpy as np

from benchmarks.million_vectors import Place
from benchmarks.shared import table
from indexer.dense import DenseIndex, one_thread, scalars
from indexer.dense_build import EXACT_UP_TO, recall, true_similarities
from indexer.encoder import Vectors

ROUNDS = 3
HEADER = ("best round, p50 / p95", "worst round, p50 / p95")
EFFORTS = {"IVF2048,SQ8": ("nprobe", (64, 128, 256)), "HNSW32,SQ8": ("efSearch", (256, 512, 1000))}
"""Kinds of FAISS index that are deterministic and small enough, and how hard each is made to search."""


def exact(place: Place) -> str:
    """Every vector compared, by their number."""
    rows = []
    for count in (50_000, 100_000, EXACT_UP_TO, len(place.vectors)):
        index = DenseIndex(place.vectors[:count])
        rows.append((f"{count:,}", *timed(partial(index.nearest, k=200), place.questions[:100])))
    return table(("vectors", *HEADER), rows)


def threads(place: Place) -> str:
    """Every one of as many vectors compared by FAISS as are compared at the most."""
    index = scalars(place.vectors[:EXACT_UP_TO])

    def search(query: Vectors) -> object:
        return index.search(query.reshape(1, -1), 200)

    busy = [multiprocessing.get_context("spawn").Process(target=_spin) for _ in range(2)]
    for process in busy:
        process.start()
    time.sleep(3)
    rows = []
    for count in (1, 2):
        faiss.omp_set_num_threads(count)
        rows.append((count, *timed(search, place.questions[:100])))
    for process in busy:
        process.terminate()
    return table(("threads", *HEADER), rows)


def _spin() -> None:
    while True:
        pass


def other(place: Place, kind: str) -> list[tuple[object, ...]]:
    """Build time, size, milliseconds and recall of another kind of index, 1,000 of its rows reranked as ours are."""
    vectors, questions = place.vectors, place.questions
    index = faiss.index_factory(place.dimension, kind, faiss.METRIC_INNER_PRODUCT)
    began = time.monotonic()
    with one_thread():
        index.train(vectors[np.linspace(0, len(vectors) - 1, 200_000).astype(np.int64)].astype(np.float32))
        for start in range(0, len(vectors), 50_000):
            index.add(vectors[start : start + 50_000].astype(np.float32))
    built = time.monotonic() - began
    faiss.write_index(index, str(place.folder / "other.faiss"))
    size = (place.folder / "other.faiss").stat().st_size / 1e6
    true = true_similarities(vectors, questions, 200)
    name, efforts = EFFORTS[kind]
    rows: list[tuple[object, ...]] = []
    for effort in efforts:
        faiss.ParameterSpace().set_index_parameter(index, name, effort)
        reranked = DenseIndex(vectors, index, 1000)
        times = timed(partial(reranked.nearest, k=200), questions)
        shares = [f"{recall(reranked, questions, true[:, :k]):.4f}" for k in (10, 200)]
        rows.append((kind, f"{name} {effort}", f"{built:.0f} s", f"{size:.0f} MB", *times, *shares))
    return rows


def timed(search: Callable[[Vectors], object], queries: Vectors) -> tuple[str, str]:
    """Milliseconds of single queries, ROUNDS times over: p50 and p95 of the best round and of the worst, by p95."""
    for query in queries[:20]:
        search(query)
    rounds = []
    for _ in range(ROUNDS):
        taken = []
        for query in queries:
            began = time.perf_counter()
            search(query)
            taken.append(1000 * (time.perf_counter() - began))
        rounds.append(tuple(np.percentile(taken, (95, 50))))
    best, worst = min(rounds), max(rounds)
    return f"{best[1]:.1f} / {best[0]:.1f}", f"{worst[1]:.1f} / {worst[0]:.1f}"
