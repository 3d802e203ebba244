"""A conversation is the order of its answers and no more: it grows by them, is read from them, and goes with them."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, func, select

from corpus.catalogue import answers, conversations, tables
from corpus.catalogue.answers import Given
from corpus.catalogue.conversations import Conversation
from corpus.catalogue.database import Catalogue, default_url
from corpus.catalogue.tables import answer, conversation_turn
from corpus.errors import CatalogueUnavailable, NoConversation
from tests.corpus.catalogue.samples import LATER, NOW, fill, given, rows

ANN, BEN = "0000000a", "0000000b"
ABSENT = "00000000-0000-4000-8000-000000000000"
EARLIER = "2026-01-01T10:00:00+00:00"


def start(catalogue: Catalogue, owner: str = ANN, now: str = NOW) -> Conversation:
    with catalogue.writing() as connection:
        return conversations.create(connection, owner, "gout", "clinician", now)


def go_on(catalogue: Catalogue, one: Conversation, names: Iterable[str], now: str = NOW) -> list[Given]:
    """Keep answers, each a turn of a conversation."""
    some = [given(name, now, cites=["gout", "scurvy"], owner=one.owner) for name in names]
    with catalogue.writing() as connection:
        for each in some:
            answers.keep(connection, each)
            conversations.append(connection, one.id, each.id, now)
    return some


def turns(catalogue: Catalogue, one: Conversation, last: int | None = None) -> list[str]:
    with catalogue.reading() as connection:
        return [turn.id for turn in conversations.turns(connection, one.id, last)]


def found(catalogue: Catalogue, one: Conversation) -> Conversation | None:
    with catalogue.reading() as connection:
        return conversations.find(connection, one.id, one.owner)


def delete_conversation(catalogue: Catalogue, conversation_id: str) -> None:
    with catalogue.writing() as connection:
        conversations.delete(connection, conversation_id)


def test_a_conversation_comes_back_as_it_was_begun(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        on_gout = conversations.create(connection, ANN, "gout", "clinician", NOW)
        on_nothing = conversations.create(connection, "", "", "patient", NOW, new_id=lambda: ABSENT)
    assert on_gout == Conversation(on_gout.id, ANN, "gout", "clinician", NOW, NOW)
    assert on_nothing == Conversation(ABSENT, "", "", "patient", NOW, NOW)
    assert (found(catalogue, on_gout), found(catalogue, on_nothing)) == (on_gout, on_nothing)
    assert turns(catalogue, on_gout) == []


def test_it_is_there_for_its_owner_alone(catalogue: Catalogue) -> None:
    mine, without_keys = start(catalogue, ANN), start(catalogue, "")
    with catalogue.reading() as connection:
        for conversation_id, owner in ((mine.id, BEN), (mine.id, ""), (without_keys.id, ANN), (ABSENT, ANN)):
            assert conversations.find(connection, conversation_id, owner) is None
        assert conversations.of_owner(connection, ANN, 9) == [mine]
        assert conversations.of_owner(connection, "", 9) == [without_keys]
        assert conversations.of_owner(connection, BEN, 9) == []


def test_the_one_that_went_on_last_is_listed_first(catalogue: Catalogue) -> None:
    old, middle, new = (start(catalogue, now=f"2026-11-2{day}T10:00:00+00:00") for day in (1, 2, 3))
    go_on(catalogue, old, ["a1"], "2026-11-24T10:00:00+00:00")
    with catalogue.reading() as connection:
        listed = conversations.of_owner(connection, ANN, 9)
        assert [one.id for one in listed] == [old.id, new.id, middle.id]
        assert (listed[0].created, listed[0].updated) == (old.created, "2026-11-24T10:00:00+00:00")
        assert conversations.of_owner(connection, ANN, 2) == listed[:2]


def test_turns_come_in_the_order_they_were_added(catalogue: Catalogue) -> None:
    """Whatever their ids and times, and whole, as they were given."""
    one, another = start(catalogue), start(catalogue)
    kept = go_on(catalogue, one, ["z", "a", "m"], LATER)
    go_on(catalogue, another, ["other"])
    kept += go_on(catalogue, one, ["b"], EARLIER)
    with catalogue.reading() as connection:
        assert conversations.turns(connection, one.id) == kept
        assert conversations.turns(connection, one.id, 2) == kept[-2:]
        assert conversations.turns(connection, one.id, 9) == kept
        assert conversations.turns(connection, ABSENT) == []
        assert conversations.opening(connection, one.id) == kept[0]
        assert conversations.opening(connection, ABSENT) is None


def test_more_than_nine_turns_stay_in_order(catalogue: Catalogue) -> None:
    one = start(catalogue)
    names = [f"a{number}" for number in range(23)]
    go_on(catalogue, one, names)
    assert turns(catalogue, one) == names
    assert turns(catalogue, one, 20) == names[3:]


@pytest.mark.parametrize("wrong", [ABSENT, "", "' OR 1=1"])
def test_a_conversation_that_is_not_there(catalogue: Catalogue, wrong: str) -> None:
    fill(catalogue)
    before = rows(catalogue)
    with catalogue.writing() as connection, pytest.raises(NoConversation):
        conversations.append(connection, wrong, "a1", NOW)
    with pytest.raises(NoConversation):
        delete_conversation(catalogue, wrong)
    assert rows(catalogue) == before


def test_an_answer_is_of_one_conversation(catalogue: Catalogue) -> None:
    one, another = start(catalogue), start(catalogue)
    go_on(catalogue, one, ["a1"])
    for conversation in (one, another):
        with pytest.raises(CatalogueUnavailable), catalogue.writing() as connection:
            conversations.append(connection, conversation.id, "a1", LATER)
    assert (turns(catalogue, one), turns(catalogue, another)) == (["a1"], [])


def test_an_answer_that_is_not_kept_is_no_turn(catalogue: Catalogue) -> None:
    one = start(catalogue)
    with pytest.raises(CatalogueUnavailable), catalogue.writing() as connection:
        conversations.append(connection, one.id, "absent", LATER)
    assert found(catalogue, one) == one


def test_what_is_asked_stands_in_the_answers_alone(catalogue: Catalogue) -> None:
    """So that it is gone when they are."""
    fill(catalogue)
    holding = {name for name, some in rows(catalogue).items() if "What helps?" in str(some)}
    assert holding == {"answer"}


def test_with_a_conversation_goes_all_that_was_said_in_it(catalogue: Catalogue) -> None:
    kept, gone = start(catalogue), start(catalogue)
    go_on(catalogue, kept, ["k1", "k2"])
    go_on(catalogue, gone, ["g1", "g2"])
    with catalogue.writing() as connection:
        answers.keep(connection, given("alone"))
        for name in ("k1", "g1", "g2", "alone"):
            answers.keep_feedback(connection, name, True, f"about {name}", NOW)
    delete_conversation(catalogue, gone.id)
    left = rows(catalogue)
    assert {row["id"] for row in left["answer"]} == {"k1", "k2", "alone"}
    assert {row["answer_id"] for row in left["answer_citation"]} == {"k1", "k2", "alone"}
    assert {row["answer_id"] for row in left["conversation_turn"]} == {"k1", "k2"}
    assert {row["reason"] for row in left["feedback"]} == {"about k1", "about alone"}
    assert [row["id"] for row in left["conversation"]] == [kept.id]
    assert found(catalogue, gone) is None
    with pytest.raises(NoConversation):
        delete_conversation(catalogue, gone.id)


def test_one_in_which_nothing_was_asked_can_be_deleted(catalogue: Catalogue) -> None:
    one = start(catalogue)
    delete_conversation(catalogue, one.id)
    assert catalogue.is_empty(tables.metadata)


def test_what_is_deleted_is_not_in_the_file(tmp_path: Path) -> None:
    """Nor in its free pages; long texts have pages of their own."""
    texts = ["Is colchicine safe in her?", "Febuxostat then? " * 900]
    with closing(Catalogue.open(default_url(tmp_path))) as catalogue, catalogue.writing() as connection:
        one = conversations.create(connection, ANN, "gout", "clinician", NOW)
        for number, text in enumerate(texts):
            spans = given("any").cited
            answers.keep(connection, Given(f"a{number}", NOW, "s1", "answered", text, f"{text} No.", spans))
            answers.keep_feedback(connection, f"a{number}", False, f"{text} Yes.", NOW)
            conversations.append(connection, one.id, f"a{number}", NOW)
    assert all(text[:26].encode() in content(tmp_path) for text in texts)
    with closing(Catalogue.open(default_url(tmp_path))) as catalogue:
        delete_conversation(catalogue, one.id)
    assert not any(text[:17].encode() in content(tmp_path) for text in texts)


def content(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("catalogue.db*"))


def test_an_answer_that_goes_leaves_the_others_in_order(catalogue: Catalogue) -> None:
    one = start(catalogue)
    go_on(catalogue, one, ["a", "b", "c"])
    with catalogue.writing() as connection:
        connection.execute(delete(answer).where(answer.c.id == "b"))
    go_on(catalogue, one, ["d"])
    assert turns(catalogue, one) == ["a", "c", "d"]


def test_with_the_retention_goes_a_conversation_in_which_nothing_is_left(catalogue: Catalogue) -> None:
    over, half, never_begun, fresh = (start(catalogue, now=now) for now in (EARLIER, EARLIER, EARLIER, LATER))
    go_on(catalogue, over, ["o1", "o2"], EARLIER)
    go_on(catalogue, half, ["h1"], EARLIER)
    go_on(catalogue, half, ["h2"], LATER)
    with catalogue.writing() as connection:
        assert answers.remove_older(connection, NOW) == 3, "answers"
    assert found(catalogue, over) is None
    assert found(catalogue, never_begun) is None
    assert found(catalogue, fresh) == fresh
    assert turns(catalogue, half) == ["h2"]
    with catalogue.reading() as connection:
        opening = conversations.opening(connection, half.id)
        assert opening is not None
        assert opening.id == "h2"


def test_one_that_went_on_is_kept_though_its_answers_are_not(catalogue: Catalogue) -> None:
    """Somebody may be about to ask in it."""
    one = start(catalogue, now=EARLIER)
    with catalogue.writing() as connection:
        answers.keep(connection, given("old", EARLIER))
        conversations.append(connection, one.id, "old", LATER)
        answers.remove_older(connection, NOW)
    assert found(catalogue, one) is not None
    assert turns(catalogue, one) == []


def test_one_in_which_something_is_left_is_kept_whenever_it_went_on(catalogue: Catalogue) -> None:
    """The clock that was read for the conversation may be another than that of the answer."""
    one = start(catalogue, now=EARLIER)
    with catalogue.writing() as connection:
        answers.keep(connection, given("new", LATER))
        conversations.append(connection, one.id, "new", EARLIER)
        answers.remove_older(connection, NOW)
    assert turns(catalogue, one) == ["new"]


def test_two_who_go_on_at_the_same_time_come_one_after_the_other(catalogue: Catalogue, url: str) -> None:
    """The second began before the first had ended."""
    one = start(catalogue)
    with closing(Catalogue.open(url)) as other:
        second = Thread(target=go_on, args=(other, one, ["second"]))
        with catalogue.writing() as connection:
            second.start()
            second.join(0.3)
            assert second.is_alive(), "it waits"
            answers.keep(connection, given("first"))
            conversations.append(connection, one.id, "first", NOW)
        second.join(30)
    assert turns(catalogue, one) == ["first", "second"]


def test_many_who_go_on_at_the_same_time_lose_nothing(catalogue: Catalogue, url: str) -> None:
    one, barrier, each = start(catalogue), Barrier(4), 10

    def ask(who: int) -> None:
        with closing(Catalogue.open(url)) as own:
            barrier.wait(30)
            for number in range(each):
                go_on(own, one, [f"{who}-{number}"])

    askers = [Thread(target=ask, args=(who,)) for who in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(60)
    told = turns(catalogue, one)
    assert sorted(told) == [f"{who}-{number}" for who in range(4) for number in range(each)]
    for who in range(4):
        assert [name for name in told if name.startswith(f"{who}-")] == [f"{who}-{number}" for number in range(each)]
    with catalogue.reading() as connection:
        assert connection.scalar(select(func.max(conversation_turn.c.position))) == 4 * each - 1


def test_who_deletes_while_another_goes_on_deletes_all_or_the_other_is_told(catalogue: Catalogue, url: str) -> None:
    one = start(catalogue)
    go_on(catalogue, one, ["a1"])
    told: list[str] = []

    def ask(own: Catalogue) -> None:
        try:
            go_on(own, one, ["a2"])
        except NoConversation as error:
            told.append(str(error))

    with closing(Catalogue.open(url)) as other:
        asking = Thread(target=ask, args=(other,))
        with catalogue.writing() as connection:
            asking.start()
            asking.join(0.3)
            conversations.delete(connection, one.id)
        asking.join(30)
    assert len(told) == 1
    assert one.id in told[0]
    assert catalogue.is_empty(tables.metadata), "nor is the answer kept that was given in vain"
