"""The client of a language model: patient with what passes, plain about what does not, and silent about its key."""

import logging
from dataclasses import replace
from itertools import count

import pytest

from assistant.evaluation.chat import MANNERS, SEED, TOKENS, ChatModel
from assistant.evaluation.errors import JudgeFailed
from corpus.connectors.exchange import Politeness
from corpus.connectors.pace import Timing
from tests.corpus.connectors.serving import Answer, Script, Stage, cut_off, json_reply, reply, reset
from tests.model import KEY, MODEL, FakeModel, completion

GOOD = completion("yes")
IMPATIENT = Politeness(0.0, silence=0.2)


def failure(model: Script, chat: ChatModel) -> str:
    """What a failing request is told by."""
    with model, chat, pytest.raises(JudgeFailed) as caught:
        chat.reply("?")
    return str(caught.value)


def test_a_request_is_what_the_protocol_has() -> None:
    with FakeModel(GOOD) as model, model.chat() as chat:
        assert chat.reply("Is it?") == "yes"
    (asked,) = model.asked
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.headers["Content-Type"] == "application/json"
    message = {"role": "user", "content": "Is it?"}
    expected = {"model": MODEL, "messages": [message], "temperature": 0, "max_tokens": TOKENS, "seed": SEED}
    assert model.requests == [expected]
    assert (chat.model, chat.reported, chat.server) == (MODEL, "judge-model-2026", model.url.rstrip("/"))


def test_without_a_key_none_is_sent() -> None:
    with FakeModel(GOOD) as model, model.chat(key="") as chat:
        chat.reply("?")
    assert "Authorization" not in model.asked[0].headers


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_takes_no_seed_is_asked_without(status: int) -> None:
    with FakeModel(reply("unknown field: seed", status), GOOD, GOOD) as model, model.chat() as chat:
        assert (chat.reply("?"), chat.reply("?")) == ("yes", "yes")
    assert ["seed" in one for one in model.requests] == [True, False, False]


def test_a_request_that_is_refused_also_without_a_seed_does_not_forget_the_seed() -> None:
    with FakeModel(reply("too long", 400), reply("too long", 400), GOOD) as model, model.chat() as chat:
        with pytest.raises(JudgeFailed, match="too long"):
            chat.reply("?")
        assert chat.reply("?") == "yes"
    assert ["seed" in one for one in model.requests] == [True, False, True]


def test_a_model_that_says_nothing_says_nothing() -> None:
    with FakeModel(completion(None)) as model, model.chat() as chat:
        assert chat.reply("?") == ""


