"""The conversation on a page: what was said in it, and the box in which it goes on."""

from dataclasses import dataclass, replace

from api.access import Caller
from api.conversing import begin, find
from api.schemas import AnswerOut
from api.service import Service
from api.web.answer_view import AnswerView, view_of
from api.web.places import article_url, conversation_url
from api.web.standing import Standing
from assistant.answer import Answer, Outcome
from assistant.question import Audience
from corpus.catalogue import answers, conversations
from corpus.catalogue.conversations import Conversation
from corpus.errors import NoConversation

SHOWN = 50
"""Answers of a conversation on its page, the last ones."""
LISTED = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where is asked: on an article, or on none. `conversation` is the id of what was begun there, or "".

    `is_new` says that it was begun for the question at hand, so that nobody else can be asking in it.
    """

    article_id: str | None
    conversation: str = ""
    is_new: bool = False

    @property
    def page(self) -> str:
        return conversation_url(self.article_id, self.conversation)

    @property
    def blank(self) -> str:
        """The page where nothing has been asked."""
        return conversation_url(self.article_id, None)

    @property
    def openers(self) -> str:
        return f"{self.blank}/openers"

    @property
    def action(self) -> str:
        return "/ask" if self.article_id is None else f"{article_url(self.article_id)}/ask"


@dataclass(frozen=True, slots=True)
class Box:
    """What asking.html.j2 reads; `question` is what is left to edit, `openers` None when they are fetched later."""

    place: Place
    keeps: bool
    answers: tuple[AnswerView, ...] = ()
    question: str = ""
    problem: str | None = None
    openers: tuple[str, ...] | None = ()

    def left(self, question: str, problem: str | None = None) -> "Box":
        """The same with a question that was not taken, and why."""
        return replace(self, question=question, problem=problem)

    def with_unkept(self, answer: AnswerView, question: str) -> "Box":
        """The same with an answer that is shown this once; what identifies a patient is left to edit."""
        left = question if answer.outcome == Outcome.PATIENT_IDENTIFIERS else ""
        return replace(self, answers=(*self.answers, answer), question=left)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A conversation in the list of those begun before, named by its first question."""

    name: str
    href: str
    updated: str


def box(service: Service, who: Caller, place: Place, standing: Standing) -> Box:
    """The box of a place with the answers of its conversation; NoConversation when that is not of this place."""
    said = tuple[AnswerView, ...]()
    if place.conversation:
        found = of_place(service, who, place)
        with service.catalogue.reading() as connection:
            given = conversations.turns(connection, found.id, SHOWN)
        said = tuple(view_of(AnswerOut.model_validate_json(one.body), standing, kept=True) for one in given)
    return Box(place, bool(service.settings.answer_days), said)


def of_place(service: Service, who: Caller, place: Place) -> Conversation:
    """The conversation that goes on at a place."""
    found = find(service.catalogue, place.conversation, who.id)
    if found.article_id != (place.article_id or ""):
        raise NoConversation(f"no conversation {place.conversation!r} is about this")
    return found


def opened(service: Service, who: Caller, place: Place, audience: Audience) -> Place:
    """The place with a conversation to go on in, begun now if need be; without one where nothing is kept."""
    if place.conversation:
        of_place(service, who, place)
    elif service.settings.answer_days:
        return replace(place, conversation=begin(service, who.id, place.article_id, audience).id, is_new=True)
    return place


def settled(service: Service, who: Caller, place: Place, given: Answer) -> tuple[Place, AnswerView]:
    """Where it goes on after an answer, and the answer. What was not kept leaves no empty conversation behind."""
    with service.catalogue.reading() as connection:
        kept = answers.given(connection, given.id) is not None
    after = place if kept else forgotten(service, place)
    with service.live.lease() as snapshot:
        return after, view_of(AnswerOut.of(given), Standing.now(service, snapshot), kept=kept)


def forgotten(service: Service, place: Place) -> Place:
    """The place without the conversation that was begun for a question which was not answered, or not kept."""
    if not place.is_new:
        return place
    with service.catalogue.writing() as connection:
        conversations.delete(connection, place.conversation)
    return replace(place, conversation="", is_new=False)


def conversation_deleted(service: Service, who: Caller, conversation_id: str) -> None:
    """Delete a conversation of the caller; NoConversation when there is none."""
    found = find(service.catalogue, conversation_id, who.id)
    with service.catalogue.writing() as connection:
        conversations.delete(connection, found.id)


def earlier(service: Service, who: Caller) -> tuple[Earlier, ...]:
    """The caller's last conversations in which something was said."""
    found = list[Earlier]()
    with service.catalogue.reading() as connection:
        for one in conversations.of_owner(connection, who.id, LISTED):
            first = conversations.opening(connection, one.id)
            if first is not None:
                name = AnswerOut.model_validate_json(first.body).question
                found.append(Earlier(name, conversation_url(one.article_id or None, one.id), one.updated[:10]))
    return tuple(found)
