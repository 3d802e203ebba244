"""Snapshots, and what happens to them, as lines and as JSON."""

from typing import Any

from api.cli.session import say, say_json
from api.live import Switch
from indexer.difference import Difference
from indexer.snapshot import Manifest

_NAMED = 20
"""How many documents of a kind of change are named one by one; JSON names all."""


def manifest_line(manifest: Manifest, live: bool) -> str:
    """A snapshot on one line, marked when it is live."""
    return (
        f"{'*' if live else ' '} {manifest.id}  {manifest.created}  {len(manifest.documents):,} documents  "
        f"{manifest.passages:,} passages  {size(manifest)}  {manifest.encoder.name}"
    )


def size(manifest: Manifest) -> str:
    return f"{_bytes(manifest) / 1e6:,.1f} MB"


def listed(manifest: Manifest, live: bool) -> dict[str, Any]:
    """A snapshot for JSON: its manifest without the long lists."""
    return {
        "id": manifest.id,
        "live": live,
        "created": manifest.created,
        "software": manifest.software,
        "encoder": manifest.encoder.name,
        "documents": len(manifest.documents),
        "passages": manifest.passages,
        "bytes": _bytes(manifest),
    }


def say_manifest(manifest: Manifest, live: bool, as_json: bool) -> None:
    if as_json:
        say_json(listed(manifest, live))
    else:
        say(manifest_line(manifest, live))


def say_switch(switch: Switch, as_json: bool) -> None:
    """What is live now, what was before, and what the gate said."""
    if as_json:
        say_json({"live": switch.manifest.id, "previous": switch.previous or None, "gate": switch.gate})
        return
    say(manifest_line(switch.manifest, live=True))
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


def _bytes(manifest: Manifest) -> int:
    return sum(record.size for record in manifest.files.values())
