"""A run folder: written line by line, so that a run that breaks off goes on where it was; read back as one value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.evaluation.errors import BadRun
from assistant.evaluation.lines import LineFile, read_lines, read_value, replace_value
from assistant.evaluation.record import Line, Provenance, Summary
from assistant.evaluation.score import Scored
from indexer.durable import remove_unfinished, replace_file, writing

PROVENANCE, CASES, SCORES, SUMMARY = "run.json", "cases.jsonl", "scores.jsonl", "summary.json"
_AGAIN = "run again with the same --out: what is done is kept"


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run. A baseline has no lines: provenance, scores and summaries are all that comparing needs."""

    name: str
    provenance: Provenance
    lines: tuple[Line, ...]
    scored: tuple[Scored, ...]
    summaries: tuple[Summary, ...]


def read_run(folder: Path) -> Run:
    """The run in a folder; BadRun when it is none, or was not finished."""
    provenance = read_value(folder / PROVENANCE, Provenance)
    if not (folder / SUMMARY).is_file():
        raise BadRun(
            f"{folder} holds a run that was not finished; finish it: sequitur evaluate run SUITE --out {folder}"
        )
    lines = tuple(read_lines(folder / CASES, Line)) if (folder / CASES).is_file() else ()
    scored = tuple(read_lines(folder / SCORES, Scored))
    return Run(folder.name, provenance, lines, scored, read_value(folder / SUMMARY, tuple[Summary, ...]))


def is_finished(folder: Path) -> bool:
    """Whether a folder holds a run with its summary, the last thing a run writes."""
    return (folder / PROVENANCE).is_file() and (folder / SUMMARY).is_file()


def write_baseline(run: Run, folder: Path) -> None:
    """Keep a run as a baseline: all but the answers, which are large and of no use for comparing.

    BadRun when the folder holds the answers of a run: they would stand beside the scores of this one.
    """
    if (folder / CASES).exists():
        raise BadRun(f"{folder} holds a run with its answers; name another folder for the baseline")
    with writing(folder, "write the baseline again"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SUMMARY).unlink(missing_ok=True)
        replace_value(folder / PROVENANCE, run.provenance)
        _finish(folder, run.scored, run.summaries)


class RunWriter:
    """Writes a run. What `add` returned for is on the disk; a torn last line is dropped when the run goes on."""

    def __init__(self, folder: Path, provenance: Provenance) -> None:
        """Begin a run, or go on with one of the same provenance but for the time; BadRun names what differs.

        BadRun also when another process writes the run: their lines would mix.
        """
        self.folder = folder
        if (folder / PROVENANCE).is_file():
            self.provenance = _gone_on_with(folder, provenance)
        else:
            self.provenance = provenance
            _begin(folder, provenance)
        self._lines = LineFile[Line](folder / CASES, Line, _AGAIN)

    @property
    def done(self) -> tuple[Line, ...]:
        """The lines that were there when this writer came."""
        return self._lines.done

    def add(self, line: Line) -> None:
        self._lines.add(line)

    def finish(self, scored: Sequence[Scored], summaries: Sequence[Summary]) -> None:
        """Write what the lines come to; the summary last, since it says that the run is whole."""
        with writing(self.folder, _AGAIN):
            _finish(self.folder, scored, summaries)

    def close(self) -> None:
        """Let others go on with the run; what could not be written, `add` has told."""
        self._lines.close()


def _begin(folder: Path, provenance: Provenance) -> None:
    if folder.exists() and (not folder.is_dir() or any(_foreign(folder))):
        raise BadRun(f"{folder} holds something that is no run; name a new folder with --out")
    with writing(folder, "run again"):
        folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(folder / PROVENANCE)
        replace_value(folder / PROVENANCE, provenance)


def _foreign(folder: Path) -> Iterator[Path]:
    """What stands in a folder, but for what a process left that was killed while it began a run."""
    return (path for path in folder.iterdir() if not path.name.startswith(f".{PROVENANCE}."))


def _gone_on_with(folder: Path, provenance: Provenance) -> Provenance:
    before = read_value(folder / PROVENANCE, Provenance)
    decides = (name for name in Provenance.__struct_fields__ if name != "created")
    differing = [name for name in decides if getattr(before, name) != getattr(provenance, name)]
    if differing:
        raise BadRun(f"{folder} holds a run with another {', '.join(differing)}; name a new folder with --out")
    return before


def _finish(folder: Path, scored: Sequence[Scored], summaries: Sequence[Summary]) -> None:
    replace_file(folder / SCORES, b"".join(msgspec.json.encode(one) + b"\n" for one in scored))
    replace_value(folder / SUMMARY, tuple(summaries))
