"""For evaluators: what a language model thinks of a run's answers. Advice: no score and no gate looks at it."""

from typing import Annotated

import typer

from api.cli.evaluate import Folder, app
from api.cli.progress import shown
from api.cli.session import ATTENTION, AsJson, note, now, say, say_json, software
from api.errors import BadSetting
from api.settings import JudgeServer, Settings
from assistant.evaluation.agreement import Agreement, agreements
from assistant.evaluation.chat import ChatModel
from assistant.evaluation.judge import judge_run, stating
from assistant.evaluation.judgements import Judgements
from assistant.evaluation.report.wording import number
from assistant.evaluation.run_folder import read_run

LISTED = 20
"""Missing judgements that are told; the folder holds all."""


@app.command()
def judge(
    folder: Folder,
    url: Annotated[
        str, typer.Option(help="The server, such as http://localhost:8000/v1; default: SEQUITUR_JUDGE_URL.")
    ] = "",
    model: Annotated[str, typer.Option(help="The model there; default: SEQUITUR_JUDGE_MODEL.")] = "",
    as_json: AsJson = False,
) -> None:
    """Have a language model say whether statements are supported and points conveyed. Optional, and advice only.

    Any OpenAI-compatible server; questions, answers, quoted spans and the key in SEQUITUR_JUDGE_KEY are sent to it.
    What it says is kept beside the run and shown in its report; no score and no gate looks at it. What breaks off is
    gone on with. Exit status 3 when the model gave no judgement of something.

    Example: sequitur evaluate judge run-1 --url http://localhost:8000/v1 --model judge-model
    """
    server = _server(Settings.from_environment().judge, url, model)
    run = read_run(folder)
    with (
        ChatModel(server.url, server.model, key=server.key) as asked,
        shown(len(tuple(stating(run.lines)))) as progress,
    ):
        found = judge_run(folder, asked, software(), now(), progress)
    compared = agreements(run, found)
    if as_json:
        say_json({"judge": found.record, "agreement": [_as_json(one) for one in compared], "missing": _missing(found)})
    for line in () if as_json else map(_line, compared):
        say(line)
    _tell_missing(_missing(found))
    raise typer.Exit(ATTENTION if _missing(found) else 0)


def _server(settings: JudgeServer, url: str, model: str) -> JudgeServer:
    """What is configured, and what the command line says instead."""
    chosen = JudgeServer(url or settings.url, model or settings.model, settings.key)
    if not chosen.url or not chosen.model:
        raise BadSetting(
            "no judge is named; give --url and --model, or set SEQUITUR_JUDGE_URL and SEQUITUR_JUDGE_MODEL"
        )
    return chosen


def _missing(found: Judgements) -> list[str]:
    return [reason for one in found.judgements for reason in one.missing]


def _tell_missing(missing: list[str]) -> None:
    for reason in missing[:LISTED]:
        note(f"No judgement: {reason}")
    if len(missing) > LISTED:
        note(f"And {len(missing) - LISTED} more.")


def _as_json(one: Agreement) -> dict[str, object]:
    """An agreement with what follows from its counts; what cannot be told is null."""
    counts = {name: getattr(one, name) for name in Agreement.__slots__}
    return {**counts, "share": one.share, "kappa": one.kappa}


def _line(one: Agreement) -> str:
    alike = one.both + one.neither
    return (
        f"{one.what}: model and check agree on {alike} of {one.judged} ({number(one.share)}), "
        f"kappa {number(one.kappa)}; {one.missing} without judgement"
    )
