"""The works that articles cite by key, and the files that documents came from."""

from dataclasses import replace

from corpus.catalogue import library, source_files
from corpus.catalogue.database import Catalogue
from corpus.types import Reference, SourceStatus, Work
from tests.corpus.catalogue.samples import NOW, document, documents_of_files, put, reference


def keep(catalogue: Catalogue, *some: Reference) -> set[str]:
    with catalogue.writing() as connection:
        return library.keep(connection, some)


def keep_file(catalogue: Catalogue, name: str, *ids: str, sha256: str = "0" * 64) -> None:
    with catalogue.writing() as connection:
        source_files.keep(connection, name, sha256, "tests", ids, NOW)


def forget(catalogue: Catalogue, *names: str) -> set[str]:
    with catalogue.writing() as connection:
        return source_files.forget(connection, names)


def test_only_works_that_differ_from_what_was_kept_have_changed(catalogue: Catalogue) -> None:
    a, b = reference("10.5555/a", key="ann2020"), reference("10.5555/b", key="ben2021")
    assert keep(catalogue, a, b) == set()
    assert keep(catalogue, a, b) == set()
    described, another = replace(a, work=Work("A trial, corrected", doi="10.5555/a")), reference("10.5555/c", key=b.key)
    assert keep(catalogue, described, another) == {"ann2020", "ben2021"}
    retracted = replace(described, source_status=SourceStatus.RETRACTED)
    assert keep(catalogue, retracted, another) == {"ann2020"}
    with catalogue.reading() as connection:
        assert library.entries(connection) == {"ann2020": retracted, "ben2021": another}


def test_the_documents_of_a_form_that_cite_by_key(catalogue: Catalogue) -> None:
    put(catalogue, document("gout", cites=["10.5555/a", "10.5555/b"]))
    put(catalogue, document("scurvy", cites=["10.5555/b"]), format="jats")
    put(catalogue, document("asthma", cites=["10.5555/c"]))
    with catalogue.reading() as connection:
        assert library.articles_citing(connection, ["10.5555/a", "10.5555/b"], "article") == ["gout"]
        assert library.articles_citing(connection, ["10.5555/c", "10.5555/a"], "article") == ["asthma", "gout"]
        assert library.articles_citing(connection, [], "article") == []


def test_a_file_is_known_by_what_it_held_last(catalogue: Catalogue) -> None:
    keep_file(catalogue, "a.xml", "gout", "scurvy")
    keep_file(catalogue, "a.xml", "scurvy", "asthma", sha256="1" * 64)
    keep_file(catalogue, "empty.xml")
    with catalogue.reading() as connection:
        assert source_files.known(connection) == {"a.xml": ("1" * 64, "tests"), "empty.xml": ("0" * 64, "tests")}
        found = documents_of_files(connection)
    assert {name: sorted(ids) for name, ids in found.items()} == {"a.xml": ["asthma", "scurvy"]}


def test_a_document_is_an_orphan_when_its_last_file_is_forgotten(catalogue: Catalogue) -> None:
    keep_file(catalogue, "a.xml", "gout", "scurvy")
    keep_file(catalogue, "b.xml", "scurvy", "asthma")
    keep_file(catalogue, "c.xml", "asthma")
    assert forget(catalogue) == set()
    assert forget(catalogue, "a.xml", "absent.xml") == {"gout"}
    assert forget(catalogue, "a.xml") == set()
    assert forget(catalogue, "b.xml", "c.xml") == {"scurvy", "asthma"}
    with catalogue.reading() as connection:
        assert (source_files.known(connection), documents_of_files(connection)) == ({}, {})
