"""Is it alive, is it ready, how does it do."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from api.access import Serving, operator
from api.metrics import Metrics

router = APIRouter(tags=["operation"])


class Alive(BaseModel):
    status: str = "alive"


class Ready(BaseModel):
    """Ready to answer from a snapshot; `problem` says why a newer live one is not taken."""

    status: str
    snapshot: str
    passages: int
    documents: int
    software: str
    problem: str | None = None


@router.get("/healthz")
async def alive() -> Alive:
    """The process serves requests; so that it says so while all threads are busy, it needs none."""
    return Alive()


@router.get("/readyz")
def ready(service: Serving) -> Ready:
    """Questions can be answered, and from which snapshot."""
    with service.catalogue.reading(), service.live.lease() as snapshot:
        manifest = snapshot.manifest
    problem = "the snapshot that became live cannot be read; see the log" if service.failure else None
    return Ready(
        status="ready",
        snapshot=manifest.id,
        passages=manifest.passages,
        documents=len(manifest.documents),
        software=service.software,
        problem=problem,
    )


@router.get("/metrics", response_class=Response, dependencies=[Depends(operator)])
def metrics(request: Request, service: Serving) -> Response:
    """Counters and histograms for Prometheus."""
    found: Metrics = request.app.state.metrics
    found.queue.set(service.pending)
    found.snapshot.info({"id": service.live.id})
    return Response(found.text(), media_type="text/plain; version=1.0.0; charset=utf-8")
