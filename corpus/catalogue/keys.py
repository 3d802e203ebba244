"""Access keys: who may ask over the network, and as what; only a digest of each is kept."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Row, insert, select, update

from corpus.catalogue.database import Catalogue
from corpus.catalogue.tables import api_key
from corpus.errors import KeyRefused, UnknownKey

MAX_NAME = 100
_ID_BYTES, _SECRET_BYTES = 4, 32
_WRITTEN = re.compile(r"sq_(?P<id>[0-9a-f]{8})_[A-Za-z0-9_-]{43}")
"""The prefix lets scanners of leaked secrets find one; 43 characters are 32 bytes in base64 without padding."""
_OF_NO_KEY = "0" * 64

Randomness = Callable[[int], bytes]


class Role(StrEnum):
    """What a key may be used for."""

    CLINICIAN = "clinician"
    OPERATOR = "operator"
    EVALUATOR = "evaluator"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is listed; neither its text nor its digest.

    `created` and `revoked` are times, `last_used` is a date, which tells little of when somebody works; "" for never.
    """

    id: str
    name: str
    role: Role
    created: str
    revoked: str
    last_used: str


def create(
    connection: Connection, name: str, role: Role, now: str, random: Randomness = secrets.token_bytes
) -> tuple[ApiKey, str]:
    """A new key, and its text, which is nowhere else; KeyRefused when the name is none."""
    made = ApiKey(_unused_id(connection, random), _checked(name), role, created=now, revoked="", last_used="")
    written = f"sq_{made.id}_{urlsafe_b64encode(random(_SECRET_BYTES)).decode().rstrip('=')}"
    values = {one: getattr(made, one) for one in ApiKey.__slots__}
    connection.execute(insert(api_key), values | {"digest": _digest(written)})
    return made, written


def find(connection: Connection, text: str) -> ApiKey | None:
    """The key that a text is; None when it is malformed, unknown or revoked."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    row = connection.execute(select(api_key).where(api_key.c.id == written["id"])).one_or_none()
    same = secrets.compare_digest(_digest(text), row.digest if row else _OF_NO_KEY)
    return _key(row) if row and same and not row.revoked else None


def recognise(catalogue: Catalogue, text: str, now: str) -> ApiKey | None:
    """As `find`, and notes the day of the use: one write a day for each key, not one for each request."""
    with catalogue.reading() as connection:
        found = find(connection, text)
    if found and found.last_used < now[:10]:
        with catalogue.writing() as connection:
            note_use(connection, found.id, now[:10])
    return found


def note_use(connection: Connection, key_id: str, day: str) -> None:
    """Note that a key was used on a day (ISO date); an earlier one than is known changes nothing."""
    connection.execute(update(api_key).where(api_key.c.id == key_id, api_key.c.last_used < day).values(last_used=day))


def revoke(connection: Connection, key_id: str, now: str) -> ApiKey:
    """End a key, from the next request on; one that was revoked before keeps its time. UnknownKey without one."""
    connection.execute(update(api_key).where(api_key.c.id == key_id, api_key.c.revoked == "").values(revoked=now))
    row = connection.execute(select(api_key).where(api_key.c.id == key_id)).one_or_none()
    if row is None:  # who pastes a whole key must not find its secret in an error
        raise UnknownKey(f"no access key has the id {key_id[:11]!r}; see: sequitur keys list")
    return _key(row)


def all_keys(connection: Connection) -> list[ApiKey]:
    """Every key, oldest first, revoked ones too."""
    return [_key(row) for row in connection.execute(select(api_key).order_by(api_key.c.created, api_key.c.id))]


def _digest(written: str) -> str:
    """Plain SHA-256: a slow hash protects what can be guessed, and nobody guesses 256 random bits."""
    return hashlib.sha256(written.encode()).hexdigest()


def _checked(name: str) -> str:
    stripped = name.strip()
    if not stripped or len(stripped) > MAX_NAME or not stripped.isprintable():
        raise KeyRefused(
            f"{name!r} does not name a key; say who or what uses it, in one line of at most {MAX_NAME} characters"
        )
    return stripped


def _unused_id(connection: Connection, random: Randomness) -> str:
    while True:
        new = random(_ID_BYTES).hex()
        if connection.execute(select(api_key.c.id).where(api_key.c.id == new)).first() is None:
            return new


def _key(row: Row[tuple[str, ...]]) -> ApiKey:
    return ApiKey(row.id, row.name, Role(row.role), row.created, row.revoked, row.last_used)
