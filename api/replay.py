"""A past answer, given again from its own snapshot: the same bytes, or what exactly is gone."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from api.desk import Request
from api.errors import NoAnswer
from api.schemas import AnswerOut
from assistant.pipeline import Assistant
from corpus.catalogue import answers
from corpus.catalogue.answers import Given
from corpus.catalogue.database import Catalogue
from indexer.encoder import Encoder
from indexer.errors import IndexerError
from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Replay:
    """A kept answer; `missing` says why it could not be given again, `differing` names the fields that differ."""

    given: Given
    missing: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        return not self.missing and not self.differing


def find(catalogue: Catalogue, answer_id: str) -> Given:
    """The kept answer; NoAnswer when there is none."""
    with catalogue.reading() as connection:
        found = answers.given(connection, answer_id)
    if found is None:
        raise NoAnswer(f"no answer {answer_id!r} is kept; see: sequitur answers")
    return found


def replay(given: Given, open_snapshot: Callable[[str], Snapshot], encoder: Encoder, software: str) -> Replay:
    """Answer the same request from the same snapshot, and compare byte for byte."""
    kept = AnswerOut.model_validate_json(given.body)
    if kept.provenance.software != software:
        return Replay(given, (f"it was made by {kept.provenance.software}; this is {software}",))
    try:
        snapshot = open_snapshot(given.snapshot_id)
    except IndexerError as error:
        return Replay(given, (str(error),))
    try:
        again = _again(given, snapshot, encoder, software)
    finally:
        snapshot.close()
    return Replay(given, (), _differing(given.body, again))


def _again(given: Given, snapshot: Snapshot, encoder: Encoder, software: str) -> str:
    request = msgspec.json.decode(given.request, type=Request)
    assistant = Assistant(
        snapshot,
        encoder,
        software=software,
        rules=request.rules,
        now=lambda: given.created,
        new_id=lambda: given.id,
    )
    return AnswerOut.of(assistant.answer(request.question)).model_dump_json()


def _differing(before: str, after: str) -> tuple[str, ...]:
    if before == after:
        return ()
    old, new = json.loads(before), json.loads(after)
    return tuple(name for name in old if old[name] != new.get(name)) or ("the order or form of the fields",)
