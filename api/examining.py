"""What evaluations ask of this installation: its snapshot and rules, or an index of a public set's own documents."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from api.schemas import AnswerOut
from api.settings import Settings
from api.site_rules import site_rules
from api.thresholds import calibrated
from assistant.answer import Answer
from assistant.evaluation.adapters import AnySet, open_set
from assistant.evaluation.case import Suite, read_suite
from assistant.evaluation.entailment import EntailmentSupport
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.indexing import index_of
from assistant.evaluation.running import Examination, Setup
from assistant.evaluation.sets import FollowupSet
from assistant.evaluation.shipped import SUITES, suite_path
from assistant.evaluation.support import LexicalSupport
from assistant.rules import Rules
from corpus.catalogue.database import Catalogue
from indexer.home import folder_of, require_current
from indexer.snapshot import read_manifest

LIVE = "live"
"""For --over: the documents of this installation instead of a set's own."""

Report = Callable[[str, int], None]


def answer_json(answer: Answer) -> bytes:
    """The public JSON of an answer."""
    return AnswerOut.of(answer).model_dump_json().encode()


def open_content(spec: str) -> Suite | AnySet:
    """What a command line calls a suite: the name of a shipped one, a .jsonl file, or a public set as NAME:PATH."""
    if spec in SUITES:
        return read_suite(suite_path(spec))
    if spec.endswith(".jsonl"):
        return read_suite(Path(spec))
    if ":" in spec:
        return open_set(spec)
    raise BadSuite(f"{spec!r} is no suite; name one of {', '.join(SUITES)}, a .jsonl file, or a set as NAME:PATH")


def live_snapshot(settings: Settings) -> Path:
    """The folder of the snapshot that answers here: the one the settings name, else the live one."""
    return folder_of(settings.home, settings.snapshot or require_current(settings.home))


def rules_here(settings: Settings) -> Rules:
    """The rules by which this installation answers from its snapshot now."""
    encoder = read_manifest(live_snapshot(settings)).encoder
    return replace(sources_here(settings), enough=calibrated(settings.home, encoder))


def sources_here(settings: Settings) -> Rules:
    """The same, but for the threshold that was calibrated: which sources may be evidence."""
    manifest = read_manifest(live_snapshot(settings))
    catalogue = Catalogue.open(settings.database)
    with closing(catalogue):
        return site_rules(settings, catalogue, manifest)


def setup(settings: Settings, software: str, entailment: Path | None = None) -> Setup:
    """How questions are asked and judged; `entailment` is a model folder to judge support with."""
    support = LexicalSupport if entailment is None else partial(EntailmentSupport, entailment)
    return Setup(settings.encoder, support, answer_json, software)


def examinations(
    specs: Sequence[str], over: str | None, settings: Settings, software: str, report: Report
) -> tuple[Examination, ...]:
    """Each suite or set with the snapshot it is asked of, indexing the documents of sets where that has to be done.

    Suites and conversations are asked of this installation; the other sets of their own documents. `over` names what
    all are asked of instead: "live", or a set whose documents are taken.
    """
    contents = [open_content(spec) for spec in specs]
    names = [content.name for content in contents]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise BadSuite(f"more than one suite is called {', '.join(sorted(twice))}; ask them in runs of their own")
    return tuple(_examination(content, over, settings, software, report) for content in contents)


def _examination(
    content: Suite | AnySet, over: str | None, settings: Settings, software: str, report: Report
) -> Examination:
    """Documents of a public set have no reviews here: its questions are answered by the plain rules."""
    asked_of = open_content(over) if over is not None and over != LIVE else content
    if over == LIVE or (over is None and isinstance(asked_of, Suite | FollowupSet)):
        return Examination(content, live_snapshot(settings), rules_here(settings))
    if isinstance(asked_of, Suite | FollowupSet):
        raise BadSuite(f"--over {over}: it has no documents of its own; name a set that has, or {LIVE}")
    homes = settings.home / "evaluation" / "sets"
    return Examination(
        content, index_of(asked_of.name, asked_of.documents, homes, settings.encoder(), software, report)
    )
