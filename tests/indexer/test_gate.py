"""The quality gate: only exit status 0 passes, and what was printed can be kept whatever it was."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from indexer.gate import NOT_RUN, GateResult, run_gate

KEPT = 20_000


def gate(script: str, environment: Mapping[str, str] | None = None) -> GateResult:
    return run_gate([sys.executable, "-c", script], environment or {})


@pytest.mark.parametrize(("script", "status"), [("", 0), ("raise SystemExit(3)", 3), ("raise SystemExit(1)", 1)])
def test_only_exit_status_0_passes(script: str, status: int) -> None:
    found = gate(script)
    assert (found.status, found.passed) == (status, status == 0)


def test_a_gate_that_is_killed_does_not_pass() -> None:
    found = gate("import os, signal; print('so far', flush=True); os.kill(os.getpid(), signal.SIGKILL)")
    assert (found.status, found.passed, found.report) == (-9, False, "so far\n")


@pytest.mark.parametrize("program", ["/nowhere/gate", "no-such-program-on-any-path"])
def test_a_program_that_is_not_there_does_not_pass(program: str) -> None:
    found = run_gate([program, "--all"], {"PATH": ""})
    assert (found.status, found.passed, found.command) == (NOT_RUN, False, f"{program} --all")
    assert "No such file" in found.report


def test_a_file_that_is_no_program_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "gate"
    path.write_bytes(b"\x7fELF nonsense")
    assert run_gate([str(path)], {}).status == NOT_RUN
    path.chmod(0o700)
    assert run_gate([str(path)], {}).status == NOT_RUN


def test_both_streams_are_in_the_report_in_their_order() -> None:
    script = "import os; os.write(1, b'one '); os.write(2, b'two '); os.write(1, b'three'); raise SystemExit(3)"
    assert gate(script).report == "one two three"


def test_what_is_no_text_is_shown_as_far_as_it_is_and_can_be_kept() -> None:
    """PostgreSQL keeps no NUL, and no database a lone surrogate."""
    report = gate(r"import os; os.write(1, b'nDCG \x00\xff\xfe fell \xc3\xa4')").report
    assert report.startswith("nDCG ")
    assert report.endswith(" fell ä")
    assert "\0" not in report
    report.encode()


def test_the_end_of_a_long_report_is_kept() -> None:
    """Reports tell their result last; neither memory nor the catalogue is to be filled by the rest."""
    found = gate("import sys; [sys.stdout.write('ä' * 1_000_000) for _ in range(20)]; print('\\nREFUSED')")
    assert len(found.report) == KEPT
    assert found.report.endswith("ä\nREFUSED\n")
    assert "�" not in found.report


def test_exactly_the_environment_given_is_passed_on() -> None:
    script = "import os; print(sorted(name for name in os.environ if name != 'LC_CTYPE'))"
    assert gate(script, {"SEQUITUR_SNAPSHOT": "abc", "X": "1"}).report == "['SEQUITUR_SNAPSHOT', 'X']\n"


def test_nothing_can_be_read_from_whoever_promotes() -> None:
    assert gate("import sys; print(repr(sys.stdin.read()))").report == "''\n"


def test_the_command_is_told_as_a_shell_would_take_it() -> None:
    assert run_gate(["/bin/true", "a b", "c"], {}).command == "/bin/true 'a b' c"
