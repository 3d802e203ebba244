"""Law 6: the same question over the same corpus gives the same answer, in this process and in any other."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from api.schemas import AnswerOut
from assistant.errors import UnknownArticle
from assistant.pipeline import Assistant, turn_of
from assistant.question import Audience, Question, Turn
from indexer.snapshot import Snapshot
from tests.hashing import HashingEncoder
from tests.tiny import CREATED, GOUT, LIBRARY, assistant_over, snapshot_of

ROOT = Path(__file__).parents[2]
CONVERSATION = (
    "How is gout treated?",
    "What is the starting dose of allopurinol in gout?",
    "And febuxostat?",
    "Why?",
    "Which zebra stripes confuse tsetse flies?",
    "Is Canakinumab useful when colchicine is contraindicated in a gout flare?",
)

Made = tuple[Snapshot, HashingEncoder]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    encoder = HashingEncoder()
    return snapshot_of(LIBRARY.documents(), tmp_path_factory.mktemp("home"), encoder), encoder


def spoken(assistant: Assistant, article: str | None) -> list[str]:
    """A conversation as JSON, each question asked with the turns before it."""
    history: tuple[Turn, ...] = ()
    answers = []
    for text in CONVERSATION:
        answer = assistant.answer(Question(text, history, article, Audience.TRAINEE))
        history = (*history, turn_of(answer))
        answers.append(AnswerOut.of(answer).model_dump_json())
    return answers


@pytest.mark.parametrize("article", [None, "gout", "hypertension"])
def test_asked_again_the_answer_is_the_same(made: Made, article: str | None) -> None:
    first, second = (spoken(assistant_over(*made), article) for _ in range(2))
    assert first == second
    assert any(json.loads(answer)["outcome"] == "answered" for answer in first)


def test_an_answer_does_not_depend_on_what_was_asked_before_it(made: Made) -> None:
    question = Question(CONVERSATION[1], article_id="gout")
    fresh, used = assistant_over(*made), assistant_over(*made)
    spoken(used, "gout")
    assert fresh.answer(question) == used.answer(question)


def test_only_the_id_and_the_time_vary(made: Made) -> None:
    snapshot, encoder = made
    first, second = (
        Assistant(snapshot, encoder, software="tiny 1").answer(Question("How is gout treated?")) for _ in "ab"
    )
    assert first.id != second.id
    assert replace(first, id="", created="") == replace(second, id="", created="")


SCRIPT = """
import sys
from pathlib import Path
from tests.assistant.test_reproducible import LIBRARY, assistant_over, snapshot_of, spoken, HashingEncoder
encoder = HashingEncoder()
assistant = assistant_over(snapshot_of(reversed(LIBRARY.documents()), Path(sys.argv[1]), encoder), encoder)
print("\\n".join(line for article in (None, "gout") for line in spoken(assistant, article)))
"""


def test_another_process_agrees_byte_for_byte(made: Made, tmp_path: Path) -> None:
    """It hashes strings otherwise, and indexes the documents in another order; the snapshot id is the same."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    there = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, timeout=300, check=True)
    here = [line for article in (None, "gout") for line in spoken(assistant_over(*made), article)]
    assert there.stdout.decode().splitlines() == here
    answers = [json.loads(line) for line in here]
    assert [answer["created"] for answer in answers] == [CREATED] * 2 * len(CONVERSATION)
    assert len({answer["outcome"] for answer in answers}) > 1


QUESTIONS: Sequence[str] = [*(f"{text[:-1]}?" for text in GOUT.cited), *CONVERSATION]


@pytest.mark.parametrize("article", [None, "gout"])
def test_suggestions_are_answered_when_asked(made: Made, article: str | None) -> None:
    assistant = assistant_over(*made)
    offered = 0
    for text in QUESTIONS:
        answer = assistant.answer(Question(text, article_id=article))
        assert len(answer.suggestions) <= 3
        assert len(set(answer.suggestions)) == len(answer.suggestions)
        assert text not in answer.suggestions
        assert not any("caveat" in one.lower() for one in answer.suggestions)  # all that is said of them is withdrawn
        for number, suggestion in enumerate(answer.suggestions, start=1):
            offered += 1
            alone = assistant.answer(Question(suggestion, article_id=article))
            assert alone.outcome.has_statements
            picked = assistant.answer(Question(str(number), (turn_of(answer),), article))
            assert picked.read_as == suggestion
            assert picked.outcome.has_statements
    assert offered


def test_an_unknown_article_is_named_with_those_there_are(made: Made) -> None:
    with pytest.raises(UnknownArticle, match=r"'pellagra'.*gout, hypertension, scurvy"):
        assistant_over(*made).answer(Question("How is it treated?", article_id="pellagra"))


@pytest.mark.parametrize("text", ["My patient is not breathing, what do I do?", "MRN 00123456: which drug?"])
def test_the_readers_own_reading_is_triaged_too(made: Made, text: str) -> None:
    answer = assistant_over(*made).answer(Question("Is it safe?", read_as=text))
    assert not answer.outcome.has_statements
    assert answer.message
    assert not any((answer.related, answer.sources, answer.suggestions))


def test_a_refusal_says_what_was_searched_and_offers_what_is_near(made: Made) -> None:
    snapshot, _ = made
    answer = assistant_over(*made).answer(
        Question("What is the dose of imatinib in gout with leukaemia?", article_id="gout")
    )
    assert not answer.outcome.has_statements
    assert answer.message is not None
    assert snapshot.id in answer.message
    assert f"{snapshot.manifest.passages:,} passages" in answer.message
    assert all(one.text in snapshot.document(one.source_id).text for one in answer.related)  # type: ignore[union-attr]