PASSING: dict[str, Answer] = {
    "too many requests": reply("slow down", 429),
    "server error": reply("oops", 500),
    "loading": reply("model is loading", 503),
    "cut off": cut_off('{"choices": []}', 3),
    "reset": reset,
    "a web page": reply("<html>"),
    "no choice": json_reply({"choices": []}),
    "another protocol": json_reply({"response": "yes"}),
    "deep": reply('{"choices": ' + "[" * 100_000),
    "not what its header says": reply("not compressed", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_passes_is_waited_for_and_what_stays_is_given_up(fault: Answer) -> None:
    stage = Stage()
    with FakeModel(fault, fault, GOOD) as model, model.chat(stage) as chat:
        assert chat.reply("?") == "yes"
    assert stage.sleeps == [1.0, 2.0]
    model = FakeModel(*[fault] * 5)
    told = failure(model, model.chat())
    assert len(model.asked) == MANNERS.attempts == 5
    assert told.startswith(model.url.rstrip("/"))
    assert told.endswith("(asked 5 times); what was judged before is kept, judge again later")


def test_a_server_that_asks_to_be_left_alone_is_left_alone_for_so_long() -> None:
    stage = Stage()
    with FakeModel(reply("", 429, Retry_After="17"), GOOD) as model, model.chat(stage) as chat:
        assert chat.reply("?") == "yes"
    assert stage.sleeps == [17.0]
    model = FakeModel(reply("", 429, Retry_After="3600"))
    assert failure(model, model.chat(stage)).endswith(
        "(asked once); what was judged before is kept, judge again in 3600 seconds"
    )


def test_silence_is_not_waited_for_forever() -> None:
    model = FakeModel(reset, GOOD)
    model.answers[0] = model.silent
    with model, model.chat(manners=IMPATIENT) as chat:
        assert chat.reply("?") == "yes"
    assert len(model.asked) == 2
    model = FakeModel()
    model.answers[0] = model.silent
    assert "sent nothing for 0.2 seconds (asked once)" in failure(
        model, model.chat(manners=replace(IMPATIENT, attempts=1))
    )


def test_a_reply_that_trickles_is_not_waited_for_forever() -> None:
    ticks = count(0.0, 400.0)
    timing = Timing(lambda: next(ticks), lambda seconds: None, Stage().now, lambda: 0.0)
    model = FakeModel(*[GOOD] * 5)
    assert "takes longer than 300 seconds" in failure(model, model.chat(timing=timing))


def test_a_reply_without_an_end_is_not_read_to_its_end() -> None:
    model = FakeModel(reply(b" " * (MANNERS.largest + 1)))
    assert "sends more than 1,000,000 bytes" in failure(model, model.chat())
    assert len(model.asked) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_told_at_once_with_what_the_server_says(status: int) -> None:
    model = FakeModel(reply("no such model:\n\tjudge-model", status))
    told = failure(model, model.chat())
    assert f"(HTTP status {status}): no such model: judge-model; check address, model name and key" in told
    assert len(model.asked) == 1


def test_a_redirect_is_not_followed_since_the_key_would_go_with_it() -> None:
    with FakeModel(GOOD) as elsewhere:
        model = FakeModel(reply("", 307, Location=f"{elsewhere.url}v1/chat/completions"))
        assert "sends requests on to elsewhere" in failure(model, model.chat())
    assert elsewhere.asked == []


def test_a_host_that_cannot_be_one() -> None:
    with ChatModel("http://a..b/v1", MODEL) as chat, pytest.raises(JudgeFailed, match="check its address"):
        chat.reply("?")


def test_a_server_that_is_not_there() -> None:
    with FakeModel() as model:
        chat = model.chat()
    with chat, pytest.raises(JudgeFailed, match="cannot be reached"):
        chat.reply("?")


@pytest.mark.parametrize(
    "url", ["", "localhost:8000", "ftp://localhost/v1", "http://", "http://h:port/v1", "http://h:999999"]
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(JudgeFailed, match="give one such as http://localhost:8000/v1"):
        ChatModel(url, MODEL)


@pytest.mark.parametrize(
    "url", ["http://me:s3cret@h/v1", "http://s3cret@h/v1", "http://h/v1?key=s3cret", "http://h/#s3cret"]
)
def test_an_address_with_a_secret_in_it_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(JudgeFailed, match="the judge's address at h holds") as caught:
        ChatModel(url, MODEL)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("key", ["s3cret\n", "s3cret s3cret", "s3cret\u2028", "schlüssel-s3cret"])
def test_a_key_that_fits_no_header_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(JudgeFailed, match="fits no header") as caught:
        ChatModel("http://h/v1", MODEL, key=key)
    assert "s3cret" not in str(caught.value)


ECHOES = {
    "refusal": reply(f"bad key {KEY}", 401),
    "long refusal": reply(f"bad key {KEY}" * 50, 400),
    "fault": reply(f"oops {KEY}", 500),
    "none": reset,
}


@pytest.mark.parametrize("answer", ECHOES.values(), ids=ECHOES)
def test_the_key_is_in_no_error_and_no_log(answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    model = FakeModel(*[answer] * 5)
    assert KEY not in failure(model, model.chat())
    assert caplog.records
    assert KEY not in caplog.text


def test_a_server_that_repeats_the_key_as_its_model_is_not_repeated() -> None:
    with FakeModel(completion("yes", model=f"the model of {KEY}\n")) as model, model.chat() as chat:
        chat.reply("?")
    assert chat.reported == "the model of [key]"
