"""For operators and whoever has to account for an answer: what was said, and whether it would be said again."""

from typing import Annotated

import typer

from api.cli.session import ATTENTION, AsJson, note, open_catalogue, say, say_json, software
from api.replay import find
from api.replay import replay as replay_answer
from api.settings import Settings
from corpus.catalogue import answers as kept
from indexer.home import folder_of
from indexer.snapshot import Snapshot


def answers(
    last: Annotated[int, typer.Option(min=1, help="How many of the latest.")] = 20, as_json: AsJson = False
) -> None:
    """List the answers that are kept, newest last. Questions are not shown; see: sequitur replay ID

    Example: sequitur answers --last 5
    """
    with open_catalogue(Settings.from_environment()) as catalogue, catalogue.reading() as connection:
        found = kept.latest(connection, last)
    if as_json:
        say_json([{"id": a.id, "created": a.created, "outcome": a.outcome, "snapshot": a.snapshot_id} for a in found])
        return
    for one in found:
        say(f"{one.id}  {one.created}  {one.outcome}  {one.snapshot_id}")


def replay(
    answer_id: Annotated[str, typer.Argument(metavar="ANSWER_ID", help="Id of an answer, see: sequitur answers")],
) -> None:
    """Give a past answer again, from its own snapshot: its JSON, byte for byte as it was.

    When it cannot be given again, or comes out otherwise, the answer is printed as it was kept, what is gone or
    differs is said on standard error, and the exit status is 3.

    Example: sequitur replay 3f6c1b1e-0000-4000-8000-000000000000
    """
    settings = Settings.from_environment()
    with open_catalogue(settings) as catalogue:
        given = find(catalogue, answer_id)
    encoder = settings.encoder()
    result = replay_answer(
        given, lambda one: Snapshot(folder_of(settings.home, one), encoder.identity), encoder, software()
    )
    typer.echo(given.body)
    for reason in result.missing:
        note(f"not given again: {reason}")
    if result.differing:
        note(f"given again, these differ: {', '.join(result.differing)}")
    raise typer.Exit(0 if result.is_same else ATTENTION)
