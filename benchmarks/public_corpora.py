"""Public sets as documents, and indexes of them in HOME/<set>, brought up to date before every use."""

from pathlib import Path

from assistant.evaluation import indexing
from assistant.evaluation.adapters import AnySet, open_set
from assistant.evaluation.sets import RetrievalSet
from benchmarks.shared import DATA
from indexer.encoder import Encoder
from indexer.snapshot import Snapshot

PARTS = {"medquad": "#6"}
"""Every sixth distinct answer of MedQuAD."""


def shared_set(name: str, folder: str, part: str = "") -> AnySet:
    """A set under the shared data; FileNotFoundError says what is missing."""
    if not (DATA / folder).is_dir():
        raise FileNotFoundError(
            f"{DATA / folder} is not here; put the public data beside the repository, see benchmarks/README.md"
        )
    return open_set(f"{name}:{DATA / folder}{part}")


def retrieval_set(name: str) -> RetrievalSet:
    """The abstracts of SciFact or PubMedQA, or the answers of MedQuAD, with the queries that are judged on them."""
    found = shared_set(name, name, PARTS.get(name, ""))
    assert isinstance(found, RetrievalSet)
    return found


def index_of(name: str, home: Path, encoder: Encoder) -> Snapshot:
    """The index of a set; vectors of passages that an earlier one held are taken over."""
    folder = indexing.index_of(name, retrieval_set(name).documents, home, encoder, "benchmark", _report)
    return Snapshot(folder, encoder.identity)


def _report(stage: str, done: int) -> None:
    if done % 1000 == 0:
        print(stage, done, flush=True)
