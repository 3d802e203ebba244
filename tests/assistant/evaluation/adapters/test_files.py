"""Files of a set: the same whatever they are packed in, and a plain word about each way to be broken."""

import hashlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.adapters import files
from assistant.evaluation.adapters.files import content, digest_of, find, lines, located
from assistant.evaluation.adapters.records import named_records, records, rows, whole
from assistant.evaluation.errors import BadSuite
from tests.assistant.evaluation.adapters.writing import PACKINGS, fault, put


class Pair(msgspec.Struct, frozen=True):
    id: str
    grade: int


@given(data=st.binary(max_size=5000), packing=st.sampled_from(sorted(PACKINGS)))
def test_what_was_packed_is_read(tmp_path_factory: pytest.TempPathFactory, data: bytes, packing: str) -> None:
    stored = b"." + data  # or the content itself might begin as a packed file does
    assert content(put(tmp_path_factory.mktemp("packed") / f"a.txt{packing}", stored)) == stored


def test_packing_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(PACKINGS[".zst"](b"one\n\ntwo"))
    assert list(lines(tmp_path / "a.jsonl")) == [(1, b"one\n"), (3, b"two")]


def test_a_zstd_file_of_several_frames_is_read_to_its_end(tmp_path: Path) -> None:
    pack = PACKINGS[".zst"]
    (tmp_path / "a").write_bytes(pack(b"one\n") + pack(b"") + pack(b"two\n" * 100_000))
    assert content(tmp_path / "a") == b"one\n" + b"two\n" * 100_000


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_file_that_is_cut_short_anywhere_says_so(tmp_path: Path, packing: str) -> None:
    packed = PACKINGS[packing](bytes(range(256)) * 4)
    for end in range(4, len(packed)):
        (tmp_path / "a").write_bytes(packed[:end])
        fault(lambda: content(tmp_path / "a"), str(tmp_path / "a"), "damaged")


def test_damage_and_absence_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x28\xb5\x2f\xfd" + b"nonsense" * 9)
    fault(lambda: content(tmp_path / "a"), str(tmp_path / "a"))
    fault(lambda: content(tmp_path / "b"), str(tmp_path / "b"), "No such file")
    fault(lambda: digest_of([tmp_path / "b"]), str(tmp_path / "b"))


def test_little_that_unfolds_to_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.zst", b"x" * 5000)
    monkeypatch.setattr(files, "MOST_LINE", 4999)
    monkeypatch.setattr(files, "MOST_FILE", 4999)
    fault(lambda: list(lines(tmp_path / "a.zst")), "line 1", "longer than 4,999")
    fault(lambda: content(tmp_path / "a.zst"), "more than 4,999")


def test_a_file_is_found_plain_or_packed_but_not_twice(tmp_path: Path) -> None:
    assert find(tmp_path, "a.jsonl") is None
    fault(lambda: located(tmp_path, "a.jsonl"), str(tmp_path), "a.jsonl.zst")
    packed = put(tmp_path / "a.jsonl.gz", "x")
    assert located(tmp_path, "a.jsonl") == packed
    put(tmp_path / "a.jsonl", "x")
    fault(lambda: located(tmp_path, "a.jsonl"), "a.jsonl and a.jsonl.gz")


def test_the_digest_is_that_of_the_file_or_of_the_list_of_several(tmp_path: Path) -> None:
    one, two = put(tmp_path / "one", "1"), put(tmp_path / "two", "2")
    sums = [hashlib.sha256(text).hexdigest() for text in (b"1", b"2")]
    listed = f"{sums[0]}  one\n{sums[1]}  two\n"
    assert digest_of([one]) == sums[0][:16]
    assert digest_of([one, two]) == hashlib.sha256(listed.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "b"}', "missing required field `grade`"),
        ('{"id": "b", "grade": "high"}', "field grade: Expected `int`, got `str`"),
        ('{"id": 7, "grade": 1}', "field id: Expected `str`, got `int`"),
        ('{"id": "b", "grade": 1', "no JSON object"),
        ("[]", "Expected `object`"),
        ("\udc80", "no JSON object"),
        ('{"x": ' + "[" * 100_000, "no JSON object"),
    ],
)
def test_a_record_that_does_not_fit_is_told_by_file_line_and_field(tmp_path: Path, line: str, told: str) -> None:
    stored = f'{{"id": "a", "grade": 1}}\n\n{line}\n'.encode("utf-8", "surrogateescape")
    path = put(tmp_path / "a.jsonl", stored)
    fault(lambda: list(records(path, Pair)), f"{path}, line 3", told)


def test_a_name_that_is_there_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", '{"id": "a", "grade": 1}\n\n{"id": "a", "grade": 2}\n')
    fault(lambda: list(named_records(path, Pair, "id", lambda one: one.id)), "line 3", "field id", "a stands in line 1")


@given(st.lists(st.builds(Pair, st.text(min_size=1), st.integers(-9, 9)), unique_by=lambda one: one.id))
def test_records_are_read_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, pairs: list[Pair]) -> None:
    stored = b"\xef\xbb\xbf" + b"\n".join(msgspec.json.encode(pair) for pair in pairs)
    path = put(tmp_path_factory.mktemp("records") / "a.jsonl.zst", stored)
    assert [record for _, _, record in named_records(path, Pair, "id", lambda one: one.id)] == pairs


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": {"id": "a", "grade": 1}, "a": {"id": "b", "grade": 1}}', "the key a stands twice"),
        ('{"a": {"id": "a"}}', "grade"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("9" * 5000, "no JSON"),
    ],
)
def test_a_whole_file_that_does_not_fit_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = put(tmp_path / "a.json", text)
    fault(lambda: whole(path, dict[str, Pair]), str(path), told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: the header lacks the field x, y"),
        ("x\n1\n", "line 1: the header lacks the field y"),
        ("x,y\n1\n", "line 2: not as many fields"),
        ("x,y\n1,2,3\n", "line 2: not as many fields"),
        ("x,y\n1,2\n" + "z" * 200_000 + ",2\n", "no row of a table"),
        ("x,y\n1,\udcff\n", "not UTF-8"),
    ],
)
def test_a_table_that_does_not_fit_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = put(tmp_path / "a.csv", text.encode("utf-8", "surrogateescape"))
    fault(lambda: list(rows(path, ("x", "y"))), str(path), told)


def test_a_reader_that_stops_early_leaves_no_file_open(tmp_path: Path) -> None:
    path = put(tmp_path / "a.zst", "one\ntwo\n")
    reading = lines(path)
    assert next(reading) == (1, b"one\n")
    reading.close()  # type: ignore[attr-defined]  # a warning about an open file would be an error


def test_foreign_errors_do_not_pass(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadSuite):
        content(tmp_path / "folder")
