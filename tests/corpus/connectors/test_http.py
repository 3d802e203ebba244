"""The polite client: paced, patient with what passes, plain about what does not, and silent about secrets."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.connectors.errors import PassingFault, ServiceGarbled, ServiceRefused, ServiceUnavailable
from corpus.connectors.exchange import Politeness, Reply, Request
from corpus.connectors.http import Service
from corpus.connectors.pace import Pace, Timing, wait_asked_for
from tests.corpus.connectors.serving import Answer, Script, Stage, cut_off, reply, reset

POLITE = Politeness(interval=0.5, silence=5.0)
GOOD = reply("good")
PLAIN = Request("")
NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)


@contextmanager
def asking(
    script: Script,
    stage: Stage | None = None,
    *,
    politeness: Politeness = POLITE,
    secrets: tuple[str, ...] = (),
    hosts: tuple[str, ...] = (),
) -> Iterator[Service]:
    timing = (stage or Stage()).timing
    service = Service("The service", script.url, politeness, agent="tests", secrets=secrets, hosts=hosts, timing=timing)
    with script, service:
        yield service


def text(reply: Reply) -> str:
    return reply.body.decode()


def refusal(service: Service, request: Request = PLAIN) -> ServiceRefused:
    """The refusal that a request ends in."""
    with pytest.raises(ServiceRefused) as refused:
        service.ask(request, text)
    return refused.value


def test_a_request_arrives_as_it_was_meant() -> None:
    with asking(script := Script(GOOD)) as service:
        assert service.ask(Request("works/10.5555%2Fa%28b%29", query=(("q", "a b&c"),)), text) == "good"
        assert service.ask(Request("fetch", form=(("id", "1"), ("id", "2"), ("term", "ä=&"))), text) == "good"
    first, second = script.asked
    assert (first.method, first.path, first.values) == ("GET", "/works/10.5555%2Fa%28b%29", {"q": ["a b&c"]})
    assert (second.method, second.path, second.values) == ("POST", "/fetch", {"id": ["1", "2"], "term": ["ä=&"]})
    assert first.headers["User-Agent"] == "tests"


def test_a_compressed_reply_is_unpacked() -> None:
    with asking(Script(reply(gzip.compress(b"good"), Content_Encoding="gzip"))) as service:
        assert service.ask(PLAIN, text) == "good"


PASSING = {
    "too many requests": reply("slow down", 429),
    "server error": reply("oops", 500),
    "gateway": reply("<html>bad gateway</html>", 502),
    "unavailable": reply("", 503),
    "cut off": cut_off("a long reply", 3),
    "reset": reset,
    "not what its header says": reply("not compressed", Content_Encoding="gzip"),
}


class TestPatience:
    @pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
    def test_what_passes_is_waited_for(self, fault: Answer) -> None:
        stage = Stage()
        with asking(script := Script(fault, fault, GOOD), stage) as service:
            assert service.ask(PLAIN, text) == "good"
        assert len(script.asked) == 3
        assert stage.sleeps == [1.0, 2.0]

    @pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
    def test_what_stays_is_given_up(self, fault: Answer) -> None:
        expected = r"^The service .*\(asked 5 times\); .* ask again later$"
        with asking(script := Script(fault)) as service, pytest.raises(ServiceUnavailable, match=expected):
            service.ask(PLAIN, text)
        assert len(script.asked) == 5

    def test_waits_double_up_to_a_bound_and_are_spread_by_chance(self) -> None:
        politeness = Politeness(0.0, attempts=7, pause=2.0, longest_pause=20.0)
        for chance, expected in ((0.0, [2, 4, 8, 16, 20, 20]), (0.5, [1.5, 3, 6, 12, 15, 15])):
            stage = Stage(chance=chance)
            script = Script(reply("", 500))
            with asking(script, stage, politeness=politeness) as service, pytest.raises(ServiceUnavailable):
                service.ask(PLAIN, text)
            assert stage.sleeps == expected

    def test_silence_is_not_waited_for_forever(self) -> None:
        script = Script(reset, GOOD)
        script.answers[0] = script.silent
        with asking(script, politeness=Politeness(0.5, silence=0.2)) as service:
            assert service.ask(PLAIN, text) == "good"
        assert len(script.asked) == 2

    def test_a_reply_that_trickles_is_not_waited_for_forever(self) -> None:
        ticks = count(0.0, 700.0)
        timing = Timing(lambda: next(ticks), lambda seconds: None, lambda: NOW, lambda: 0.0)
        with (
            Script(reply("x" * 10)) as script,
            Service("The service", script.url, POLITE, agent="tests", timing=timing) as service,
            pytest.raises(ServiceUnavailable, match="takes longer than 600 seconds"),
        ):
            service.ask(PLAIN, text)

    def test_a_service_that_is_not_there(self) -> None:
        with Script(GOOD) as script:
            url = script.url
        with (
            Service("The service", url, POLITE, agent="tests", timing=Stage().timing) as service,
            pytest.raises(ServiceUnavailable, match="broke off or cannot be reached"),
        ):
            service.ask(PLAIN, text)

    def test_a_reply_that_cannot_be_read_is_asked_for_again(self) -> None:
        def read(reply: Reply) -> str:
            if reply.body != b"good":
                raise PassingFault("answers with nonsense", garbled=True)
            return "good"

        with asking(Script(reply("%$"), GOOD)) as service:
            assert service.ask(PLAIN, read) == "good"
        with asking(Script(reply("%$"))) as service, pytest.raises(ServiceGarbled, match="answers with nonsense"):
            service.ask(PLAIN, read)


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("header", "date", "expected"),
        [
            ("7", "", 7.0),
            (" 7 ", "", 7.0),
            ("0", "", 0.0),
            ("Tue, 01 Jan 2030 12:00:09 GMT", "", 9.0),
            ("Tue, 01 Jan 2030 11:00:00 GMT", "", 0.0),
            # The service's clock is an hour ahead of ours: its own date counts.
            ("Tue, 01 Jan 2030 13:00:09 GMT", "Tue, 01 Jan 2030 13:00:00 GMT", 9.0),
            ("Tue, 01 Jan 2030 12:00:09 GMT", "yesterday", 9.0),
            ("Tue, 01 Jan 2030 12:00:09 -0000", "", 9.0),
            ("", "", 0.0),
            ("soon", "", 0.0),
            ("-5", "", 0.0),
            ("1e9", "", 0.0),
            ("nan", "", 0.0),
            ("9" * 400, "", 0.0),
        ],
    )
    def test_what_is_asked_for(self, header: str, date: str, expected: float) -> None:
        assert wait_asked_for(header, date, NOW) == expected

    @given(st.text(), st.text())
    def test_nonsense_is_never_believed(self, header: str, date: str) -> None:
        assert wait_asked_for(header, date, NOW) >= 0.0

    def test_it_is_obeyed(self) -> None:
        stage = Stage(chance=0.5)
        with asking(Script(reply("", 429, Retry_After="30"), GOOD), stage) as service:
            assert service.ask(PLAIN, text) == "good"
        assert stage.sleeps == [30.5]

    def test_a_service_that_wants_to_be_left_alone_for_long_is_left_alone(self) -> None:
        stage = Stage()
        with (
            asking(script := Script(reply("", 503, Retry_After="121")), stage) as service,
            pytest.raises(ServiceUnavailable, match=r"status 503 \(asked once\); .* ask again in 121 seconds"),
        ):
            service.ask(PLAIN, text)
        assert len(script.asked) == 1
        assert not stage.sleeps


class TestRefusals:
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 304])
    def test_what_will_not_change_is_asked_once(self, status: int) -> None:
        with asking(script := Script(reply("no", status))) as service:
            refused = refusal(service)
        assert refused.status == status
        assert re.match(f"The service refuses the request .*{status}.*check", str(refused))
        assert len(script.asked) == 1

    def test_a_status_whose_body_is_an_answer(self) -> None:
        with asking(Script(reply("no such ids", 400))) as service:
            assert service.ask(Request("", also=frozenset((400,))), text) == "no such ids"

    def test_a_reply_beyond_all_bounds(self) -> None:
        with asking(script := Script(reply("x" * 1000)), politeness=Politeness(0.5, largest=999)) as service:
            assert "more than 999 bytes" in str(refusal(service))
        assert len(script.asked) == 1

    @pytest.mark.parametrize("url", ["gopher://127.0.0.1/", "127.0.0.1", "http://a:b/", ""])
    def test_an_address_that_is_none(self, url: str) -> None:
        with Service("The service", url, POLITE, agent="tests") as service:
            assert "check its address" in str(refusal(service))

    @pytest.mark.parametrize("agent", ["a\r\nX: y", "Zoë", "a\0"])
    def test_a_contact_that_no_header_can_hold(self, agent: str) -> None:
        with pytest.raises(ServiceRefused, match="give a plain e-mail address"):
            Service("The service", "http://127.0.0.1/", POLITE, agent=agent)

    @pytest.mark.parametrize(
        "proxy", ["nowhere", "gopher://me:s3cr3t@127.0.0.1", "http://me:s3cr3t@x:port", "socks9://x"]
    )
    def test_a_proxy_that_is_none(self, proxy: str) -> None:
        with pytest.raises(ServiceRefused, match="write its address as") as refused:
            Service("The service", "http://127.0.0.1/", POLITE, agent="tests", proxy=proxy)
        assert "s3cr3t" not in str(refused.value)

    def test_the_environment_has_no_say(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9/")
        with asking(Script(GOOD)) as service:
            assert service.ask(PLAIN, text) == "good"

    def test_a_proxy_is_asked_when_it_is_given(self) -> None:
        with (
            Script(GOOD) as proxy,
            Service("The service", "http://service.invalid/", POLITE, agent="tests", proxy=proxy.url) as service,
        ):
            assert service.ask(Request("a"), text) == "good"
        assert proxy.asked[0].path == "http://service.invalid/a"


class TestRedirects:
    def test_within_the_service(self) -> None:
        stage = Stage()
        with asking(script := Script(reply("", 301, Location="/works/b"), GOOD), stage) as service:
            assert service.ask(Request("works/a"), text) == "good"
        assert [asked.path for asked in script.asked] == ["/works/a", "/works/b"]
        assert stage.sleeps == [0.5]

    def test_round_in_circles(self) -> None:
        with asking(script := Script(reply("", 302, Location="/again"))) as service:
            assert "in circles" in str(refusal(service))
        assert len(script.asked) == 6

    @pytest.mark.parametrize("place", ["https://elsewhere.invalid/", "//elsewhere.invalid/", "http://[bad"])
    def test_not_elsewhere(self, place: str) -> None:
        with asking(script := Script(reply("", 302, Location=place))) as service:
            assert "is not followed" in str(refusal(service))
        assert len(script.asked) == 1

    def test_not_to_another_port_of_the_same_machine(self) -> None:
        with Script(GOOD) as other, asking(Script(reply("", 302, Location=other.url))) as service:
            assert "is not followed" in str(refusal(service))
        assert not other.asked

    def test_not_without_encryption_even_to_a_host_that_is_allowed(self) -> None:
        with Script(GOOD) as other, asking(Script(reply("", 302, Location=other.url)), hosts=("127.0.0.1",)) as service:
            assert "is not followed" in str(refusal(service))
        assert not other.asked

    def test_a_form_is_never_lost_on_the_way(self) -> None:
        with asking(script := Script(reply("", 302, Location="/there"), GOOD)) as service:
            assert "is not followed" in str(refusal(service, Request("", form=(("id", "1"),))))
        assert len(script.asked) == 1

    def test_a_form_may_be_sent_on_whole(self) -> None:
        with asking(script := Script(reply("", 308, Location="/there"), GOOD)) as service:
            assert service.ask(Request("", form=(("id", "1"),)), text) == "good"
        assert script.asked[1].values == {"id": ["1"]}


class TestSecrets:
    def test_no_message_holds_one(self) -> None:
        def read(reply: Reply) -> str:
            raise PassingFault(f"answers: {reply.body.decode()}")

        def refuse(reply: Reply) -> str:
            raise service.refused(f"refuses: {reply.body.decode()}")

        with asking(Script(reply('{"error":"API key invalid","api-key":"s3cr3t"}')), secrets=("s3cr3t", "")) as service:
            with pytest.raises(ServiceUnavailable) as unavailable:
                service.ask(PLAIN, read)
            with pytest.raises(ServiceRefused) as refused:
                service.ask(PLAIN, refuse)
        for message in (str(unavailable.value), str(refused.value)):
            assert "API key invalid" in message
            assert "s3cr3t" not in message

    def test_a_foreign_message_is_short_and_on_one_line(self) -> None:
        with asking(Script(GOOD)) as service:
            assert service.public("a\n\tb " + "c" * 1000) == "a b " + "c" * 396 + " …"


@given(st.floats(0.01, 10.0), st.lists(st.floats(0.0, 20.0), max_size=30))
def test_requests_start_no_closer_than_the_interval(interval: float, work: list[float]) -> None:
    stage = Stage()
    pace = Pace(interval, stage.timing)
    starts = []
    for seconds in [*work, 0.0]:
        pace.wait()
        starts.append(stage.seconds)
        stage.seconds += seconds
    assert starts[0] == 0.0
    assert all(after - before >= interval - 1e-9 for before, after in pairwise(starts))


def test_no_request_waits_longer_than_it_must() -> None:
    stage = Stage()
    pace = Pace(1.0, stage.timing)
    pace.wait()
    stage.seconds = 5.0
    pace.wait()
    pace.wait()
    assert stage.sleeps == [1.0]
