"""A conversation that goes on while the corpus changes, and one that began with what must not be kept."""

import pytest

from api.cli.session import open_desk
from api.settings import Settings
from assistant.answer import Outcome
from assistant.question import Question, Turn
from tests.api.terminal import Terminal
from tests.tiny import GOUT

QUESTION = Question(f"{next(iter(GOUT.cited))[:-1]}?")


def test_what_is_withdrawn_while_a_conversation_goes_on_is_not_cited_in_its_next_answer(copied: Terminal) -> None:
    with open_desk(Settings.from_environment({"SEQUITUR_HOME": str(copied.home)})) as desk:
        assert "gout" in {source.document.id for source in desk.answer(QUESTION).sources}
        assert copied.run("corpus", "withdraw", "gout", "--why", "being rewritten").exit_code == 0
        after = desk.answer(QUESTION)
    assert "gout" not in {source.document.id for source in after.sources}
    assert copied.run("replay", after.id).exit_code == 0


@pytest.mark.parametrize("earlier", [
    "Mrs. Kowalski has just collapsed and is not breathing",
    "MRN 00123456: which anticoagulant?",
])  # fmt: skip
def test_a_conversation_that_began_with_an_identifier_is_not_kept(copied: Terminal, earlier: str) -> None:
    """An emergency is told before identifiers are, and hides none of them."""
    turn = Turn(earlier, earlier)
    with open_desk(Settings.from_environment({"SEQUITUR_HOME": str(copied.home)})) as desk:
        given = desk.answer(Question(QUESTION.text, (turn,)))
        kept = desk.answer(QUESTION)
    assert given.outcome is kept.outcome is Outcome.ANSWERED
    assert copied.run("answers").stdout.count(given.id) == 0
    assert copied.run("answers").stdout.count(kept.id) == 1
