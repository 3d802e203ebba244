"""What can go wrong between a corpus and a search."""

from corpus.errors import SequiturError


class IndexerError(SequiturError):
    """Base of this room's errors."""


class EncoderMismatch(IndexerError):
    """The model files are not the ones expected."""


class NoEncoder(IndexerError):
    """No model folder can be found or read."""


class NoSnapshot(IndexerError):
    """There is no snapshot of that id, or none is current."""


class SnapshotDamaged(IndexerError):
    """A snapshot's files do not agree with its manifest."""


class SnapshotMismatch(IndexerError):
    """A snapshot was built by another encoder or another layout than the one asked to read it."""


class EmptyCorpus(IndexerError):
    """There is nothing to index."""


class NotWritten(IndexerError):
    """The disk did not take what was to be written: it is full, over quota, read-only or failing."""


class LiveChanged(IndexerError):
    """Another snapshot became live than the one that was to be replaced."""


class SnapshotIsLive(IndexerError):
    """The live snapshot cannot be removed."""


class BackupDamaged(IndexerError):
    """A backup is not one, is cut short, or does not agree with its own list of contents."""


class HomeInUse(IndexerError):
    """A backup would be put back over what is there."""
