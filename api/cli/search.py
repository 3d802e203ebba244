"""For whoever wants to see what the index finds, before anything is said from it."""

import json
from typing import Annotated

import typer

from api.cli.session import open_snapshot
from api.schemas import HitOut
from api.settings import Settings
from assistant.question import check_text
from assistant.render import plain
from indexer.search import make_queries
from indexer.search import search as search_snapshot


def search(
    text: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many passages.")] = 10,
    within: Annotated[
        list[str] | None, typer.Option("--within", help="Only this document id; repeat for more.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the hits as a JSON list.")] = False,
) -> None:
    """Show the passages that hybrid search finds, best first."""
    check_text(text)
    snapshot, encoder = open_snapshot(Settings.from_environment())
    (query,) = make_queries([text], snapshot, encoder)
    hits = search_snapshot(query, snapshot, k, among=within or None)
    if as_json:
        typer.echo(json.dumps([HitOut.of(hit).model_dump() for hit in hits], ensure_ascii=False))
        return
    for hit in hits:
        section = " › ".join(hit.passage.section)
        typer.echo(f"{hit.rank:3}. {hit.score:.3f}  {plain(hit.passage.id)}  {plain(section)}")
        typer.echo(f"     {plain(hit.passage.text)[:300]}")
    if not hits:
        typer.echo("nothing found")
