"""The base of every error this project raises on purpose, and the errors of reading a corpus."""


class SequiturError(Exception):
    """Something is wrong with an input; the message names it and says what to do."""


class CorpusError(SequiturError):
    """A source cannot be read into documents."""


class UnreadableSource(CorpusError):
    """A file is missing, not decodable, or not well-formed."""


class HostileSource(CorpusError):
    """A file tries something no honest source needs (entity expansion, external entities)."""


class MissingField(CorpusError):
    """A required field is absent or has a value outside its vocabulary."""


class UnknownReference(CorpusError):
    """A text cites a key that the reference list does not hold."""


class DuplicateDocument(CorpusError):
    """Two sources claim the same document id."""


class CatalogueError(SequiturError):
    """The catalogue cannot do what was asked."""


class CatalogueUnavailable(CatalogueError):
    """The database cannot be reached, read or written."""


class CatalogueMismatch(CatalogueError):
    """The database was made by a program that knows a newer schema."""


class UnknownDocument(CatalogueError):
    """No document of this id is held."""


class ListCutOff(CatalogueError):
    """A list that is said to be whole lacks so much of what it held that it is hardly whole."""


class ReviewRefused(CatalogueError):
    """A review step that the rules do not allow."""


class KeyRefused(CatalogueError):
    """An access key cannot be made as it was asked for."""


class UnknownKey(CatalogueError):
    """No access key has this id."""


class NoConversation(CatalogueError):
    """No conversation of this id is kept."""
