"""Records of foreign files by their shape; what does not fit is a BadSuite that names file, line and field."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from assistant.evaluation.adapters.files import content, lines, opened
from assistant.evaluation.errors import BadSuite

Text = Annotated[str, msgspec.Meta(min_length=1)]
Name = str | int
"""An identifier, which some files write as a number."""

Shape = TypeVar("Shape")


def records(path: Path, shape: type[Shape]) -> Iterator[tuple[int, Shape]]:
    """Line number and record of each line of a JSONL file; fields that the shape lacks are passed over."""
    for number, line in lines(path):
        yield number, _decoded(f"{path}, line {number}", line, shape)


def named_records(
    path: Path, shape: type[Shape], field: str, name_of: Callable[[Shape], Name]
) -> Iterator[tuple[int, str, Shape]]:
    """As `records`, with the name of each; BadSuite at a name that was there before."""
    first: dict[str, int] = {}
    for number, record in records(path, shape):
        name = str(name_of(record))
        if name in first:
            raise BadSuite(f"{path}, line {number}: field {field}: {name} stands in line {first[name]} already")
        first[name] = number
        yield number, name, record


def whole(path: Path, shape: type[Shape]) -> Shape:
    """A file that is one JSON value; BadSuite also where an object has one key twice."""
    try:
        value = json.loads(content(path), object_pairs_hook=_without_repetition)
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise BadSuite(f"{path}: {_told(error)}") from error
    except (ValueError, RecursionError) as error:
        raise BadSuite(f"{path}: no JSON ({error}); fetch it again") from error


def rows(path: Path, columns: Sequence[str], delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """Line number (of its end) and fields of each row of a table with a header that holds these columns."""
    with opened(path) as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
        table = csv.DictReader(text, delimiter=delimiter, restkey="", restval=None)
        try:
            missing = [column for column in columns if column not in (table.fieldnames or ())]
            if missing:
                raise BadSuite(f"{path}, line 1: the header lacks the field {', '.join(missing)}")
            for row in table:
                wrong = "" in row or None in row.values()
                if wrong:
                    raise BadSuite(f"{path}, line {table.line_num}: not as many fields as the header has")
                yield table.line_num, row
        except csv.Error as error:
            raise BadSuite(f"{path}, line {table.line_num}: no row of a table ({error})") from error
        except UnicodeDecodeError as error:
            raise BadSuite(f"{path}, after line {table.line_num}: not UTF-8 text ({error.reason})") from error


def whole_number(path: Path, number: int, field: str, written: str) -> int:
    """A whole number as a table writes it."""
    digits = written.strip()
    if not (digits.isascii() and digits.removeprefix("-").isdigit() and len(digits) <= 18):
        raise BadSuite(f"{path}, line {number}: field {field}: {written[:40]!r} is no whole number")
    return int(digits)


def _decoded(where: str, line: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(line, type=shape)
    except msgspec.ValidationError as error:
        raise BadSuite(f"{where}: {_told(error)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadSuite(f"{where}: no JSON object ({error})") from error


def _told(error: msgspec.ValidationError) -> str:
    what, _, place = str(error).partition(" - at `$")
    field = place.rstrip("`").removeprefix(".")
    return f"field {field}: {what}" if field else what


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:80]} stands twice in one object")
    return found
