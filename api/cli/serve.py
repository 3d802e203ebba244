"""For everybody: the HTTP service and the web page."""

import signal
from typing import Annotated

import typer

from api.cli.index import build_here
from api.cli.session import note, open_catalogue, software
from api.errors import NotServed
from api.guard import is_loopback
from api.logs import to_standard_error
from api.service import Service
from api.settings import Settings
from api.telemetry import trace_to
from corpus.catalogue import keys
from corpus.catalogue.database import Catalogue
from indexer.home import current_id

SECONDS_TO_FINISH = 30
"""What is being answered when the service is told to stop may take this long."""
SECONDS_IDLE = 15
"""After which a connection that nothing comes from is closed."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; any but loopback needs keys.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve the web page and the HTTP interface, with the built-in corpus when nothing else is configured.

    On loopback no keys are asked for, unless SEQUITUR_KEYS=always. On any other address they are: make one with
    sequitur keys create.

    Example: sequitur serve --port 8080
    """
    settings = Settings.from_environment()
    keys_asked = settings.serving.keys_always or not is_loopback(host)
    with open_catalogue(settings) as catalogue:
        if keys_asked:
            _require_keys(catalogue, host)
        if settings.snapshot is None and current_id(settings.home) is None:
            note("There is no index yet; building one.")
            build_here(settings, catalogue)
        if settings.serving.telemetry_url:
            trace_to(settings.serving.telemetry_url, software())
        service = Service(settings, settings.encoder(), catalogue, software())
        service.warm_up()
        _run(service, host, port, keys_asked)


def _run(service: Service, host: str, port: int, keys_asked: bool) -> None:
    import uvicorn  # here, for no other command needs what these import

    from api.app import create_app
    from api.connections import Connection

    app = create_app(service, keys_asked=keys_asked)
    to_standard_error()
    note(f"Sequitur on http://{f'[{host}]' if ':' in host else host}:{port} (stop it with Ctrl-C)")
    # What the server passes on when it has ended: who was told to stop and did so has not failed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    uvicorn.run(
        app, host=host, port=port, http=Connection, ws="none", log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=SECONDS_TO_FINISH, timeout_keep_alive=SECONDS_IDLE,
    )  # fmt: skip


def _require_keys(catalogue: Catalogue, host: str) -> None:
    with catalogue.reading() as connection:
        usable = [one for one in keys.all_keys(connection) if not one.revoked]
    if not usable:
        raise NotServed(
            f"{host} may be reached by others, and there is no key; make one first: "
            "sequitur keys create NAME --role clinician"
        )
