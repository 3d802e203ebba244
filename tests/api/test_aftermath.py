"""A retraction that comes after an answer stands in what is exported of it later."""

from pathlib import Path

import pytest

from api.aftermath import with_notices
from api.export import FORMATS, export
from corpus.catalogue import notices
from corpus.catalogue.database import Catalogue, default_url
from corpus.types import Notice, SourceStatus
from tests.api.export.samples import TRIAL, answer

NOW = "2026-11-22T12:00:00+00:00"


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_tells_of_a_retraction_since(name: str, tmp_path: Path) -> None:
    catalogue = Catalogue.open(default_url(tmp_path))
    assert with_notices(answer(), catalogue) == answer()
    with catalogue.writing() as connection:
        notices.add(connection, [Notice((TRIAL.doi or "").lower(), "", SourceStatus.RETRACTED, "list")], NOW)
    later = with_notices(answer(), catalogue)
    catalogue.close()
    assert [one.source_status for one in later.sources if one.doi == TRIAL.doi] == ["retracted"]
    assert [one for one in later.sources if one.doi != TRIAL.doi] == [
        one for one in answer().sources if one.doi != TRIAL.doi
    ]
    before, after = (export(one, name).lower().count("retracted") for one in (answer(), later))
    assert after > before
