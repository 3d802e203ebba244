"""The disclaimer and the caution, read from the policy files once; nobody else words them."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy file: its version, its text, and a digest of both."""

    version: str
    text: str
    digest: str


@cache
def _read(name: str) -> PolicyText:
    raw = files("corpus").joinpath("policy", name).read_text("utf-8")
    _, front, body = raw.split("---\n", 2)
    digest = hashlib.sha256(raw.encode()).hexdigest()[:16]
    return PolicyText(str(yaml.safe_load(front)["version"]), body.strip(), digest)


def disclaimer() -> PolicyText:
    """The mandatory professional disclaimer."""
    return _read("disclaimer.md")


def caution() -> PolicyText:
    """What an answer says when it rests on anything not approved."""
    return _read("cautions.md")
