"""Evidence Inference prompts as questions about their article, and the rule that says the evidence was quoted.

Lehman et al. 2019 and DeYoung et al. 2020; only annotations that their verifier accepted are used.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.shared import records

TEMPLATES = (
    "What is the effect of {intervention} on {outcome} compared with {comparator}?",
    "Compared with {comparator}, does {intervention} change {outcome}?",
    "Does {intervention} affect {outcome}?",
)
COVERED = 0.5
"""An annotated span counts as quoted when half of its word trigrams stand in the statements."""

Trigrams = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question about one article, and the texts any one of which is its evidence."""

    id: int
    article: str
    intervention: str
    comparator: str
    outcome: str
    evidence: tuple[str, ...]

    def question(self, template: int = 0) -> str:
        fields = {name: " ".join(getattr(self, name).split()) for name in ("intervention", "comparator", "outcome")}
        return TEMPLATES[template].format(**fields)


def prompts(half: str) -> Iterator[Prompt]:
    """Prompts with verified evidence, of the articles of one half: "develop" or "report".

    Articles are split by a digest of their id, so that no article is in both halves.
    """
    for record in records("evidence-inference", "prompts.jsonl.zst"):
        evidence = dict.fromkeys(
            a["evidence_text"] for a in record["annotations"] if a["valid_label"] and a["valid_reasoning"]
        )
        if evidence and half_of(record["pmcid"]) == half:
            asked = {name: record[name] for name in ("intervention", "comparator", "outcome")}
            yield Prompt(id=record["prompt_id"], article=record["pmcid"], evidence=tuple(evidence), **asked)


def half_of(article: str) -> str:
    return "report" if hashlib.sha256(article.encode()).digest()[0] % 2 else "develop"


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
