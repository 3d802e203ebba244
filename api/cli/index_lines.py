"""Snapshots, and what happens to them, as lines and as JSON."""

from api.cli.session import say, say_json
from api.live import Switch
from api.snapshots import Listed
from indexer.difference import Difference

_NAMED = 20
"""How many documents of a kind of change are named one by one; JSON names all."""


def snapshot_line(one: Listed) -> str:
    """A snapshot on one line, marked when it is live."""
    return (
        f"{'*' if one.live else ' '} {one.id}  {one.created}  {one.documents:,} documents  "
        f"{one.passages:,} passages  {size(one)}  {one.encoder}"
    )


def size(one: Listed) -> str:
    return f"{one.bytes / 1e6:,.1f} MB"


def say_snapshot(one: Listed, as_json: bool) -> None:
    if as_json:
        say_json(one)
    else:
        say(snapshot_line(one))


def say_switch(switch: Switch, as_json: bool) -> None:
    """What is live now, what was before, and what the gate said."""
    if as_json:
        say_json({"live": switch.manifest.id, "previous": switch.previous or None, "gate": switch.gate})
        return
    say(snapshot_line(Listed.of(switch.manifest, switch.manifest.id)))
    say(f"before: {switch.previous or 'nothing'}")
    if switch.gate is not None:
        say(f"gate: {switch.gate.command} ended with status {switch.gate.status}")


def say_difference(found: Difference) -> None:
    for what, ids in (("added", found.added), ("removed", found.removed), ("changed", found.changed)):
        say(f"{len(ids):,} documents {what}")
        for document_id in ids[:_NAMED]:
            say(f"  {document_id}")
        if len(ids) > _NAMED:
            say(f"  … and {len(ids) - _NAMED:,} more (--json names all)")
    for change in found.statuses:
        say(f"status of {change.document_id}: {' / '.join(change.before)} → {' / '.join(change.after)}")
    for cited in found.cited[:_NAMED]:
        say(f"status of {cited.key}, cited by {cited.document_id}: {cited.before} → {cited.after}")
    if len(found.cited) > _NAMED:
        say(f"… and {len(found.cited) - _NAMED:,} more cited works (--json names all)")
    say(f"passages: {found.passages_kept:,} kept, {found.passages_new:,} new, {found.passages_gone:,} gone")
    if not found.same_encoder:
        say("the encoders differ: every vector is another one")
    if not found.same_software:
        say("they were built by different versions of the program")
