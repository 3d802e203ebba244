"""For language-model programs: the tools of the Model Context Protocol."""

import logging
from concurrent.futures import ThreadPoolExecutor

from api.cli.session import open_catalogue, software
from api.logs import JsonLines
from api.service import Service
from api.settings import Settings
from corpus.catalogue.database import Catalogue
from indexer.home import folder_of, require_current


def mcp() -> None:
    """Serve the tools ask, search and read_source to a program, over standard input and output.

    The program starts this command by itself, and ends it by closing its input. The model is loaded meanwhile, so that
    the program need not wait to connect; only the first call does.

    Example: sequitur mcp
    """
    from api.mcp import create_server  # here, for no other command needs what it imports

    settings = Settings.from_environment()
    folder_of(settings.home, settings.snapshot or require_current(settings.home))  # refused before anything is loaded
    log_to_standard_error()
    with open_catalogue(settings) as catalogue, ThreadPoolExecutor(1) as opening:
        opened = opening.submit(_open, settings, catalogue)
        try:
            create_server(opened, software().rpartition(" ")[2]).run("stdio")
        finally:
            if opened.exception() is None:
                opened.result().close()


def _open(settings: Settings, catalogue: Catalogue) -> Service:
    service = Service(settings, settings.encoder(), catalogue, software())
    service.warm_up()
    return service


def log_to_standard_error() -> None:
    """The protocol's own warnings as JSON lines, in which the message of an exception is not told."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("mcp")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.WARNING)
