"""Hybrid search over a snapshot: question → Hits."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from corpus.types import Passage
from corpus.vocabulary import Mention
from indexer.analysis import terms
from indexer.dense import Rows, Scores
from indexer.encoder import Encoder
from indexer.fusion import convex, feedback
from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How the two engines are combined; the defaults were chosen in benchmarks/results/retrieval.md."""

    lexical_weight: float = 0.2
    feedback_weight: float = 0.3
    feedback_hits: int = 3
    depth: int = 200
    synonym_weight: float = 0.5


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing a question names: the term sets that each name it, and how rare it is here.

    A word is one term; a drug, disease or abbreviation has a set for every form the vocabulary knows.
    """

    alternatives: tuple[frozenset[str], ...]
    rarity: float
    is_concept: bool

    def held_by(self, held: Set[str]) -> bool:
        """Whether some form of it is among the terms."""
        return any(alternative <= held for alternative in self.alternatives)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: weighted terms for BM25, a unit vector (d,) for FAISS, facets for coverage.

    The words of the text weigh 1, synonyms less. `unheld` are drugs and diseases it names that are
    nowhere in the corpus.
    """

    text: str
    terms: Mapping[str, float]
    vector: Scores
    facets: tuple[Facet, ...]
    unheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found; ranks run from 1 and scores never rise. `dense` is the cosine, `lexical` BM25."""

    passage: Passage
    score: float
    rank: int
    row: int
    dense: float
    lexical: float


def make_queries(
    texts: Sequence[str], snapshot: Snapshot, encoder: Encoder, settings: SearchSettings = SearchSettings()
) -> tuple[Query, ...]:
    """Queries with the synonyms that the snapshot's vocabulary knows for what the texts mention.

    All are encoded in one batch.
    """
    if not texts:
        return ()
    mentions = [snapshot.vocabulary.mentions(text) for text in texts]
    vectors = encoder.encode_queries([_spelled_out(text, own) for text, own in zip(texts, mentions, strict=True)])
    return tuple(
        _query(text, own, vector, snapshot, settings)
        for text, own, vector in zip(texts, mentions, vectors, strict=True)
    )


def _query(
    text: str, mentions: Sequence[Mention], vector: Scores, snapshot: Snapshot, settings: SearchSettings
) -> Query:
    weights = dict.fromkeys(terms(text), 1.0)
    for mention in mentions:
        for term in _synonym_terms(mention):
            weights.setdefault(term, settings.synonym_weight / len(mention.concepts))
    facets = (*_concept_facets(mentions, snapshot), *_word_facets(text, mentions, snapshot))
    unheld = tuple(name for name in snapshot.vocabulary.unheld_names(text) if not _is_word_of(name, snapshot))
    return Query(text, weights, vector, facets, unheld)


def _is_word_of(name: str, snapshot: Snapshot) -> bool:
    """Whether a name is one word that the corpus has within other names ("thrombosis" in "deep vein thrombosis")."""
    found = terms(name)
    return len(found) == 1 and snapshot.lexical.document_frequency(found[0]) > 0


def _spelled_out(text: str, mentions: Sequence[Mention]) -> str:
    """The text as encoded: followed by the full names of what it abbreviates."""
    names = dict.fromkeys(concept.name for mention in mentions for concept in mention.concepts)
    missing = [name for name in names if name.casefold() not in text.casefold()]
    return f"{text} ({'; '.join(missing)})" if missing else text


def _synonym_terms(mention: Mention) -> Iterator[str]:
    for concept in mention.concepts:
        for form in (concept.name, *concept.forms):
            yield from terms(form)


def _concept_facets(mentions: Sequence[Mention], snapshot: Snapshot) -> Iterator[Facet]:
    seen: set[frozenset[frozenset[str]]] = set()
    for mention in mentions:
        forms = [form for concept in mention.concepts for form in (concept.name, *concept.forms)]
        alternatives = _shortest(frozenset(terms(form)) for form in forms)
        if alternatives and alternatives not in seen:
            seen.add(alternatives)
            rarity = min(max(snapshot.lexical.rarity(term) for term in one) for one in alternatives)
            yield Facet(tuple(sorted(alternatives, key=sorted)), rarity, is_concept=True)


def _shortest(alternatives: Iterable[frozenset[str]]) -> frozenset[frozenset[str]]:
    """The term sets that no other one is part of: where "sepsis" names it, "severe sepsis" need not be tried."""
    distinct = {one for one in alternatives if one}
    return frozenset(one for one in distinct if not any(other < one for other in distinct))


def _word_facets(text: str, mentions: Sequence[Mention], snapshot: Snapshot) -> Iterator[Facet]:
    rest, at = [], 0
    for mention in mentions:
        rest.append(text[at : mention.start])
        at = mention.end
    for term in dict.fromkeys(terms(" ".join((*rest, text[at:])))):
        yield Facet((frozenset((term,)),), snapshot.lexical.rarity(term), is_concept=False)


def search(
    query: Query,
    snapshot: Snapshot,
    k: int,
    among: Collection[str] | None = None,
    settings: SearchSettings = SearchSettings(),
) -> tuple[Hit, ...]:
    """The k best passages, of the documents `among` when given."""
    scope = None if among is None else snapshot.store.rows_of(among)
    if scope is not None and not len(scope):
        return ()
    lexical = snapshot.lexical.scores(query.terms)
    vector = query.vector
    rows, fused = _fuse(vector, lexical, snapshot, scope, settings)
    if settings.feedback_weight and len(rows):
        nearest = snapshot.dense.vectors(rows[: settings.feedback_hits])
        vector = feedback(vector, nearest, settings.feedback_weight)
        rows, fused = _fuse(vector, lexical, snapshot, scope, settings)
    return _hits(query, rows[:k], fused[:k], lexical, snapshot)


def hits_of(query: Query, rows: Rows, snapshot: Snapshot) -> tuple[Hit, ...]:
    """Given passages as hits, best first by the fused score among themselves."""
    if not len(rows):
        return ()
    lexical = snapshot.lexical.scores(query.terms)
    fused = convex(lexical[rows], snapshot.dense.similarity(query.vector, rows), SearchSettings().lexical_weight)
    order = np.argsort(-fused, kind="stable")
    return _hits(query, rows[order], fused[order], lexical, snapshot)


def _hits(query: Query, rows: Rows, scores: Scores, lexical: Scores, snapshot: Snapshot) -> tuple[Hit, ...]:
    cosines = snapshot.dense.similarity(query.vector, rows)
    return tuple(
        Hit(passage, float(score), rank, int(row), float(cosine), float(lexical[row]))
        for rank, (passage, score, row, cosine) in enumerate(
            zip(snapshot.passages(rows), scores, rows, cosines, strict=True), start=1
        )
    )


def _fuse(
    vector: Scores, lexical: Scores, snapshot: Snapshot, scope: Rows | None, settings: SearchSettings
) -> tuple[Rows, Scores]:
    """Candidates of both engines with complete scores of both, best first (ties in row order)."""
    found = np.union1d(
        snapshot.dense.nearest(vector, settings.depth, scope),
        snapshot.lexical.best(lexical, settings.depth, scope),
    )
    fused = convex(lexical[found], snapshot.dense.similarity(vector, found), settings.lexical_weight)
    order = np.argsort(-fused, kind="stable")
    return found[order], fused[order]
