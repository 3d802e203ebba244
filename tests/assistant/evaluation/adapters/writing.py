"""Small sets of invented content, written in the layouts of the public ones."""

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
import zstandard

from assistant.evaluation.errors import BadSuite

DATA = Path(__file__).parents[4].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data are not at {DATA}; no part of the project")

PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": lambda data: zstandard.ZstdCompressor().compress(data),
}


def put(path: Path, content: str | bytes) -> Path:
    """Write a file, compressed as its name says, and the folders above it."""
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PACKINGS.get(path.suffix, bytes)(data))
    return path


def put_lines(path: Path, records: Iterable[object]) -> Path:
    return put(path, "".join(json.dumps(record) + "\n" for record in records))


def tar(members: Mapping[str, str | bytes]) -> bytes:
    """A tar archive of these members, whatever they are called."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def fault(act: Callable[[], object], *told: str) -> str:
    """What the BadSuite says that an act ends in; it holds all that is to be told."""
    with pytest.raises(BadSuite) as caught:
        act()
    message = str(caught.value)
    for part in told:
        assert part in message
    return message
