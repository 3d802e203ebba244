"""NCBI's ways of saying no: each is known for what it is, whatever status and form it comes in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from corpus.connectors.errors import ServiceGarbled, ServiceRefused, ServiceUnavailable
from corpus.connectors.eutils import Eutils, XmlReply
from tests.corpus.connectors.serving import Answer, Script, Stage, needs_recordings, recorded, reply

KEY = "0123456789abcdef"
SET = "<PubmedArticleSet></PubmedArticleSet>"
FORM = (("db", "pubmed"), ("id", "1"))


@contextmanager
def asking(script: Script, stage: Stage | None = None, key: str = KEY) -> Iterator[Eutils]:
    timing = (stage or Stage()).timing
    with script, Eutils(base_url=script.url, api_key=key, contact="me@example.org", timing=timing) as eutils:
        yield eutils


def fetch(eutils: Eutils, expected: str = "PubmedArticleSet") -> str | None:
    return eutils.ask("efetch", FORM, expected, tag)


def tag(reply: XmlReply) -> str:
    return str(reply.root.tag)


def error(message: str, root: str = "eFetchResult") -> str:
    return f"<?xml version='1.0'?><{root}><ERROR>{message}</ERROR></{root}>"


def test_every_request_says_who_asks_and_keeps_the_key_out_of_the_address() -> None:
    with asking(script := Script(reply(SET))) as eutils:
        assert fetch(eutils) == "PubmedArticleSet"
    (asked,) = script.asked
    assert (asked.method, asked.path) == ("POST", "/efetch.fcgi")
    assert asked.value("tool") == "sequitur"
    assert asked.value("email") == "me@example.org"
    assert asked.value("api_key") == KEY
    assert asked.headers["User-Agent"] == "sequitur (mailto:me@example.org)"


def test_what_is_not_configured_is_not_sent() -> None:
    with Script(reply(SET)) as script, Eutils(base_url=script.url, timing=Stage().timing) as eutils:
        fetch(eutils)
    assert set(script.asked[0].values) == {"db", "id", "tool"}


@pytest.mark.parametrize(("key", "interval"), [("", 1 / 3), (KEY, 1 / 10)])
def test_the_rate_is_within_what_ncbi_allows(key: str, interval: float) -> None:
    stage = Stage()
    with asking(Script(reply(SET)), stage, key) as eutils:
        for _ in range(5):
            fetch(eutils)
    assert len(stage.sleeps) == 4
    assert all(interval < slept < interval * 1.2 for slept in stage.sleeps)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("ID list is empty! Possibly it has no correct IDs.", 400),
        (error("ID list is empty! Possibly it has no correct IDs."), 400),
        (error("ID list is empty! Possibly it has no correct IDs."), 200),
        (error("Empty ID list; Nothing to store", "ePostResult"), 200),
    ],
)
def test_no_such_ids_is_an_answer(body: str, status: int) -> None:
    with asking(script := Script(reply(body, status))) as eutils:
        assert fetch(eutils) is None
    assert len(script.asked) == 1


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    "message",
    [
        "Search Backend failed: read failed",
        "Couldn't resolve #exLinkSrv2, the address table is empty.",
        "Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout",
        "proxy_stream(): Failed to connect to the service; ID list is empty",
    ],
)
def test_a_back_end_that_is_out_of_order_passes(message: str, status: int) -> None:
    with asking(Script(reply(error(message), status), reply(SET))) as eutils:
        assert fetch(eutils) == "PubmedArticleSet"
    with asking(Script(reply(error(message), status))) as eutils, pytest.raises(ServiceUnavailable) as unavailable:
        fetch(eutils)
    assert not isinstance(unavailable.value, ServiceGarbled)
    assert message[:20] in str(unavailable.value)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (error("Invalid db name specified: nothing"), 200),
        (error("Invalid uid", "eSearchResult"), 400),
        ("Invalid parameter", 400),
        (f'{{"error":"API key invalid","api-key":"{KEY}"}}', 400),
    ],
)
def test_a_fault_of_the_request_is_refused_at_once_without_the_key(body: str, status: int) -> None:
    with asking(script := Script(reply(body, status))) as eutils, pytest.raises(ServiceRefused) as refused:
        fetch(eutils)
    assert "nvalid" in str(refused.value)
    assert KEY not in str(refused.value)
    assert len(script.asked) == 1


GARBLED = {
    "a web page": reply("<!DOCTYPE html><html><body>Maintenance</body></html>"),
    "a web page that is well-formed": reply("<html><body>Maintenance</body></html>"),
    "a web page as a refusal": reply("<html><body>Bad request<br></body></html>", 400),
    "nothing": reply(""),
    "XML cut off in a reply of the right length": reply("<PubmedArticleSet><PubmedArticle>"),
    "broken XML": reply("<PubmedArticleSet><a></b></PubmedArticleSet>"),
    "bytes": reply(b"\x00\xff\xfe\x01"),
    "another set": reply("<eSearchResult/>"),
}


@pytest.mark.parametrize("answer", GARBLED.values(), ids=GARBLED)
def test_what_is_not_the_xml_it_should_be_is_asked_for_again(answer: Answer) -> None:
    with asking(Script(answer, reply(SET))) as eutils:
        assert fetch(eutils) == "PubmedArticleSet"
    with asking(script := Script(answer)) as eutils, pytest.raises(ServiceGarbled, match=r"^NCBI E-utilities answers"):
        fetch(eutils)
    assert len(script.asked) == 5


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><PubmedArticleSet>&b;</PubmedArticleSet>'
    with asking(Script(reply(bomb))) as eutils, pytest.raises(ServiceRefused, match="declares entities"):
        fetch(eutils)


def test_an_error_about_one_record_does_not_spoil_the_others() -> None:
    body = "<eSummaryResult><ERROR>UID=1: cannot get document summary</ERROR><DocSum/></eSummaryResult>"
    with asking(Script(reply(body))) as eutils:
        assert fetch(eutils, "eSummaryResult") == "eSummaryResult"


def test_an_address_without_the_service_is_not_an_empty_answer() -> None:
    with asking(Script(reply("not found", 404))) as eutils, pytest.raises(ServiceRefused, match="404"):
        fetch(eutils)


@needs_recordings
class TestRecorded:
    def test_errors(self) -> None:
        replies = recorded("biopython-entrez", ["esummary8.xml", "epost2.xml", "epost3.xml", "pubmed3.html"])
        for name, message in (("esummary8.xml", "Neither query_key nor id"), ("epost2.xml", "Invalid db name")):
            with asking(Script(reply(replies[name]))) as eutils, pytest.raises(ServiceRefused, match=message):
                fetch(eutils)
        with asking(Script(reply(replies["epost3.xml"]))) as eutils:
            assert fetch(eutils) is None
        with asking(Script(reply(replies["pubmed3.html"]))) as eutils, pytest.raises(ServiceGarbled):
            fetch(eutils)

    def test_a_phrase_that_is_not_found_is_no_error(self) -> None:
        body = recorded("biopython-entrez", ["esearch8.xml"])["esearch8.xml"]
        with asking(Script(reply(body))) as eutils:
            assert fetch(eutils, "eSearchResult") == "eSearchResult"
