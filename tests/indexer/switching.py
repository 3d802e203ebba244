"""Editions of a small library, each told from the others by every sentence; and a process that makes them live in turn.

    python -m tests.indexer.switching HOME SEEN EDITION...

Builds each edition, makes it live, waits until a reader has left a file of its id in the folder SEEN, and removes
every other snapshot while readers have them open.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

from corpus.types import Document
from indexer.removal import remove
from indexer.snapshot import activate, list_snapshots
from tests.hashing import HashingEncoder
from tests.indexer.corpora import built
from tests.tiny import LIBRARY, Library

PATIENCE = 60.0
"""Seconds to wait for a reader; then the process fails."""


def mark(edition: int) -> str:
    return f", edition {edition}."


def library(edition: int) -> tuple[Document, ...]:
    """The tiny library, its every sentence marked."""
    end = mark(edition)
    articles = tuple(
        replace(one, sections={title: [(text[:-1] + end, keys) for text, keys in said] for title, said in sections})
        for one in LIBRARY.articles
        if (sections := tuple(one.sections.items()))
    )
    papers = tuple(
        replace(paper, findings=tuple(text[:-1] + end for text in paper.findings)) for paper in LIBRARY.papers
    )
    return Library(articles, papers).documents()


def make_live(edition: int, home: Path, seen: Path) -> None:
    live = activate(home, built(library(edition), home, HashingEncoder()).id).id
    for other in list_snapshots(home):
        if other.id != live:
            remove(home, other.id)
    deadline = time.monotonic() + PATIENCE
    while not (seen / live).exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"no reader saw edition {edition}")
        time.sleep(0.001)
    (seen / live).unlink()


if __name__ == "__main__":
    for number in sys.argv[3:]:
        make_live(int(number), Path(sys.argv[1]), Path(sys.argv[2]))
