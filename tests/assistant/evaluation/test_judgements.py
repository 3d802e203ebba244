"""Judgements beside a run: what they were made with, gone on with after a kill, and no part of its scores."""

import json
import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import msgspec
import pytest

from assistant.evaluation.errors import BadRun, JudgeFailed
from assistant.evaluation.gate import faults
from assistant.evaluation.judge import PROMPTS, judge_run
from assistant.evaluation.judgements import (
    JUDGE,
    JUDGEMENTS,
    Conveyed,
    Judgement,
    Judgements,
    JudgeRecord,
    Supported,
    cases_digest,
    read_judgements,
)
from assistant.evaluation.prompting import shipped_prompt
from assistant.evaluation.run_folder import read_run, write_baseline
from tests.corpus.connectors.serving import Answer, reply
from tests.model import KEY, MODEL, NUGGETS, REQUESTS, SPAN, FakeModel, completion, data_of, opinion, run_in
from tests.reported import ranked

ROOT = Path(__file__).parents[3]
TIME, LATER = "2026-01-02T03:04:05+00:00", "2026-03-04T05:06:07+00:00"
YES, NO = Supported.YES, Supported.NO
RIGHT = Judgement("suite", "right", (YES,), (Conveyed.YES, Conveyed.PARTLY, Conveyed.NO), (), "judge-model-2026")
WRONG = Judgement("suite", "wrong", (YES, NO), (), (), "judge-model-2026")


def judged(folder: Path, model: FakeModel, created: str = TIME) -> Judgements:
    with model.chat() as chat:
        return judge_run(folder, chat, "sequitur 0", created)


def test_each_statement_and_each_nugget_of_what_states_something_is_judged(tmp_path: Path) -> None:
    with FakeModel() as model:
        found = judged(run_in(tmp_path), model)
    assert found.judgements == (RIGHT, WRONG)
    assert len(model.asked) == REQUESTS
    assert read_judgements(tmp_path) == found


def test_what_is_asked_is_the_statement_and_its_spans_as_they_were_looked_up(tmp_path: Path) -> None:
    with FakeModel() as model:
        judged(run_in(tmp_path), model)
    points = {str(number): nugget.text for number, nugget in enumerate(NUGGETS, start=1)}
    assert [data_of(prompt) for prompt in model.prompts] == [
        {"statement": SPAN, "passages": [SPAN]},
        {"question": "Which dose?", "answer": [SPAN], "points": points},
        {"statement": "Rest.", "passages": ["Rest."]},
        {"statement": "Give 900 mg daily in gout.", "passages": [SPAN]},
    ]


def test_model_server_prompts_program_and_answers_are_recorded(tmp_path: Path) -> None:
    with FakeModel() as model:
        record = judged(run_in(tmp_path), model).record
    digests = {name: shipped_prompt(name).digest for name in PROMPTS}
    assert record == JudgeRecord(TIME, "sequitur 0", MODEL, model.url.rstrip("/"), digests, cases_digest(tmp_path))
    assert msgspec.json.decode((tmp_path / JUDGE).read_bytes(), type=JudgeRecord) == record


def test_scores_and_gate_see_nothing_of_it(tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in run_in(tmp_path).iterdir()}
    run = read_run(tmp_path)
    with FakeModel(says=lambda prompt: '{"supported": "no"}') as model:
        judged(tmp_path, model)
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert after.keys() - before.keys() == {JUDGE, JUDGEMENTS}
    assert {name: after[name] for name in before} == before
    assert read_run(tmp_path) == run
    floors = {"suite": {"statement_support": 0.5}}
    assert faults(read_run(tmp_path), run, floors) == faults(run, run, floors)


def kinds(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name in (JUDGE, JUDGEMENTS)}


SAID = (completion('{"supported": "yes"}'), completion('{"conveyed": {}}'))


@pytest.mark.parametrize(
    "answer", [reply("no such model", 404), reply("", 429, Retry_After="9999")], ids=["refused", "busy"]
)
def test_a_server_that_gives_up_ends_it_and_what_was_judged_stays(tmp_path: Path, answer: Answer) -> None:
    with FakeModel(*SAID, answer) as model:
        with pytest.raises(JudgeFailed, match=model.url.rstrip("/")):
            judged(run_in(tmp_path), model)
        kept = read_judgements(tmp_path)
        assert kept is not None
        assert [one.case for one in kept.judgements] == ["right"]
        found = judged(tmp_path, model, LATER)
    assert [one.case for one in found.judgements] == ["right", "wrong"]
    assert found.judgements[0] == kept.judgements[0]
    assert found.record.created == TIME
    assert len(model.asked) == 3 + 2


