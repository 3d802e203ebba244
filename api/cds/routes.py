"""The door that health records use: CDS Hooks 2.0 (https://cds-hooks.hl7.org/2.0/)."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request

from api.access import Asker, Serving
from api.cds.cards import articles_on, card, names_of
from api.cds.schemas import (
    PREFETCH,
    CallIn,
    CardsFeedbackIn,
    CardsOut,
    ConditionIn,
    OutcomeIn,
    ServiceOut,
    ServicesOut,
)
from api.logs import told
from api.problems import documented

router = APIRouter(prefix="/cds-services", tags=["cds hooks"], responses=documented(401, 403, 429))

PATIENT_VIEW = "sequitur-patient-view"
_SERVICES = {
    PATIENT_VIEW: ServiceOut(
        hook="patient-view",
        title="Sequitur: vetted articles on the patient's conditions",
        description=(
            "Names the vetted articles on the patient's active conditions, with links to read them and to ask "
            "follow-up questions. For information: it recommends nothing for the patient."
        ),
        id=PATIENT_VIEW,
        prefetch={PREFETCH: "Condition?patient={{context.patientId}}&clinical-status=active&_count=50"},
        usageRequirements=(
            "Conditions have to come by prefetch: this service calls no FHIR server. They are found by their text and "
            "the displays of their codings, never by codes; nothing of them is kept or logged."
        ),
    )
}
ServiceId = Annotated[str, Path(max_length=200, examples=[PATIENT_VIEW])]


@router.get("", responses=documented())
def discover(who: Asker) -> ServicesOut:
    """The services that there are, and what each wants to be sent."""
    return ServicesOut(services=list(_SERVICES.values()))


@router.post("/{service_id}", response_model_exclude_none=True, responses=documented(404, 412, 413, 422))
def call(service_id: ServiceId, asked: CallIn, request: Request, service: Serving, who: Asker) -> CardsOut:
    """A card with the articles on the patient's conditions; none when there is nothing to read.

    Of the conditions, the text, the displays and the statuses are read. Nothing is kept, nothing is logged.
    """
    _require_service(service_id)
    names = names_of(_conditions(asked))
    with service.live.lease() as snapshot:
        found = articles_on(names, snapshot, service.rules(snapshot))
    told(request.scope)["articles"] = len(found)
    return CardsOut(cards=[card(found, str(request.base_url))] if found else [])


@router.post("/{service_id}/feedback", responses=documented(404, 413, 422))
def feedback(service_id: ServiceId, said: CardsFeedbackIn, request: Request, who: Asker) -> None:
    """What became of cards: counted in the log, by outcome; comments are not read."""
    _require_service(service_id)
    told(request.scope)["feedback"] = Counter(one.outcome for one in said.feedback)


def _require_service(service_id: str) -> None:
    if service_id not in _SERVICES:
        raise HTTPException(404, "there is no CDS service of this id; see GET /cds-services")


def _conditions(asked: CallIn) -> list[ConditionIn]:
    """The conditions of a call; 412 where the client did not send them, or could not fetch them."""
    prefetch = asked.prefetch
    if prefetch is None or PREFETCH not in prefetch.model_fields_set:
        raise HTTPException(412, f"prefetch.{PREFETCH} is missing; this service calls no FHIR server")
    if prefetch.conditions is None:
        return []
    sent = [entry.resource for entry in prefetch.conditions.entry]
    failed = any(isinstance(one, OutcomeIn) and one.is_failure for one in sent)
    if failed or prefetch.conditions.resourceType != "Bundle":
        raise HTTPException(412, f"prefetch.{PREFETCH} is no Bundle of the conditions: they could not be fetched")
    return [one for one in sent if isinstance(one, ConditionIn)]
