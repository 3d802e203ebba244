"""What can be wrong with how the program is asked, apart from what the rooms know."""

from corpus.errors import SequiturError


class BadSetting(SequiturError):
    """A setting of the environment has a value that it cannot have."""


class NoAnswer(SequiturError):
    """No answer of this id is kept."""


class GateRefused(SequiturError):
    """The quality gate did not let a snapshot go live."""


class Overloaded(SequiturError):
    """More questions wait than the service takes; `seconds` is when to try again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class TooMany(SequiturError):
    """A caller asks more often than the site allows; `seconds` is when to try again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class TooSlow(SequiturError):
    """An answer took longer than the site allows."""


class NotAllowed(SequiturError):
    """A key does not have the role that is needed."""


class KeyNeeded(SequiturError):
    """The service was asked without a valid key."""


class NotServed(SequiturError):
    """The service would not be safe as it was asked to start."""


class IdentifiersNoticed(SequiturError):
    """A text that was to be kept holds details that identify a patient."""


class NothingKept(SequiturError):
    """The site keeps no answers, so there are no conversations."""


class NoPassage(SequiturError):
    """There is no passage of this id in the snapshot."""


class UnknownFormat(SequiturError):
    """An answer is not exported in a format of this name."""


class BuildRunning(SequiturError):
    """A build goes on in this home already; `job` is its id, "" while it begins."""

    def __init__(self, job: str) -> None:
        super().__init__(f"a build is running already: job {job or 'unknown'}; wait for its end")
        self.job = job


class NoRun(SequiturError):
    """No finished run has this name."""


class UnreadableRun(SequiturError):
    """The files of a run are damaged, or of another version of the program."""
