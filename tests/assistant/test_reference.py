"""What a question leaves out or points at: found by likelihood, never what it says itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.context import Context, known
from assistant.focus import Phrase, phrases
from assistant.question import Turn
from assistant.reference import candidates, referents
from corpus.vocabulary import Vocabulary
from indexer.analysis import terms

VOCABULARY = Vocabulary(())
COMMON = {"work", "cost", "make", "part"}


def rarity(term: str) -> float:
    """One for common terms, five for others, six for what is unknown."""
    return 6.0 if term == "\x00" else 1.0 if term in COMMON else 5.0


def context(*said: str) -> Context:
    """The conversation after these questions, oldest first."""
    found = known(tuple(Turn(text, text) for text in said), "", VOCABULARY, rarity)
    assert found is not None
    return found


def referred(question: str, *said: str) -> list[str]:
    return [one.text.lower() for one in referents(question, phrases(question, VOCABULARY), context(*said))]


@pytest.mark.parametrize(
    ("said", "question", "meant"),
    [
        (("What is a virtual machine?",), "How does it work?", "virtual machine"),
        (("Tell me about tiger sharks.",), "Where do they live?", "tiger sharks"),
        (("Who was Anne Bonny?",), "Where did she die?", "anne bonny"),
        (("What are electric cars?", "Who is Nikola Tesla?"), "When was he born?", "nikola tesla"),
        (("What is solar energy?",), "What are the advantages?", "solar energy"),
    ],
)
def test_the_thing_meant_comes_first(said: tuple[str, ...], question: str, meant: str) -> None:
    assert referred(question, *said)[:1] == [meant]


@pytest.mark.parametrize(
    "question",
    [
        "How do glaciers shape alpine valleys over thousands of years?",
        "Which orchestra premiered Mahler's ninth symphony?",
    ],
)
def test_a_question_that_names_its_own_refers_to_nothing(question: str) -> None:
    assert referred(question, "What is a virtual machine?") == []


WORDS = st.lists(
    st.sampled_from("shark engine river castle violin comet island market".split()), min_size=1, max_size=4
)


@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_nothing_is_offered_that_the_question_says_itself(said: list[list[str]], asked: list[str]) -> None:
    question = f"What about the {' and '.join(asked)}?"
    history = context(*(f"What is the {' and the '.join(one)}?" for one in said))
    found: list[Phrase] = [phrase for phrase, _ in candidates(question, phrases(question, VOCABULARY), history)]
    assert all(not set(terms(phrase.text)) <= set(terms(question)) for phrase in found)
    assert len({frozenset(terms(phrase.text)) for phrase in found}) == len(found)
