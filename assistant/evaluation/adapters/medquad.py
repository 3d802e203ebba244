"""MedQuAD: consumer-health questions, and the answers of NIH and CDC sites (Ben Abacha and Demner-Fushman 2019).

Read are the folders of github.com/abachaa/MedQuAD (XML, one document a file) and one pair a line.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from lxml import etree

from assistant.evaluation.adapters.documents import plain_document
from assistant.evaluation.adapters.files import content, digest_of, find
from assistant.evaluation.adapters.records import Text, named_records
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.sets import JudgedQuery, RetrievalSet
from corpus.types import Document

_LINES = "medquad.jsonl"


class _Pair(msgspec.Struct, frozen=True):
    id: Text
    question: Text
    answer: str
    focus: str | None = None


class _Answer(NamedTuple):
    """A distinct answer: the pair it first stands in, its text with white space squeezed, and its place from 1."""

    pair: _Pair
    text: str
    place: int


def open_medquad(path: Path, part: str = "") -> RetrievalSet:
    """Questions with the distinct answers as documents, titled by their focus; `part` N keeps every Nth of these.

    Equal answers (but for white space) are one document, and equal questions one query, to which every answer that was
    given to it is relevant. Pairs without an answer are left out, and so is a question whose answers are.
    """
    stride = _stride(part)
    files = _files(path)
    return RetrievalSet(
        name=f"medquad-{stride}" if part else "medquad",
        digest=digest_of(files),
        documents=partial(_documents, files, stride),
        queries=tuple(_queries(files, stride)),
    )


def _stride(part: str) -> int:
    if part and not (part.isascii() and part.isdigit() and len(part) < 10 and int(part) > 0):
        raise BadSuite(f"MedQuAD has no part {part}; #6 keeps every sixth distinct answer")
    return int(part or 1)


def _files(path: Path) -> tuple[Path, ...]:
    if not path.is_dir():
        return (path,)
    if lines := find(path, _LINES):
        return (lines,)
    files = tuple(sorted(path.rglob("*.xml")))
    if not files:
        raise BadSuite(f"{path} holds neither {_LINES} nor XML files; name the folder of MedQuAD")
    return files


def _answers(files: tuple[Path, ...]) -> Iterator[tuple[_Pair, _Answer]]:
    """Each pair that has an answer, with the first one whose answer is the same."""
    first: dict[str, _Answer] = {}
    for pair in _pairs(files):
        text = " ".join(pair.answer.split())
        if text:
            yield pair, first.setdefault(text, _Answer(pair, text, len(first) + 1))


def _queries(files: tuple[Path, ...], stride: int) -> Iterator[JudgedQuery]:
    asked: dict[str, tuple[str, dict[str, int]]] = {}
    for pair, answer in _answers(files):
        if answer.place % stride == 0:
            _, relevant = asked.setdefault(" ".join(pair.question.split()), (pair.id, {}))
            relevant[answer.pair.id] = 1
    for question, (name, relevant) in asked.items():
        yield JudgedQuery(name, question, relevant)


def _documents(files: tuple[Path, ...], stride: int) -> Iterator[Document]:
    for pair, answer in _answers(files):
        if pair is answer.pair and answer.place % stride == 0:
            yield plain_document(pair.id, pair.focus or "", answer.text)


def _pairs(files: tuple[Path, ...]) -> Iterator[_Pair]:
    if files[0].suffix == ".xml":
        yield from _pairs_of_folder(files)
    else:
        yield from (pair for _, _, pair in named_records(files[0], _Pair, "id", lambda one: one.id))


def _pairs_of_folder(files: tuple[Path, ...]) -> Iterator[_Pair]:
    seen: dict[str, Path] = {}
    for file in files:
        for pair in _pairs_of_file(file):
            if pair.id in seen:
                raise BadSuite(f"{file}: field pid: {pair.id} stands in {seen[pair.id]} already")
            seen[pair.id] = file
            yield pair


def _pairs_of_file(path: Path) -> Iterator[_Pair]:
    root = _root(path)
    missing = [name for name in ("id", "source") if not root.get(name)]
    if root.tag != "Document" or missing:
        raise BadSuite(f"{path}, line {root.sourceline}: field {(missing or ['Document'])[0]} is missing")
    focus = root.findtext("Focus") or ""
    for pair in root.iterfind("QAPairs/QAPair"):
        question, number = (pair.findtext("Question") or "").strip(), pair.get("pid")
        if not question or not number:
            raise BadSuite(f"{path}, line {pair.sourceline}: field {'Question' if number else 'pid'} is missing")
        name = f"{root.get('source')}_{root.get('id')}_{number}"
        yield _Pair(name, question, pair.findtext("Answer") or "", focus.strip())


def _root(path: Path) -> etree._Element:
    """The root element, with no entity expanded and no DTD, file or address opened."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(content(path), parser)
    except etree.XMLSyntaxError as error:
        raise BadSuite(f"{path}, line {error.lineno}: no well-formed XML ({error.msg})") from error
    docinfo: Any = root.getroottree().docinfo  # the published stubs lack its attributes
    if docinfo.doctype:
        raise BadSuite(f"{path} declares a document type, which no file of MedQuAD does; remove the declaration")
    return root
