"""How vectors are searched is chosen by their number, and its recall is measured, reached, and written down."""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import pytest

from corpus.types import Document
from indexer.build import build
from indexer.dense import EXACT, QUANTIZED, DenseIndex, Halves, open_dense
from indexer.dense_build import choose, midpoints, recall, true_similarities
from indexer.errors import SnapshotDamaged
from indexer.search import make_queries, search
from indexer.snapshot import MANIFEST, Manifest, Snapshot, folder_of, verify
from tests.hashing import HashingEncoder
from tests.indexer.corpora import LEXICON, document


def clustered(count: int, dimension: int = 64, seed: int = 0) -> Halves:
    """Unit vectors around 40 centres, as the passages of articles are."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(40, dimension))
    drawn = centres[generator.integers(40, size=count)] + 0.7 * generator.normal(size=(count, dimension))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float16)


def test_few_vectors_are_all_compared(tmp_path: Path) -> None:
    record = choose(clustered(500), tmp_path / "codes", exact_up_to=500)
    assert (record.kind, record.parameters, record.recall_at_10) == (EXACT, {}, 1.0)
    assert not (tmp_path / "codes").exists()


def test_more_are_searched_by_codes(tmp_path: Path) -> None:
    record = choose(clustered(1500), tmp_path / "codes", exact_up_to=1499)
    assert record.kind == QUANTIZED
    assert record.parameters == {"subquantizers": 32, "bits": 4, "trained_on": 1500, "reranked": 1000}
    assert "256 pairs" in record.measured_on
    assert faiss.read_index(str(tmp_path / "codes")).ntotal == 1500


@pytest.mark.parametrize("dimension", [3, 8, 9])
def test_any_number_of_dimensions_will_do(tmp_path: Path, dimension: int) -> None:
    assert choose(clustered(700, dimension), tmp_path / "codes", exact_up_to=10).recall_at_10 == 1


def test_the_recall_written_down_is_that_of_the_index_which_is_opened(tmp_path: Path) -> None:
    """Counted here over sets of rows, since no two of these vectors are as near to a query as one another."""
    vectors = clustered(4000)
    (tmp_path / "vectors").write_bytes(vectors.tobytes())
    record = choose(vectors, tmp_path / "codes", exact_up_to=10, least=0.5, reranked=20)
    index = open_dense(tmp_path / "vectors", tmp_path / "codes", record, 64)
    queries = midpoints(vectors, 256)
    truth = np.argsort(-(queries @ vectors.astype(np.float32).T), axis=1)[:, :10]
    right = sum(len({*index.nearest(query, 10)} & {*true}) for query, true in zip(queries, truth, strict=True))
    assert 0.5 <= record.recall_at_10 < 1
    assert record.recall_at_10 == pytest.approx(right / 2560, abs=1e-3)


def test_more_rows_are_reranked_until_the_recall_is_reached(tmp_path: Path) -> None:
    vectors = clustered(4000)
    low = choose(vectors, tmp_path / "low", exact_up_to=10, least=0.0, reranked=10)
    high = choose(vectors, tmp_path / "high", exact_up_to=10, least=0.98, reranked=10)
    assert low.recall_at_10 < 0.98 <= high.recall_at_10
    assert low.parameters["reranked"] == 10 < high.parameters["reranked"] <= 400
    assert (tmp_path / "low").read_bytes() == (tmp_path / "high").read_bytes()


def test_where_codes_do_not_reach_it_every_vector_is_compared_and_the_record_says_why(tmp_path: Path) -> None:
    record = choose(clustered(700, dimension=8), tmp_path / "codes", exact_up_to=10, reranked=10)
    assert (record.kind, record.parameters, record.recall_at_10) == (EXACT, {}, 1.0)
    assert "codes reached only 0.959" in record.measured_on
    assert not (tmp_path / "codes").exists()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_same_vectors_give_the_same_bytes_on_any_number_of_threads(tmp_path: Path, threads: int) -> None:
    vectors = clustered(3000)
    first = choose(vectors, tmp_path / "first", exact_up_to=10)
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(threads)
    try:
        assert choose(vectors, tmp_path / "second", exact_up_to=10) == first
        assert faiss.omp_get_max_threads() == threads, "what others set is left as it was"
    finally:
        faiss.omp_set_num_threads(before)
    assert (tmp_path / "second").read_bytes() == (tmp_path / "first").read_bytes()


def test_true_similarities_are_the_largest_of_all_best_first() -> None:
    vectors = clustered(20_000, dimension=8)
    queries = midpoints(vectors, 5)
    scores = -np.sort(-(queries @ vectors.astype(np.float32).T), axis=1)
    assert true_similarities(vectors, queries, 10) == pytest.approx(scores[:, :10], abs=1e-6)
    few = true_similarities(vectors[:4], queries, 10)
    assert few == pytest.approx(-np.sort(-(queries @ vectors[:4].astype(np.float32).T), axis=1), abs=1e-6)


def test_the_recall_counts_what_is_as_near_as_the_tenth() -> None:
    """Of 14 rows 8 are nearest and 6 tie after them: whichever are found, all ten are right."""
    vectors = np.array([[1, 0]] * 8 + [[0, 1]] * 6, np.float16)
    query = np.array([[1, 0]], np.float32)
    true = true_similarities(vectors, query, 10)
    assert true.tolist() == [[1] * 8 + [0] * 2]
    assert recall(DenseIndex(vectors), query, true) == 1
    assert recall(DenseIndex(vectors), query, np.full((1, 10), 0.5, np.float32)) == 0.8


DOCUMENTS = tuple(
    document(f"d{number:02}", *(f"Drug {number} lowers sign {part} by {number + part} mmHg." for part in range(16)))
    for number in range(44)
)


def built(
    documents: Sequence[Document], home: Path, exact_up_to: int, reuse: Snapshot | None = None
) -> tuple[Manifest, HashingEncoder]:
    encoder = HashingEncoder(dimension=64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus.vocabulary_build.read_lexicon", lambda: LEXICON)
        manifest = build(
            documents, home, encoder, created="2026-11-22", software="tests", reuse=reuse, exact_up_to=exact_up_to
        )
    return manifest, encoder


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    home = tmp_path_factory.mktemp("exact")
    manifest, encoder = built(DOCUMENTS, home, 10_000)
    return Snapshot(folder_of(home, manifest.id), encoder.identity)


@pytest.fixture
def coded(tmp_path: Path) -> tuple[Path, Snapshot]:
    """A home, and a snapshot in it that is searched by codes."""
    manifest, encoder = built(DOCUMENTS, tmp_path, 100)
    return tmp_path, Snapshot(folder_of(tmp_path, manifest.id), encoder.identity)


def test_a_snapshot_says_how_it_is_searched_and_how_well(exact: Snapshot, coded: tuple[Path, Snapshot]) -> None:
    _, snapshot = coded
    assert (exact.manifest.dense.kind, exact.manifest.dense.recall_at_10) == (EXACT, 1)
    assert (snapshot.manifest.dense.kind, snapshot.manifest.dense.parameters["reranked"]) == (QUANTIZED, 1000)
    assert "dense.faiss" not in exact.manifest.files
    assert snapshot.manifest.files.keys() == {*exact.manifest.files, "dense.faiss"}
    assert snapshot.manifest.files["vectors.f16"] == exact.manifest.files["vectors.f16"]
    assert snapshot.id != exact.id


def test_by_codes_the_same_hits_are_found(exact: Snapshot, coded: tuple[Path, Snapshot]) -> None:
    """All 704 passages are reranked."""
    _, snapshot = coded
    encoder = HashingEncoder(dimension=64)
    for text in ("What lowers sign 7?", "Drug 12", "mmHg"):
        (query,) = make_queries([text], exact, encoder)
        assert search(query, snapshot, 10) == search(query, exact, 10)


def test_the_same_documents_make_the_same_snapshot_by_codes_too(coded: tuple[Path, Snapshot], tmp_path: Path) -> None:
    _, snapshot = coded
    again, _ = built(DOCUMENTS, tmp_path / "elsewhere", 100)
    assert again == snapshot.manifest


def test_vectors_taken_over_from_generation_to_generation_stay_the_same_bytes(coded: tuple[Path, Snapshot]) -> None:
    home, first = coded
    identity = first.manifest.encoder
    second, encoder = built(DOCUMENTS[1:], home, 100, first)
    third, _ = built(DOCUMENTS, home, 10_000, Snapshot(folder_of(home, second.id), identity))
    assert encoder.encoded == 0
    assert third.files["vectors.f16"] == first.manifest.files["vectors.f16"]
    assert third.files["sentences.f16"] == first.manifest.files["sentences.f16"]


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (b'"kind": "product-quantizer"', b'"kind": "exact"'),
        (b'"reranked": 1000', b'"reranked": 1001'),
        (b'"dense.faiss"', b'"dense.other"'),
        (b'"vectors.f16"', b'"vectors.other"'),
    ],
)
def test_a_manifest_that_says_otherwise_is_refused(coded: tuple[Path, Snapshot], found: bytes, instead: bytes) -> None:
    home, snapshot = coded
    path = folder_of(home, snapshot.id) / MANIFEST
    body = path.read_bytes()
    assert body.count(found) == 1
    path.write_bytes(body.replace(found, instead))
    with pytest.raises(SnapshotDamaged):
        Snapshot(path.parent, snapshot.manifest.encoder)


def test_codes_left_out_of_the_manifest_are_missed(coded: tuple[Path, Snapshot]) -> None:
    """Though nothing that is listed differs, and the id is right."""
    home, snapshot = coded
    path = folder_of(home, snapshot.id) / MANIFEST
    before, _, rest = path.read_bytes().partition(b'"dense.faiss"')
    path.write_bytes(before + rest.partition(b"},")[2].lstrip())
    verify(path.parent)
    with pytest.raises(SnapshotDamaged, match="codes"):
        Snapshot(path.parent, snapshot.manifest.encoder)


def test_a_damaged_file_of_codes_is_named(coded: tuple[Path, Snapshot]) -> None:
    home, snapshot = coded
    path = folder_of(home, snapshot.id) / "dense.faiss"
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    with pytest.raises(SnapshotDamaged, match=r"dense\.faiss"):
        verify(path.parent)
