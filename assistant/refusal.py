"""What is said when nothing is stated: why, what was searched, and what stands nearest."""

from assistant.answer import Outcome, Related
from assistant.candidate import Candidate
from assistant.evidence import Evidence
from assistant.question import Question
from corpus.types import ReviewStatus
from indexer.encoder import Encoder
from indexer.search import make_queries
from indexer.snapshot import Snapshot

RELATED = 3
STRANGE = 0.235
"""Cosine of the nearest passage below which a question that names nothing the corpus knows is not about its
field; it separates the calibration questions (benchmarks/questions)."""


def outcome_without_evidence(question: Question, snapshot: Snapshot, encoder: Encoder) -> Outcome:
    """Insufficient evidence; out of scope when the question as typed touches nothing of medicine that we know.

    A follow-up is never out of scope by its own few words.
    """
    (query,) = make_queries([question.text], snapshot, encoder)
    if question.history or query.unheld or any(facet.is_concept for facet in query.facets):
        return Outcome.INSUFFICIENT_EVIDENCE
    nearest = snapshot.dense.similarity(query.vector, snapshot.dense.nearest(query.vector, 1))
    strange = not len(nearest) or float(nearest[0]) < STRANGE
    return Outcome.OUT_OF_SCOPE if strange else Outcome.INSUFFICIENT_EVIDENCE


def message(outcome: Outcome, evidence: Evidence, snapshot: Snapshot) -> str:
    """What was searched, and what to do."""
    manifest = snapshot.manifest
    searched = f"{manifest.passages:,} passages of {len(manifest.documents):,} documents (snapshot {snapshot.id})"
    if outcome is Outcome.OUT_OF_SCOPE:
        return (
            f"The question does not touch what the corpus covers. Searched {searched}. "
            "Ask about diagnosis, treatment, monitoring or evidence in a condition that the corpus holds."
        )
    unheld = f" Nothing in it names {', '.join(evidence.query.unheld)}." if evidence.query.unheld else ""
    near = " The nearest passages are listed as related; they do not answer the question." if evidence.ranked else ""
    return (
        f"No passage answers this well enough to be quoted. Searched {searched}.{unheld}{near} "
        "Rephrase the question, name the drug and the condition in full, or consult the primary literature."
    )


def related(outcome: Outcome, evidence: Evidence) -> tuple[Related, ...]:
    """The nearest passages, each once, best first."""
    if outcome is Outcome.OUT_OF_SCOPE:
        return ()
    nearest = {one.candidate.passage.id: one.candidate for one in evidence.ranked}

    def status(candidate: Candidate) -> ReviewStatus:
        return evidence.document(candidate.passage.document_id).review_status

    return tuple(
        Related(c.passage.id, c.passage.document_id, c.title, c.passage.section, c.passage.text, status(c))
        for c in list(nearest.values())[:RELATED]
    )
