"""A retraction that comes after an answer stands in what is exported of it later."""

from pathlib import Path

import pytest

from api.aftermath import as_it_stands, status_now
from api.export import FORMATS, export
from corpus.catalogue import documents, notices
from corpus.catalogue.database import Catalogue, default_url
from corpus.catalogue.documents import WithdrawnBy
from corpus.catalogue.incoming import incoming
from corpus.types import Notice, SourceStatus
from tests.api.export.samples import TRIAL, answer
from tests.tiny import LIBRARY

NOW = "2026-11-22T12:00:00+00:00"


def test_a_lighter_notice_does_not_soften_what_was_said(tmp_path: Path) -> None:
    catalogue = Catalogue.open(default_url(tmp_path))
    with catalogue.writing() as connection:
        notices.add(connection, [Notice((TRIAL.doi or "").lower(), "", SourceStatus.CORRECTED, "list")], NOW)
        doubted = SourceStatus.EXPRESSION_OF_CONCERN
        assert status_now(connection, TRIAL.id, doubted, TRIAL.doi or "", TRIAL.pmid or "") is doubted
    catalogue.close()


def test_an_article_that_was_withdrawn_is_exported_as_no_evidence(tmp_path: Path) -> None:
    (gout,) = (one for one in LIBRARY.documents() if one.id == "gout")
    catalogue = Catalogue.open(default_url(tmp_path))
    with catalogue.writing() as connection:
        documents.put(connection, incoming(gout, "test", "article"), NOW)
        assert status_now(connection, "gout", SourceStatus.CURRENT, "", "") is SourceStatus.CURRENT
        documents.withdraw(connection, "gout", WithdrawnBy.PERSON, "a wrong dose", NOW)
        assert status_now(connection, "gout", SourceStatus.CURRENT, "", "") is SourceStatus.RETRACTED
    catalogue.close()


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_tells_of_a_retraction_since(name: str, tmp_path: Path) -> None:
    catalogue = Catalogue.open(default_url(tmp_path))
    assert as_it_stands(answer(), catalogue) == answer()
    with catalogue.writing() as connection:
        notices.add(connection, [Notice((TRIAL.doi or "").lower(), "", SourceStatus.RETRACTED, "list")], NOW)
    later = as_it_stands(answer(), catalogue)
    catalogue.close()
    assert [one.source_status for one in later.sources if one.doi == TRIAL.doi] == ["retracted"]
    assert [one for one in later.sources if one.doi != TRIAL.doi] == [
        one for one in answer().sources if one.doi != TRIAL.doi
    ]
    before, after = (export(one, name).lower().count("retracted") for one in (answer(), later))
    assert after > before
