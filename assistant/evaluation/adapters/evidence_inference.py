"""Evidence Inference: what a trial reports, as questions about its article with annotated evidence.

Lehman et al. 2019 and DeYoung et al. 2020. Read are the folder `annotations` of github.com/jayded/evidence-inference
(prompts_merged.csv, annotations_merged.csv, v2_annotations.csv, txt_files/), and one prompt a line beside an archive of
the texts (prompts.jsonl, txt.tar). Only annotations whose label and reasoning the verifier accepted count.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from assistant.answer import Outcome
from assistant.evaluation.adapters.files import digest_of, find
from assistant.evaluation.adapters.records import Text, named_records, rows, whole_number
from assistant.evaluation.adapters.trial_texts import article_documents, article_files, article_ids
from assistant.evaluation.case import Case, Split
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.sets import QuestionSet

TEMPLATES = (
    "What is the effect of {intervention} on {outcome} compared with {comparator}?",
    "Compared with {comparator}, does {intervention} change {outcome}?",
    "Does {intervention} affect {outcome}?",
)
_ASKED = ("Intervention", "Comparator", "Outcome")
_ANNOTATIONS = ("annotations_merged.csv", "v2_annotations.csv")
_TRUE, _FALSE = ("1", "1.0", "true"), ("0", "0.0", "false")

ArticleId = Annotated[str, msgspec.Meta(pattern=r"\APMC[0-9]{1,12}\Z")]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question about one article, and the texts any one of which is its evidence."""

    id: int
    article: str
    intervention: str
    comparator: str
    outcome: str
    evidence: tuple[str, ...]
    flag: str = ""

    def question(self, template: int = 0) -> str:
        fields = {name: " ".join(getattr(self, name).split()) for name in ("intervention", "comparator", "outcome")}
        return TEMPLATES[template].format(**fields)


class _Annotation(msgspec.Struct, frozen=True):
    evidence_text: str
    valid_label: bool
    valid_reasoning: bool


class _Line(msgspec.Struct, frozen=True):
    prompt_id: int
    pmcid: ArticleId
    intervention: Text
    comparator: Text
    outcome: Text
    annotations: tuple[_Annotation, ...]
    flag: str = ""


def open_evidence_inference(path: Path, part: str = "") -> QuestionSet:
    """A case for each prompt with evidence, over all texts; half of the articles are for development.

    Prompts that upstream lists as doubtful carry the reason as a tag where the files hold it.
    """
    if part:
        raise BadSuite(f"Evidence Inference has no parts, so none is called {part}; its cases say their split")
    texts = article_files(path)
    prompts = tuple(read_prompts(path))
    if missing := {prompt.article for prompt in prompts} - article_ids(texts):
        raise BadSuite(f"{path}: field PMCID: {', '.join(sorted(missing)[:5])} without a text ({len(missing)} in all)")
    return QuestionSet(
        name="evidence-inference",
        digest=digest_of((*_tables(path), *texts)),
        cases=tuple(map(_case, prompts)),
        documents=partial(article_documents, texts),
    )


def read_prompts(path: Path) -> Iterator[Prompt]:
    """The prompts of a folder that have accepted evidence, in its order; their texts are not read."""
    prompts, *annotated = _tables(path)
    yield from _of_tables(prompts, annotated) if annotated else _of_lines(prompts)


def half_of(article: str) -> Literal["develop", "report"]:
    """The half that an article is in, by a digest of its id ("PMC…"), so that no article is in both."""
    return "report" if hashlib.sha256(article.encode()).digest()[0] % 2 else "develop"


def _case(prompt: Prompt) -> Case:
    return Case(
        id=str(prompt.id),
        question=prompt.question(),
        outcome=Outcome.ANSWERED,
        article=prompt.article,
        evidence=prompt.evidence,
        tags=(prompt.flag,) if prompt.flag else (),
        split=Split.TEST if half_of(prompt.article) == "report" else Split.DEVELOP,
    )


def _tables(path: Path) -> tuple[Path, ...]:
    """The file of prompts, and with tables those of annotations."""
    lines, table = find(path, "prompts.jsonl"), find(path, "prompts_merged.csv")
    if lines and not table:
        return (lines,)
    annotated = [file for name in _ANNOTATIONS if (file := find(path, name))]
    if not table or lines or not annotated:
        wanted = f"either prompts.jsonl, or prompts_merged.csv with {' or '.join(_ANNOTATIONS)}"
        raise BadSuite(f"{path} is to hold {wanted}; name the folder that does")
    return (table, *annotated)


def _of_lines(path: Path) -> Iterator[Prompt]:
    for _, _, line in named_records(path, _Line, "prompt_id", lambda one: one.prompt_id):
        accepted = (one.evidence_text for one in line.annotations if one.valid_label and one.valid_reasoning)
        if evidence := tuple(dict.fromkeys(text for text in accepted if text.strip())):
            asked = (line.intervention, line.comparator, line.outcome)
            yield Prompt(line.prompt_id, line.pmcid, *asked, evidence, line.flag)


def _of_tables(prompts: Path, annotated: list[Path]) -> Iterator[Prompt]:
    """Prompts of the published tables; as upstream reads them, one that leaves a field open is no prompt."""
    evidence, seen = _accepted(annotated), dict[int, int]()
    for number, row in rows(prompts, ("PromptID", "PMCID", *_ASKED)):
        prompt_id = whole_number(prompts, number, "PromptID", row["PromptID"])
        article = f"PMC{abs(whole_number(prompts, number, 'PMCID', row['PMCID']))}"
        if prompt_id in seen:
            raise BadSuite(
                f"{prompts}, line {number}: field PromptID: {prompt_id} stands in line {seen[prompt_id]} already"
            )
        seen[prompt_id] = number
        texts = tuple(evidence.get(prompt_id, ()))
        intervention, comparator, outcome = (row[name] for name in _ASKED)
        if texts and intervention.strip() and comparator.strip() and outcome.strip():
            yield Prompt(prompt_id, article, intervention, comparator, outcome, texts)
    if unknown := evidence.keys() - seen.keys():
        shown = ", ".join(map(str, sorted(unknown)[:5]))
        raise BadSuite(f"{annotated[0].parent}: field PromptID: {shown} annotated, but not in {prompts.name}")


def _accepted(paths: list[Path]) -> dict[int, dict[str, None]]:
    """Prompt id → accepted evidence, each text once; a prompt found invalid has none."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for path in paths:
        for number, row in rows(path, ("PromptID", "Valid Label", "Valid Reasoning", "Label", "Annotations")):
            accepted = [_truth(path, number, name, row[name]) for name in ("Valid Label", "Valid Reasoning")]
            text = row["Annotations"]
            if all(accepted) and text.strip() and row["Label"].strip() != "invalid prompt":
                found[whole_number(path, number, "PromptID", row["PromptID"])][text] = None
    return found


def _truth(path: Path, number: int, field: str, written: str) -> bool:
    word = written.strip().lower()
    if word not in (*_TRUE, *_FALSE):
        raise BadSuite(f"{path}, line {number}: field {field}: {written[:40]!r} is neither 0 nor 1")
    return word in _TRUE
