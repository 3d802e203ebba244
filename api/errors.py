"""What can be wrong with how the program is asked, apart from what the rooms know."""

from corpus.errors import SequiturError


class BadSetting(SequiturError):
    """A setting of the environment has a value that it cannot have."""


class NoAnswer(SequiturError):
    """No answer of this id is kept."""


class GateRefused(SequiturError):
    """The quality gate did not let a snapshot go live."""
