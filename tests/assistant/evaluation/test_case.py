"""Suites as files: what is wrong is told by line and field, and a wording matches as people mean it."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Outcome
from assistant.evaluation.case import Case, Fact, Nugget, Split, read_suite
from assistant.evaluation.errors import BadSuite
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Audience

PLAIN = {"id": "a", "question": "Which dose?", "outcome": "answered"}
FULL = {
    **PLAIN, "id": "b", "history": ["What is gout?"], "article": "gout",
    "outcome": ["conflicting_evidence", "answered"], "audience": "patient",
    "must_cite": [["gout", "PMID:90000001"]], "may_cite": ["PMID:90000002"],
    "must_not_cite": ["PMID:90000003"], "nuggets": [{"text": "100 mg", "mentions": [["100 mg"], ["day", "daily"]]}],
    "forbidden": [{"text": "300 mg", "mentions": [["300 mg"]]}], "evidence": ["Start at 100 mg."],
    "tags": ["dose", "topic:gout"], "split": "develop",
}  # fmt: skip


def written(path: Path, *lines: object) -> Path:
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(raw) + b"\n")
    return path


def fault(path: Path, *lines: object) -> str:
    with pytest.raises(BadSuite) as caught:
        read_suite(written(path, *lines))
    return str(caught.value)


def test_a_suite_is_read_with_every_field(tmp_path: Path) -> None:
    path = written(tmp_path / "mine.jsonl", PLAIN, b"", b"  ", FULL)
    suite = read_suite(path)
    assert (suite.name, suite.digest) == ("mine", hashlib.sha256(path.read_bytes()).hexdigest()[:16])
    plain, full = suite.cases
    assert plain == Case("a", "Which dose?", Outcome.ANSWERED)
    assert (plain.audience, plain.split, plain.outcomes) == (Audience.CLINICIAN, Split.TEST, (Outcome.ANSWERED,))
    assert full == Case(
        "b", "Which dose?", (Outcome.CONFLICTING_EVIDENCE, Outcome.ANSWERED), ("What is gout?",), "gout",
        Audience.PATIENT, (("gout", "PMID:90000001"),), ("PMID:90000002",), ("PMID:90000003",),
        (Nugget("100 mg", (("100 mg",), ("day", "daily")), True),), (Fact("300 mg", (("300 mg",),)),),
        ("Start at 100 mg.",), ("dose", "topic:gout"), Split.DEVELOP,
    )  # fmt: skip


@pytest.mark.parametrize("outcome", Outcome)
def test_answerable_is_what_an_outcome_states(outcome: Outcome) -> None:
    assert Case("a", "q", outcome).is_answerable == outcome.has_statements


def lacking(field: str) -> dict[str, object]:
    return {name: value for name, value in PLAIN.items() if name != field}


NUGGET = {"text": "t", "mentions": [["m"]]}
WRONG: list[tuple[str, object]] = [
    ("unknown field `qestion`", PLAIN | {"qestion": "x"}),
    ("field nuggets[1]: Object contains unknown field `vitl`", PLAIN | {"nuggets": [NUGGET, NUGGET | {"vitl": True}]}),
    ("field forbidden[0]: Object contains unknown field `vital`", PLAIN | {"forbidden": [NUGGET | {"vital": True}]}),
    *((f"missing required field `{field}`", lacking(field)) for field in ("id", "question", "outcome")),
    *((f"field {field}: ", PLAIN | {field: 7}) for field in FULL),
    *((f"field {field}: it is blank", PLAIN | {field: blank}) for field in ("id", "article") for blank in ("", " \t")),
    *((f"field {field}", PLAIN | {field: [" "]}) for field in ("history", "may_cite", "must_not_cite", "tags")),
    ("field outcome: ", PLAIN | {"outcome": "answer"}),
    ("field outcome[1]: ", PLAIN | {"outcome": ["answered", "maybe"]}),
    ("field outcome: ", PLAIN | {"outcome": []}),
    ("field audience: ", PLAIN | {"audience": "nurse"}),
    ("field split: ", PLAIN | {"split": "train"}),
    ("field must_cite[0]: ", PLAIN | {"must_cite": ["gout"]}),
    ("field must_cite[0]: ", PLAIN | {"must_cite": [[]]}),
    ("field nuggets[0]: Object missing required field `text`", PLAIN | {"nuggets": [{"mentions": [["m"]]}]}),
    ("field nuggets[0].mentions: ", PLAIN | {"nuggets": [{"text": "t", "mentions": []}]}),
    ("field nuggets[0].mentions[1]: ", PLAIN | {"nuggets": [{"text": "t", "mentions": [["m"], []]}]}),
    ("field nuggets[0].mentions[0][1]: it is blank", PLAIN | {"nuggets": [{"text": "t", "mentions": [["m", " "]]}]}),
    ("field nuggets[0].vital: ", PLAIN | {"nuggets": [NUGGET | {"vital": "yes"}]}),
    *((f"field {field}[0].mentions[0]: ", PLAIN | {field: [{"text": "t", "mentions": ["m"]}]})
      for field in ("nuggets", "forbidden")),
    ("field question: the question is empty", PLAIN | {"question": "?!"}),
    ("field question: the question has 1001 characters", PLAIN | {"question": "x" * (MAX_CHARACTERS + 1)}),
    ("field question: the question holds the control character U+0000", PLAIN | {"question": "x\0"}),
    ("field history: the question is empty", PLAIN | {"history": ["What is gout?", "?"]}),
    ("field history: 21 earlier questions", PLAIN | {"history": ["What is gout?"] * (MAX_TURNS + 1)}),
    ("field outcome: one outcome states something", PLAIN | {"outcome": ["answered", "insufficient_evidence"]}),
    *((f"field {field}: nothing is stated", {**PLAIN, "outcome": "emergency", field: FULL[field]})
      for field in ("must_cite", "may_cite", "nuggets", "evidence")),
    ("field must_not_cite: gout must or may", PLAIN | {"must_not_cite": ["x", "gout"], "must_cite": [["y", "gout"]]}),
    ("field must_not_cite: gout must or may", PLAIN | {"must_not_cite": ["gout"], "may_cite": ["gout"]}),
    ("Expected `object`", []),
    ("Expected `object`", b"[" * 50_000),
    ("no JSON object", b"{'id': 1}"),
    ("no JSON object", b'{"id": "a", "question": "\xff\xfe", "outcome": "answered"}'),
    ("no JSON object", b'{"id": "a", "question": "\xed\xa0\x80", "outcome": "answered"}'),
    ("no JSON object", json.dumps(PLAIN).encode() * 2),
    ("no JSON object", b"\xef\xbb\xbf{}"),
    ("no JSON object", json.dumps(PLAIN).encode()[:-1]),
]  # fmt: skip


@pytest.mark.parametrize(("told", "line"), WRONG)
def test_what_is_wrong_is_told_by_line_and_field(tmp_path: Path, told: str, line: object) -> None:
    path = tmp_path / "suite.jsonl"
    message = fault(path, FULL, b"", line, b"{ not looked at")
    assert message.startswith(f"{path}, line 3: ")
    assert told in message


def test_an_id_that_names_two_cases_is_named(tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    assert fault(path, PLAIN, FULL, PLAIN) == f"{path}: field id: a names more than one case"


@pytest.mark.parametrize("lines", [(), (b"", b" ")])
def test_a_suite_without_a_case_is_none(tmp_path: Path, lines: tuple[bytes, ...]) -> None:
    assert fault(tmp_path / "suite.jsonl", *lines) == f"{tmp_path / 'suite.jsonl'} holds no case"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.jsonl"):
        with pytest.raises(BadSuite, match=f"{path} cannot be read: .*see: sequitur evaluate suites"):
            read_suite(path)


SAID: list[tuple[str, str, bool]] = [
    ("5 mg", "Give 5 mg daily.", True),
    ("5 mg", "Give 2.5 mg daily.", False),
    ("5 mg", "Give 2,5 mg daily.", False),
    ("5 mg", "Give 2·5 mg daily.", False),
    ("5 mg", "Give .5 mg daily.", False),
    ("5 mg", "Give 15 mg daily.", False),
    ("5 mg", "Give 5 mg.", True),
    ("5 mg", "Rise to 2.5–5 mg daily.", True),
    ("2.5", "A mean of 2·5 points.", True),
    ("2·5", "A mean of 2.5 points.", True),
    ("0.001", "They differed (P < .001).", True),
    ("0.001", "They differed (P<·001).", True),
    ("2.5", "A mean of 2.57 points.", False),
    ("2.5", "A mean of 12.5 points.", False),
    ("100", "It rose to 100.", True),
    ("100", "It rose to 1000.", False),
    ("100", "It rose to 100.5.", False),
    ("100", "It rose to 100,000.", False),
    ("100", "It rose to 100, then fell.", True),
    ("000 mg", "At most 1000 mg.", False),
    ("000 mg", "At most 1,000 mg.", False),
    ("53%", "It was 53% lower.", True),
    ("53%", "It was 1.53% lower.", False),
    ("IgA", "the IgA level", True),
    ("iga", "The IGA level", True),
    ("pain", "The painful joint", True),
    ("pain", "The Spain trial", False),
    ("pain", "joint-pain", True),
    ("second-hand", "second‑hand, second–hand", True),
    ("12–18 months", "after 12-18 months", True),
    ("−3.2", "changed by -3.2 kg", True),
    ("once a day", "once\n a  day", True),
    ("once a day", "once a\u00a0day", True),
    ("µmol/L", "360 μmol/L", True),  # the micro sign and the Greek letter
    ("≥ 65", "aged ≥ 65 years", True),
    ("<60", "eGFR <60 mL/min", True),
    ("<60", "eGFR <600 mL/min", False),
    ("a.b", "axb", False),
    ("(?i)x", "x", False),
]


@pytest.mark.parametrize(("wording", "statement", "holds"), SAID)
def test_a_wording_is_held_as_people_mean_it(wording: str, statement: str, holds: bool) -> None:
    assert Fact("f", ((wording,),)).is_in(statement) is holds


WORDING = st.text(min_size=1, max_size=12).filter(str.strip)


@given(WORDING, st.sampled_from(["", "so ", "(", "— "]), st.sampled_from(["", " daily", ".", ")"]))
def test_a_statement_that_holds_a_wording_word_by_word_says_it(wording: str, before: str, after: str) -> None:
    assert Fact("f", ((wording,),)).is_in(f"{before}{wording}{after}")


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from([".", ",", "·"]), st.sampled_from([" mg", "", "%"]))
def test_a_number_is_never_a_part_of_a_longer_one(whole: int, part: int, point: str, unit: str) -> None:
    longer = f"Give {whole}{point}{part}{unit} now"
    assert Fact("f", ((f"{whole}{point}{part}{unit}",),)).is_in(longer)
    assert not Fact("f", ((f"{part}{unit}",),)).is_in(longer)
    assert not Fact("f", ((str(whole),),)).is_in(longer)


@given(st.lists(st.lists(st.sampled_from("a b c d".split()), min_size=1, max_size=3), min_size=1, max_size=3),
       st.sets(st.sampled_from("a b c d".split())))  # fmt: skip
def test_of_every_group_one_wording_is_held(groups: list[list[str]], held: set[str]) -> None:
    said = Fact("f", tuple(map(tuple, groups))).is_in(" ".join(sorted(held)))
    assert said == all(held.intersection(group) for group in groups)
