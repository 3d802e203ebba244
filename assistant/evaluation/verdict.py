"""What is wrong with an answer, in sentences; nothing, when it is right. tests/quality asks this, reports show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from assistant.answer import Support
from assistant.evaluation.case import Case
from assistant.evaluation.quantities import Quantity, unheld
from assistant.evaluation.record import Answered, StatementSupport
from assistant.evaluation.told import Told, ToldCitation, ToldStatement, Verified
from assistant.policy import caution, disclaimer


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """A citation as told, and what it turned out to be; None where nobody looked it up."""

    told: ToldCitation
    verified: Verified | None

    @property
    def is_exact(self) -> bool:
        """Whether the quote is what stands at the cited place."""
        return self.verified is not None and self.verified.span == self.told.quote


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """Statement `number` (from 1) with its citations, and what the support check said; None where it was not asked."""

    number: int
    told: ToldStatement
    citations: tuple[CheckedCitation, ...]
    support: StatementSupport | None

    @property
    def is_supported(self) -> bool:
        """Whether its spans, taken together, support it."""
        return self.support is not None and self.support.together

    @property
    def is_what_it_quotes(self) -> bool:
        """False when a citation calls it verbatim and quotes other words."""
        verbatim = (one.told for one in self.citations if one.told.supports == Support.VERBATIM)
        return all(citation.quote == self.told.text for citation in verbatim)

    @property
    def unheld(self) -> tuple[Quantity, ...]:
        """The numbers that it states and none of its cited spans holds."""
        return unheld(self.told.text, [v.span for c in self.citations if (v := c.verified) and v.span is not None])


def failures(line: Answered) -> tuple[str, ...]:
    """What is wrong with an answered case, a sentence each; empty when nothing is."""
    case, told = line.case, line.told
    statements = checked(line)
    return (
        *_outcome(case, told),
        *_citing(case, told),
        *_saying(case, told),
        *(sentence for statement in statements for sentence in _standing(statement)),
        *(f"{source} is cited and is withdrawn." for source in withdrawn(line)),
        *_promising(line, told),
    )


def checked(line: Answered) -> tuple[CheckedStatement, ...]:
    """The statements of an answer, each with what was found out about it and its citations.

    Verified citations come in the order of the statements; one that is of another place counts as not looked up.
    """
    verified: Iterator[Verified | None] = chain(line.verified, repeat(None))
    support: Iterator[StatementSupport | None] = chain(line.supported, repeat(None))
    return tuple(
        CheckedStatement(
            index + 1,
            statement,
            tuple(_looked_up(index, citation, next(verified)) for citation in statement.citations),
            next(support),
        )
        for index, statement in enumerate(line.told.statements)
    )


def _looked_up(statement: int, citation: ToldCitation, found: Verified | None) -> CheckedCitation:
    is_this = found is not None and (found.statement, found.n) == (statement, citation.n)
    return CheckedCitation(citation, found if is_this else None)


def withdrawn(line: Answered) -> tuple[str, ...]:
    """Ids of the cited sources that are no evidence, each once, in the order of the citations."""
    return tuple(dict.fromkeys(source for one in line.verified for source in one.withdrawn))


def in_words(name: str) -> str:
    """A name of the program's vocabulary as people write it: no underscores."""
    return name.replace("_", " ")


def _outcome(case: Case, told: Told) -> Iterator[str]:
    if told.outcome not in case.outcomes:
        expected = " or ".join(in_words(outcome) for outcome in case.outcomes)
        yield f"The outcome is {in_words(told.outcome)}; expected was {expected}."


def _citing(case: Case, told: Told) -> Iterator[str]:
    sources = told.cited
    for group in case.must_cite:
        if sources.isdisjoint(group):
            yield f"None of {', '.join(group)} is cited." if len(group) > 1 else f"{group[0]} is not cited."
    yield from (f"{source} is cited and must not be." for source in case.must_not_cite if source in sources)


def _saying(case: Case, told: Told) -> Iterator[str]:
    for nugget in case.nuggets:
        if nugget.vital and told.saying(nugget) is None:
            yield f"A vital point is not conveyed: {_sentence(nugget.text)}"
    for fact in case.forbidden:
        if number := told.saying(fact):
            yield f"Statement {number} says what is forbidden: {_sentence(fact.text)}"


def _standing(statement: CheckedStatement) -> Iterator[str]:
    name = f"Statement {statement.number}"
    if not statement.citations:
        yield f"{name} cites nothing."
    if statement.support is None:
        yield f"{name} was not checked for support."
    elif not statement.is_supported:
        yield f"{name} is not supported by what it cites."
    if statement.unheld:
        numbers = ", ".join(dict.fromkeys(quantity.value for quantity in statement.unheld))
        yield f"{name} states a number that its spans do not hold: {numbers}."
    if not statement.is_what_it_quotes:
        yield f"{name} is called verbatim and is not what it quotes."
    yield from (sentence for citation in statement.citations for sentence in _placed(name, citation))


def _placed(name: str, citation: CheckedCitation) -> Iterator[str]:
    place, found = f"{name}, citation [{citation.told.n}]", citation.verified
    if found is None:
        yield f"{place}: nobody looked up whether the quote stands there."
        return
    if found.span is None:
        yield f"{place}: the corpus has no such place."
    elif not citation.is_exact:
        yield f"{place}: the quote is not what stands there."
    if not found.numbered:
        yield f"{place}: the source list does not hold what it cites under its number."
    if not found.attributed:
        yield f"{place}: the works it rests on are not those that its source cites there."


def _promising(line: Answered, told: Told) -> Iterator[str]:
    if not told.disclaimer.strip():
        yield "The disclaimer is missing."
    elif told.disclaimer != disclaimer().text:
        yield "The disclaimer is not worded as the policy has it."
    if told.caution_is_due and told.caution != caution().text:
        yield "The caution is missing, though not all that is shown is approved."
    if not line.same_again:
        yield "Asked again, the answer was another."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
