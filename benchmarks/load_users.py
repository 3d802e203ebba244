"""Who asks in benchmarks/load.py: about trials, in conversations and as streams; they read what is cited."""

import json
import socket
import time
from collections.abc import Sequence
from random import Random
from typing import Any, ClassVar
from urllib.parse import quote

from locust import FastHttpUser, task

from benchmarks.evidence_inference import Prompt

SEED = 20


class Refused(Exception):
    """The service said that too many wait, and when to come again."""


class Asker(FastHttpUser):
    """Asks one question after the other about an article, and reads what is cited."""

    sequences: ClassVar[Sequence[Sequence[Prompt]]] = ()
    random: ClassVar[Random] = Random(SEED)
    concurrency = 1

    @task(4)
    def about_an_article(self) -> None:
        prompt = self._prompts()[0]
        self._answer("answer, article as context", {"question": prompt.question(), "article_id": prompt.article})

    @task(3)
    def about_all(self) -> None:
        self._answer("answer, whole index", {"question": self._prompts()[0].question()})

    @task(3)
    def streamed(self) -> None:
        with self._sent("answer, streamed", {"question": self._prompts()[0].question()}, stream=True) as response:
            if self._is_served(response) and "\nevent: answer\n" not in response.text:
                response.failure("the stream broke off")

    @task(1)
    def left_midway(self) -> None:
        """Somebody closes the page before the answer is there."""
        body = json.dumps({"question": self._prompts()[0].question()}).encode()
        head = (
            "POST /v1/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        host, port = str(self.host).removeprefix("http://").split(":")
        began = time.monotonic()
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            connection.sendall(head.encode() + body)
            connection.recv(1024)
        taken = 1000 * (time.monotonic() - began)
        self.environment.events.request.fire(
            request_type="POST", name="left midway", response_time=taken, response_length=0, exception=None, context={}
        )

    @task(2)
    def conversation(self) -> None:
        name, path = "conversation, begun", "/v1/conversations"
        with self.client.post(path, json={}, name=name, catch_response=True) as response:
            if not self._is_served(response, 201):
                return
            begun = response.json()["id"]
        for prompt in self._prompts()[:3]:
            asked = {"question": prompt.question(), "article_id": prompt.article, "conversation_id": begun}
            self._answer("answer, follow-up in a conversation", asked)
        self._read("conversation, read", f"/v1/conversations/{begun}")

    def _answer(self, name: str, asked: dict[str, str]) -> None:
        with self._sent(name, asked) as response:
            if not self._is_served(response):
                return
            answer = response.json()
            if not answer["disclaimer"]:
                response.failure("an answer without its disclaimer")
        cited = [citation["passage_id"] for one in answer["statements"] for citation in one["citations"]]
        for passage in cited[:1]:
            self._read("source, read", f"/v1/passages/{quote(passage, safe='')}")
        if cited and self.random.random() < 0.2:
            self._read("export, read", f"/v1/answers/{answer['id']}/export?format=ris")

    def _sent(self, name: str, asked: dict[str, str], *, stream: bool = False) -> Any:
        accepted = {"Accept": "text/event-stream"} if stream else {}
        return self.client.post("/v1/answers", json=asked, headers=accepted, name=name, catch_response=True)

    def _read(self, name: str, path: str) -> None:
        with self.client.get(path, name=name, catch_response=True) as response:
            self._is_served(response)

    def _is_served(self, response: Any, status: int = 200) -> bool:
        """Whether it is; told as an error unless the service said properly that it is too busy."""
        if response.status_code == 503 and response.headers.get("retry-after"):
            response.failure(Refused())
            time.sleep(0.2)
        elif response.status_code != status:
            response.failure(f"status {response.status_code}")
        return bool(response.status_code == status)

    def _prompts(self) -> Sequence[Prompt]:
        """What was really asked about one trial."""
        return self.random.choice(self.sequences)
