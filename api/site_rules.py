"""Which sources a site lets be evidence now, in a snapshot that may be older."""

from api.settings import Settings
from assistant.rules import Rules
from corpus.catalogue.database import Catalogue
from corpus.standing import barred_since
from indexer.snapshot import Manifest


def site_rules(settings: Settings, catalogue: Catalogue, snapshot: Manifest, enough: float | None = None) -> Rules:
    """The rules for answers from a snapshot; what was barred since it was built is looked up each time."""
    return Rules(settings.least_status, barred_since(catalogue, snapshot.created), enough)
