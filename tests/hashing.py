"""A deterministic encoder without a model: a text is the weighted sum of what its words hash to."""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from corpus.types import Span
from indexer.analysis import STOPWORDS, terms, words
from indexer.encoder import EncoderIdentity, EncoderInput, Vectors

_TOKEN = re.compile(r"\w+|[^\w\s]")
SPECIAL_TOKENS = 2
"""As in BERT: one token before the text and one after it count towards the limit."""


class HashingEncoder:
    """Obeys the Encoder protocol: same text, same vector; words of one stem or spelling are near each other.

    Tokens are words and single marks. Beyond `max_tokens` a passage is not read, as by a real model.
    """

    def __init__(self, dimension: int = 256, max_tokens: int = 256, name: str = "hashing") -> None:
        revision = hashlib.sha256(f"{name} {dimension}".encode()).hexdigest()
        self.identity = EncoderIdentity(name, revision, dimension, max_tokens)
        self.encoded = 0
        """How many passages were encoded so far: what a build that reuses vectors must keep low."""

    def token_spans(self, text: str) -> list[Span]:
        return [found.span() for found in _TOKEN.finditer(text)]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._stacked([self._mean(text, self.token_spans(text)) for text in texts])

    def encode_passages(self, inputs: Sequence[EncoderInput]) -> tuple[Vectors, list[Vectors]]:
        self.encoded += len(inputs)
        passages, spans = [], []
        for item in inputs:
            read = self.token_spans(item.text)[: self.identity.max_tokens - SPECIAL_TOKENS]
            passages.append(self._mean(item.text, read))
            inside = [[token for token in read if start <= token[0] and token[1] <= end] for start, end in item.spans]
            spans.append(self._stacked([self._mean(item.text, own) for own in inside]))
        return self._stacked(passages), spans

    def _mean(self, text: str, tokens: Sequence[Span]) -> Vectors:
        total = np.zeros(self.identity.dimension, np.float32)
        for start, end in tokens:
            total += _word_vector(text[start:end], self.identity.dimension)
        length = float(np.linalg.norm(total))
        return total / length if length else _hashed("", self.identity.dimension)

    def _stacked(self, vectors: Sequence[Vectors]) -> Vectors:
        return np.array(vectors, np.float32).reshape(len(vectors), self.identity.dimension)


@lru_cache(maxsize=65536)
def _word_vector(token: str, dimension: int) -> Vectors:
    """The stem, and half as much its opening letters, so that "treated" is near "treatment"; marks are nothing."""
    total = np.zeros(dimension, np.float32)
    for word in words(token):
        if word in STOPWORDS:
            total += 0.1 * _hashed(word, dimension)
        for stem in terms(word):
            total += _hashed(stem, dimension) + 0.5 * _hashed(f"{stem[:4]}…", dimension)
    return total


@lru_cache(maxsize=65536)
def _hashed(text: str, dimension: int) -> Vectors:
    """A unit vector whose signs are the bits of the text's hash."""
    digest = hashlib.shake_256(text.encode()).digest((dimension + 7) // 8)
    bits = np.unpackbits(np.frombuffer(digest, np.uint8))[:dimension]
    return np.asarray((bits.astype(np.float32) * 2 - 1) / np.sqrt(dimension), np.float32)
