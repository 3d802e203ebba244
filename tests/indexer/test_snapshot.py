"""A snapshot's id, what it holds, and who may open it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.dense import EXACT, QUANTIZED, DenseRecord
from indexer.errors import NoSnapshot, SnapshotMismatch
from indexer.snapshot import (
    Snapshot,
    activate,
    current_id,
    folder_of,
    list_snapshots,
    open_current,
    require_current,
    snapshot_id,
    verify,
)
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, GOUT, HYPERTENSION, MYOSITIS, built, document, opened

ENCODER = HashingEncoder().identity
CODES = DenseRecord(QUANTIZED, {"reranked": 1000}, 0.99, "midpoints")
BASIS = (ENCODER, 216, {"a": "1", "b": "2"}, "vocabulary", "1.0", CODES)


@pytest.mark.parametrize(
    "other",
    [
        (replace(ENCODER, name="other"), *BASIS[1:]),
        (replace(ENCODER, revision="other"), *BASIS[1:]),
        (replace(ENCODER, dimension=8), *BASIS[1:]),
        (replace(ENCODER, max_tokens=8), *BASIS[1:]),
        (replace(ENCODER, query_prefix="q: "), *BASIS[1:]),
        (replace(ENCODER, passage_prefix="p: "), *BASIS[1:]),
        (ENCODER, 215, *BASIS[2:]),
        (ENCODER, 216, {"a": "1"}, *BASIS[3:]),
        (ENCODER, 216, {"a": "1", "b": "3"}, *BASIS[3:]),
        (ENCODER, 216, {"a": "1", "c": "2"}, *BASIS[3:]),
        (ENCODER, 216, {"a": "2", "b": "1"}, *BASIS[3:]),
        (*BASIS[:3], "other vocabulary", *BASIS[4:]),
        (*BASIS[:4], "1.1", CODES),
        (*BASIS[:5], replace(CODES, kind=EXACT)),
        (*BASIS[:5], replace(CODES, parameters={"reranked": 2000})),
    ],
)
def test_the_id_depends_on_what_was_indexed_and_how(other: tuple[object, ...]) -> None:
    assert snapshot_id(*other) != snapshot_id(*BASIS)  # type: ignore[arg-type]


def test_the_id_does_not_depend_on_the_order_of_the_documents() -> None:
    assert snapshot_id(ENCODER, 216, {"b": "2", "a": "1"}, *BASIS[3:]) == snapshot_id(*BASIS)
    assert snapshot_id(*BASIS).isalnum()


def test_nor_on_how_well_the_nearest_were_found_which_is_a_measurement() -> None:
    assert snapshot_id(*BASIS[:5], replace(CODES, recall_at_10=0.98, measured_on="")) == snapshot_id(*BASIS)


def test_the_id_of_a_build_depends_on_its_documents_and_its_encoder(tmp_path: Path) -> None:
    changed = document("gout", "Colchicine shortens a flare of gout. It is started at once.")
    retitled = replace(GOUT, work=replace(GOUT.work, title="Podagra"))
    corpora = [CORPUS, CORPUS[:2], (MYOSITIS, changed, HYPERTENSION), (MYOSITIS, retitled, HYPERTENSION)]
    ids = [built(corpus, tmp_path, HashingEncoder()).id for corpus in corpora]
    ids.append(built(CORPUS, tmp_path, HashingEncoder(max_tokens=90)).id)
    ids.append(built(CORPUS, tmp_path, HashingEncoder(dimension=64)).id)
    assert len(set(ids)) == len(ids)
    assert built(reversed(CORPUS), tmp_path, HashingEncoder()).id == ids[0]


def test_what_was_built_is_what_is_opened(tmp_path: Path) -> None:
    snapshot = opened(CORPUS, tmp_path, HashingEncoder())
    assert snapshot.manifest == verify(folder_of(tmp_path, snapshot.id))
    assert dict(snapshot.manifest.documents) == {one.id: one.version for one in CORPUS}
    assert (snapshot.manifest.passages, snapshot.manifest.sentences) == (5, 10)
    assert snapshot.document("gout") == GOUT
    assert snapshot.document("asthma") is None
    rows = np.arange(5)
    assert "".join(passage.text for passage in snapshot.passages(rows[:2])) == MYOSITIS.text.replace("\n\n", "")
    assert np.linalg.norm(snapshot.dense.vectors(rows), axis=1) == pytest.approx(np.ones(5), abs=1e-3)


def test_each_sentence_has_a_vector_of_its_own(tmp_path: Path) -> None:
    """That of its own words, so nearest to a question in the same words."""
    encoder = HashingEncoder()
    snapshot = opened(CORPUS, tmp_path, encoder)
    texts, vectors = [], []
    for row, passage in enumerate(snapshot.passages(np.arange(5))):
        own = snapshot.sentence_vectors(row, len(passage.sentences))
        assert np.linalg.norm(own, axis=1) == pytest.approx(np.ones(len(own)), abs=1e-3)
        texts += [passage.quote(sentence.start, sentence.end) for sentence in passage.sentences]
        vectors.append(own)
    nearest = np.argmax(encoder.encode_queries(texts) @ np.concatenate(vectors).T, axis=1)
    assert nearest.tolist() == list(range(10))


def test_the_sentences_of_a_table_share_the_vector_of_the_table(tmp_path: Path) -> None:
    plain = document("doses", "Methotrexate: 15 mg\nAzathioprine: 2 mg/kg")
    table = replace(plain, sections=(replace(plain.sections[0], is_table=True),))
    snapshot = opened([GOUT, table], tmp_path, HashingEncoder())
    (row,) = snapshot.store.rows_of(["doses"])
    expected = snapshot.dense.vectors(np.array([row, row]))
    assert snapshot.sentence_vectors(int(row), 2) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("encoder", "named"),
    [
        (HashingEncoder(dimension=64), "256 dimensions.*gives 64"),
        (HashingEncoder(name="other"), "encoder hashing.*configured is other"),
    ],
)
def test_another_encoder_may_not_search_it(tmp_path: Path, encoder: HashingEncoder, named: str) -> None:
    activate(tmp_path, built(CORPUS, tmp_path, HashingEncoder()).id)
    with pytest.raises(SnapshotMismatch, match=named) as caught:
        open_current(tmp_path, encoder.identity)
    assert "sequitur index build" in str(caught.value)


@pytest.mark.parametrize("field", ["revision", "query_prefix", "passage_prefix"])
def test_nor_may_the_same_one_with_other_weights_or_prefixes(tmp_path: Path, field: str) -> None:
    manifest = built(CORPUS, tmp_path, HashingEncoder())
    other = replace(ENCODER, **{field: "f" * 64})  # type: ignore[arg-type]
    with pytest.raises(SnapshotMismatch):
        Snapshot(folder_of(tmp_path, manifest.id), other)


def test_without_an_index_the_error_says_how_to_build_one(tmp_path: Path) -> None:
    assert list_snapshots(tmp_path) == []
    assert current_id(tmp_path) is None
    for attempt in (lambda: open_current(tmp_path, ENCODER), lambda: require_current(tmp_path)):
        with pytest.raises(NoSnapshot, match="sequitur index build") as caught:
            attempt()
        assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("name", ["", ".", "..", "../snapshots", "/etc", "0123456789abcdef", ".building-1"])
def test_an_id_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    manifest = built(CORPUS, tmp_path, HashingEncoder())
    activate(tmp_path, manifest.id)
    with pytest.raises(NoSnapshot, match="sequitur index list") as caught:
        activate(tmp_path, name)
    assert repr(name) in str(caught.value)
    assert current_id(tmp_path) == manifest.id
