"""SciFact: claims, and the abstracts that each cites (Wadden et al. 2020; github.com/allenai/scifact, doc/data.md).

Relevant are the abstracts that a claim cites, with evidence in them or without, as in BEIR's SciFact: its 919
judgements of 809 training claims are the `cited_doc_ids` of these claims.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from assistant.evaluation.adapters.documents import plain_document
from assistant.evaluation.adapters.files import digest_of, located
from assistant.evaluation.adapters.records import Name, Text, named_records, records
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.sets import JudgedQuery, RetrievalSet
from corpus.types import Document

SPLITS = ("train", "dev")
"""The published test claims come without judgements."""


class _Abstract(msgspec.Struct, frozen=True):
    doc_id: Name
    title: str
    abstract: tuple[str, ...]


class _Rationale(msgspec.Struct, frozen=True):
    label: Literal["SUPPORT", "CONTRADICT"]
    sentences: tuple[Annotated[int, msgspec.Meta(ge=0)], ...]


class _Claim(msgspec.Struct, frozen=True):
    id: Name
    claim: Text
    cited_doc_ids: tuple[Name, ...]
    evidence: dict[str, tuple[_Rationale, ...]]


def open_scifact(path: Path, part: str = "") -> RetrievalSet:
    """The claims of a split ("train" unless `part` is "dev") over all abstracts; one that cites nothing is no query."""
    split = part or SPLITS[0]
    if split not in SPLITS:
        raise BadSuite(f"SciFact has no judged split {part}, but: {', '.join(SPLITS)}")
    corpus, claims = located(path, "corpus.jsonl"), located(path, f"claims_{split}.jsonl")
    known = {name for _, name, _ in named_records(corpus, _Abstract, "doc_id", lambda one: one.doc_id)}
    return RetrievalSet(
        name=f"scifact-{split}" if part else "scifact",
        digest=digest_of((corpus, claims)),
        documents=partial(_documents, corpus),
        queries=tuple(_queries(claims, known)),
    )


def _queries(path: Path, known: set[str]) -> Iterator[JudgedQuery]:
    for number, name, claim in named_records(path, _Claim, "id", lambda one: one.id):
        cited = dict.fromkeys(map(str, claim.cited_doc_ids), 1)
        if unknown := cited.keys() - known:
            shown = ", ".join(sorted(unknown)[:5])
            raise BadSuite(f"{path}, line {number}: field cited_doc_ids: {shown} not among the abstracts")
        if cited:
            yield JudgedQuery(name, claim.claim, cited)


def _documents(corpus: Path) -> Iterator[Document]:
    for _, record in records(corpus, _Abstract):
        yield plain_document(str(record.doc_id), record.title, " ".join(record.abstract))
