"""What the measuring support check looks at: how much of a claim stands in its premises, and whether they disagree."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from corpus.sentences import split_sentences
from indexer.analysis import terms, words

Terms = tuple[str, ...]
Kind = TypeVar("Kind")

ALIKE = 0.7
"""Share of a claim's words that a sentence holds in the same order when the claim is that sentence, altered."""
SHORT = 3
"""Words of an alteration: a longer difference is another sentence, not this one turned round."""

_NEGATIONS = frozenset(
    """no not nor never none neither without cannot nothing nobody fail fails failed lack lacks lacked lacking absence
    absent unable unlikely""".split()
)
_OPPOSED = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, _, other in (
        line.partition("|")
        for line in """increase increases increased increasing higher high more raise raises raised greater elevated elevate elevates rise rises rose enhance enhances enhanced longer upregulated upregulation gain | decrease decreases decreased decreasing lower low less fewer reduce reduces reduced reducing reduction lowered lowers declines decline fell diminished diminish shorter downregulated downregulation loss
        better improve improves improved improvement beneficial benefit superior | worse worsen worsens worsened worsening harmful poorer poor inferior adverse
        promote promotes promoted activate activates activated activation induce induces induced stimulate stimulates enable enables | inhibit inhibits inhibited inhibition suppress suppresses suppressed prevent prevents prevented block blocks blocked impair impairs impaired
        positive positively presence present | negative negatively absence absent
        safe safely tolerated | unsafe toxic toxicity dangerous contraindicated
        effective efficacious efficient | ineffective inefficient futile
        early earlier before | late later after
        significant significantly | insignificant nonsignificant
        sensitive sensitivity susceptible | resistant resistance insensitive
        dependent | independent
        always all every | rarely few seldom""".splitlines()  # noqa: E501
    )
)


def features(claim: str, premises: Sequence[str]) -> dict[str, float]:
    """What the model looks at, by name, all in [0, 1].

    Left out: lengths, which say how a set of claims was made rather than whether they are supported, and counts whose
    weight had the wrong sign when fitted (terms missing altogether, pairs within the best sentences only).
    """
    own = _terms(claim)
    sentences = [sentence for premise in premises for sentence in _sentences(premise)]
    best = max(_windows(sentences), key=lambda window: _coverage(own, window), default="")
    everything = " ".join(sentences)
    near = _coverage(own, best)
    return {
        "coverage": _coverage(own, everything),
        "coverage_near": near,
        "pairs": _share(_pairs(claim), _pairs(everything), none=near),
        "in_order": _common_subsequence(own, _terms(best)) / max(len(own), 1),
        "names": _share(_names(claim), frozenset(words(everything)), none=1.0),
        "negation_differs": float(_is_negated(claim) != _is_negated(best)),
        "opposed": float(_is_opposed(frozenset(words(claim)), frozenset(words(best)))),
    }


def is_quoted(claim: str, premises: Sequence[str]) -> bool:
    """Whether a claim is whole sentences of one premise in their order, or all premises, but for white space."""
    own = _sentences(claim)
    if _plain(claim) == _plain(" ".join(premises)):
        return True
    return any(
        own == held[at : at + len(own)]
        for held in map(_sentences, premises)
        for at in range(len(held) - len(own) + 1)
        if own
    )


def is_reversed(claim: str, premises: Sequence[str]) -> bool:
    """Whether a claim is a sentence of its premises but for a negation, or a word put in place of its opposite."""
    return any(_reverses(_split(claim), _split(sentence)) for premise in premises for sentence in _sentences(premise))


def _reverses(own: list[str], held: list[str]) -> bool:
    """Whether one of the short differences between two texts that are mostly alike turns the meaning round."""
    matcher = SequenceMatcher(None, own, held, autojunk=False)
    most = matcher.real_quick_ratio() * (len(own) + len(held)) / 2  # as many words can be alike at most
    if most < ALIKE * len(own) or sum(block.size for block in matcher.get_matching_blocks()) < ALIKE * len(own):
        return False
    differences = [
        (frozenset(own[i:j]), frozenset(held[k:m]))
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal" and max(j - i, m - k) <= SHORT
    ]
    return any(
        bool(here & _NEGATIONS) != bool(there & _NEGATIONS) or _is_opposed(here, there) for here, there in differences
    )


@lru_cache(maxsize=8192)
def _terms(text: str) -> Terms:
    return tuple(terms(text))


@lru_cache(maxsize=2048)
def _sentences(premise: str) -> tuple[str, ...]:
    return tuple(_plain(premise[start:end]) for start, end in split_sentences(premise))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _windows(sentences: Sequence[str]) -> Iterator[str]:
    """Every sentence, then every two neighbours: what is said in two breaths counts when no single one says more."""
    yield from sentences
    yield from (f"{one} {other}" for one, other in pairwise(sentences))


def _coverage(own: Terms, text: str) -> float:
    return _share(frozenset(own), frozenset(_terms(text)), none=0.0)


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(_terms(text)))


def _share(wanted: frozenset[Kind], held: frozenset[Kind], none: float) -> float:
    """How much of what is wanted is held; `none` when nothing is wanted."""
    return len(wanted & held) / len(wanted) if wanted else none


def _names(claim: str) -> frozenset[str]:
    """Folded words that a claim writes with a capital inside the sentence: names, drugs, abbreviations."""
    written = claim.split()
    named = [word for at, word in enumerate(written) if any(c.isupper() for c in (word if at else word[1:]))]
    return frozenset(words(" ".join(named)))


def _is_negated(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(_split(text))


def _split(text: str) -> list[str]:
    """Words, with the negation of "don't" and "cannot" as one of its own."""
    return words(text.replace("’", "'").replace("n't", " not").replace("annot", "an not"))


def _is_opposed(own: frozenset[str], held: frozenset[str]) -> bool:
    """Whether some words hold one of a pair of opposites where others hold only the other."""
    return any(
        own & here and not held & here and held & there and not own & there
        for pair in _OPPOSED
        for here, there in (pair, pair[::-1])
    )


def _common_subsequence(one: Terms, other: Terms) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for term in one:
        diagonal = 0
        for at, held in enumerate(other, start=1):
            diagonal, row[at] = row[at], diagonal + 1 if term == held else max(row[at], row[at - 1])
    return row[-1]
