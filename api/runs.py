"""The evaluation runs of an installation, as `sequitur evaluate run` leaves them when no other folder is named."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from api.errors import NoRun, UnreadableRun
from assistant.evaluation.errors import BadRun
from assistant.evaluation.judgements import read_judgements
from assistant.evaluation.lines import read_value
from assistant.evaluation.record import Provenance, Summary
from assistant.evaluation.report.page import html
from assistant.evaluation.run_folder import PROVENANCE, SUMMARY, Run, is_finished, read_run
from assistant.evaluation.targets import TARGETS

_BESIDE = 20
"""Earlier runs whose measures a report shows beside its own."""
_State = tuple[tuple[str, int], ...]
"""The files of a run and when each was last written."""


@dataclass(frozen=True, slots=True)
class Glance:
    """A run without its cases, which may be many."""

    name: str
    provenance: Provenance
    summaries: tuple[Summary, ...]


@dataclass(frozen=True, slots=True)
class Runs:
    """The finished runs, newest first, and the names of those that cannot be read."""

    readable: tuple[Glance, ...]
    unreadable: tuple[str, ...]


def runs_folder(home: Path) -> Path:
    """Where runs are kept that were given no folder."""
    return home / "evaluation" / "runs"


def new_folder(home: Path, now: str) -> Path:
    """A folder for a run that was given none, named after the time."""
    return runs_folder(home) / datetime.fromisoformat(now).strftime("%Y-%m-%d-%H%M%S")


def runs(home: Path) -> Runs:
    """All that is there."""
    readable, unreadable = list[Glance](), list[str]()
    for name, folder in _folders(home).items():
        try:
            readable.append(_glance(folder))
        except UnreadableRun:
            unreadable.append(name)
    readable.sort(key=lambda one: (one.provenance.created, one.name), reverse=True)
    return Runs(tuple(readable), tuple(sorted(unreadable)))


def glance(home: Path, name: str) -> Glance:
    """A run by name; NoRun when there is none, or it was not finished."""
    return _glance(_folder(home, name))


def whole(home: Path, name: str) -> Run:
    """A run with its cases; NoRun when there is none, or it was not finished."""
    folder = _folder(home, name)
    with _readable(folder):
        return read_run(folder)


def report(home: Path, name: str) -> str:
    """The page of a run, with earlier runs beside it; kept, for it takes seconds to draw."""
    folder, run = _folder(home, name), glance(home, name)
    earlier = [one for one in runs(home).readable if one.provenance.created < run.provenance.created]
    with _DRAWING:
        return _page(folder, _state(folder), tuple(one.name for one in earlier[:_BESIDE]))


_DRAWING = threading.Lock()
"""One page is drawn at a time: it takes a core for seconds, and answers are given meanwhile."""


@lru_cache(maxsize=4)
def _page(folder: Path, state: _State, beside: tuple[str, ...]) -> str:
    """`state` tells that a run was made again, or judged, since its page was drawn."""
    past = (_glance(folder.with_name(name)) for name in beside)
    history = [Run(one.name, one.provenance, (), (), one.summaries) for one in past]
    with _readable(folder):
        return html(read_run(folder), history, TARGETS, read_judgements(folder))


def _state(folder: Path) -> _State:
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir()))


def _folder(home: Path, name: str) -> Path:
    """A name is looked up among the runs that there are, never joined to a path: so none leads out of their folder."""
    found = _folders(home).get(name)
    if found is None:
        raise NoRun(f"there is no finished run {name[:80]!r}; run a suite: sequitur evaluate run SUITE")
    return found


def _folders(home: Path) -> dict[str, Path]:
    """The folders of finished runs; a link may lead anywhere, so it is none."""
    return {path.name: path for path in _within(runs_folder(home)) if path.is_dir() and is_finished(path)}


def _within(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if not path.is_symlink())


def _glance(folder: Path) -> Glance:
    with _readable(folder):
        provenance = read_value(folder / PROVENANCE, Provenance)
        return Glance(folder.name, provenance, read_value(folder / SUMMARY, tuple[Summary, ...]))


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """Tell of a run that cannot be read by its name: where it lies is nobody's business over HTTP."""
    try:
        yield
    except BadRun as error:
        raise UnreadableRun(
            f"the run {folder.name} cannot be read; see what is wrong: sequitur evaluate report {folder.name}"
        ) from error
