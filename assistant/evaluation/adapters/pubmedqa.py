"""PubMedQA: a question, and the abstract (without its conclusion) of the article that answers it (Jin et al. 2019).

Read are the file of github.com/pubmedqa/pubmedqa (`ori_pqal.json`: PMID → record) and one record a line.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from assistant.evaluation.adapters.documents import plain_document
from assistant.evaluation.adapters.files import digest_of, find, plain_name
from assistant.evaluation.adapters.records import Name, Text, named_records, whole
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.sets import JudgedQuery, RetrievalSet
from corpus.types import Document

_LINES, _OBJECT = "pubmedqa.jsonl", "ori_pqal.json"


class _Context(msgspec.Struct, frozen=True):
    text: str


class _Line(msgspec.Struct, frozen=True):
    pmid: Name
    question: Text
    contexts: tuple[_Context, ...]


class _Entry(msgspec.Struct, frozen=True):
    question: Text = msgspec.field(name="QUESTION")
    contexts: tuple[str, ...] = msgspec.field(name="CONTEXTS")


class _Asked(msgspec.Struct, frozen=True):
    pmid: str
    question: str
    abstract: str


def open_pubmedqa(path: Path, part: str = "") -> RetrievalSet:
    """The questions of a file, or of the one in a folder. Documents are untitled, since the title is the question."""
    if part:
        raise BadSuite(f"PubMedQA has no parts, so none is called {part}; leave out #{part}")
    file = _file(path)
    queries = tuple(JudgedQuery(one.pmid, one.question, {one.pmid: 1}) for one in _asked(file))
    return RetrievalSet("pubmedqa", digest_of((file,)), partial(_documents, file), queries)


def _file(path: Path) -> Path:
    if not path.is_dir():
        return path
    found = [file for name in (_LINES, _OBJECT) if (file := find(path, name))]
    if len(found) != 1:
        raise BadSuite(f"{path} holds {'both' if found else 'neither'} {_OBJECT} and {_LINES}; name a file")
    return found[0]


def _asked(path: Path) -> Iterator[_Asked]:
    if plain_name(path).endswith(".json"):
        for pmid, entry in whole(path, dict[str, _Entry]).items():
            yield _Asked(pmid, entry.question, "\n\n".join(entry.contexts))
        return
    for _, pmid, record in named_records(path, _Line, "pmid", lambda one: one.pmid):
        yield _Asked(pmid, record.question, "\n\n".join(one.text for one in record.contexts))


def _documents(path: Path) -> Iterator[Document]:
    for one in _asked(path):
        yield plain_document(one.pmid, "", one.abstract)
