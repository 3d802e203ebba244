"""Public sets by the format that they come in: "scifact:FOLDER", or "medquad:FOLDER#6" for a part of one."""

import os
from pathlib import Path
from typing import Protocol

from assistant.evaluation.adapters.beir import open_beir
from assistant.evaluation.adapters.cast import open_cast
from assistant.evaluation.adapters.evidence_inference import open_evidence_inference
from assistant.evaluation.adapters.medquad import open_medquad
from assistant.evaluation.adapters.pubmedqa import open_pubmedqa
from assistant.evaluation.adapters.scifact import open_scifact
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.sets import FollowupSet, QuestionSet, RetrievalSet

AnySet = RetrievalSet | QuestionSet | FollowupSet


class Adapter(Protocol):
    """Opens what stands at a path; `part` is what the format calls a part of it, "" for the whole."""

    def __call__(self, path: Path, part: str = "") -> AnySet: ...


ADAPTERS: dict[str, Adapter] = {
    "beir": open_beir,
    "cast": open_cast,
    "evidence_inference": open_evidence_inference,
    "medquad": open_medquad,
    "pubmedqa": open_pubmedqa,
    "scifact": open_scifact,
}


def open_set(spec: str) -> AnySet:
    """The set that "NAME:PATH" or "NAME:PATH#PART" means; BadSuite says what is wrong with it."""
    name, colon, place = spec.partition(":")
    adapter = ADAPTERS.get(name)
    if adapter is None or not colon:
        raise BadSuite(f"{spec[:80]!r} names no set; write NAME:PATH, with a name of: {', '.join(ADAPTERS)}")
    path, part = _divided(place)
    if not os.path.exists(path):  # which, unlike the method, takes any text for a name
        raise BadSuite(f"there is nothing at {path}; name the file or folder of {name}")
    return adapter(path, part)


def _divided(place: str) -> tuple[Path, str]:
    """Path and part; a # that belongs to the name of something that is there begins no part."""
    whole, mark, part = place.rpartition("#")
    if not place or not mark or os.path.exists(place):
        return Path(place), ""
    return Path(whole), part
