"""While snapshots change under askers, every answer is from exactly one, and a damaged one is never answered from."""

import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count, takewhile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import following, service
from api.following import LiveSnapshot
from assistant import evidence, pipeline
from corpus.types import Document
from indexer.build import build
from indexer.snapshot import PASSAGES, Snapshot, activate, current_id, folder_of
from tests.api.http.asking import Json, ask, stream
from tests.api.http.listening import until
from tests.api.http.small import ENCODER, FIRST_LINE, home_in, service_of, serving
from tests.tiny import LIBRARY

ASKERS, SWITCHES = 8, 6
EDITION = "Second Edition "
QUESTIONS: tuple[Json, ...] = (
    FIRST_LINE,
    {"question": "Does lesinurad help in gout?"},
    {"question": "What is the dose of chlorthalidone in hypertension?"},
    {"question": "Does canakinumab relieve a gout flare?", "article_id": "gout"},
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks are so close together that a test need not wait."""
    monkeypatch.setattr(service, "SECONDS_BETWEEN_LOOKS", 0.01)


@pytest.fixture(scope="module")
def two_editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A home with two snapshots, the first one live, and their ids: in the second every work has another title."""
    home = home_in(tmp_path_factory.mktemp("editions"))
    first = current_id(home) or ""
    second = build(_second(LIBRARY.documents()), home, ENCODER, created="2026-01-03", software="tiny 1").id
    assert first != second
    return home, first, second


@pytest.fixture
def editions(two_editions: tuple[Path, str, str], tmp_path: Path) -> tuple[Path, str, str]:
    """A copy of it, for a test to change."""
    home, first, second = two_editions
    return Path(shutil.copytree(home, tmp_path / "home")), first, second


def _second(documents: Iterable[Document]) -> Iterator[Document]:
    for one in documents:
        yield replace(one, work=replace(one.work, title=EDITION + one.work.title))


def is_second(answer: Json) -> set[bool]:
    """Whether the sources of an answer are of the second edition: one value when they are all of one."""
    return {source["title"].startswith(EDITION) for source in answer["sources"]}


def live(client: TestClient) -> str:
    return service_of(client).live.id


def test_answers_during_switches_name_one_snapshot_and_cite_it_alone(editions: tuple[Path, str, str]) -> None:
    home, first, second = editions
    done: list[Json] = []
    with serving(home, queue=100, threads=4) as client, ThreadPoolExecutor(ASKERS) as pool:
        stop = threading.Event()

        def asks(number: int) -> None:
            for turn in takewhile(lambda _: not stop.is_set(), count()):
                asked = QUESTIONS[(number + turn) % len(QUESTIONS)]
                done.append(ask(client, asked) if turn % 2 else stream(client, asked)[-1][1])

        askers = [pool.submit(asks, number) for number in range(ASKERS)]
        try:
            for wanted in (second, first) * (SWITCHES // 2):
                before = len(done)
                activate(home, wanted)
                until(partial(lambda one, least: live(client) == one and len(done) > least, wanted, before + ASKERS))
        finally:
            stop.set()
        for one in askers:
            one.result()
    assert {answer["outcome"] for answer in done} == {"answered"}
    assert {answer["provenance"]["snapshot"] for answer in done} == {first, second}
    for answer in done:
        assert is_second(answer) == {answer["provenance"]["snapshot"] == second}
        cited = {citation["n"] for one in answer["statements"] for citation in one["citations"]}
        assert cited <= {source["n"] for source in answer["sources"]}


def test_a_reader_keeps_its_snapshot_and_the_last_one_closes_it(editions: tuple[Path, str, str]) -> None:
    home, first, second = editions
    with serving(home) as client:
        leased = service_of(client).live.lease
        with leased() as held:
            with leased() as also:
                assert held is also
                activate(home, second)
                until(lambda: live(client) == second)
                with leased() as newer:
                    assert newer.id == second
            assert held.id == first
            found = held.document("gout")
            assert found is not None
            assert not found.work.title.startswith(EDITION)
        with pytest.raises(sqlite3.ProgrammingError):
            held.document("gout")
        assert ask(client, FIRST_LINE)["provenance"]["snapshot"] == second


def test_an_answer_that_has_begun_is_from_the_snapshot_it_began_with(
    editions: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, first, second = editions
    searched = evidence.gather
    with serving(home) as client:

        def switched(*arguments: object) -> object:
            activate(home, second)
            until(lambda: live(client) == second)
            return searched(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(pipeline, "gather", switched)
        given = ask(client, FIRST_LINE)
        monkeypatch.setattr(pipeline, "gather", searched)
        assert (given["provenance"]["snapshot"], is_second(given)) == (first, {False})
        again = ask(client, FIRST_LINE)
        assert (again["provenance"]["snapshot"], is_second(again)) == (second, {True})


@contextmanager
def damaged(home: Path, snapshot: str) -> Iterator[None]:
    """A snapshot of which one byte is another for as long as the block lasts."""
    path = folder_of(home, snapshot) / PASSAGES
    sound = path.read_bytes()
    path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    yield
    path.write_bytes(sound)


def readiness(client: TestClient) -> tuple[str, bool]:
    """The snapshot that is answered from, and whether there is a problem with the one that should be."""
    response = client.get("/readyz")
    assert response.status_code == 200
    return response.json()["snapshot"], response.json()["problem"] is not None


def test_a_damaged_snapshot_is_not_taken_and_that_is_told_until_it_is_over(
    editions: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, first, second = editions
    monkeypatch.setattr(following, "SECONDS_TO_LET_BE", 0.2)
    with serving(home) as client:
        with damaged(home, second):
            (home / "current").write_text(f"{second}\n")
            until(lambda: readiness(client) == (first, True))
            assert str(home) not in client.get("/readyz").text
            assert ask(client, FIRST_LINE)["provenance"]["snapshot"] == first
            activate(home, first)
            until(lambda: readiness(client) == (first, False))
            (home / "current").write_text(f"{second}\n")
            until(lambda: readiness(client) == (first, True))
        until(lambda: readiness(client) == (second, False))
        assert ask(client, FIRST_LINE)["provenance"]["snapshot"] == second


def test_a_snapshot_that_is_gone_is_told_of_as_well(editions: tuple[Path, str, str]) -> None:
    home, first, _ = editions
    with serving(home) as client:
        (home / "current").write_text("0000000000000000\n")
        until(lambda: readiness(client) == (first, True))
        assert ask(client, FIRST_LINE)["provenance"]["snapshot"] == first
        (home / "current").unlink()
        until(lambda: readiness(client) == (first, False))


def test_one_that_cannot_be_read_is_not_read_again_at_every_look(
    editions: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, first, second = editions
    looks, opened = Counter[str](), list[str]()
    opening = LiveSnapshot._opened

    def looked(live: LiveSnapshot) -> str:
        looks["all"] += 1
        return current_id(home) or ""

    def opens(live: LiveSnapshot, one: str) -> Snapshot:
        opened.append(one)
        return opening(live, one)

    with serving(home) as client:
        monkeypatch.setattr(LiveSnapshot, "wanted", property(looked))
        monkeypatch.setattr(LiveSnapshot, "_opened", opens)
        with damaged(home, second):
            (home / "current").write_text(f"{second}\n")
            until(lambda: readiness(client) == (first, True))
            seen = looks["all"]
            until(lambda: looks["all"] > seen + 20)
    assert opened == [second]


def test_whoever_still_reads_when_the_service_stops_reads_to_the_end(editions: tuple[Path, str, str]) -> None:
    home, _, _ = editions
    live = LiveSnapshot(home, ENCODER)
    with live.lease() as held:
        live.close()
        assert held.document("gout") is not None
    with pytest.raises(sqlite3.ProgrammingError):
        held.document("gout")


def test_what_nobody_foresaw_does_not_end_the_looking(
    editions: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    home, _, second = editions
    monkeypatch.setattr(following, "SECONDS_TO_LET_BE", 0.05)
    opening, failures = LiveSnapshot._opened, count()

    def opens(live: LiveSnapshot, one: str) -> Snapshot:
        if one == second and next(failures) < 2:
            raise RuntimeError("faiss could not read it")
        return opening(live, one)

    with serving(home) as client:
        monkeypatch.setattr(LiveSnapshot, "_opened", opens)
        activate(home, second)
        until(lambda: live(client) == second)
        assert ask(client, FIRST_LINE)["provenance"]["snapshot"] == second
    assert [one.exc_info[0] for one in caplog.records if one.exc_info and one.msg == "fault"] == [RuntimeError] * 2


def test_what_the_settings_name_is_answered_from_whatever_is_live(editions: tuple[Path, str, str]) -> None:
    home, first, second = editions
    pinned = LiveSnapshot(home, ENCODER, pinned=first)
    activate(home, second)
    assert not pinned.renew()
    assert pinned.id == pinned.wanted == first
    pinned.close()


def test_openers_are_those_of_the_snapshot_that_is_live(editions: tuple[Path, str, str]) -> None:
    home, _, second = editions
    with serving(home) as client:
        found = service_of(client)
        before = client.get("/v1/articles/gout/suggestions").json()
        assert client.get("/v1/articles/gout/suggestions").json() == before
        activate(home, second)
        until(lambda: live(client) == second)
        assert client.get("/v1/articles/gout/suggestions").status_code == 200
        assert {snapshot for snapshot, _ in found._openers} == {second}
