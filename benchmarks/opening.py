"""How near the best sentence a vetted article's has to be to open an answer: python -m benchmarks.opening HOME.

HOME holds a live index of the starter corpus. Chosen on the fitting and the calibration questions, told of the others.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.evaluation.case import Case, read_suite
from assistant.evaluation.shipped import suite_path
from assistant.evidence import Evidence, gather
from assistant.extractive import ExtractiveSettings, draft
from benchmarks.shared import FITTING, file_result, table
from indexer.encoder import SentenceTransformerEncoder
from indexer.search import make_queries
from indexer.snapshot import Snapshot, open_current

CHOSEN_ON = (FITTING, suite_path("calibration"))
TOLD_OF = (suite_path("starter"), suite_path("refusals"))
NEVER = -1.0
"""No article's sentence is that much better than the best."""
WITHIN = (NEVER, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)

Asked = tuple[Case, Evidence]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    snapshot = open_current(arguments.home, encoder.identity)
    chosen_on, told_of = (
        [one for path in paths for one in _asked(path, snapshot, encoder)] for paths in (CHOSEN_ON, TOLD_OF)
    )
    kept = ExtractiveSettings().opens_within
    body = (
        "How often the first statement holds one of the facts that the answer must convey, by how far (in score units) "
        f"an article's sentence may be behind the best and still open the answer; {kept} is kept.\n\n"
        + table(
            ("within", f"chosen on: {len(chosen_on)} questions", "reciprocal rank of the first such statement"),
            [(_name(within), *_measured(chosen_on, within)) for within in WITHIN],
        )
        + "\n\n"
        + table(
            ("within", f"told of: {len(told_of)} questions of the shipped suites", "reciprocal rank"),
            [(_name(within), *_measured(told_of, within)) for within in (NEVER, kept)],
        )
    )
    file_result("opening", "What opens an answer", "python -m benchmarks.opening HOME",
                f"starter corpus, {snapshot.manifest.passages:,} passages", body)  # fmt: skip


def _asked(path: Path, snapshot: Snapshot, encoder: SentenceTransformerEncoder) -> Iterator[Asked]:
    """The single questions of a suite that have facts to convey, and are not refused."""
    for case in read_suite(path).cases:
        if case.is_answerable and case.nuggets and not case.history:
            article = snapshot.document(case.article) if case.article else None
            (query,) = make_queries([case.question], snapshot, encoder)
            evidence = gather(query, article, (), snapshot)
            if evidence.sufficiency.sufficient:
                yield case, evidence


def _measured(asked: Sequence[Asked], within: float) -> tuple[str, str]:
    ranks = [_rank(case, evidence, ExtractiveSettings(opens_within=within)) for case, evidence in asked]
    first, reciprocal = sum(rank == 1 for rank in ranks), sum(1 / rank for rank in ranks if rank)
    return f"{first / len(asked):.3f} ({first})", f"{reciprocal / len(asked):.3f}"


def _rank(case: Case, evidence: Evidence, settings: ExtractiveSettings) -> int:
    """The place of the first statement that holds a fact, from 1; 0 when none does."""
    told = enumerate((one.text for one in draft(evidence, settings)), start=1)
    holding = (place for place, text in told if any(fact.is_in(text) for fact in case.nuggets))
    return next(holding, 0)


def _name(within: float) -> str:
    return "never" if within == NEVER else str(within)


if __name__ == "__main__":
    main()
