"""Batch by batch: what one request settles is handed over whole, so that the caller can keep it before the next."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from corpus.connectors.errors import ServiceGarbled
from corpus.types import Problem, Record


@dataclass(frozen=True, slots=True)
class Batch:
    """Identifiers as they were asked for, and all that the service says of them. Every one of them is settled."""

    asked: tuple[str, ...]
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Identified:
    """An identifier as it was asked for, and the one that names the same work elsewhere."""

    asked: str
    found: str


def in_batches(ids: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """The identifiers in runs of at most `size`, each once in its run; `ids` is read as the runs are wanted."""
    iterator = iter(ids)
    while batch := tuple(islice(iterator, size)):
        yield tuple(dict.fromkeys(batch))


def settle(ids: tuple[str, ...], ask: Callable[[tuple[str, ...]], Iterable[Record]], service: str) -> Batch:
    """The batch of some identifiers. Where the reply to all of them cannot be read, each is asked for alone.

    So one record that spoils its reply is a Problem and does not hold up the others. Two in a row are the
    service's fault, and raise ServiceGarbled, as does an only one.
    """
    try:
        return Batch(ids, tuple(ask(ids)))
    except ServiceGarbled:
        if len(ids) == 1:
            raise
    return Batch(ids, tuple(_one_by_one(ids, ask, service)))


def _one_by_one(
    ids: tuple[str, ...], ask: Callable[[tuple[str, ...]], Iterable[Record]], service: str
) -> Iterator[Record]:
    spoilt = False
    for one in ids:
        try:
            yield from tuple(ask((one,)))
            spoilt = False
        except ServiceGarbled as error:
            if spoilt:
                raise
            spoilt = True
            yield Problem(service, one, str(error))
