"""What the project wants of each measure; docs/quality.md says which are met."""

from collections.abc import Mapping

TARGETS: Mapping[str, float] = {
    "statement_support": 0.98,
    "citation_precision": 0.95,
    "numeric_fidelity": 1.0,
    "citation_validity": 1.0,
    "span_exactness": 1.0,
    "withdrawn_cited": 0.0,
    "correct_refusal": 0.90,
    "wrong_refusal": 0.05,
    "vital_nugget_recall": 0.75,
    "evidence_recall": 0.60,
    "ndcg_at_10": 0.72,
    "disclaimer_present": 1.0,
    "caution_right": 1.0,
    "same_again": 1.0,
}
"""The least a measure should be; the most, where less is better."""
