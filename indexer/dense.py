"""FAISS behind two methods: nearest rows, and the similarity of given rows."""

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from indexer.encoder import Vectors

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


class DenseIndex:
    """Exact inner-product search over unit vectors; the row number is the passage's row."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def nearest(self, query: Vectors, k: int, among: Rows | None = None) -> Rows:
        """Rows of the k most similar vectors to `query` (d,), best first; at most len(among)."""
        if among is not None:
            order = np.argsort(-self.similarity(query, among), kind="stable")
            return among[order[:k]]
        _, rows = self._index.search(query.reshape(1, -1), min(k, len(self)))
        return np.asarray(rows[0][rows[0] >= 0], np.int64)

    def vectors(self, rows: Rows) -> Vectors:
        """The stored vectors (n, d) of rows."""
        if not len(rows):
            return np.zeros((0, self.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64)), np.float32)

    def similarity(self, query: Vectors, rows: Rows) -> Scores:
        """Cosine of `query` (d,) with the vectors of rows, shape (n,)."""
        return np.asarray(self.vectors(rows) @ query, np.float32)
