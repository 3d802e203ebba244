"""What can go wrong with a service of literature. Every message names the service, what it did, and what to do."""

from corpus.errors import SequiturError


class ServiceError(SequiturError):
    """A service did not give what was asked of it."""


class ServiceUnavailable(ServiceError):
    """It fails in ways that pass, and went on failing: what was fetched so far is good, the rest can be asked later."""


class ServiceGarbled(ServiceUnavailable):
    """It answers, but keeps sending what cannot be read: cut off, a web page, broken XML or JSON."""


class ServiceRefused(ServiceError):
    """It will not answer this request however often it is sent. `status` is that of HTTP, or None."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class PassingFault(ServiceError):
    """One attempt failed and the next may not; never leaves this package.

    `wait` is how many seconds the service asks to be left alone, `garbled` whether it did answer, unreadably.
    """

    def __init__(self, reason: str, *, wait: float = 0.0, garbled: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.garbled = garbled
