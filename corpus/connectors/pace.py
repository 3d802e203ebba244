"""When to ask: not too often, and not before the service wants to be asked again."""

import email.utils
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

_SECONDS = re.compile(r"\d{1,9}")


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """Clocks, sleep and chance, so that tests need none of them.

    `clock` counts seconds and never goes back; `now` is the time of day; `chance` is uniform in [0, 1).
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = _utc_now
    chance: Callable[[], float] = random.random


SYSTEM = Timing()


class Pace:
    """Keeps the starts of requests at least `interval` seconds apart."""

    def __init__(self, interval: float, timing: Timing) -> None:
        self._interval = interval
        self._timing = timing
        self._next = timing.clock()

    def wait(self) -> None:
        """Return when the next request may start."""
        if (early := self._next - self._timing.clock()) > 0:
            self._timing.sleep(early)
        self._next = max(self._next, self._timing.clock()) + self._interval


def wait_asked_for(retry_after: str, date: str, now: datetime) -> float:
    """The seconds that a `Retry-After` header asks for, as a number or as a date; 0 for none or nonsense.

    A date is compared with the reply's own `Date`, where it has one: the clocks here and there may differ.
    """
    written = retry_after.strip()
    if _SECONDS.fullmatch(written):
        return float(written)
    until = _time_in(written)
    if until is None:
        return 0.0
    return max(0.0, (until - (_time_in(date) or now)).total_seconds())


def _time_in(written: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(written)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
