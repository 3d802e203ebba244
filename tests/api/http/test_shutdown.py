"""A service that is told to stop finishes the answers in flight, takes no more, and ends well."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.api.http.asking import EVENTS, events
from tests.api.http.listening import until
from tests.api.http.small import FIRST_LINE
from tests.api.terminal import Terminal

ROOT = Path(__file__).parents[3]
IN_FLIGHT = 24


@contextmanager
def served(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`sequitur serve` in a process of its own, ready to answer."""
    environment = {**os.environ, "SEQUITUR_HOME": str(home), "SEQUITUR_RATE": "0", "SEQUITUR_QUEUE": "100"}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        try:
            until(lambda: process.poll() is not None or is_ready(port), 120)
            yield process
        finally:
            process.kill()


def is_ready(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=60).status_code == 200
    except httpx2.TransportError:
        return False


def waiting(port: int) -> float:
    """How many questions wait or are being answered."""
    found = re.search(r"^sequitur_queue (\S+)$", httpx2.get(f"http://127.0.0.1:{port}/metrics").text, re.MULTILINE)
    assert found
    return float(found[1])


@pytest.fixture
def port(unused_port: int) -> int:
    return unused_port


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_answers_in_flight_are_finished_and_new_ones_are_not_taken(copied: Terminal, port: int) -> None:
    address = f"http://127.0.0.1:{port}/v1/answers"

    def ask(number: int) -> httpx2.Response:
        return httpx2.post(address, json=FIRST_LINE, headers=EVENTS if number % 2 else {}, timeout=120)

    with served(copied.home, port) as process, ThreadPoolExecutor(IN_FLIGHT) as pool:
        asked = [pool.submit(ask, number) for number in range(IN_FLIGHT)]
        until(lambda: waiting(port) >= IN_FLIGHT / 2)
        process.send_signal(signal.SIGTERM)
        given = [one.result() for one in asked]
        assert [one.status_code for one in given] == [200] * IN_FLIGHT
        last = [events(one.text)[-1] for one in given if "event-stream" in one.headers["content-type"]]
        assert {name for name, _ in last} == {"answer"}
        assert process.wait(60) == 0
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(address)
        assert process.stderr is not None
        lines = process.stderr.read().decode()
    assert "Traceback" not in lines
    assert '"level": "error"' not in lines
