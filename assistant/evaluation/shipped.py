"""The suites and baselines that come with the program."""

from importlib.resources import as_file, files
from pathlib import Path

from assistant.evaluation.errors import BadSuite

SUITES = {
    "starter": "over the built-in corpus; half for finding faults (develop), half for telling (test)",
    "refusals": "over the built-in corpus, half of them to be refused",
    "calibration": "other questions over the built-in corpus on which the threshold of refusing is chosen",
}
"""What each shipped suite is, by name."""


def suite_path(name: str) -> Path:
    """The file of a shipped suite; BadSuite lists the ones there are."""
    if name not in SUITES:
        raise BadSuite(f"no suite {name!r} is shipped; there are: {', '.join(SUITES)}; or name a .jsonl file")
    return _folder("suites") / f"{name}.jsonl"


def baseline_path(name: str) -> Path:
    """The folder of a shipped baseline run."""
    return _folder("baselines") / name


def _folder(name: str) -> Path:
    with as_file(files("assistant.evaluation").joinpath(name)) as path:
        return path
