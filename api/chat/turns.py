"""A conversation of which only the questions are told: what came before is answered again, and not kept."""

from collections.abc import Sequence

from api.conversing import Asked
from api.desk import UNKEPT, Desk
from assistant.errors import InvalidQuestion
from assistant.pipeline import turn_of
from assistant.question import Audience, Question, Turn

EARLIER_TURNS = 4
"""How many earlier questions are answered again: each costs as much as the question itself."""


def question_after(desk: Desk, earlier: Sequence[str], asked: Asked) -> Question:
    """The question after the last earlier ones. What could not be asked then has no part in the conversation."""
    audience = asked.audience or Audience.CLINICIAN
    history: tuple[Turn, ...] = ()
    for text in earlier[-EARLIER_TURNS:]:
        try:
            before = Question(text, history, asked.article_id, audience)
        except InvalidQuestion:
            continue
        history = (*history, turn_of(desk.answer(before, keeping=UNKEPT)))
    return Question(asked.text, history, asked.article_id, audience, asked.read_as)
