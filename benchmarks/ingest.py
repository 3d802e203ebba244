"""Read full-text trials into a catalogue, without embedding: python -m benchmarks.ingest [--workers 2].

Documents a second and peak memory for a part of the trials and for all of them, so that growth would show; then the
same again, with nothing changed. They are unpacked first: an archive packed with a window of 128 MiB needs that much.
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
from corpus.archives import members
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
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(*_measured(arguments.one, arguments.home, arguments.folder, arguments.workers))
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content in members(ARCHIVE, read=True):
            Path(folder, Path(name).name).write_bytes(content or b"")
        for part in PARTS:
            with tempfile.TemporaryDirectory() as home:
                for what in ("new", "unchanged"):
                    rows.append((f"{part:,}", what, *_apart(part, home, folder, arguments.workers)))
    body = table(("documents", "", "seconds", "documents/s", "peak memory of any process"), rows)
    command = f"python -m benchmarks.ingest --workers {arguments.workers}"
    corpus = "the 2,483 full-text trials (JATS), or the first of them"
    file_result("ingest", "Reading documents into the catalogue", command, corpus, body)


def _apart(part: int, home: str, folder: str, workers: int) -> tuple[str, ...]:
    """Measured in a process of its own, whose peak memory is that of this part alone."""
    command = [sys.executable, "-m", "benchmarks.ingest", "--one", str(part), "--home", home, "--folder", folder]
    command += ["--workers", str(workers)]
    seconds, documents, mebibytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return f"{float(seconds):.1f}", f"{int(documents) / float(seconds):,.0f}", f"{float(mebibytes):,.0f} MiB"


def _measured(part: int, home: Path, folder: Path, workers: int) -> tuple[float, int, float]:
    catalogue = Catalogue.open(default_url(home))
    began = time.monotonic()
    report = _ingest(catalogue, part, folder, workers)
    seconds = time.monotonic() - began
    assert not report.problems, report.problems[:3]
    return seconds, report.files, max(_own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _own_peak() -> int:
    """KiB; getrusage would count what the process that started this one had used."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _ingest(catalogue: Catalogue, part: int, folder: Path, workers: int) -> Report:
    run = Ingest(catalogue, software="benchmark", now=lambda: "2026-01-01T00:00:00+00:00", workers=workers)
    return run.add(islice(files([folder]), part))


if __name__ == "__main__":
    main()
