"""What CDS Hooks 2.0 clients and services send each other, as far as this service reads and writes it."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag
from pydantic.config import JsonDict

PREFETCH = "conditions"
"""The name under which the patient's conditions come."""

_CALL: JsonDict = {
    "hook": "patient-view",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/example", "patientId": "1288992"},
    "prefetch": {
        PREFETCH: {
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [{"resource": {"resourceType": "Condition", "code": {"text": "Gout"}}}],
        }
    },
}


class CodingIn(BaseModel):
    code: str = ""
    display: str = ""


class ConceptIn(BaseModel):
    """A FHIR CodeableConcept: its text, and what its codings are called. A code without a display says nothing here."""

    text: str = ""
    coding: list[CodingIn] = []

    @property
    def names(self) -> Iterator[str]:
        yield from filter(None, (self.text, *(coding.display for coding in self.coding)))

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(coding.code for coding in self.coding)


class ConditionIn(BaseModel):
    """A FHIR Condition: what it is and whether it stands. Nothing else of it is read."""

    code: ConceptIn = ConceptIn()
    clinicalStatus: ConceptIn | str = ""  # before FHIR R4 a code by itself
    verificationStatus: ConceptIn | str = ""

    @property
    def statuses(self) -> frozenset[str]:
        """The codes of both statuses."""
        both = (self.clinicalStatus, self.verificationStatus)
        return frozenset().union(*({one} if isinstance(one, str) else one.codes for one in both))


class IssueIn(BaseModel):
    severity: str = ""


class OutcomeIn(BaseModel):
    """A FHIR OperationOutcome: by itself, or among what was found, where it may be no more than a remark."""

    issue: list[IssueIn] = []

    @property
    def is_failure(self) -> bool:
        return any(issue.severity in ("error", "fatal") for issue in self.issue)


class OtherIn(BaseModel):
    """A resource of another kind, of which nothing is read."""


_KINDS = {"Condition": ConditionIn, "OperationOutcome": OutcomeIn}


def _tag(value: Any) -> str:
    if isinstance(value, dict):
        told = value.get("resourceType")
        return told if isinstance(told, str) and told in _KINDS else "other"
    return next((name for name, kind in _KINDS.items() if isinstance(value, kind)), "other")


ResourceIn = Annotated[
    Annotated[ConditionIn, Tag("Condition")]
    | Annotated[OutcomeIn, Tag("OperationOutcome")]
    | Annotated[OtherIn, Tag("other")],
    Discriminator(_tag),
]


class EntryIn(BaseModel):
    resource: ResourceIn = OtherIn()


class BundleIn(BaseModel):
    """A FHIR Bundle; an OperationOutcome in its place says that the client could not fetch what was asked for."""

    resourceType: str
    entry: list[EntryIn] = []


class PrefetchIn(BaseModel):
    conditions: BundleIn | None = None


class CallIn(BaseModel):
    """A call of the hook patient-view. The context names the patient and the user: required there, not read here."""

    model_config = {"json_schema_extra": {"examples": [_CALL]}}

    hook: Literal["patient-view"]
    hookInstance: str = Field(max_length=200)
    context: dict[str, Any]
    prefetch: PrefetchIn | None = None


class ServiceOut(BaseModel):
    """A service in the discovery."""

    hook: str
    title: str
    description: str
    id: str
    prefetch: dict[str, str]
    usageRequirements: str


class ServicesOut(BaseModel):
    services: list[ServiceOut]


class CardSourceOut(BaseModel):
    label: str
    url: str


class LinkOut(BaseModel):
    label: str
    url: str
    type: Literal["absolute"] = "absolute"


class CardOut(BaseModel):
    """A card to read: it suggests no action."""

    uuid: str
    summary: str = Field(max_length=139)
    detail: str
    indicator: Literal["info"] = "info"
    source: CardSourceOut
    links: list[LinkOut]


class CardsOut(BaseModel):
    """No cards when there is nothing to read on the patient's conditions."""

    cards: list[CardOut]


class CardFeedbackIn(BaseModel):
    """What became of a card. A comment that came with it is not read: it may tell of a patient."""

    card: str = Field(max_length=200)
    outcome: Literal["accepted", "overridden"]
    outcomeTimestamp: str = Field(max_length=100)


class CardsFeedbackIn(BaseModel):
    feedback: list[CardFeedbackIn] = Field(max_length=1_000)
