"""Are patient identifiers noticed, and ordinary questions let through? python -m benchmarks.identifiers.

questions/identifiers.jsonl: questions written before the rules and split by their number; the rules were made with the
`develop` half in view. README.md says who wrote what and how often the `test` half was seen.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answer import Outcome
from assistant.evaluation.case import Case, Split, read_suite
from assistant.evaluation.shipped import suite_path
from assistant.identifiers import IdentifierKind, identifiers, kinds
from benchmarks.shared import FITTING, QUESTIONS, file_result, rate, records, table

SET = QUESTIONS / "identifiers.jsonl"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the kinds that it holds, and the kinds that were noticed in it."""

    text: str
    holds: frozenset[IdentifierKind]
    noticed: frozenset[IdentifierKind]


def asked(text: str, holds: Iterable[IdentifierKind] = ()) -> Asked:
    return Asked(text, frozenset(holds), frozenset(kinds(identifiers(text))))


def halves() -> dict[Split, list[Asked]]:
    """The questions of our set by the half they are in."""
    found: dict[Split, list[Asked]] = {Split.DEVELOP: [], Split.TEST: []}
    for one in map(json.loads, SET.read_text("utf-8").splitlines()):
        found[Split(one["split"])].append(asked(one["text"], map(IdentifierKind, one["kinds"])))
    return found


def stopped(questions: Sequence[Asked]) -> str:
    return rate(sum(bool(one.noticed) for one in questions), len(questions))


def totals(half: Sequence[Asked]) -> list[str]:
    """Of the questions with identifiers those stopped, and those told all of their kinds and no other; false alarms."""
    positive = [one for one in half if one.holds]
    exact = sum(one.noticed == one.holds for one in positive)
    return [stopped(positive), rate(exact, len(positive)), stopped([one for one in half if not one.holds])]


def of_kind(kind: IdentifierKind, half: Sequence[Asked]) -> tuple[str, str]:
    """Of the questions that hold a kind, those where it was noticed; of those where it was, those that hold it."""
    both = sum(kind in one.holds & one.noticed for one in half)
    held, noticed = (
        sum(kind in of for of in ofs) for ofs in zip(*((one.holds, one.noticed) for one in half), strict=True)
    )
    return rate(both, held), rate(both, noticed)


def _is_identifying(case: Case) -> bool:
    return Outcome.PATIENT_IDENTIFIERS in case.outcomes


def of_others() -> list[tuple[str, str]]:
    """Sets that were not written for this."""
    starter, refusals = (read_suite(suite_path(name)).cases for name in ("starter", "refusals"))
    fitting = read_suite(FITTING).cases
    written = [*starter, *refusals]
    sets = {
        "starter and refusals suites, hold identifiers (seen)": [c.question for c in written if _is_identifying(c)],
        "starter suite, the rest": [c.question for c in starter if not _is_identifying(c)],
        "refusals suite, the rest": [c.question for c in refusals if not _is_identifying(c)],
        "fitting questions, hold identifiers (seen)": [c.question for c in fitting if _is_identifying(c)],
        "fitting questions, the rest (seen)": [c.question for c in fitting if not _is_identifying(c)],
        "MedQuAD, every 10th": [one["question"] for one in records("medquad", "medquad.jsonl.zst")][7::10],
    }
    return [(name, stopped(list(map(asked, texts)))) for name, texts in sets.items()]


def main() -> None:
    found = halves()
    names = (
        "with identifiers: stopped",
        "with identifiers: exactly their kinds told",
        "without: stopped (false alarms)",
    )
    by_half = {half: totals(questions) for half, questions in found.items()}
    overall = [(name, *(by_half[half][n] for half in found)) for n, name in enumerate(names)]
    by_kind = [
        (kind, *of_kind(kind, found[Split.DEVELOP]), *of_kind(kind, found[Split.TEST])) for kind in IdentifierKind
    ]
    body = "\n\n".join(
        (
            table(("questions", *found), overall),
            table(("kind", "develop: recall", "precision", "test: recall", "precision"), by_kind),
            table(("other questions", "stopped"), of_others()),
        )
    )
    file_result("identifiers", "Patient identifiers noticed, and false alarms", "python -m benchmarks.identifiers",
                "our set, questions of the shipped suites, and public questions", body)  # fmt: skip


if __name__ == "__main__":
    main()
