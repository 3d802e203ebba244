"""`sequitur evaluate judge`: settings and options, what is told, and a key that nobody gets to see."""

import json
from pathlib import Path

import pytest

from api.settings import Settings
from assistant.evaluation.judgements import JUDGE, JUDGEMENTS
from tests.api.terminal import Terminal
from tests.corpus.connectors.serving import reply
from tests.model import KEY, MODEL, REQUESTS, FakeModel, completion, run_in

COMMANDS = ("suites", "check", "run", "compare", "report", "gate", "baseline", "calibrate", "fetch", "judge")


def configured(model: FakeModel, **others: str) -> dict[str, str]:
    settings = {"SEQUITUR_JUDGE_URL": f"{model.url}v1", "SEQUITUR_JUDGE_MODEL": MODEL, "SEQUITUR_JUDGE_KEY": KEY}
    return {**settings, **others}


def test_every_command_of_evaluate_is_there(empty: Terminal) -> None:
    shown = empty.run("evaluate", "--help").stdout
    assert [command for command in COMMANDS if f" {command} " not in shown] == []


def test_agreement_is_told_and_the_report_shows_it(empty: Terminal, tmp_path: Path) -> None:
    folder = run_in(tmp_path / "run")
    with FakeModel() as model:
        result = empty.run("evaluate", "judge", str(folder), **configured(model))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "Statement supported: model and check agree on 3 of 3 (1.000), kappa 1.000; 0 without judgement",
        "Point conveyed: model and check agree on 3 of 3 (1.000), kappa 1.000; 0 without judgement",
    ]
    assert model.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert empty.run("evaluate", "report", str(folder)).exit_code == 0
    assert "Opinion of a language model (advisory)" in (folder / "report.html").read_text()


def test_judgements_are_no_part_of_a_baseline_nor_of_the_gate(empty: Terminal, tmp_path: Path) -> None:
    folder, kept = run_in(tmp_path / "run"), tmp_path / "baseline"
    gate = (
        "evaluate",
        "gate",
        "--run",
        str(folder),
        "--baseline",
        str(kept),
        "--floors",
        str(tmp_path / "floors.json"),
    )
    (tmp_path / "floors.json").write_text('{"suite": {"statement_support": 0.1}}')
    assert empty.run("evaluate", "baseline", str(folder), str(kept)).exit_code == 0
    before = empty.run(*gate)
    with FakeModel(says=lambda prompt: '{"supported": "no"}') as model:
        empty.run("evaluate", "judge", str(folder), **configured(model))
    after = empty.run(*gate)
    assert (before.exit_code, after.exit_code) == (0, 0), before.output
    assert after.output == before.output
    assert empty.run("evaluate", "baseline", str(folder), str(kept)).exit_code == 0
    assert not {JUDGE, JUDGEMENTS} & {path.name for path in kept.iterdir()}


def test_options_go_before_settings(empty: Terminal, tmp_path: Path) -> None:
    folder = run_in(tmp_path / "run")
    with FakeModel() as configured_one, FakeModel() as model:
        options = ("--url", f"{model.url}v1", "--model", "another", "--json")
        result = empty.run("evaluate", "judge", str(folder), *options, **configured(configured_one))
    assert configured_one.asked == []
    assert {request["model"] for request in model.requests} == {"another"}
    told = json.loads(result.stdout)
    assert told["judge"]["model"] == "another"
    assert told["judge"]["server"] == model.url.rstrip("/")
    assert told["agreement"][0] == {
        "what": "Statement supported", "both": 2, "only_model": 0, "only_check": 0, "neither": 1, "missing": 0,
        "share": 1.0, "kappa": 1.0,
    }  # fmt: skip
    assert told["missing"] == []


def test_what_was_not_judged_is_told_and_asks_for_attention(empty: Terminal, tmp_path: Path) -> None:
    folder = run_in(tmp_path / "run")
    garbage = completion("I am sure\x1b[31m that it is \u202e fine.")
    with FakeModel(garbage, garbage) as model:
        result = empty.run("evaluate", "judge", str(folder), **configured(model))
        again = empty.run("evaluate", "judge", str(folder), **configured(model))
    assert (result.exit_code, again.exit_code) == (3, 3)
    assert "agree on 2 of 2 (1.000), kappa 1.000; 1 without judgement" in result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith(
        "No judgement: case right of suite, statement 1: the reply of judge-model is no judgement: I am"
    )
    assert not {"\x1b", "\u202e"} & set(result.output)
    assert again.output == result.output
    assert len(model.asked) == REQUESTS + 1


@pytest.mark.parametrize("left_out", ["SEQUITUR_JUDGE_URL", "SEQUITUR_JUDGE_MODEL"])
def test_without_a_server_or_model_both_ways_to_name_them_are_told(
    empty: Terminal, tmp_path: Path, left_out: str
) -> None:
    settings = {"SEQUITUR_JUDGE_URL": "http://localhost:9/v1", "SEQUITUR_JUDGE_MODEL": MODEL, left_out: ""}
    line = empty.fails("evaluate", "judge", str(tmp_path), **settings)
    assert all(name in line for name in ("--url", "--model", "SEQUITUR_JUDGE_URL", "SEQUITUR_JUDGE_MODEL"))


def test_a_folder_that_is_no_run(empty: Terminal, tmp_path: Path) -> None:
    with FakeModel() as model:
        assert "no run folder" in empty.fails("evaluate", "judge", str(tmp_path), **configured(model))
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_of_the_server_is_one_line_without_the_key(empty: Terminal, tmp_path: Path) -> None:
    folder = run_in(tmp_path / "run")
    with FakeModel(*[reply(f"bad key {KEY}", 401)] * 2) as model:
        line = empty.fails("evaluate", "judge", str(folder), **configured(model))
        damaged = empty.fails("evaluate", "judge", str(folder), **configured(model, SEQUITUR_JUDGE_KEY=f"{KEY} "))
    assert "bad key [key]" in line
    assert "check it for spaces" in damaged
    assert KEY not in line + damaged
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_the_key_is_not_shown_with_the_settings() -> None:
    settings = Settings.from_environment({"SEQUITUR_HOME": "home", "SEQUITUR_JUDGE_KEY": KEY})
    assert settings.judge.key == KEY
    assert KEY not in repr(settings)
