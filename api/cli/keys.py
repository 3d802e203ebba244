"""For operators: who may ask over the network."""

from typing import Annotated

import typer

from api.cli.session import AsJson, note, now, open_catalogue, say, say_json
from api.settings import Settings
from corpus.catalogue import keys
from corpus.catalogue.keys import ApiKey, Role

app = typer.Typer(no_args_is_help=True, help="Access keys for the HTTP service: made, listed, revoked.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what uses it, as the list shows it.")],
    role: Annotated[Role, typer.Option(help="What it may be used for.")],
) -> None:
    """Make a key. It is printed this once, alone on standard output; only its digest is kept.

    Example: sequitur keys create "ward 3 tablets" --role clinician
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.writing() as connection:
        made, written = keys.create(connection, name, role, now())
    typer.echo(written)
    note(f"This is the key {made.id}, {made.role}, of {made.name}. Keep it now; it cannot be shown again.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List every key, oldest first, revoked ones too; the keys themselves are not kept.

    Example: sequitur keys list
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.reading() as connection:
        found = keys.all_keys(connection)
    if as_json:
        say_json(found)
        return
    for one in found:
        say(_line(one))
    if not found:
        note("There are no access keys; make one: sequitur keys create NAME --role clinician")


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a key, see: sequitur keys list")],
    as_json: AsJson = False,
) -> None:
    """End a key, from the next request on. That is for good; make another instead.

    Example: sequitur keys revoke 3f6c1b1e
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.writing() as connection:
        revoked = keys.revoke(connection, key_id, now())
    if as_json:
        say_json(revoked)
    else:
        say(_line(revoked))


def _line(one: ApiKey) -> str:
    state = f"revoked {one.revoked}" if one.revoked else "valid"
    used = f"last used {one.last_used}" if one.last_used else "never used"
    return f"{one.id}  {one.role}  {state}  made {one.created}  {used}  {one.name}"
