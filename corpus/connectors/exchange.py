"""What is sent to a service and what comes back, and how politely it is asked."""

from dataclasses import dataclass

Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Politeness:
    """How a service is asked. Times in seconds.

    `interval` lies between the starts of two requests. After a fault that may pass, the next of `attempts` waits
    `pause`, then twice that, and so on to `longest_pause`; a service that asks for more than that is left alone.
    `silence` is the longest time without a byte, `reply` the longest for a whole reply, `largest` its size in bytes.
    """

    interval: float
    attempts: int = 5
    pause: float = 1.0
    longest_pause: float = 120.0
    silence: float = 30.0
    reply: float = 600.0
    largest: int = 200_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """A path under the service's address, with a query, or with a form that is sent by POST.

    `also` are statuses other than 2xx whose body is an answer to be read.
    """

    path: str
    query: Parameters = ()
    form: Parameters | None = None
    also: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply."""

    status: int
    body: bytes
    retry_after: str = ""
    date: str = ""
