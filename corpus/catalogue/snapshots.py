"""Snapshots built, and what was live when: every promotion, roll-back and refusal."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from corpus.catalogue.blocks import upsert
from corpus.catalogue.tables import promotion, snapshot


class PromotionKind(StrEnum):
    """Forward through the gate, or back to what was live before."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Promotion:
    """An attempt to make a snapshot live; `gate_status` is the exit status of the gate, None without one."""

    snapshot_id: str
    previous_id: str
    kind: PromotionKind
    at: str
    who: str
    live: bool
    gate: str = ""
    gate_status: int | None = None
    gate_report: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """A snapshot that was built; `removed` is when it was, "" while it is there."""

    id: str
    created: str
    software: str
    encoder: str
    documents: int
    passages: int
    removed: str = ""


def record_built(connection: Connection, one: Built) -> None:
    """Note a snapshot; built again, it is there again."""
    upsert(connection, snapshot, {name: getattr(one, name) for name in Built.__slots__})


def record_removed(connection: Connection, snapshot_id: str, now: str) -> None:
    connection.execute(update(snapshot).where(snapshot.c.id == snapshot_id).values(removed=now))


def built(connection: Connection, snapshot_id: str) -> Built | None:
    """What is known of a snapshot, also of one removed since."""
    row = connection.execute(select(snapshot).where(snapshot.c.id == snapshot_id)).one_or_none()
    return None if row is None else Built(*row)


def record_promotion(connection: Connection, one: Promotion) -> None:
    connection.execute(insert(promotion), {name: getattr(one, name) for name in Promotion.__slots__})


def promotions(connection: Connection) -> tuple[Promotion, ...]:
    """Every attempt, oldest first."""
    rows = connection.execute(select(promotion).order_by(promotion.c.id))
    return tuple(
        Promotion(
            row.snapshot_id, row.previous_id, PromotionKind(row.kind), row.at, row.who, row.live,
            row.gate, row.gate_status, row.gate_report,
        )
        for row in rows
    )  # fmt: skip


def was_rolled_back(attempts: tuple[Promotion, ...], snapshot_id: str) -> bool:
    """Whether the last that happened to a snapshot is that somebody went back from it."""
    for one in reversed(attempts):
        if one.live and one.snapshot_id == snapshot_id:
            return False
        if one.kind is PromotionKind.ROLLBACK and one.previous_id == snapshot_id:
            return True
    return False


def before(attempts: tuple[Promotion, ...], live: str) -> str | None:
    """What was live before the present one: a roll-back undoes the promotion that made it live, and so on back."""
    stack: list[str] = []
    for one in attempts:
        if not one.live:
            continue
        if one.kind is PromotionKind.ROLLBACK and one.snapshot_id in stack:
            while stack[-1] != one.snapshot_id:
                stack.pop()
        else:
            stack += [one.snapshot_id]
    while stack and stack[-1] == live:
        stack.pop()
    return stack[-1] if stack else None
