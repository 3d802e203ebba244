"""Whatever is done to documents, in whatever order, the catalogue holds what a plain dictionary would."""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from corpus.catalogue import documents, reviews
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import Change, WithdrawnBy
from corpus.review import move
from corpus.types import ReviewStatus
from tests.corpus.catalogue.samples import NOW, document, empty, held, put, standing, withdraw

SUBMITTED, UNDER_REVIEW, APPROVED = ReviewStatus
NAMES = st.sampled_from(["gout", "scurvy"])
TEXTS = st.sampled_from(["One.", "Two.", "Three."])
FORMATS = st.sampled_from(["article", "jats"])


@dataclass(slots=True)
class Model:
    """A document as somebody would note it down."""

    texts: list[str]
    format: str
    status: ReviewStatus
    withdrawn_by: WithdrawnBy | None = None
    steps: list[tuple[ReviewStatus, ReviewStatus]] = field(default_factory=list)

    def go(self, to: ReviewStatus) -> None:
        self.steps.append((self.status, to))
        self.status = to


class Catalogued(RuleBasedStateMachine):
    """The catalogue beside the dictionary."""

    catalogue: Catalogue

    @initialize()
    def begin(self) -> None:
        empty(self.catalogue)
        self.model: dict[str, Model] = {}

    @rule(name=NAMES, text=TEXTS, format=FORMATS, claimed=st.sampled_from(ReviewStatus))
    def put(self, name: str, text: str, format: str, claimed: ReviewStatus) -> None:
        found = put(self.catalogue, document(name, text, status=claimed), format=format)
        assert found is self._expected(name, text, format, claimed)

    def _expected(self, name: str, text: str, format: str, claimed: ReviewStatus) -> Change:
        one = self.model.get(name)
        if one is None:
            status = SUBMITTED if claimed is SUBMITTED else UNDER_REVIEW
            self.model[name] = Model([text], format, status)
            return Change.ADDED
        if one.withdrawn_by is WithdrawnBy.PERSON:
            return Change.STAYS_WITHDRAWN
        is_new = text != one.texts[-1]
        if is_new and format != one.format and one.withdrawn_by is None:
            return Change.TAKEN
        if is_new:
            one.texts.append(text)
            one.format = format
            if one.status is APPROVED:
                one.go(UNDER_REVIEW)
        if one.withdrawn_by is not None:
            one.withdrawn_by = None
            return Change.RETURNED
        return Change.CHANGED if is_new else Change.UNCHANGED

    @rule(name=NAMES, by=st.sampled_from(WithdrawnBy))
    def withdraw(self, name: str, by: WithdrawnBy) -> None:
        if one := self.model.get(name):
            withdraw(self.catalogue, name, by)
            if by is WithdrawnBy.PERSON or one.withdrawn_by is None:
                one.withdrawn_by = by

    @rule(name=NAMES)
    def bring_back(self, name: str) -> None:
        if one := self.model.get(name):
            with self.catalogue.writing() as connection:
                documents.bring_back(connection, name, NOW)
            one.withdrawn_by = None

    @rule(name=NAMES)
    def approve(self, name: str) -> None:
        one = self.model.get(name)
        if one is None or one.withdrawn_by is not None or one.status is APPROVED:
            return
        for to in [UNDER_REVIEW] * (one.status is SUBMITTED) + [APPROVED]:
            move(self.catalogue, name, to, who="ann", why="read", now=NOW, re_review="2027-11-22")
            one.go(to)

    @invariant()
    def both_agree(self) -> None:
        for name, one in self.model.items():
            found = held(self.catalogue, name)
            assert (found.number, found.review_status, found.format) == (len(one.texts), one.status, one.format)
            assert found.withdrawn_by == (one.withdrawn_by or "")
            assert bool(found.withdrawn) == (one.withdrawn_by is not None)
            with self.catalogue.reading() as connection:
                assert [step.number for step in documents.versions(connection, name)] == [*range(1, len(one.texts) + 1)]
                assert [(s.before, s.after) for s in reviews.history(connection, name)] == one.steps
        there = {name: one for name, one in sorted(self.model.items()) if one.withdrawn_by is None}
        expected = [(name, one.texts[-1], one.status) for name, one in there.items()]
        assert [(one.id, one.text, one.review_status) for one in standing(self.catalogue)] == expected


def test_the_catalogue_is_a_dictionary_that_keeps_history(catalogue: Catalogue) -> None:
    class Here(Catalogued):
        pass

    Here.catalogue = catalogue
    few = settings(max_examples=12, stateful_step_count=15, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Here, settings=few)
