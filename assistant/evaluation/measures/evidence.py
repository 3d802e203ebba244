"""The rule by which annotated evidence counts as quoted: half of its word trigrams stand in the statements together."""

import re
from collections.abc import Sequence

COVERED = 0.5
"""An annotated span counts as quoted when half of its word trigrams stand in the statements."""

Trigrams = frozenset[tuple[str, ...]]


def trigrams(text: str) -> Trigrams:
    """Sets of three neighbouring words or numbers; of a shorter text, all its words as one."""
    words = words_of(text)
    return frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset([tuple(words)])


def quoted(evidence: Sequence[str], statements: Sequence[str]) -> bool:
    """Whether the statements together hold at least COVERED of some annotated span."""
    held = frozenset[tuple[str, ...]]().union(*map(trigrams, statements))
    return any(len(wanted & held) >= COVERED * len(wanted) for wanted in map(trigrams, evidence))


def words_of(text: str) -> list[str]:
    """Words and numbers in lower case, in order."""
    return re.findall(r"[^\W_]+", text.casefold())
