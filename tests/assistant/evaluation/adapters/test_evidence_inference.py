"""Evidence Inference: accepted evidence only, halves by article, texts as documents one at a time."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Outcome
from assistant.evaluation.adapters import trial_texts
from assistant.evaluation.adapters.evidence_inference import half_of, open_evidence_inference, read_prompts
from assistant.evaluation.adapters.trial_texts import read_text
from assistant.evaluation.case import Split
from tests.assistant.evaluation.adapters.writing import fault, put, put_lines, tar

TEXT = "TITLE: \nA trial\n\n\n\nABSTRACT.RESULTS:\nDrug A lowered pain.\n\nBODY.METHODS:\nWe tried.\nTwice.\n\n"
PROMPTS = [
    ("1", "9000001", "pain", "drug A", "placebo"),
    ("2", "9000001", "sleep", "drug A", "placebo"),
    ("3", "9000002", "death", "drug B", "drug C"),
    ("4", "9000002", "", "drug B", "drug C"),
]
ANNOTATIONS = [
    ("0", "1", "9000001", "1", "1", "significantly decreased", "Drug A lowered pain."),
    ("1", "1", "9000001", "True", "True", "significantly decreased", "Drug A lowered pain."),
    ("1", "1", "9000001", "1", "1", "significantly decreased", "Pain, it was less."),
    ("0", "2", "9000001", "1", "0", "no significant difference", "Refused by the verifier."),
    ("1", "2", "9000001", "0", "1", "no significant difference", "Refused by the verifier."),
    ("1", "2", "9000001", "1", "1", "invalid prompt", "None."),
    ("0", "3", "9000002", "1", "1", "no significant difference", "As many died."),
    ("0", "4", "9000002", "1", "1", "no significant difference", "Of an open prompt."),
]
PROMPT_COLUMNS = ("PromptID", "PMCID", "Outcome", "Intervention", "Comparator")
ANNOTATION_COLUMNS = ("UserID", "PromptID", "PMCID", "Valid Label", "Valid Reasoning", "Label", "Annotations")


def table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return put(path, out.getvalue())


def upstream(
    path: Path,
    prompts: Sequence[Sequence[str]] = PROMPTS,
    annotations: Sequence[Sequence[str]] = ANNOTATIONS,
    name: str = "annotations_merged.csv",
) -> Path:
    table(path / "prompts_merged.csv", PROMPT_COLUMNS, prompts)
    table(path / name, ANNOTATION_COLUMNS, annotations)
    for article in ("PMC9000001", "PMC9000002"):
        put(path / "txt_files" / f"{article}.txt", TEXT)
    return path


def line(prompt: Sequence[str], **changes: object) -> dict[str, object]:
    number, article, outcome, intervention, comparator = prompt
    annotations = [
        {"evidence_text": row[6], "valid_label": row[3] in ("1", "True"), "valid_reasoning": row[4] in ("1", "True")}
        for row in ANNOTATIONS
        if row[1] == number and row[5] != "invalid prompt"
    ]
    asked = {"intervention": intervention, "comparator": comparator, "outcome": outcome}
    return {"prompt_id": int(number), "pmcid": f"PMC{article}", **asked, "annotations": annotations, **changes}


def lines(path: Path, archive: bytes | None = None, *more: object) -> Path:
    put_lines(path / "prompts.jsonl.zst", [*(line(prompt) for prompt in PROMPTS[:3]), *more])
    members = {"LICENSE": "x", "PMC9000001.txt": TEXT, "txt_files/PMC9000002.txt": TEXT}
    put(path / "txt.tar.zst", tar(members) if archive is None else archive)
    return path


@pytest.mark.parametrize("write", [upstream, lines])
def test_only_accepted_evidence_makes_a_case(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    found = open_evidence_inference(write(tmp_path))
    assert [(one.id, one.question, one.article, one.evidence, one.outcome) for one in found.cases] == [
        (
            "1",
            "What is the effect of drug A on pain compared with placebo?",
            "PMC9000001",
            ("Drug A lowered pain.", "Pain, it was less."),
            Outcome.ANSWERED,
        ),
        (
            "3",
            "What is the effect of drug B on death compared with drug C?",
            "PMC9000002",
            ("As many died.",),
            Outcome.ANSWERED,
        ),
    ]
    assert [one.id for one in found.documents()] == ["PMC9000001", "PMC9000002"]


def test_both_tables_of_annotations_are_read_and_each_text_counts_once(tmp_path: Path) -> None:
    upstream(tmp_path, annotations=ANNOTATIONS[:1])
    later = [(*ANNOTATIONS[0][:6], "More."), ANNOTATIONS[0], ANNOTATIONS[6]]
    upstream(tmp_path, annotations=later, name="v2_annotations.csv")
    told = [(prompt.id, prompt.evidence) for prompt in read_prompts(tmp_path)]
    assert told == [(1, ("Drug A lowered pain.", "More.")), (3, ("As many died.",))]


def test_halves_are_by_article_and_say_what_a_case_is_for(tmp_path: Path) -> None:
    # `printf PMC1 | sha256sum` begins with 76, which is even, PMC2 with 3f, which is odd.
    assert (half_of("PMC1"), half_of("PMC2")) == ("develop", "report")
    splits = {"report": Split.TEST, "develop": Split.DEVELOP}
    for case in open_evidence_inference(upstream(tmp_path)).cases:
        assert case.article is not None
        assert case.split == splits[half_of(case.article)]


def test_the_reason_to_doubt_a_prompt_is_its_tag(tmp_path: Path) -> None:
    found = open_evidence_inference(lines(tmp_path, None, line(("9", *PROMPTS[0][1:]), flag="incorrect", annotations=[
        {"evidence_text": "x", "valid_label": True, "valid_reasoning": True}])))  # fmt: skip
    assert [(one.id, one.tags) for one in found.cases] == [("1", ()), ("3", ()), ("9", ("incorrect",))]


def test_prompts_are_read_without_the_texts(tmp_path: Path) -> None:
    (lines(tmp_path) / "txt.tar.zst").unlink()
    assert [prompt.question(2) for prompt in read_prompts(tmp_path)] == [
        "Does drug A affect pain?",
        "Does drug B affect death?",
    ]
    fault(lambda: open_evidence_inference(tmp_path), "no texts")


def test_texts_are_read_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(trial_texts, "content", lambda path: opened.append(path.name) or TEXT.encode())  # type: ignore[func-returns-value]
    found = open_evidence_inference(upstream(tmp_path))
    assert opened == []
    documents = found.documents()
    next(documents)
    assert opened == ["PMC9000001.txt"]


@pytest.mark.parametrize(
    ("prompts", "annotations", "told"),
    [
        ([("1x", *PROMPTS[0][1:])], [], "prompts_merged.csv, line 2: field PromptID: '1x' is no whole number"),
        ([("1", "../../x", *PROMPTS[0][2:])], [], "line 2: field PMCID"),
        ([PROMPTS[0], PROMPTS[0]], [], "line 3: field PromptID: 1 stands in line 2"),
        (PROMPTS, [("0", "77", *ANNOTATIONS[0][2:])], "field PromptID: 77 annotated, but not in prompts_merged.csv"),
        (PROMPTS, [("0", "1", "9000001", "maybe", *ANNOTATIONS[0][4:])], "line 2: field Valid Label: 'maybe'"),
        (PROMPTS, [ANNOTATIONS[0][:5]], "annotations_merged.csv, line 2: not as many fields"),
        ([("1", "9000009", *PROMPTS[0][2:])], ANNOTATIONS[:1], "field PMCID: PMC9000009 without a text"),
    ],
)
def test_tables_that_cannot_be_are_told(
    tmp_path: Path, prompts: Sequence[Sequence[str]], annotations: Sequence[Sequence[str]], told: str
) -> None:
    fault(lambda: open_evidence_inference(upstream(tmp_path, prompts, annotations)), told)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pmcid": "PMC1/../../x"}, "field pmcid"),
        ({"pmcid": "PMC1\n"}, "field pmcid"),
        ({"prompt_id": 1}, "field prompt_id: 1 stands in line 1"),
        ({"outcome": ""}, "field outcome"),
        ({"annotations": [{"evidence_text": "x", "valid_label": 1, "valid_reasoning": True}]}, "valid_label"),
    ],
)
def test_lines_that_cannot_be_are_told(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    more = line(("8", *PROMPTS[0][1:]), **changes)
    fault(lambda: open_evidence_inference(lines(tmp_path, None, more)), "prompts.jsonl.zst, line 4", told)


@pytest.mark.parametrize(
    ("archive", "told"),
    [
        (tar({"../PMC9000001.txt": TEXT}), "outside the archive"),
        (tar({"/tmp_/PMC9000001.txt": TEXT}), "outside the archive"),
        (tar({"a\\..\\PMC9000001.txt": TEXT}), "outside the archive"),
        (tar({"PMC9000001.txt": TEXT, "a/PMC9000001.txt": TEXT}), "stands twice"),
        (tar({"PMC9000001.txt": TEXT}), "PMC9000002 without a text"),
        (tar({"PMC9000001.txt": TEXT})[:700], "txt.tar.zst"),
        (b"", "txt.tar.zst"),
    ],
)
def test_archives_that_cannot_be_are_told(tmp_path: Path, archive: bytes, told: str) -> None:
    fault(lambda: open_evidence_inference(lines(tmp_path, archive)), told)


def test_a_folder_that_is_neither_or_both_is_told(tmp_path: Path) -> None:
    fault(lambda: list(read_prompts(tmp_path)), "either prompts.jsonl, or prompts_merged.csv")
    upstream(lines(tmp_path))
    fault(lambda: list(read_prompts(tmp_path)), "either prompts.jsonl, or prompts_merged.csv")
    fault(lambda: open_evidence_inference(tmp_path, "report"), "no parts")


def test_a_text_that_cannot_be_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    for data, told in ((b"\xff", "not UTF-8"), (b"no heading", "no text under a heading")):
        put(upstream(tmp_path) / "txt_files" / "PMC9000001.txt", data)
        found = open_evidence_inference(tmp_path)
        fault(lambda: list(found.documents()), "PMC9000001.txt", told)  # noqa: B023


def sections(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Path and text of each section, having checked that they tile the text."""
    document, end = read_text("PMC9000001", text), 0
    for section in document.sections:
        assert document.text[end : section.start] == ("\n\n" if end else "")
        end = section.end
        held = document.text[section.start : end]
        assert held == held.strip() != ""
    assert end == len(document.text)
    return [(section.path, document.text[section.start : section.end]) for section in document.sections]


