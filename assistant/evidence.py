"""Question in context → Evidence: what was found, which sentences may be quoted, and whether they suffice.

The article being read and the literature it cites are searched first; the whole corpus only when
they do not suffice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.candidate import Candidate
from assistant.ranking import FEATURES, Features, score, sentence_features
from assistant.rules import Rules
from assistant.sufficiency import Sufficiency, judge
from corpus.types import Document, DocumentKind, Passage, Sentence
from indexer.encoder import Vectors
from indexer.search import Hit, Query, hits_of, search
from indexer.snapshot import Snapshot

ARTICLE_PASSAGES = 40
"""Of one article and its literature: as good as all of a full text, so that any sentence may answer."""
CORPUS_PASSAGES = 16
CARRIED_PASSAGES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """A candidate sentence, how well it answers (comparable within one question), and why."""

    candidate: Candidate
    score: float
    features: Features
    vector: Vectors

    def feature(self, name: str) -> float:
        """One of ranking.FEATURES."""
        return float(self.features[FEATURES.index(name)])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a question found: eligible hits, sentences best first, and whether they suffice."""

    query: Query
    hits: tuple[Hit, ...]
    ranked: tuple[Ranked, ...]
    documents: tuple[Document, ...]
    scope: tuple[str, ...]
    sufficiency: Sufficiency

    def document(self, document_id: str) -> Document:
        return next(document for document in self.documents if document.id == document_id)


def gather(
    query: Query,
    article: Document | None,
    carried: Sequence[str],
    snapshot: Snapshot,
    rules: Rules = Rules(),
) -> Evidence:
    """The evidence for a standalone question, from the narrowest scope that suffices."""
    evidence = None
    for scope in _scopes(article):
        evidence = _within(query, scope, carried, snapshot, rules)
        if evidence.sufficiency.sufficient:
            break
    assert evidence is not None
    return evidence


def _scopes(article: Document | None) -> Iterator[tuple[str, ...]]:
    """Document ids to search among, narrowest first; () is the whole corpus."""
    if article is not None:
        cited = (reference.document_id for reference in article.references if reference.document_id)
        yield (article.id, *dict.fromkeys(cited))
    yield ()


def _within(query: Query, scope: tuple[str, ...], carried: Sequence[str], snapshot: Snapshot, rules: Rules) -> Evidence:
    found = search(query, snapshot, ARTICLE_PASSAGES if scope else CORPUS_PASSAGES, among=scope or None)
    return examine(query, _with_carried(found, carried, query, snapshot), scope, snapshot, rules)


def examine(query: Query, hits: tuple[Hit, ...], scope: tuple[str, ...], snapshot: Snapshot, rules: Rules) -> Evidence:
    """The evidence in given hits: what is not eligible is left out, sentences are ranked and judged."""
    documents = {document_id: snapshot.document(document_id) for document_id in {h.passage.document_id for h in hits}}
    eligible = {
        key: document
        for key, document in documents.items()
        if document and rules.admits(document) and not snapshot.is_withdrawn(key, document.work.doi)
    }
    kept = tuple(hit for hit in hits if hit.passage.document_id in eligible)
    ranked = _rank(query, kept, eligible, _withdrawn(eligible.values(), snapshot, rules), snapshot)
    ordered = tuple(eligible[key] for key in sorted(eligible))
    return Evidence(query, kept, ranked, ordered, scope, judge(query, ranked, snapshot.lexical, rules.enough))


def _with_carried(found: tuple[Hit, ...], carried: Sequence[str], query: Query, snapshot: Snapshot) -> tuple[Hit, ...]:
    """The hits, and after them the passages of the earlier turn that the search did not find."""
    present = {hit.passage.id for hit in found}
    rows = [snapshot.store.row_of(one) for one in carried[:CARRIED_PASSAGES] if one not in present]
    wanted = np.array([row for row in rows if row is not None], np.int64)
    lowest = found[-1].score if found else 0.0
    extra = (replace(hit, rank=hit.rank + len(found), score=lowest) for hit in hits_of(query, wanted, snapshot))
    return (*found, *extra)


def _withdrawn(documents: Iterable[Document], snapshot: Snapshot, rules: Rules) -> frozenset[tuple[str, str]]:
    """(document id, reference key) of every cited work that is known to be no evidence."""
    return frozenset(
        (document.id, reference.key)
        for document in documents
        for reference in document.references
        if snapshot.is_withdrawn(reference.document_id, reference.work.doi)
        or rules.bars(reference.document_id, reference.work)
        or not reference.source_status.is_evidence
    )


def _rank(
    query: Query,
    hits: tuple[Hit, ...],
    documents: dict[str, Document],
    withdrawn: frozenset[tuple[str, str]],
    snapshot: Snapshot,
) -> tuple[Ranked, ...]:
    candidates: list[Candidate] = []
    vectors = [np.zeros((0, snapshot.dense.dimension), np.float32)]
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    for hit in hits:
        document = documents[hit.passage.document_id]
        title, vetted = document.work.title, document.kind is DocumentKind.ARTICLE
        keep = [i for i, one in enumerate(hit.passage.sentences) if _may_be_quoted(hit.passage, one, withdrawn)]
        candidates.extend(Candidate(hit.passage, hit.row, i, title, vetted, hit.score / best) for i in keep)
        vectors.append(snapshot.sentence_vectors(hit.row, len(hit.passage.sentences))[keep])
    if not candidates:
        return ()
    matrix = np.concatenate(vectors)
    features = sentence_features(query, candidates, matrix, snapshot.lexical.rarity)
    scores = score(features)
    order = np.argsort(-scores, kind="stable")
    return tuple(Ranked(candidates[i], float(scores[i]), features[i], matrix[i]) for i in order)


def _may_be_quoted(passage: Passage, sentence: Sentence, withdrawn: frozenset[tuple[str, str]]) -> bool:
    """A sentence that cites a withdrawn work rests on it, and is left out."""
    return not any((passage.document_id, key) in withdrawn for key in sentence.keys)
