"""The quality gate: a command of the site's that looks at a snapshot before it goes live."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

_REPORT_CHARACTERS = 20_000
"""The end of what a gate prints is kept: reports tell their result last."""
_REPORT_BYTES = 4 * _REPORT_CHARACTERS
"""As many as the characters of a report can be in UTF-8."""
NOT_RUN = 127
"""The exit status of a gate that could not be started, as a shell has it."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """How a gate ended, and what it printed (its end, standard output and error together)."""

    command: str
    status: int
    report: str

    @property
    def passed(self) -> bool:
        return self.status == 0


def run_gate(command: Sequence[str], environment: Mapping[str, str]) -> GateResult:
    """Run a gate; only exit status 0 passes."""
    shown = shlex.join(command)
    try:
        running = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        return GateResult(shown, NOT_RUN, f"it could not be started: {error}")
    with running, ExitStack() as undo:
        undo.callback(running.kill)
        printed = _end(running.stdout)
        undo.pop_all()
    report = printed.decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return GateResult(shown, running.returncode, report[-_REPORT_CHARACTERS:])


def _end(stream: IO[bytes] | None) -> bytes:
    """The last bytes, of which there may be any number, that are enough for the report."""
    kept = b""
    while stream and (block := stream.read(_REPORT_BYTES)):
        kept = (kept + block)[-_REPORT_BYTES:]
    return kept
