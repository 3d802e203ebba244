"""What is wrong with a suite, a set or a run; the message names file, line and field."""

from corpus.errors import SequiturError


class EvaluationError(SequiturError):
    """An evaluation cannot be done as asked."""


class BadSuite(EvaluationError):
    """A suite or set cannot be read: the message names the file, and the line and field where there is one."""


class BadRun(EvaluationError):
    """A run folder cannot be read, or is not the run that is asked for."""


class FetchFailed(EvaluationError):
    """A set could not be fetched, or is not what its checksum says."""


class JudgeFailed(EvaluationError):
    """The language model that was to judge gave no judgement."""
