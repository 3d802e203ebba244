"""BEIR folders: corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv (Thakur et al. 2021, arXiv 2104.08663).

The format is that of github.com/beir-cellar/beir, `beir/datasets/data_loader.py`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from assistant.evaluation.adapters.documents import plain_document
from assistant.evaluation.adapters.files import SUFFIXES, digest_of, located, plain_name
from assistant.evaluation.adapters.records import Text, named_records, records, rows, whole_number
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.sets import JudgedQuery, RetrievalSet
from corpus.types import Document

_COLUMNS = ("query-id", "corpus-id", "score")

Judgements = dict[str, dict[str, int]]
"""Query id → document id → grade."""


class _Document(msgspec.Struct, frozen=True):
    id: Text = msgspec.field(name="_id")
    text: str
    title: str | None = None


class _Query(msgspec.Struct, frozen=True):
    id: Text = msgspec.field(name="_id")
    text: Text


def open_beir(path: Path, part: str = "") -> RetrievalSet:
    """A BEIR folder with the judgements of one split; `part` names it where there is more than one.

    A query without a judgement is no query, nor is one to which no document is relevant (a grade above 0).
    """
    corpus, queries, judged = located(path, "corpus.jsonl"), located(path, "queries.jsonl"), _qrels(path, part)
    judgements = _judgements(judged)
    _check_documents(corpus, judged, judgements)
    return RetrievalSet(
        name="-".join(("beir", re.sub(r"[^\w.-]+", "-", path.resolve().name), plain_name(judged).removesuffix(".tsv"))),
        digest=digest_of((corpus, queries, judged)),
        documents=partial(_documents, corpus),
        queries=_queries(queries, judged, judgements),
    )


def _qrels(path: Path, part: str) -> Path:
    folder = path / "qrels"
    endings = tuple(f".tsv{suffix}" for suffix in SUFFIXES)
    found = sorted(one for one in folder.glob("*") if one.name.endswith(endings))
    splits = sorted({plain_name(one).removesuffix(".tsv") for one in found})
    if not splits:
        raise BadSuite(f"{folder} holds no judgements (SPLIT.tsv); name a BEIR folder")
    if not part and len(splits) > 1:
        raise BadSuite(f"{folder} holds the splits {', '.join(splits)}; choose one: beir:PATH#{splits[0]}")
    if part and part not in splits:
        raise BadSuite(f"{folder} holds no split {part}, but: {', '.join(splits)}")
    return located(folder, f"{part or splits[0]}.tsv")


def _judgements(path: Path) -> Judgements:
    """All judgements of a file; the same one twice does no harm, two grades of one document do."""
    found: Judgements = defaultdict(dict)
    for number, row in rows(path, _COLUMNS, "\t"):
        query, document, score = (row[column] for column in _COLUMNS)
        grade = whole_number(path, number, "score", score)
        if found[query].setdefault(document, grade) != grade:
            raise BadSuite(f"{path}, line {number}: field score: {document} has another grade for query {query} above")
    return found


def _check_documents(corpus: Path, judged: Path, judgements: Judgements) -> None:
    """Every document can be read, none is there twice, and every judged one is there."""
    missing = {document for graded in judgements.values() for document in graded}
    missing.difference_update(name for _, name, _ in named_records(corpus, _Document, "_id", lambda one: one.id))
    if missing:
        raise BadSuite(f"{judged}: field corpus-id: {_some(missing)} not in {corpus.name}")


def _queries(path: Path, judged: Path, judgements: Judgements) -> tuple[JudgedQuery, ...]:
    texts = {name: record.text for _, name, record in named_records(path, _Query, "_id", lambda one: one.id)}
    missing = judgements.keys() - texts.keys()
    if missing:
        raise BadSuite(f"{judged}: field query-id: {_some(missing)} not in {path.name}")
    graded = {name: {one: grade for one, grade in judgements.get(name, {}).items() if grade > 0} for name in texts}
    return tuple(JudgedQuery(name, texts[name], relevant) for name, relevant in graded.items() if relevant)


def _documents(corpus: Path) -> Iterator[Document]:
    for _, record in records(corpus, _Document):
        yield plain_document(record.id, record.title or "", record.text)


def _some(names: set[str]) -> str:
    shown = ", ".join(sorted(names)[:5])
    return f"{shown} is" if len(names) == 1 else f"{shown}{' …' if len(names) > 5 else ''} ({len(names)}) are"
