"""The public sets themselves, where they are at hand: as many records as described, and the laws of sets."""

from collections import Counter

import pytest

from assistant.evaluation.adapters import open_set
from assistant.evaluation.case import Split
from assistant.evaluation.sets import FollowupSet, QuestionSet, RetrievalSet
from tests.assistant.evaluation.adapters.writing import DATA, needs_data

pytestmark = needs_data


@pytest.mark.parametrize(
    ("spec", "documents", "queries", "judgements"),
    [
        ("scifact:{}/scifact", 5183, 809, 919),  # as many judgements as BEIR has of these claims
        ("pubmedqa:{}/pubmedqa", 500, 500, 500),
        ("medquad:{}/medquad#6", 2553, 2523, 2559),
    ],
)
def test_retrieval_sets_are_whole(spec: str, documents: int, queries: int, judgements: int) -> None:
    found = open_set(spec.format(DATA))
    assert isinstance(found, RetrievalSet)
    held = [document.id for document in found.documents()]
    assert (len(held), len(set(held))) == (documents, documents)
    assert (len(found.queries), sum(len(query.relevant) for query in found.queries)) == (queries, judgements)
    assert {one for query in found.queries for one in query.relevant} <= set(held)


def test_evidence_stands_in_the_text_of_its_article() -> None:
    found = open_set(f"evidence_inference:{DATA}/evidence-inference")
    assert isinstance(found, QuestionSet)
    assert Counter(case.split for case in found.cases) == {Split.TEST: 578, Split.DEVELOP: 569}
    texts = {document.id: " ".join(document.text.split()) for document in found.documents()}
    assert len(texts) == 431
    for case in found.cases:
        assert all(" ".join(span.split()) in texts[case.article or ""] for span in case.evidence)


def test_turns_are_whole_and_parts_divide_them() -> None:
    sizes = {}
    for part in ("", "#health", "#other"):
        found = open_set(f"cast:{DATA}/followup{part}")
        assert isinstance(found, FollowupSet)
        sizes[part] = len(found.turns), sum("needs-context" in turn.tags for turn in found.turns)
    assert sizes[""] == (1921, 1452)
    assert sizes["#health"][0] == 204
    assert sizes["#other"][0] == 1717
