"""Building: all or nothing, and only what is new is encoded."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DuplicateDocument, UnreadableSource
from corpus.gathering import gather
from corpus.types import Document
from indexer.errors import EmptyCorpus
from indexer.preparation import passage_tokens, prepare
from indexer.search import Hit, make_queries, search
from indexer.snapshot import Snapshot, activate, current_id, folder_of, list_snapshots, snapshots_folder
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, GOUT, HYPERTENSION, MYOSITIS, built, document, opened

SECOND = "Methotrexate is given once a week. Folic acid is added on another day."
CHANGED = document("myositis", "Dermatomyositis responds to rituximab as well.", SECOND)
MANY = tuple(document(f"d{number}", f"Drug {number} is given daily.") for number in range(20))
ARTICLE = """<article><front><article-meta><article-id pub-id-type="pmc">PMC{0}</article-id>
<title-group><article-title>Trial {0}</article-title></title-group></article-meta></front>
<body><sec><title>Results</title><p>Drug {0} lowered pressure.</p></sec></body></article>"""


class Interrupted(Exception):
    """The operator pressed Ctrl-C, so to speak."""


def interrupt_at(stage: str) -> object:
    def progress(now: str, done: int) -> None:
        if now == stage:
            raise Interrupted

    return progress


def hits(snapshot: Snapshot, question: str = "What dose of methotrexate is given?") -> tuple[Hit, ...]:
    (query,) = make_queries([question], snapshot, HashingEncoder())
    return search(query, snapshot, 10)


def kept(home: Path) -> set[str]:
    """What is in the folder of snapshots, but for a lock and the vectors that the next build goes on from."""
    found = {path.name for path in snapshots_folder(home).iterdir() if path.suffix != ".lock"}
    return {name for name in found if not name.startswith(".vectors-")}


def test_only_what_changed_is_encoded(tmp_path: Path) -> None:
    """One section of three documents; the place of the other section in its document has changed."""
    first = opened(CORPUS, tmp_path, HashingEncoder())
    encoder = HashingEncoder()
    manifest = built((CHANGED, *CORPUS[1:]), tmp_path, encoder, reuse=first)
    assert encoder.encoded == 1
    assert manifest.id != first.id


def test_a_new_title_is_encoded_anew(tmp_path: Path) -> None:
    """Since it stands above every passage."""
    first = opened(CORPUS, tmp_path, HashingEncoder())
    encoder = HashingEncoder()
    built((MYOSITIS, replace(GOUT, work=replace(GOUT.work, title="Podagra")), HYPERTENSION), tmp_path, encoder, first)
    assert encoder.encoded == 2


def test_reused_vectors_are_those_that_would_be_encoded(tmp_path: Path) -> None:
    corpus = (HYPERTENSION, CHANGED, GOUT)
    first = opened(CORPUS, tmp_path / "a", HashingEncoder())
    reusing = Snapshot(
        folder_of(tmp_path / "a", built(corpus, tmp_path / "a", HashingEncoder(), first).id), HashingEncoder().identity
    )
    fresh = opened(corpus, tmp_path / "b", HashingEncoder())
    rows = np.arange(len(fresh.dense))
    assert reusing.id == fresh.id
    assert (reusing.dense.vectors(rows) == fresh.dense.vectors(rows)).all()
    for row, passage in enumerate(fresh.passages(rows)):
        count = len(passage.sentences)
        assert (reusing.sentence_vectors(row, count) == fresh.sentence_vectors(row, count)).all()
    assert hits(reusing) == hits(fresh)


def test_a_deleted_document_is_no_longer_found(tmp_path: Path) -> None:
    question = "What is the usual side effect of amlodipine?"
    first = opened(CORPUS, tmp_path, HashingEncoder())
    encoder = HashingEncoder()
    second = Snapshot(folder_of(tmp_path, built(CORPUS[:2], tmp_path, encoder, first).id), encoder.identity)
    assert encoder.encoded == 0
    assert hits(first, question)[0].passage.document_id == "hypertension"
    assert {hit.passage.document_id for hit in hits(second, question)} == {"myositis", "gout"}
    assert second.document("hypertension") is None
    assert second.lexical.document_frequency("amlodipin") == 0


def test_the_same_corpus_again_is_the_same_snapshot(tmp_path: Path) -> None:
    first = opened(CORPUS, tmp_path / "a", HashingEncoder())
    expected = hits(first)
    encoder = HashingEncoder()
    assert built(CORPUS, tmp_path / "a", encoder, first) == first.manifest
    assert encoder.encoded == 0
    assert hits(first) == expected == hits(opened(CORPUS, tmp_path / "b", HashingEncoder()))
    assert kept(tmp_path / "a") == {first.id}


def test_vectors_of_another_encoder_are_not_reused(tmp_path: Path) -> None:
    first = opened(CORPUS, tmp_path, HashingEncoder())
    other = HashingEncoder(name="other")
    manifest = built(CORPUS, tmp_path, other, first)
    assert (other.encoded, manifest.encoder) == (5, other.identity)


def test_an_interrupted_build_is_resumed(tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        built(MANY, tmp_path, HashingEncoder(), progress=interrupt_at("lexical index"))  # type: ignore[arg-type]
    assert kept(tmp_path) == set()
    encoder = HashingEncoder()
    built(MANY, tmp_path, encoder)
    assert encoder.encoded == 0
    assert kept(tmp_path) == {one.id for one in list_snapshots(tmp_path)}
    assert not list(snapshots_folder(tmp_path).glob(".vectors-*"))


@pytest.mark.parametrize("field", ["passage_prefix", "max_tokens"])
def test_it_is_not_resumed_with_vectors_of_an_encoder_set_up_otherwise(tmp_path: Path, field: str) -> None:
    """The same weights read "passage: …" as another text, and a longer one to its end."""
    with pytest.raises(Interrupted):
        built(MANY, tmp_path, HashingEncoder(), progress=interrupt_at("lexical index"))  # type: ignore[arg-type]
    encoder = HashingEncoder()
    other = {"passage_prefix": "passage: ", "max_tokens": 200}[field]
    encoder.identity = replace(encoder.identity, **{field: other})  # type: ignore[arg-type]
    built(MANY, tmp_path, encoder)
    assert encoder.encoded == len(MANY)


@pytest.mark.parametrize("corpus", [(), (document("a", ""),)])
def test_an_empty_corpus_is_refused(tmp_path: Path, corpus: tuple[Document, ...]) -> None:
    with pytest.raises(EmptyCorpus, match="sequitur index build"):
        built(corpus, tmp_path, HashingEncoder())
    assert kept(tmp_path) == set()


def test_a_document_without_text_is_no_hindrance(tmp_path: Path) -> None:
    snapshot = opened((document("a", ""), GOUT), tmp_path, HashingEncoder())
    assert snapshot.manifest.documents.keys() == {"a", "gout"}
    assert {hit.passage.document_id for hit in hits(snapshot)} == {"gout"}


def test_two_documents_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DuplicateDocument, match="'myositis'"):
        built((*CORPUS, CHANGED), tmp_path, HashingEncoder())
    assert kept(tmp_path) == set()


def test_an_unreadable_file_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    home, articles = tmp_path / "home", tmp_path / "articles"
    articles.mkdir()
    for number in range(10, 30):
        (articles / f"{number}.xml").write_text(ARTICLE.format(number))
    (articles / "20.xml").write_text(ARTICLE.format(20)[:-30])
    activate(home, built(CORPUS, home, HashingEncoder()).id)
    before = list_snapshots(home)
    with pytest.raises(UnreadableSource, match=r"20\.xml"):
        built(gather([articles]), home, HashingEncoder())
    assert list_snapshots(home) == before
    assert kept(home) == {current_id(home)}
    (articles / "20.xml").unlink()
    encoder = HashingEncoder()
    assert built(gather([articles]), home, encoder).documents.keys() == {f"PMC{n}" for n in range(10, 30) if n != 20}
    assert encoder.encoded == 19 - 8, "the first batch was kept"


def test_a_failed_build_has_let_go_of_its_files_when_the_next_begins(tmp_path: Path) -> None:
    """Whenever its error is forgotten: here while the next build, in the same process, is writing."""

    def broken() -> Iterator[Document]:
        yield from MANY
        raise Interrupted

    held: list[BaseException] = []
    try:
        built(broken(), tmp_path, HashingEncoder())
    except Interrupted as error:
        held.append(error)

    def forget(stage: str, done: int) -> None:
        held.clear()
        gc.collect()

    encoder = HashingEncoder()
    assert built(MANY, tmp_path, encoder, progress=forget).passages == len(MANY)
    assert encoder.encoded == 4, "two batches were kept"


def test_progress_goes_through_the_stages_and_counts_up(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    built(MANY, tmp_path, HashingEncoder(), progress=lambda stage, done: told.append((stage, done)))
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["embedding", "lexical index", "vocabulary"]
    for stage in stages:
        counts = [done for now, done in told if now == stage]
        assert counts == sorted(counts)
        assert counts[-1] == len(MANY)


@pytest.mark.parametrize("title", ["Gout", "A very long title of words " * 20])
def test_what_is_encoded_fits_the_encoder_and_holds_each_sentence(title: str) -> None:
    encoder = HashingEncoder(max_tokens=90)
    long = document("long", "One two three four five. " * 60, "Six seven, eight. " * 60, title=title)
    long = replace(long, sections=(replace(long.sections[0], path=("Section " * 30,)), *long.sections[1:]))
    prepared = prepare(long, encoder, passage_tokens(encoder))
    assert len(prepared.inputs) == len(prepared.passages) > 10
    for passage, item in zip(prepared.passages, prepared.inputs, strict=True):
        assert len(encoder.token_spans(item.text)) + 2 <= encoder.identity.max_tokens
        assert item.text.startswith(title[:20].strip())
        assert [item.text[start:end] for start, end in item.spans] == [
            passage.quote(sentence.start, sentence.end) for sentence in passage.sentences
        ]
