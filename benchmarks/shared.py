"""What the benchmarks share: the data beside the repository, intervals, and tables with their circumstances."""

import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any

import zstandard

from assistant.evaluation.provenance import machine

DATA = Path(__file__).parents[1].parent / "shared" / "data"
RESULTS = Path(__file__).parent / "results"
QUESTIONS = Path(__file__).parent / "questions"
FITTING = QUESTIONS / "fitting.jsonl"
"""Questions over the starter corpus that models are fitted on."""


def records(*path: str) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl.zst file under the shared data; FileNotFoundError says what is missing."""
    file = DATA.joinpath(*path)
    if not file.is_file():
        raise FileNotFoundError(
            f"{file} is not here; put the public data beside the repository, see benchmarks/README.md"
        )
    with file.open("rb") as raw:
        stream = zstandard.ZstdDecompressor().stream_reader(raw)
        yield from map(json.loads, io.TextIOWrapper(stream, "utf-8"))


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% score interval of a proportion (Wilson 1927, doi 10.1080/01621459.1927.10502953)."""
    if not total:
        return 0.0, 1.0
    share, square = hits / total, z * z / total
    middle = (share + square / 2) / (1 + square)
    half = z * sqrt(share * (1 - share) / total + square / (4 * total)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(hits: int, total: int) -> str:
    """A proportion with its 95% interval, e.g. ".90 [.85, .94] (180/200)"."""
    low, high = wilson(hits, total)
    return f"{_short(hits / total if total else 0)} [{_short(low)}, {_short(high)}] ({hits}/{total})"


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def file_result(name: str, title: str, command: str, corpus: str, body: str) -> None:
    """Print a result and file it under results/NAME.md with what it was measured on."""
    measured = f"- Command: `{command}`\n- Corpus: {corpus}\n- Machine: {machine()}\n- Date: {date.today()}\n"
    text = f"# {title}\n\n{body}\n\n{measured}"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, "utf-8")
    print(text)
