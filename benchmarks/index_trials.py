"""Index full-text trials with the JATS reader: python -m benchmarks.index_trials HOME [--articles N].

Reports passages, passages a second, peak memory and bytes on disk. An interrupted run goes on where it stopped.
Articles that Evidence Inference annotates come first, so that a part of them serves the answer benchmark too.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from api.cli.progress import shown
from benchmarks.shared import DATA, file_result, records, table
from corpus.readers.jats import read_jats
from corpus.sources import SourceFile, files
from corpus.types import Document
from indexer.build import build
from indexer.encoder import Encoder, EncoderIdentity, EncoderInput, SentenceTransformerEncoder, Vectors
from indexer.snapshot import Snapshot, activate, open_current


class CountingEncoder:
    """An encoder that counts what it encodes and how long that takes."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.encoded = 0
        self.seconds = 0.0
        self.token_spans = encoder.token_spans
        self.encode_queries = encoder.encode_queries

    @property
    def identity(self) -> EncoderIdentity:
        return self._encoder.identity

    def encode_passages(self, inputs: Sequence[EncoderInput]) -> tuple[Vectors, list[Vectors]]:
        began = time.monotonic()
        result = self._encoder.encode_passages(inputs)
        self.seconds += time.monotonic() - began
        self.encoded += len(inputs)
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--articles", type=int, default=2483)
    arguments = parser.parse_args()
    encoder = CountingEncoder(SentenceTransformerEncoder.default())
    began = time.monotonic()
    with shown(arguments.articles) as progress:
        manifest = build(trials(arguments.articles), arguments.home, encoder, created="", software="benchmark",
                         progress=progress)  # fmt: skip
    seconds = time.monotonic() - began
    activate(arguments.home, manifest.id)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    opened = _seconds(lambda: open_current(arguments.home, encoder.identity))
    disk = sum(record.size for record in manifest.files.values())
    rows = [
        ("articles", f"{len(manifest.documents):,}"),
        ("passages", f"{manifest.passages:,}"),
        ("sentences", f"{manifest.sentences:,}"),
        ("encoded in this run", f"{encoder.encoded:,} ({_rate(encoder.encoded, encoder.seconds)} while encoding)"),
        ("whole run", f"{seconds:,.0f} s, {_rate(manifest.passages, seconds)} of all passages"),
        ("peak memory", f"{peak:,.0f} MiB"),
        ("on disk", f"{disk / 1e6:,.0f} MB"),
        ("verify and open", f"{opened:.1f} s"),
    ]
    body = (
        "Tables are encoded by their captions, once for each table, so fewer texts are encoded than there are "
        "passages; what an interrupted run had encoded is taken over.\n\n" + table(("measure", "value"), rows)
    )
    file_result("index-trials", "Indexing full-text trials",
                f"python -m benchmarks.index_trials HOME --articles {arguments.articles}",
                f"{len(manifest.documents):,} of the 2,483 full-text trials", body)  # fmt: skip


def trials(count: int) -> Iterator[Document]:
    """The first `count` trials: those with annotations, then the others, each by id."""
    annotated = {r["pmcid"] for r in records("evidence-inference", "prompts.jsonl.zst") if r["annotations"]}
    found = (file for file in files([DATA / "pmc-trials" / "articles.nxml.tar.zst"]) if isinstance(file, SourceFile))
    named = {Path(file.name.rpartition(":")[2]).stem: file for file in found}
    for article in sorted(named, key=lambda one: (one not in annotated, one))[:count]:
        yield read_jats(named[article].read(), named[article].name)


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:.1f}/s" if seconds else "–"


def _seconds(action: Callable[[], Snapshot]) -> float:
    began = time.monotonic()
    action().close()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
