"""The passages and documents of a snapshot, in one read-only SQLite file."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np

from corpus.types import Document, Passage, SourceStatus
from indexer.dense import Rows
from indexer.errors import SnapshotDamaged

_SCHEMA = """
CREATE TABLE document (id TEXT PRIMARY KEY, source_status TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE passage (
    row INTEGER PRIMARY KEY, document TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
    first_sentence INTEGER NOT NULL, digest BLOB NOT NULL, body BLOB NOT NULL
);
CREATE INDEX passage_document ON passage (document);
"""

_encode = msgspec.json.Encoder().encode
_passage = msgspec.json.Decoder(Passage)
_document = msgspec.json.Decoder(Document)


class PassageWriter:
    """Writes a new store; rows are numbered from 0 in the order they arrive."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(_SCHEMA)
        self.rows = 0
        self.sentences = 0

    def add(self, document: Document, passages: Iterable[tuple[Passage, bytes]]) -> None:
        """Append a document with its passages, each with the digest of what was encoded for it."""
        self._connection.execute(
            "INSERT INTO document VALUES (?, ?, ?)", (document.id, document.source_status, _encode(document))
        )
        for passage, digest in passages:
            self._connection.execute(
                "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?)",
                (self.rows, passage.document_id, passage.id, self.sentences, digest, _encode(passage)),
            )
            self.rows += 1
            self.sentences += len(passage.sentences)

    def close(self) -> None:
        self._connection.commit()
        self._connection.close()


class PassageStore:
    """Reads a finished store; safe to share between threads, since nothing can change."""

    def __init__(self, path: Path) -> None:
        # Python 3.12 and 3.13 let two threads step one cached statement: a read may then give another's row.
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False, cached_statements=0
        )
        try:
            table = self._connection.execute("SELECT document, first_sentence FROM passage ORDER BY row").fetchall()
        except sqlite3.DatabaseError as error:
            raise SnapshotDamaged(f"{path} cannot be read: {error}; rebuild it with: sequitur index build") from error
        self._documents: list[str] = [document for document, _ in table]
        self._first_sentence = np.array([first for _, first in table], np.int64)

    def __len__(self) -> int:
        return len(self._documents)

    def close(self) -> None:
        self._connection.close()

    def passages(self, rows: Rows) -> list[Passage]:
        """The passages of rows, in the order asked for."""
        return [_passage.decode(self._body("SELECT body FROM passage WHERE row = ?", int(row))) for row in rows]

    def document(self, document_id: str) -> Document | None:
        """A document by id, None when the snapshot does not hold it."""
        found = self._connection.execute("SELECT body FROM document WHERE id = ?", (document_id,)).fetchone()
        return None if found is None else _document.decode(found[0])

    def withdrawn(self) -> frozenset[str]:
        """The ids and DOIs (lower case) of documents whose source status bars them from being evidence."""
        barred = [status.value for status in SourceStatus if not status.is_evidence]
        places = ", ".join("?" * len(barred))
        rows = self._connection.execute(f"SELECT body FROM document WHERE source_status IN ({places})", barred)
        found = [_document.decode(body) for (body,) in rows]
        return frozenset({one.id for one in found} | {one.work.doi.lower() for one in found if one.work.doi})

    def documents(self) -> Iterable[Document]:
        """Every document, in the order of their ids."""
        for (body,) in self._connection.execute("SELECT body FROM document ORDER BY id"):
            yield _document.decode(body)

    def document_of(self, row: int) -> str:
        return self._documents[row]

    def first_sentence(self, row: int) -> int:
        """The row, among the sentence vectors, of the first sentence of a passage."""
        return int(self._first_sentence[row])

    def rows_of(self, document_ids: Iterable[str]) -> Rows:
        """The rows of every passage of some documents, ascending."""
        rows = [
            row
            for document_id in document_ids
            for (row,) in self._connection.execute("SELECT row FROM passage WHERE document = ?", (document_id,))
        ]
        return np.array(sorted(rows), np.int64)

    def row_of(self, passage_id: str) -> int | None:
        """The row of a passage id, None when the snapshot does not hold it."""
        found = self._connection.execute("SELECT row FROM passage WHERE id = ?", (passage_id,)).fetchone()
        return None if found is None else int(found[0])

    def held(self, document_id: str) -> list[tuple[int, bytes, Passage]]:
        """Row, digest of what was encoded, and passage, of every passage of a document in order."""
        query = "SELECT row, digest, body FROM passage WHERE document = ? ORDER BY row"
        found = self._connection.execute(query, (document_id,))
        return [(row, digest, _passage.decode(body)) for row, digest, body in found]

    def digests(self) -> dict[bytes, int]:
        """What was encoded for each row, so that a later build can take over its vectors."""
        return dict(self._connection.execute("SELECT digest, row FROM passage"))

    def _body(self, query: str, key: int) -> bytes:
        found: tuple[bytes] | None = self._connection.execute(query, (key,)).fetchone()
        if found is None:
            raise KeyError(key)
        return found[0]
