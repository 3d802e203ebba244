"""The service under load: python -m benchmarks.load HOME [--seconds N] [--users N].

HOME holds a live index of the trials. It is not written: the service runs on a copy of its catalogue beside the same
snapshots. Users ask without a pause, as JSON and as a stream, some leave midway; they ask follow-ups in conversations
and read what was cited. Then more ask at once than the queue takes, and then few again.
"""

import argparse
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
import psutil
from locust.env import Environment

from benchmarks.evidence_inference import Prompt, prompts
from benchmarks.load_users import Asker, Refused
from benchmarks.shared import file_result, table
from indexer.home import live_folder
from indexer.snapshot import Manifest, read_manifest

WARM_UP_SECONDS = 15
"""What the first questions load is no growth of memory."""
QUEUE, OVERLOAD_SECONDS, AFTER_USERS, AFTER_SECONDS = 32, 30, 2, 15
TOO_MANY = 100
"""Users of the overload; the queue takes QUEUE questions, and as many as there are cores are worked on."""
SECONDS_TO_START = 120
MEGABYTE = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--users", type=int, default=8)
    arguments = parser.parse_args()
    manifest = read_manifest(live_folder(arguments.home))
    Asker.sequences = _sequences(manifest)
    with tempfile.TemporaryDirectory() as folder:
        home = _beside(arguments.home, Path(folder))
        with _served(home) as (address, process):
            Asker.host = address
            _phase(arguments.users, WARM_UP_SECONDS, process)
            steady = _phase(arguments.users, arguments.seconds, process)
            crowded = _phase(TOO_MANY, OVERLOAD_SECONDS, process)
            after = _phase(AFTER_USERS, AFTER_SECONDS, process)
            left = _waiting(address)
        kept = (home / "catalogue.db").stat().st_size - (arguments.home / "catalogue.db").stat().st_size
    _report(arguments, manifest, (steady, crowded, after), left, process.returncode, kept)


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident MB: the process's own, and of files that are mapped, which the system may take back."""

    own: float
    mapped: float


@dataclass
class Phase:
    """What came of asking for a while: milliseconds of every request by kind, and resident memory by the minute."""

    users: int
    seconds: float = 0.0
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    refused: int = 0
    memory: list[Memory] = field(default_factory=list)
    processor: float = 0.0

    def hears(self, name: str, response_time: float, exception: BaseException | None, **_: object) -> None:
        """One request has ended."""
        if isinstance(exception, Refused):
            self.refused += 1
        elif exception is not None:
            self.failed[f"{name}: {exception}"] += 1
        else:
            self.taken[name].append(response_time)


def _sequences(manifest: Manifest) -> list[list[Prompt]]:
    """The questions on each trial that the index holds."""
    held = sorted((one for one in prompts("report") if one.article in manifest.documents), key=_article)
    return [list(some) for _, some in groupby(held, key=_article)]


def _article(prompt: Prompt) -> str:
    return prompt.article


def _beside(home: Path, folder: Path) -> Path:
    """A home with the same snapshots and a copy of everything else."""
    own = folder / "home"
    shutil.copytree(home, own, ignore=shutil.ignore_patterns("snapshots"))
    (own / "snapshots").symlink_to((home / "snapshots").absolute())
    return own


@contextmanager
def _served(home: Path) -> Iterator[tuple[str, psutil.Popen]]:
    """The address of `sequitur serve` on a home, and its process, which has ended after the block."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    own = [f"SEQUITUR_HOME={home}", "SEQUITUR_RATE=0", f"SEQUITUR_QUEUE={QUEUE}"]
    command = ["env", *own, sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    with psutil.Popen(command, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + SECONDS_TO_START
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit("the service does not start")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", process
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _phase(users: int, seconds: int, process: psutil.Popen) -> Phase:
    """Let users ask for some seconds; memory is read at the start, each minute and at the end."""
    phase, environment = Phase(users), Environment(user_classes=[Asker], host=Asker.host)
    environment.events.request.add_listener(phase.hears)
    runner, began = environment.create_local_runner(), time.monotonic()
    worked = _worked(process)
    phase.memory.append(_memory(process))
    runner.start(users, spawn_rate=users)
    for done in range(0, seconds, 60):
        time.sleep(min(60, seconds - done))
        phase.memory.append(_memory(process))
    phase.seconds = time.monotonic() - began
    phase.processor = (_worked(process) - worked) / phase.seconds
    runner.quit()
    return phase


def _memory(process: psutil.Popen) -> Memory:
    """Resident memory."""
    found = process.memory_info()
    return Memory((found.rss - found.shared) / MEGABYTE, found.shared / MEGABYTE)


def _worked(process: psutil.Popen) -> float:
    """Seconds of processor time so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _waiting(address: str) -> float:
    """How many questions wait or are being answered when nobody asks any more."""
    time.sleep(2)
    told = urllib.request.urlopen(f"{address}/metrics").read().decode()
    return float(told.partition("\nsequitur_queue ")[2].split()[0])


def _report(
    arguments: argparse.Namespace, manifest: Manifest, phases: Sequence[Phase], left: float, status: int, kept: int
) -> None:
    steady, crowded, after = phases
    answers = sum(len(taken) for name, taken in steady.taken.items() if name.startswith("answer,"))
    requests = sum(map(len, steady.taken.values()))
    for phase in phases:
        print(dict(phase.failed), file=sys.stderr)
    body = "\n\n".join([
        f"{steady.users} users ask without a pause for {steady.seconds:.0f} s: {answers / steady.seconds:.2f} answers "
        f"and {requests / steady.seconds:.2f} requests a second, {sum(steady.failed.values())} errors, "
        f"{steady.refused} refused. The service used {steady.processor:.2f} cores; the users ran on the same machine.",
        table(("milliseconds", "n", "p50", "p95", "p99", "max"), [_row(*one) for one in sorted(steady.taken.items())]),
        f"Resident memory of its own by the minute, MB: {', '.join(f'{one.own:.0f}' for one in steady.memory)}; after "
        f"all, {after.memory[-1].own:.0f}; of mapped files, {steady.memory[0].mapped:.0f} at first and "
        f"{after.memory[-1].mapped:.0f} after all. The answers kept took {kept / MEGABYTE:.0f} MB of the catalogue.",
        f"Then, with room for {QUEUE} questions that wait:",
        table(("phase", "requests served", "503 with Retry-After", "other errors", "answer p50, ms"),
              [_crowd("too many ask", crowded), _crowd("few ask again", after)]),
        f"Questions left in the queue when nobody asked any more: {left:.0f}. "
        f"Exit status of the service, told to stop: {status}.",
    ])  # fmt: skip
    file_result("load", "The service under load", f"python -m benchmarks.load HOME --seconds {arguments.seconds} "
                f"--users {arguments.users}", f"{len(manifest.documents):,} trials, {manifest.passages:,} passages; "
                "questions of Evidence Inference on trials that no weight was fitted on", body)  # fmt: skip


def _row(name: str, taken: list[float]) -> tuple[object, ...]:
    return name, len(taken), *(f"{np.percentile(taken, p):.0f}" for p in (50, 95, 99)), f"{max(taken):.0f}"


def _crowd(name: str, phase: Phase) -> tuple[object, ...]:
    answers = [one for kind, taken in phase.taken.items() if kind.startswith("answer,") for one in taken]
    served, failed = sum(map(len, phase.taken.values())), sum(phase.failed.values())
    told = f"{name}: {phase.users} users, {phase.seconds:.0f} s"
    return told, served, phase.refused, failed, f"{np.median(answers):.0f}" if answers else "none"


if __name__ == "__main__":
    main()
