"""What a reader would find changed between two snapshots: nothing that differs is left unsaid."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.types import Document, Reference, ReviewStatus, SourceStatus, Work
from indexer.difference import CitedChange, Difference, StatusChange, difference
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, GOUT, HYPERTENSION, MYOSITIS, document, opened

CITING = replace(GOUT, references=(Reference("a", "DOI:10.5555/a", Work("A trial")),))
CITED_RETRACTED = replace(
    CITING, references=tuple(replace(one, source_status=SourceStatus.RETRACTED) for one in CITING.references)
)


def between(home: Path, before: Iterable[Document], after: Iterable[Document]) -> Difference:
    old, new = (opened(one, home, HashingEncoder()) for one in (before, after))
    found = difference(old, new)
    old.close()
    new.close()
    return found


def test_between_a_snapshot_and_itself_nothing_differs(tmp_path: Path) -> None:
    found = between(tmp_path, CORPUS, reversed(CORPUS))
    assert found.is_empty
    assert found == Difference(found.before, found.before, (), (), (), (), (), 5, 0, 0, True, True)


def test_documents_and_passages(tmp_path: Path) -> None:
    """One is added (one passage), one removed (two), one edited in one of its two passages, one unchanged."""
    kept = "Methotrexate is given once a week. Folic acid is added on another day."
    edited = document("myositis", "Dermatomyositis responds to intravenous immunoglobulin.", kept)
    found = between(tmp_path, (MYOSITIS, GOUT, HYPERTENSION), (edited, HYPERTENSION, document("asthma", "Rest helps.")))
    assert (found.added, found.removed, found.changed, found.statuses) == (("asthma",), ("gout",), ("myositis",), ())
    assert (found.passages_kept, found.passages_new, found.passages_gone) == (2, 2, 3)
    assert not found.is_empty


def test_a_status_is_told_apart_from_an_edit(tmp_path: Path) -> None:
    approved = replace(GOUT, review_status=ReviewStatus.APPROVED)
    retracted = replace(MYOSITIS, source_status=SourceStatus.RETRACTED)
    found = between(tmp_path, (MYOSITIS, GOUT), (retracted, approved))
    assert found.changed == ()
    assert found.statuses == (
        StatusChange("gout", ("submitted", "current"), ("approved", "current")),
        StatusChange("myositis", ("submitted", "current"), ("submitted", "retracted")),
    )
    assert (found.passages_new, found.passages_gone, found.is_empty) == (0, 0, False)


def test_a_retraction_of_what_is_only_cited_is_told(tmp_path: Path) -> None:
    """No sentence that leans on it is quoted any more: a reader would find that changed."""
    found = between(tmp_path, (CITING,), (CITED_RETRACTED,))
    assert (found.changed, found.statuses) == ((), ())
    assert found.cited == (CitedChange("gout", "a", "current", "retracted"),)
    assert not found.is_empty


@pytest.mark.parametrize(
    "edited",
    [
        replace(GOUT, work=replace(GOUT.work, title="Gout, again")),
        replace(GOUT, licence="CC BY 4.0"),
        replace(GOUT, updated="2026-11-22"),
        replace(GOUT, page_starts=(0,)),
        replace(GOUT, references=(Reference("a", "DOI:10.5555/a", Work("A trial")),)),
        replace(GOUT, sections=tuple(replace(one, path=("Contraindications",)) for one in GOUT.sections)),
    ],
    ids=["title", "licence", "updated", "pages", "references", "headings"],
)
def test_whatever_is_edited_the_document_has_changed(tmp_path: Path, edited: Document) -> None:
    found = between(tmp_path, (GOUT, MYOSITIS), (edited, MYOSITIS))
    assert found.changed == ("gout",)
    assert not found.is_empty


def test_another_encoder_is_a_difference(tmp_path: Path) -> None:
    old = opened(CORPUS, tmp_path, HashingEncoder())
    new = opened(CORPUS, tmp_path, HashingEncoder(name="another"))
    found = difference(old, new)
    assert (found.same_encoder, found.same_software, found.is_empty) == (False, True, False)
    assert (found.passages_kept, found.passages_new, found.passages_gone) == (5, 0, 0)
    old.close()
    new.close()
