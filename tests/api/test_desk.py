"""A conversation that goes on while the corpus changes."""

from api.cli.session import open_desk
from api.settings import Settings
from assistant.question import Question
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