KILLED = """
import sys
from pathlib import Path
from assistant.evaluation.chat import ChatModel
from assistant.evaluation.judge import judge_run

with ChatModel(sys.argv[1], sys.argv[2]) as chat:
    judge_run(Path(sys.argv[3]), chat, "sequitur 0", "2026-01-02T03:04:05+00:00")
"""


def test_a_process_killed_while_it_asks_is_gone_on_with(tmp_path: Path) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def kill(handler: BaseHTTPRequestHandler) -> None:
        os.kill(started[0].pid, signal.SIGKILL)
        handler.close_connection = True

    run_in(tmp_path)
    with FakeModel() as model:
        own = model.answers[0]
        model.answers[:] = [own, own, own, kill, own]
        command = [sys.executable, "-c", KILLED, f"{model.url}v1", MODEL, str(tmp_path)]
        started.append(subprocess.Popen(command, cwd=ROOT))
        assert started[0].wait(120) == -signal.SIGKILL
        with (tmp_path / JUDGEMENTS).open("ab") as torn:
            torn.write(b'{"suite":"suite","case":"wro')
        kept = read_judgements(tmp_path)
        assert kept is not None
        assert kept.judgements == (RIGHT,)
        assert judged(tmp_path, model, LATER).judgements == (RIGHT, WRONG)
        assert judged(tmp_path, model, LATER).judgements == (RIGHT, WRONG)
    assert len(model.asked) == 4 + 2


def test_progress_counts_what_was_done_before(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []
    with FakeModel() as model, model.chat() as chat:
        judge_run(run_in(tmp_path), chat, "sequitur 0", TIME, lambda stage, done: seen.append((stage, done)))
    assert seen == [("cases", 1), ("cases", 2)]


def test_judgements_of_another_model_are_not_gone_on_with(tmp_path: Path) -> None:
    with FakeModel() as model:
        judged(run_in(tmp_path), model)
        before = (tmp_path / JUDGEMENTS).read_bytes()
        told = rf"judgements with another software; remove {JUDGE} and {JUDGEMENTS}"
        with pytest.raises(BadRun, match=told), model.chat() as chat:
            judge_run(tmp_path, chat, "sequitur 1", TIME)
    assert (tmp_path / JUDGEMENTS).read_bytes() == before


def test_judgements_of_other_answers_are_not_shown(tmp_path: Path) -> None:
    with FakeModel() as model:
        judged(run_in(tmp_path), model)
    cases = (tmp_path / "cases.jsonl").read_bytes()
    (tmp_path / "cases.jsonl").write_bytes(cases.replace(b"Rest.", b"Run."))
    with pytest.raises(BadRun, match="judgements of other answers"):
        read_judgements(tmp_path)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    with FakeModel() as model:
        judged(run_in(tmp_path), model)
    whole = (tmp_path / JUDGEMENTS).read_bytes()
    (tmp_path / JUDGEMENTS).write_bytes(whole.replace(b'"yes"', b'"maybe"', 1))
    with pytest.raises(BadRun, match=rf"{JUDGEMENTS}, line 1: .*; remove {JUDGE} and {JUDGEMENTS}, and judge again"):
        read_judgements(tmp_path)


def test_what_holds_nothing_to_judge_is_refused_and_left_alone(tmp_path: Path) -> None:
    retrieval, baseline = run_in(tmp_path / "retrieval", [ranked()]), tmp_path / "baseline"
    write_baseline(read_run(run_in(tmp_path / "run")), baseline)
    with FakeModel() as model:
        for folder in (retrieval, baseline):
            with pytest.raises(BadRun, match=f"{folder} holds no answer that states something"):
                judged(folder, model)
            assert kinds(folder) == set()
        with pytest.raises(BadRun, match="no run folder"):
            judged(tmp_path / "none", model)
    assert model.asked == []
    assert read_judgements(retrieval) is None


def test_the_key_is_in_no_file(tmp_path: Path) -> None:
    says = {"supported": KEY, "conveyed": KEY}
    with FakeModel(says=lambda prompt: json.dumps(says | {"prompt": opinion(prompt)})) as model:
        found = judged(run_in(tmp_path), model)
    assert all(one.missing for one in found.judgements)
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.iterdir())
