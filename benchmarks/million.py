"""Search over a million passage vectors: python -m benchmarks.million HOME [--others] [--folder FOLDER].

HOME holds a live index of the trials. Its vectors and perturbed copies of them make a million; questions are those of
Evidence Inference. Building and searching run in processes of their own, whose memory is told. --others adds two other
kinds of index, of which one takes many minutes to build. FOLDER (2 GB) is made and removed where none is named.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import faiss
import numpy as np

from benchmarks.evidence_inference import TEMPLATES, prompts
from benchmarks.million_choices import EFFORTS, HEADER, ROUNDS, exact, other, threads, timed
from benchmarks.million_vectors import PERTURBATION, Place, neighbours, spread, write_million
from benchmarks.shared import file_result, table
from indexer.dense import DenseIndex, DenseRecord, Halves, open_dense
from indexer.dense_build import choose, midpoints, recall, true_similarities
from indexer.encoder import SentenceTransformerEncoder, Vectors
from indexer.snapshot import Snapshot, open_current

MILLION = 1_000_000
QUESTIONS = 500
Result = TypeVar("Result")
Row = tuple[object, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        _measure(arguments.home, folder, arguments.others)


def _measure(home: Path, folder: Path, others: bool) -> None:
    encoder = SentenceTransformerEncoder.default()
    snapshot = open_current(home, encoder.identity)
    place = Place(folder, snapshot.dense.dimension)
    samples = _samples(snapshot, encoder)
    np.save(folder / "questions.npy", samples["questions"])
    real = snapshot.dense.vectors(np.arange(len(snapshot.dense))).astype(np.float16)
    write_million(real, folder / "vectors.f16", MILLION)
    record, building = _apart(_build, place)
    searching = _apart(_search, place, record)
    body = "\n\n".join((
        f"{len(real):,} real vectors and {MILLION - len(real):,} perturbed copies. {PERTURBATION}",
        _distribution(real, place),
        _summary(place, record, building, *searching),
        "Every vector compared, by their number; 200 nearest, milliseconds:\n\n" + _apart(exact, place),
        "The same for 200,000, beside two processes that keep both cores busy, by the threads FAISS may use:\n\n"
        + _apart(threads, place),
        "Share of the true ten nearest that are found when fewer rows are reranked, by kind of query:\n\n"
        + _hardness(place, record, samples),
        *([_others(place)] if others else []),
    ))  # fmt: skip
    file_result("million", "Search over a million passages",
                f"python -m benchmarks.million HOME{' --others' * others}",
                f"{MILLION:,} vectors from {len(snapshot.manifest.documents):,} trials; {QUESTIONS} questions; "
                f"beside other work on both cores (load {os.getloadavg()[2]:.1f})", body)  # fmt: skip


def _apart(work: Callable[..., Result], *arguments: object) -> Result:
    """The result of work done in a process of its own, so that only its memory is counted."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _peak() -> str:
    """The most memory this process has held, file pages it has mapped included."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return f"{kilobytes / 1024:,.0f} MiB"


def _samples(snapshot: Snapshot, encoder: SentenceTransformerEncoder) -> dict[str, Vectors]:
    """Queries of several kinds: questions, and what a build could measure its recall on instead."""
    asked = [prompt.question(number % len(TEMPLATES)) for number, prompt in enumerate(prompts("report"))]
    titles = [document.work.title for document in snapshot.store.documents()]
    rows = np.linspace(0, len(snapshot.dense) - 1, 256).astype(np.int64)
    passages = snapshot.dense.vectors(rows)
    noisy = passages + 0.03 * np.random.default_rng(2).standard_normal(passages.shape, np.float32)
    return {
        "questions": encoder.encode_queries(asked[:: max(1, len(asked) // QUESTIONS)][:QUESTIONS]),
        "titles": encoder.encode_queries(titles[:: max(1, len(titles) // 256)][:256]),
        "sentences": np.concatenate([snapshot.sentence_vectors(int(row), 1) for row in rows]),
        "passages with noise": noisy / np.linalg.norm(noisy, axis=1, keepdims=True),
    }


def _build(place: Place) -> tuple[DenseRecord, tuple[float, str]]:
    began = time.monotonic()
    record = choose(place.vectors, place.folder / "dense.faiss")
    return record, (time.monotonic() - began, _peak())


def _search(place: Place, record: DenseRecord) -> tuple[list[Row], str]:
    """Milliseconds and recall of the ten and the two hundred nearest, and the memory that searching took."""
    index = open_dense(place.folder / "vectors.f16", place.folder / "dense.faiss", record, place.dimension)
    times = {k: timed(partial(index.nearest, k=k), place.questions) for k in (10, 200)}
    peak = _peak()
    true = true_similarities(place.vectors, place.questions, 200)
    rows: list[Row] = [(k, *times[k], f"{recall(index, place.questions, true[:, :k]):.4f}") for k in times]
    return rows, peak


def _distribution(real: Halves, place: Place) -> str:
    sets, questions = (real, place.vectors), place.questions
    rows: list[Row] = []
    between = [neighbours(one, (1, 10, 100)) for one in sets]
    for rank, *values in zip((1, 10, 100), *between, strict=True):
        rows.append((f"passage to its neighbour {rank}", *values))
    asked = [true_similarities(one, questions, 200) for one in sets]
    for rank in (1, 10, 200):
        rows.append((f"question to its neighbour {rank}", *(spread(one[:, rank - 1]) for one in asked)))
    header = ("similarity, median (5th–95th centile)", f"{len(real):,} real", f"all {MILLION:,}")
    return "How near neighbours of other text lie:\n\n" + table(header, rows)


def _summary(
    place: Place,
    record: DenseRecord,
    building: tuple[float, str],
    searches: list[Row],
    peak: str,
) -> str:
    sizes = [f"{name} {(place.folder / name).stat().st_size / 1e6:,.0f} MB" for name in ("vectors.f16", "dense.faiss")]
    parameters = ", ".join(f"{name} {value}" for name, value in record.parameters.items())
    facts = table(
        ("measure", "value"),
        [
            ("chosen", f"{record.kind}: {parameters}"),
            ("recall@10 in the manifest", f"{record.recall_at_10} ({record.measured_on})"),
            ("building, measuring included", f"{building[0]:.0f} s, one thread for FAISS"),
            ("memory, building", building[1]),
            ("memory, searching", f"{peak}, of which the vectors are {sizes[0].split(' ', 1)[1]} mapped"),
            ("files", ", ".join(sizes)),
        ],
    )
    times = table(("nearest", *HEADER, "recall"), searches)
    return f"{facts}\n\nMilliseconds of one query at a time, {QUESTIONS} questions in {ROUNDS} rounds:\n\n{times}"


def _hardness(place: Place, record: DenseRecord, samples: dict[str, Vectors]) -> str:
    vectors, codes = place.vectors, faiss.read_index(str(place.folder / "dense.faiss"))
    efforts = (50, 100, 200, record.parameters["reranked"])
    rows = []
    for name, queries in (samples | {"midpoints of two passages": midpoints(vectors, 256)}).items():
        true = true_similarities(vectors, queries, 10)
        found = [recall(DenseIndex(vectors, codes, effort), queries, true) for effort in efforts]
        rows.append((name, f"{np.median(true[:, 0]):.2f}", *(f"{share:.4f}" for share in found)))
    return table(("queries", "nearest", *(f"{effort:,} reranked" for effort in efforts)), rows)


def _others(place: Place) -> str:
    rows = [row for kind in EFFORTS for row in _apart(other, place, kind)]
    header = ("index", "search", "built in", "size", *HEADER, "recall@10", "recall@200")
    return (
        "Other kinds of index, 1,000 of their rows reranked in the same way, 200 nearest, milliseconds; built on one "
        "thread, since the same vectors must give the same index:\n\n" + table(header, rows)
    )


if __name__ == "__main__":
    main()
