"""What the documents promise: the commands they show exist, and every command is documented."""

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from api.cli import app

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(?:sh|bash|shell|console)?[ ]*\n(.*?)^```", re.DOTALL | re.MULTILINE)


def documents() -> dict[str, str]:
    """README and every page of docs, by name."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in pages}


def shown_commands(text: str) -> Iterator[list[str]]:
    """The shell commands in the fenced blocks of a page, cut into words; prompts and comments left out."""
    for block in FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line.strip().removeprefix("$ "), posix=True, punctuation_chars=True)
            try:
                words = list(lexer)
            except ValueError:  # a quotation mark left open: output, not a command
                continue
            command: list[str] = []
            for word in words:
                if set(word) <= set("&|;<>()"):
                    yield command
                    command = []
                else:
                    command.append(word)
            yield command


def commands_named(program: str) -> list[list[str]]:
    """The arguments of every shown call of a program, over all documents."""
    return [words[1:] for text in documents().values() for words in shown_commands(text) if words[:1] == [program]]


def tree() -> Any:
    """The command line as click sees it."""
    return typer.main.get_command(app)


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of every command that is not a group, hidden ones left out."""
    if command.hidden:
        return
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        yield path
        return
    for name, subcommand in subcommands.items():
        yield from leaves(subcommand, (*path, name))


def split_call(words: list[str]) -> tuple[list[str], list[str]]:
    """The subcommand a call names, and the options it gives."""
    command, path = tree(), []
    for word in words:
        subcommands = getattr(command, "commands", {})
        if word not in subcommands:
            break
        command = subcommands[word]
        path.append(word)
    given = takewhile(lambda word: word != "--", words[len(path) :])
    return path, [word.partition("=")[0] for word in given if re.match(r"--?[a-z]", word)]


def makefile_targets() -> set[str]:
    phony = re.search(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony
    return set(phony[1].split())


def test_readme_shows_commands() -> None:
    readme = [words[:1] for words in shown_commands(documents()["README.md"]) if words]
    assert ["make"] in readme
    assert ["sequitur"] in readme


def test_every_make_command_shown_exists() -> None:
    shown = {word for words in commands_named("make") for word in words if "=" not in word and word[0] != "-"}
    assert shown >= {"ask", "test"}
    assert shown <= makefile_targets()


def test_every_make_target_is_documented() -> None:
    text = "\n".join(documents().values())
    public = {target for target in makefile_targets() - {"help"} if not target.startswith("lint-")}
    assert {target for target in public if f"make {target}" not in text} == set()


def test_every_sequitur_command_shown_parses() -> None:
    calls = commands_named("sequitur")
    assert calls
    for words in calls:
        path, options = split_call(words)
        complete = tuple(path) in set(leaves(tree())) or words[-1:] in (["--help"], ["--version"])
        assert complete, f"sequitur {shlex.join(words)} names no command"
        shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
        assert shown.exit_code == 0, words
        missing = [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", shown.output)]
        assert not missing, f"sequitur {shlex.join(words)}: no {missing}"


def test_every_command_is_documented() -> None:
    text = "\n".join(documents().values())
    paths = [" ".join(("sequitur", *path)) for path in leaves(tree())]
    assert len(paths) >= 2
    assert [path for path in paths if not re.search(rf"{path}\b", text)] == []


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ('$ make ask Q="What\'s the dose?"  # first', [["make", "ask", "Q=What's the dose?"]]),
        ("sequitur ask x --json | jq .message", [["sequitur", "ask", "x", "--json"], ["jq", ".message"]]),
        ("sequitur index \\\n  build", [["sequitur", "index", "build"]]),
        ("It's output", []),
    ],
)
def test_commands_are_read_off_a_page(line: str, commands: list[list[str]]) -> None:
    assert [words for words in shown_commands(f"Text\n\n```sh\n{line}\n```\n") if words] == commands
