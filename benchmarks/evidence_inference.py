"""Evidence Inference prompts as questions about their article, and the rule that says the evidence was quoted.

Lehman et al. 2019 and DeYoung et al. 2020; only annotations that their verifier accepted are used.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.evaluation.adapters.evidence_inference import TEMPLATES, Prompt, half_of, read_prompts
from benchmarks.shared import DATA

__all__ = ["COVERED", "TEMPLATES", "Prompt", "half_of", "is_evidence", "prompts", "quoted", "trigrams"]

COVERED = 0.5
"""An annotated span counts as quoted when half of its word trigrams stand in the statements."""

Trigrams = frozenset[tuple[str, ...]]


def prompts(half: str) -> Iterator[Prompt]:
    """Prompts with verified evidence, of the articles of one half: "develop" or "report"."""
    folder = DATA / "evidence-inference"
    if not folder.is_dir():
        raise FileNotFoundError(
            f"{folder} is not here; put the public data beside the repository, see benchmarks/README.md"
        )
    yield from (prompt for prompt in read_prompts(folder) if half_of(prompt.article) == half)


def trigrams(text: str) -> Trigrams:
    """Sets of three neighbouring words or numbers; of a shorter text, all its words as one."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset([tuple(words)])


def quoted(evidence: Sequence[str], statements: Sequence[str]) -> bool:
    """Whether the statements together hold at least COVERED of some annotated span."""
    held = frozenset[tuple[str, ...]]().union(*map(trigrams, statements))
    return any(len(wanted & held) >= COVERED * len(wanted) for wanted in map(trigrams, evidence))


def is_evidence(sentence: str, evidence: Sequence[str]) -> bool:
    """Whether a sentence alone holds half of a span, or is itself mostly within one (for fitting)."""
    own = trigrams(sentence)
    wanted = [trigrams(one) for one in evidence]
    return any(len(own & one) >= min(COVERED * len(one), 0.6 * len(own)) for one in wanted)
