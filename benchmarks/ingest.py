"""Read full-text trials into a catalogue, without embedding: python -m benchmarks.ingest [--workers 2].

Documents a second and peak memory for a part of the trials and for all of them, so that growth would show; then the
same again, with nothing changed.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.shared import DATA, file_result, table
from corpus.catalogue.database import Catalogue, default_url
from corpus.ingest import Ingest, Report
from corpus.sources import files

ARCHIVE = DATA / "pmc-trials" / "articles.nxml.tar.zst"
PARTS = (600, 1200, 2483)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(*_measured(arguments.one, arguments.home, arguments.workers))
        return
    rows = []
    for part in PARTS:
        with tempfile.TemporaryDirectory() as home:
            for what in ("new", "unchanged"):
                rows.append((f"{part:,}", what, *_apart(part, home, arguments.workers)))
    body = table(("documents", "", "seconds", "documents/s", "peak memory of any process"), rows)
    command = f"python -m benchmarks.ingest --workers {arguments.workers}"
    corpus = "the 2,483 full-text trials (JATS), or the first of them"
    file_result("ingest", "Reading documents into the catalogue", command, corpus, body)


def _apart(part: int, home: str, workers: int) -> tuple[str, ...]:
    """Measured in a process of its own, whose peak memory is that of this part alone."""
    command = [sys.executable, "-m", "benchmarks.ingest", "--one", str(part), "--home", home, "--workers", str(workers)]
    seconds, documents, mebibytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return f"{float(seconds):.1f}", f"{int(documents) / float(seconds):,.0f}", f"{float(mebibytes):,.0f} MiB"


def _measured(part: int, home: Path, workers: int) -> tuple[float, int, float]:
    catalogue = Catalogue.open(default_url(home))
    began = time.monotonic()
    report = _ingest(catalogue, part, workers)
    seconds = time.monotonic() - began
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    assert not report.problems, report.problems[:3]
    return seconds, report.files, max(peaks) / 1024


def _ingest(catalogue: Catalogue, part: int, workers: int) -> Report:
    run = Ingest(catalogue, software="benchmark", now=lambda: "2026-01-01T00:00:00+00:00", workers=workers)
    return run.add(islice(files([ARCHIVE]), part))


if __name__ == "__main__":
    main()
