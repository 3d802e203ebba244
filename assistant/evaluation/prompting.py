"""Prompts: files whose placeholders are checked when they are loaded. What is put into them is data."""

import hashlib
import json
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from assistant.evaluation.errors import EvaluationError

PLACEHOLDERS = frozenset(("data",))


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt by the name of its file. `digest` is of the file, as judgements record it."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def rendered(self, data: object) -> str:
        """The prompt about `data`, as JSON. Nothing in a text of it can end the data, or is a placeholder."""
        written = json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")
        return Template(self.text).substitute(data=written)


@cache
def shipped_prompt(name: str) -> Prompt:
    """The prompt of prompts/NAME.txt."""
    text = files("assistant.evaluation").joinpath("prompts", f"{name}.txt").read_text("utf-8")
    return checked_prompt(name, text)


def checked_prompt(name: str, text: str, placeholders: Set[str] = PLACEHOLDERS) -> Prompt:
    """A prompt with exactly the placeholders that are filled; EvaluationError names what is missing or unknown."""
    template = Template(text)
    if not template.is_valid():
        raise EvaluationError(f"prompt {name} holds a $ that begins no placeholder; write $$ for the sign")
    found = set(template.get_identifiers())
    if found != placeholders:
        raise EvaluationError(
            f"prompt {name} has the placeholders {', '.join(sorted(found)) or 'none'}; "
            f"it must have {', '.join(sorted(placeholders))}"
        )
    return Prompt(name, text)
