"""How often the measuring support check errs: python -m benchmarks.support [--entailment FOLDER].

On the half of people's judgements that it was not fitted on, and on sentences that were altered by rule. FOLDER holds
an entailment model to be measured beside it. The assistant's own rule is there for comparison: it is another program.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.evaluation.entailment import EntailmentSupport
from assistant.evaluation.support import LexicalSupport, SupportCheck
from assistant.grounding import supported
from benchmarks.altered import ALTERED, Altered, altered
from benchmarks.shared import file_result, rate, table
from benchmarks.support_data import Pair, pairs

RESAMPLES = 2_000
RATIONALE, ABSTRACT = "SciFact rationale", "SciFact abstract"
SETS: tuple[tuple[str, Callable[[Pair], bool]], ...] = (
    ("attribution, all", lambda pair: not pair.kind.startswith("SciFact")),
    ("… of health", lambda pair: pair.health),
    ("… ExpertQA", lambda pair: pair.kind == "ExpertQA"),
    ("… Stanford-GenSearch", lambda pair: pair.kind == "Stanford-GenSearch"),
    ("… AttributedQA and LFQA", lambda pair: pair.kind in ("AttributedQA", "LFQA")),
    ("SciFact, rationale sentences: SUPPORT or CONTRADICT", lambda pair: pair.kind.startswith(RATIONALE)),
    ("SciFact, whole abstract: SUPPORT or neither", lambda pair: pair.kind.startswith(ABSTRACT)),
    ("… or CONTRADICT", lambda pair: pair.kind in (f"{ABSTRACT} SUPPORT", f"{ABSTRACT} CONTRADICT")),
    ("… or no evidence", lambda pair: pair.kind in (f"{ABSTRACT} SUPPORT", f"{ABSTRACT} NONE")),
)


class OwnRule:
    """The rule by which the assistant lets a paraphrase of its own leave; for comparison only."""

    name = "the assistant's own rule"

    def supports(self, claim: str, premises: Sequence[str]) -> bool:
        return supported(claim, " ".join(premises))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entailment", type=Path)
    folder: Path | None = parser.parse_args().entailment
    checks: list[SupportCheck] = [LexicalSupport(), OwnRule()]
    checks += [EntailmentSupport(folder)] if folder else []
    judged = list(pairs("report"))
    sentences = list(altered())
    file_result(
        "support",
        "The support check used for measuring, against people's judgements",
        "python -m benchmarks.support" + (" --entailment FOLDER" if folder else ""),
        "AttributionBench dev and ExpertQA rand_val, claims in both counted once, and SciFact train; the half it was "
        "not fitted on, split by question (SciFact: by abstracts that some claim cites together)",
        "\n\n".join((*(_judgements(check, judged) for check in checks), _alterations(checks, sentences), NOTES)),
    )


def _judgements(check: SupportCheck, judged: Sequence[Pair]) -> str:
    said = [check.supports(pair.claim, pair.premises) for pair in judged]
    rows = []
    for name, belongs in SETS:
        held = [(pair, verdict) for pair, verdict in zip(judged, said, strict=True) if belongs(pair)]
        supports = sum(pair.supported for pair, _ in held)
        rows.append((name, f"{supports} / {len(held) - supports}", *_rates(held)))
    header = ("pairs", "supported / not", "sensitivity", "specificity", "balanced accuracy")
    return f"**{check.name}** [95% bootstrap intervals over questions]\n\n{table(header, rows)}"


def _rates(held: Sequence[tuple[Pair, bool]]) -> Iterator[str]:
    """Sensitivity, specificity and their mean; claims of one question are drawn together."""
    groups = {group: number for number, group in enumerate(sorted({pair.group for pair, _ in held}))}
    counts = np.zeros((len(groups), 4))
    for pair, verdict in held:
        counts[groups[pair.group], (0 if pair.supported else 2) + (verdict != pair.supported)] += 1
    generator = np.random.default_rng(0)
    weights = generator.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=RESAMPLES)
    for parts in ((0,), (2,), (0, 2)):
        values = [
            np.mean([part[..., at] / (part[..., at] + part[..., at + 1]) for at in parts], axis=0)
            for part in (counts.sum(axis=0), weights @ counts)
        ]
        low, high = np.nanquantile(values[1], [0.025, 0.975])
        yield f"{values[0]:.2f} [{low:.2f}, {high:.2f}]".replace("0.", ".")


def _alterations(checks: Sequence[SupportCheck], sentences: Sequence[Altered]) -> str:
    rows = []
    for kind, says in ALTERED.items():
        held = [one for one in sentences if one.kind == kind]
        found = (sum(check.supports(one.claim, [one.premise]) == one.supported for one in held) for check in checks)
        rows.append((says, *(rate(hits, len(held)) for hits in found)))
    header = ("a sentence of an abstract, judged against itself", *(f"{check.name}, right" for check in checks))
    return f"Sentences altered by rule, as a faulty answer might alter them:\n\n{table(header, rows)}"


NOTES = """Sensitivity is the share of supported claims found supported, specificity that of unsupported ones found
unsupported. Partly supported counts as not supported. The check counts shared words and cannot read: on claims in other
words than their premises it tells support from contradiction hardly better than chance, so what it says of answers that
paraphrase means little without these rates. For answers that quote, the last table counts. The negations and words of
direction there are on the check's own lists: these rows say that the rules work, not that all wordings are known.
Exchanged numbers pass where neither stands between the same two words as before."""


if __name__ == "__main__":
    main()
