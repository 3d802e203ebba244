"""A language model's opinion of the answers of a run: optional, and advice. No score and no gate looks at it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from assistant.evaluation.chat import ChatModel
from assistant.evaluation.errors import BadRun, JudgeFailed
from assistant.evaluation.judgements import (
    Conveyed,
    Judgement,
    Judgements,
    JudgementWriter,
    JudgeRecord,
    Supported,
    cases_digest,
    read_judgements,
)
from assistant.evaluation.prompting import shipped_prompt
from assistant.evaluation.record import Answered, Line
from assistant.evaluation.run_folder import read_run

PROMPTS = ("statement", "points")
LONGEST = 20_000
"""Characters of a prompt: some 5,000 tokens. By longer ones nothing is asked: half of a span is another span."""
LONGEST_REPLY = 10_000
ASKED = 2
"""How often the same is asked when the reply cannot be read."""
_FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL)

_Opinion = TypeVar("_Opinion")
Progress = Callable[[str, int], None]


class NoJudgement(JudgeFailed):
    """The model gave no judgement of something that it was asked of; the message names the case."""


class _Statement(msgspec.Struct, forbid_unknown_fields=True):
    supported: Supported


class _Points(msgspec.Struct, forbid_unknown_fields=True):
    conveyed: dict[str, Conveyed]


def judge_run(
    folder: Path, model: ChatModel, software: str, created: str, progress: Progress = lambda stage, done: None
) -> Judgements:
    """Have a model judge each answered case of a finished run, and keep that beside it; what was judged before stays.

    BadRun when the folder holds no such run, or judgements of another model. JudgeFailed when the server gives up.
    """
    answered = tuple(stating(read_run(folder).lines))
    if not answered:
        raise BadRun(f"{folder} holds no answer that states something; there is nothing to judge")
    prompts = {name: shipped_prompt(name).digest for name in PROMPTS}
    record = JudgeRecord(created, software, model.model, model.server, prompts, cases_digest(folder))
    with closing(JudgementWriter(folder, record)) as writer:
        kept = {(one.suite, one.case) for one in writer.done}
        left = [line for line in answered if (line.suite, line.id) not in kept]
        for done, line in enumerate(left, start=len(answered) - len(left) + 1):
            writer.add(judgement(line, model))
            progress("cases", done)
    found = read_judgements(folder)
    assert found is not None
    return found


def stating(lines: Iterable[Line]) -> Iterator[Answered]:
    """The cases that are judged: those whose answer states something."""
    return (line for line in lines if isinstance(line, Answered) and line.told.statements)


def judgement(line: Answered, model: ChatModel) -> Judgement:
    """What the model says of a case. What it gave no judgement of is missing, with the reason; nothing is guessed.

    Each statement is asked of by itself, so that no text can speak for another. JudgeFailed when the server gives up.
    """
    numbers = range(1, len(line.told.statements) + 1)
    statements = [_tried(partial(supported, line, number, model)) for number in numbers]
    points, failed = _tried(partial(conveyed, line, model))
    given = [(points or {}).get(number) for number in range(1, len(line.case.nuggets) + 1)]
    left_out = [str(number) for number, one in enumerate(given, start=1) if one is None]
    if left_out and not failed:
        failed = (f"{_subject(line)}: the reply leaves out point {', '.join(left_out)}",)
    return Judgement(
        suite=line.suite,
        case=line.id,
        supported=tuple(opinion for opinion, _ in statements),
        conveyed=tuple(given),
        missing=(*(reason for _, reasons in statements for reason in reasons), *failed),
        answered_by=model.reported,
    )


def supported(line: Answered, number: int, model: ChatModel) -> Supported:
    """Whether statement `number` (from 1) is supported by the spans that it cites, as they were looked up."""
    subject = f"{_subject(line)}, statement {number}"
    spans = [one.span for one in line.verified if one.statement == number - 1 and one.span is not None]
    if not spans:
        raise NoJudgement(f"{subject} cites nothing that is there; nothing is asked")
    data = {"statement": line.told.statements[number - 1].text, "passages": spans}
    return _asked(model, "statement", data, lambda said: _read(said, _Statement).supported, subject)


def conveyed(line: Answered, model: ChatModel) -> dict[int, Conveyed]:
    """How far the answer conveys each nugget, by its number (from 1); not all, where the reply leaves some out."""
    points = {str(number): nugget.text for number, nugget in enumerate(line.case.nuggets, start=1)}
    if not points:
        return {}
    told = line.told
    data = {"question": told.read_as, "answer": [one.text for one in told.statements], "points": points}

    def read(said: str) -> dict[int, Conveyed]:
        given = _read(said, _Points).conveyed
        if unknown := set(given) - set(points):
            raise ValueError(f"no point is numbered {', '.join(sorted(unknown))}")
        return {int(number): one for number, one in given.items()}

    return _asked(model, "points", data, read, _subject(line))


def _tried(ask: Callable[[], _Opinion]) -> tuple[_Opinion | None, tuple[str, ...]]:
    """An opinion, or why there is none."""
    try:
        return ask(), ()
    except NoJudgement as reason:
        return None, (str(reason),)


def _asked(model: ChatModel, prompt: str, data: object, read: Callable[[str], _Opinion], subject: str) -> _Opinion:
    """What `read` makes of the model's reply; NoJudgement when it can make nothing of ASKED replies."""
    written = shipped_prompt(prompt).rendered(data)
    if len(written) > LONGEST:
        raise NoJudgement(f"{subject}: the prompt has more than {LONGEST:,} characters; nothing is asked")
    said = ""
    for _ in range(ASKED):
        said = model.reply(written)
        try:
            return read(said)
        except (ValueError, msgspec.DecodeError):
            continue
    raise NoJudgement(f"{subject}: the reply of {model.model} is no judgement: {model.public(said) or 'it is empty'}")


def _read(said: str, kind: type[_Opinion]) -> _Opinion:
    """A reply that is one JSON object of the kind, alone or in one code block; ValueError or DecodeError when not."""
    if len(said) > LONGEST_REPLY:
        raise ValueError("the reply is longer than any judgement")
    stripped = said.strip()
    fenced = _FENCED.fullmatch(stripped)
    body = fenced[1] if fenced else stripped
    found = msgspec.json.decode(body, type=kind)
    json.loads(body, object_pairs_hook=_once)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of an object; ValueError when it says something twice, which one reader takes for the first and
    another for the last."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("the reply says something twice")
    return fields


def _subject(line: Answered) -> str:
    return f"case {line.id} of {line.suite}"
