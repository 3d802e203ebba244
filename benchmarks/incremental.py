"""Change 1% of the documents of a full index and build again: python -m benchmarks.incremental HOME FULL_SECONDS.

HOME holds the live index of all trials; its catalogue is filled with them when it is empty. FULL_SECONDS is what the
full build took (results/index-trials.md). Every hundredth document gets a longer title; where the title is short
enough for the encoder to read all of it, each of the document's passages is encoded anew.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.index_trials import CountingEncoder, trials
from benchmarks.shared import file_result, table
from corpus.catalogue import documents
from corpus.catalogue.blocks import blocks
from corpus.catalogue.database import Catalogue, default_url
from corpus.catalogue.incoming import incoming
from corpus.standing import StandingCorpus
from corpus.types import Document
from indexer.build import build
from indexer.encoder import SentenceTransformerEncoder
from indexer.snapshot import Manifest, open_current

NOW = "2026-01-01T00:00:00+00:00"
EVERY = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("full_seconds", type=float)
    arguments = parser.parse_args()
    catalogue = Catalogue.open(default_url(arguments.home))
    if not len(StandingCorpus(catalogue)):
        _put(catalogue, trials(2483))
    changed = [_retitled(one) for number, one in enumerate(StandingCorpus(catalogue)) if number % EVERY == 0]
    rows = []
    for what, edited in (("nothing", []), (f"{len(changed)} of {len(StandingCorpus(catalogue)):,} documents", changed)):
        _put(catalogue, iter(edited))
        seconds, encoded, manifest = _built(catalogue, arguments.home)
        share = f"{seconds / arguments.full_seconds:.1%}"
        rows.append((what, f"{encoded:,} of {manifest.passages:,}", f"{seconds:,.0f} s", share))
    body = f"The full build took {arguments.full_seconds:,.0f} s.\n\n"
    body += table(("changed", "texts encoded", "build", "of the full build"), rows)
    file_result("incremental", "Reindexing after a change", "python -m benchmarks.incremental HOME FULL_SECONDS",
                "the 2,483 full-text trials", body)  # fmt: skip


def _put(catalogue: Catalogue, found: Iterator[Document]) -> None:
    for block in blocks(found, 100):
        with catalogue.writing() as connection:
            for one in block:
                documents.put(connection, incoming(one, "benchmark", "jats"), NOW)


def _retitled(one: Document) -> Document:
    return replace(one, work=replace(one.work, title=f"{one.work.title} (revised)"))


def _built(catalogue: Catalogue, home: Path) -> tuple[float, int, Manifest]:
    """Seconds of a whole build, from the catalogue to the verified snapshot, and how many texts were encoded."""
    encoder = CountingEncoder(SentenceTransformerEncoder.default())
    encoder.token_spans("loaded before the clock starts")
    began = time.monotonic()
    lender = open_current(home, encoder.identity)
    manifest = build(StandingCorpus(catalogue), home, encoder, created=NOW, software="benchmark", reuse=lender)
    return time.monotonic() - began, encoder.encoded, manifest


if __name__ == "__main__":
    main()
