"""A calibrated threshold decides what is answered here, now and when an answer is given again."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.desk import Request
from api.errors import BadSetting
from api.examining import rules_here, sources_here
from api.settings import Settings
from api.thresholds import basis_of, calibrated, thresholds_path
from assistant.rules import Rules
from tests.api.evaluating import encoder_of, put_threshold
from tests.api.terminal import Terminal
from tests.tiny import GOUT

QUESTION = f"{next(iter(GOUT.cited))[:-1]}?"
UNANSWERABLE = "Does natalizumab help in pellagra?"


def ask(terminal: Terminal, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(terminal.run("ask", "--json", question).stdout)
    return answer


def test_it_decides_what_is_answered_and_without_it_the_fitted_one_does(copied: Terminal) -> None:
    assert [ask(copied, one)["outcome"] for one in (QUESTION, UNANSWERABLE)] == ["answered", "insufficient_evidence"]
    path = put_threshold(copied.home, 1.0)
    assert ask(copied, QUESTION)["outcome"] == "insufficient_evidence"
    put_threshold(copied.home, 0.0)
    assert ask(copied, UNANSWERABLE)["outcome"] == "answered"
    path.unlink()
    assert [ask(copied, one)["outcome"] for one in (QUESTION, UNANSWERABLE)] == ["answered", "insufficient_evidence"]


def test_an_answer_is_given_again_by_the_threshold_of_its_time(copied: Terminal) -> None:
    """Byte for byte, whatever was calibrated since."""
    put_threshold(copied.home, 1.0)
    refused = copied.run("ask", "--json", QUESTION).stdout
    path = put_threshold(copied.home, 0.0)
    answered = copied.run("ask", "--json", UNANSWERABLE).stdout
    path.unlink()
    for said, outcome in ((refused, "insufficient_evidence"), (answered, "answered")):
        assert json.loads(said)["outcome"] == outcome
        again = copied.run("replay", json.loads(said)["id"])
        assert (again.exit_code, again.stdout, again.stderr) == (0, said, "")


def test_evaluations_ask_by_it_too(copied: Terminal) -> None:
    settings = Settings.from_environment({"SEQUITUR_HOME": str(copied.home)})
    assert rules_here(settings) == sources_here(settings) == Rules()
    put_threshold(copied.home, 0.25)
    assert (rules_here(settings).enough, sources_here(settings).enough) == (0.25, None)


@pytest.mark.parametrize("change", ["encoder", "model"])
def test_of_another_encoder_or_model_it_means_nothing_and_is_refused(copied: Terminal, change: str) -> None:
    basis = basis_of(encoder_of(copied.home))
    other = basis.replace("@", "@0", 1) if change == "encoder" else f"{basis[:-1]}x"
    path = put_threshold(copied.home, 0.5, basis=other)
    line = copied.fails("ask", QUESTION)
    for named in (str(path), basis, other, "sequitur evaluate calibrate", "remove it"):
        assert named in line


def test_the_basis_names_encoder_and_model(built: Terminal) -> None:
    encoder = encoder_of(built.home)
    assert basis_of(encoder).startswith(f"{encoder.name}@{encoder.revision[:12]} ")
    assert basis_of(replace(encoder, revision="0" * 64)) != basis_of(encoder)


@pytest.mark.parametrize("written", [
    b"", b"{", b"[]", b"\xff\xfe", b'{"enough": 0.5}', "more", "high", "low",
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_answered(copied: Terminal, written: bytes | str) -> None:
    path = put_threshold(copied.home, {"high": 2.0, "low": -0.1}.get(str(written), 0.5))
    if written == "more":
        written = path.read_bytes()[:-1] + b', "another": 1}'
    if isinstance(written, bytes):
        path.write_bytes(written)
    line = copied.fails("ask", QUESTION)
    assert f"{path} cannot be read" in line
    assert "calibrate again" in line


def test_a_folder_in_its_place_is_named(tmp_path: Path, built: Terminal) -> None:
    thresholds_path(tmp_path).mkdir()
    with pytest.raises(BadSetting, match=r"thresholds\.json cannot be read"):
        calibrated(tmp_path, encoder_of(built.home))
    thresholds_path(tmp_path).rmdir()
    assert calibrated(tmp_path, encoder_of(built.home)) is None


def test_the_request_that_is_kept_names_it(copied: Terminal) -> None:
    put_threshold(copied.home, 0.125)
    given = ask(copied, QUESTION)["id"]
    connection = sqlite3.connect(copied.home / "catalogue.db")
    (request,) = connection.execute("SELECT request FROM answer WHERE id = ?", (given,)).fetchone()
    connection.close()
    assert msgspec.json.decode(request, type=Request).rules.enough == 0.125
