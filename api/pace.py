"""How often a caller may ask: a moving window of a minute, kept in memory."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.errors import TooMany


class Pace:
    """Counts requests of each caller; 0 a minute stands for any number."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, caller: str) -> None:
        """One request more; TooMany, which is not counted, says when to try again."""
        if self._item is None or self._limiter.hit(self._item, caller):
            return
        reset, _ = self._limiter.get_window_stats(self._item, caller)
        seconds = max(1, math.ceil(reset - time.time()))
        raise TooMany(f"more than {self._item.amount} requests in a minute; try again in {seconds} s", seconds)