def test_headings_become_paths_and_lines_paragraphs() -> None:
    assert sections(TEXT) == [(("Abstract", "RESULTS"), "Drug A lowered pain."), (("METHODS",), "We tried.\n\nTwice.")]
    assert read_text("PMC9000001", TEXT).work.title == "A trial"
    assert read_text("PMC9000001", TEXT).work.pmcid == "PMC9000001"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TITLE: \nA\n\n\n\nNo heading here.\n\nBODY:\nx", [(("Abstract",), "No heading here."), ((), "x")]),
        ("ABSTRACT:\nx\n\nBODY.A:\nBODY.A.B:\ny", [(("Abstract",), "x"), (("A.B",), "y")]),
        ("BODY.A:\nFigure 1BODY.B:\ny", [(("A",), "Figure 1"), (("B",), "y")]),
        ("BODY.CO:2 puffs\ny", [(("CO2 puffs",), "y")]),
        ("BODY.\n:Ex vivo\ny", [(("Ex vivo",), "y")]),
        ("BODY.PART 1: OF\n\nBODY.2.1. SETTING:\ny", [(("2.1. SETTING",), "y")]),
        ("BODY.A:\nThe BODY: a whole. body.a:\ny", [(("A",), "The BODY: a whole. body.a:\n\ny")]),
        ("BODY.A:\nx\u202ey\u200b", [(("A",), "xy")]),
    ],
)
def test_headings_as_they_come(text: str, expected: list[tuple[tuple[str, ...], str]]) -> None:
    assert sections(text) == expected


PIECES = ["BODY", "ABSTRACT", "TITLE", ".", ":", "\n", "A", "b", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_what_is_no_heading_is_kept(text: str) -> None:
    whole = f"TITLE: \nA trial\n\nBODY.START:\nfirst\n{text}"
    kept = [word for _, part in sections(whole) for word in part.split()]
    assert ["A", "trial", *kept] == trial_texts._HEADING.sub("\n", whole).split()


def test_a_text_made_to_be_slow_is_not() -> None:
    assert sections("BODY.A:\nx " + "BODY." * 50_000)
