"""How long answers are kept: what is older goes, also where nobody asks any more."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from api.logs import log
from corpus.catalogue import answers
from corpus.catalogue.database import Catalogue
from corpus.errors import CatalogueError

SECONDS_BETWEEN = 3600.0


def oldest_kept(days: int, now: datetime) -> str:
    """The time before which nothing is kept any more, as the catalogue writes times."""
    return (now - timedelta(days=days)).isoformat(timespec="seconds")


def keep_removing(catalogue: Catalogue, days: int, clock: Callable[[], datetime], stop: threading.Event) -> None:
    """At once and then every hour, until told to stop; a catalogue that does not answer is tried again."""
    while True:
        try:
            with catalogue.writing() as connection:
                answers.remove_older(connection, oldest_kept(days, clock()))
        except CatalogueError:
            log("retention", problem="the catalogue does not answer; old answers are removed later")
        if stop.wait(SECONDS_BETWEEN):
            return
