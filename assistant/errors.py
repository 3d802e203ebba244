"""What is wrong with a question, before any answer is sought."""

from corpus.errors import SequiturError


class InvalidQuestion(SequiturError):
    """A question cannot be taken as it is."""


class EmptyQuestion(InvalidQuestion):
    """There is nothing to answer."""


class OverlongQuestion(InvalidQuestion):
    """The question or its history passes the stated bound."""


class ControlCharacters(InvalidQuestion):
    """The question holds characters that no keyboard text has."""


class UnknownArticle(InvalidQuestion):
    """The article being read is not in the current snapshot."""


class UnsupportedAnswer(SequiturError):
    """An answer was about to leave with a citation that was not retrieved or does not support it."""
