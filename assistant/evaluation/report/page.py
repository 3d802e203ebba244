"""A run as one HTML file that needs nothing else: no network, no other files, and no script to be read."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.evaluation.judgements import Judgements
from assistant.evaluation.report import wording
from assistant.evaluation.report.cases import WORST, ScoredBy, scores_of
from assistant.evaluation.report.judged import shown_judge
from assistant.evaluation.report.measures import Reading
from assistant.evaluation.report.overview import made_with, verdict
from assistant.evaluation.report.suite import ShownSuite, shown_suite
from assistant.evaluation.run_folder import Run
from assistant.evaluation.verdict import in_words
from assistant.policy import disclaimer
from assistant.vancouver import EVIDENCE

_TEMPLATES = "templates"
_KINDS = {str(kind): words for kind, words in EVIDENCE.items()}


@dataclass(frozen=True, slots=True)
class _Asset:
    """A file that becomes part of the page, and what a Content Security Policy calls it."""

    text: Markup
    digest: str


def html(
    run: Run,
    history: Sequence[Run] = (),
    targets: Mapping[str, float] = MappingProxyType({}),
    judgements: Judgements | None = None,
) -> str:
    """The page of a run. `history` are other runs, of which those that can be compared are shown beside it.

    `targets` are least values by the measure's name, greatest where lower is better. `judgements` are a language
    model's, shown as advice. The same run gives the same bytes.
    """
    reading, scores = Reading(targets), scores_of(run.scored)
    suites = tuple(_suites(run, history, reading, scores))
    template = _environment().get_template("page.html.j2")
    return template.render(
        run=run,
        verdict=verdict(run),
        made_with=made_with(run.provenance),
        suites=suites,
        worst=WORST,
        judge=shown_judge(run, judgements) if judgements else None,
        disclaimer=disclaimer().text,
        style=_asset("report.css"),
        script=_asset("report.js"),
    )


def _suites(run: Run, history: Sequence[Run], reading: Reading, scores: ScoredBy) -> list[ShownSuite]:
    return [
        shown_suite(run, record, history, reading, scores, f"s{number}")
        for number, record in enumerate(run.provenance.suites, start=1)
    ]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assistant.evaluation.report", _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_legible,
    )
    environment.filters |= {
        "amount": wording.amount,
        "duration": wording.duration,
        "kind": lambda name: _KINDS.get(name, name),
        "words": in_words,
    }
    return environment


def _legible(value: object) -> object:
    """What an expression of a template gives: foreign text without what a page cannot hold. Markup is ours."""
    return wording.legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _asset(name: str) -> _Asset:
    text = files("assistant.evaluation.report").joinpath(_TEMPLATES, name).read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return _Asset(Markup(text), f"sha256-{digest}")
