"""A language model's judgements as a page shows them: as advice, with the model and prompts they come from."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.evaluation.agreement import Agreement, agreements
from assistant.evaluation.judge import stating
from assistant.evaluation.judgements import Conveyed, Judgement, Judgements, Supported
from assistant.evaluation.report.wording import number, when
from assistant.evaluation.run_folder import Run

_SUPPORTED = {Supported.YES: "supported", Supported.NO: "not supported", None: "no judgement"}
_CONVEYED = {
    Conveyed.YES: "conveyed", Conveyed.PARTLY: "partly conveyed", Conveyed.NO: "not conveyed", None: "no judgement",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownAgreement:
    """A row of the table of agreement, in words."""

    counts: Agreement
    share: str
    kappa: str


@dataclass(frozen=True, slots=True)
class ShownOpinion:
    """What the model said of a case, in words: of the statements in their order, of nuggets by their text."""

    supported: tuple[str, ...]
    conveyed: Mapping[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownJudge:
    """What judged, (what, value) by (what, value), how far it agrees with the checks, and its opinions by suite and
    case."""

    made_with: tuple[tuple[str, str], ...]
    agreements: tuple[ShownAgreement, ...]
    opinions: Mapping[tuple[str, str], ShownOpinion]


def shown_judge(run: Run, judgements: Judgements) -> ShownJudge:
    """The judgements of a run for its page."""
    by_case = judgements.by_case()
    nuggets = {(line.suite, line.id): [nugget.text for nugget in line.case.nuggets] for line in stating(run.lines)}
    return ShownJudge(
        _made_with(judgements),
        tuple(ShownAgreement(one, number(one.share), number(one.kappa)) for one in agreements(run, judgements)),
        {key: _opinion(by_case[key], texts) for key, texts in nuggets.items() if key in by_case},
    )


def _made_with(judgements: Judgements) -> tuple[tuple[str, str], ...]:
    record = judgements.record
    called = dict.fromkeys(one.answered_by for one in judgements.judgements if one.answered_by)
    return (
        ("Model", record.model),
        *((("Called by its server", ", ".join(called)),) if called else ()),
        ("Server", record.server),
        *((f"Prompt: {name}", digest) for name, digest in record.prompts.items()),
        ("Judged", when(record.created)),
        ("Program", record.software),
    )


def _opinion(judgement: Judgement, nuggets: list[str]) -> ShownOpinion:
    return ShownOpinion(
        tuple(_SUPPORTED[one] for one in judgement.supported),
        {text: _CONVEYED[one] for text, one in zip(nuggets, judgement.conveyed, strict=True)},
        judgement.missing,
    )
