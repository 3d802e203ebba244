"""Progress on standard error: a bar with rate and time left at a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

SECONDS_BETWEEN_LINES = 10.0


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "–/s")


@contextmanager
def shown(total: int | None) -> Iterator[Callable[[str, int], None]]:
    """A callback (stage, done) that shows each stage's progress out of `total`, None where nobody knows it."""
    if sys.stderr.isatty():
        with _bar(total) as report:
            yield report
    else:
        yield _lines(total)


@contextmanager
def _bar(total: int | None) -> Iterator[Callable[[str, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeElapsedColumn(),
               TextColumn("left"), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done)

        yield report


def _lines(total: int | None) -> Callable[[str, int], None]:
    started: dict[str, float] = {}
    last = time.monotonic()

    def report(stage: str, done: int) -> None:
        nonlocal last
        now = time.monotonic()
        begun = started.setdefault(stage, now)
        if now - last >= SECONDS_BETWEEN_LINES or (done == total and now - begun > 1):
            last = now
            rate = done / (now - begun) if now > begun else 0.0
            left = f", {(total - done) / rate:.0f} s left" if rate and total is not None else ""
            of = f"/{total}" if total is not None else ""
            print(f"{stage}: {done}{of}, {rate:.1f}/s{left}", file=sys.stderr, flush=True)

    return report
