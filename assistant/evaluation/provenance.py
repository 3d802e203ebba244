"""With what a run was made: enough to know whether two runs may be compared."""

import hashlib
import platform
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from indexer.snapshot import Manifest

_ROOMS = ("corpus", "indexer", "assistant", "api")
_PROGRAM = (".py", ".json", ".yaml", ".md", ".j2")
_DATA = ("articles", "references.json", "suites", "baselines", "__pycache__")
"""What is asked about and what is asked, which the corpus fingerprint and the suites' digests stand for."""


def fingerprint(manifest: Manifest) -> str:
    """A digest of the documents of a snapshot and their versions: the same corpus, however it was indexed."""
    return hashlib.sha256(msgspec.json.encode(sorted(manifest.documents.items()))).hexdigest()[:16]


def code_digest() -> str:
    """A digest of the program's own files, models and prompts included."""
    digest = hashlib.sha256()
    for room in _ROOMS:
        _add(digest, files(room), room)
    return digest.hexdigest()[:16]


def _add(digest: "hashlib._Hash", folder: Traversable, name: str) -> None:
    for one in sorted(folder.iterdir(), key=lambda each: each.name):
        path = f"{name}/{one.name}"
        if one.name in _DATA:
            continue
        if one.is_dir():
            _add(digest, one, path)
        elif one.name.endswith(_PROGRAM):
            digest.update(f"{path}\n".encode() + hashlib.sha256(one.read_bytes()).digest())


def machine() -> str:
    """The processor, its cores, and the Python that ran."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    cores = sum(line.startswith("processor") for line in lines)
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}, {cores} cores, Python {platform.python_version()}"
