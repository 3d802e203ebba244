"""What do pooled sentence vectors cost? Against every sentence encoded alone; and tables by caption against by rows.

python -m benchmarks.sentence_vectors HOME [--articles N]; HOME holds a live index of the trials
(python -m benchmarks.index_trials HOME). Every line looks in the article asked about, nowhere else.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.model_selection import GroupKFold

from assistant.evidence import ARTICLE_PASSAGES, examine
from assistant.rules import Rules
from benchmarks.evidence_inference import Prompt, is_evidence, prompts
from benchmarks.fit_ranking import STRENGTH, Example, fit
from benchmarks.shared import file_result, table
from corpus.types import Passage
from indexer.dense import DenseIndex
from indexer.encoder import Encoder, EncoderIdentity, SentenceTransformerEncoder, Vectors
from indexer.preparation import prepare
from indexer.search import Hit, Query, make_queries, search
from indexer.snapshot import Snapshot, folder_of, open_current, require_current

Values = npt.NDArray[np.float64]
ByRow = Mapping[int, Vectors]
"""Vectors by the row of their passage."""
DEPTHS = (1, 4, 10)
RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt, its question as the search sees it, and its article's passages by row."""

    prompt: Prompt
    query: Query
    prose: Mapping[int, Passage]
    tables: Mapping[int, Passage]

    def evidence_in(self, passages: Mapping[int, Passage]) -> npt.NDArray[np.bool_]:
        """For each sentence of the passages, whether it is evidence."""
        return np.array([is_evidence(text, self.prompt.evidence) for text in texts(passages)], bool)


class Exchanged(Snapshot):
    """The live snapshot of a home with other vectors for some sentences and passages."""

    def __init__(self, home: Path, encoder: EncoderIdentity, sentences: ByRow, passages: ByRow) -> None:
        super().__init__(folder_of(home, require_current(home)), encoder)
        self._exchanged = sentences
        vectors = self.dense.vectors(np.arange(len(self.dense)))
        for row, vector in passages.items():
            vectors[row] = vector
        self.dense = DenseIndex.build(vectors)

    def sentence_vectors(self, row: int, count: int) -> Vectors:
        own = self._exchanged.get(row)
        return super().sentence_vectors(row, count) if own is None else own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--articles", type=int, default=70)
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    stored = open_current(arguments.home, encoder.identity)
    asked = questions(stored, encoder, arguments.articles)
    sentences, timing = encoded_alone(asked, stored, encoder)
    alone = Exchanged(arguments.home, encoder.identity, sentences, {})
    rows = Exchanged(arguments.home, encoder.identity, *tables_by_rows(asked, stored, encoder))
    file_result("sentence-vectors", "Sentence vectors: pooled or encoded alone",
                f"python -m benchmarks.sentence_vectors HOME --articles {arguments.articles}",
                f"{len(stored.manifest.documents):,} trials, {stored.manifest.passages:,} passages; Evidence "
                f"Inference, develop half, the first {arguments.articles} articles by id",
                report(asked, stored, alone, rows, timing))  # fmt: skip


def questions(snapshot: Snapshot, encoder: Encoder, articles: int) -> list[Asked]:
    """The prompts of the first indexed articles, by id."""
    held = [p for p in prompts("develop") if snapshot.document(p.article) is not None]
    ids = sorted({p.article for p in held})[:articles]
    prose, tables = ({one: passages_of(one, snapshot, kind) for one in ids} for kind in (False, True))
    chosen = sorted((p for p in held if p.article in prose), key=lambda p: (p.article, p.id))
    queries = make_queries([p.question() for p in chosen], snapshot, encoder)
    return [Asked(p, q, prose[p.article], tables[p.article]) for p, q in zip(chosen, queries, strict=True)]


def passages_of(article: str, snapshot: Snapshot, is_table: bool) -> dict[int, Passage]:
    rows = snapshot.store.rows_of([article])
    found = zip(rows, snapshot.passages(rows), strict=True)
    return {int(row): passage for row, passage in found if passage.is_table == is_table}


def texts(passages: Mapping[int, Passage]) -> list[str]:
    return [passage.quote(one.start, one.end) for passage in passages.values() for one in passage.sentences]


def candidates(asked: Asked, snapshot: Snapshot) -> tuple[Hit, ...]:
    return search(asked.query, snapshot, ARTICLE_PASSAGES, among=(asked.prompt.article,))


def encoded_alone(asked: Sequence[Asked], snapshot: Snapshot, encoder: Encoder) -> tuple[ByRow, Values]:
    """Vectors of all prose, each sentence an input of its own, and timings (articles, 3) of the candidates' part:
    sentences, processor time (ms) to read their stored vectors, and to encode them."""
    vectors: dict[int, Vectors] = {}
    timing = []
    for one in {each.prompt.article: each for each in reversed(asked)}.values():
        near = {hit.row: hit.passage for hit in candidates(one, snapshot) if hit.row in one.prose}
        began = time.process_time()  # not the clock: other work on the machine must not count
        for row, passage in near.items():
            snapshot.sentence_vectors(row, len(passage.sentences))
        read = time.process_time()
        vectors |= _each(near, encoder)
        timing.append((len(texts(near)), 1000 * (read - began), 1000 * (time.process_time() - read)))
        vectors |= _each({row: passage for row, passage in one.prose.items() if row not in near}, encoder)
    return vectors, np.array(timing)


def _each(passages: Mapping[int, Passage], encoder: Encoder) -> dict[int, Vectors]:
    # As queries: the default encoder gives neither a prefix, and takes queries in larger batches.
    vectors = iter(encoder.encode_queries(texts(passages)))
    return {row: np.stack(list(islice(vectors, len(passage.sentences)))) for row, passage in passages.items()}


def tables_by_rows(asked: Sequence[Asked], snapshot: Snapshot, encoder: Encoder) -> tuple[ByRow, ByRow]:
    """Vectors of the articles' table rows and table passages, encoded as if they were prose."""
    sentences: dict[int, Vectors] = {}
    passages: dict[int, Vectors] = {}
    for article, tables in {one.prompt.article: one.tables for one in asked if one.tables}.items():
        document = snapshot.document(article)
        assert document is not None
        prose = replace(document, sections=tuple(replace(part, is_table=False) for part in document.sections))
        prepared = prepare(prose, encoder, snapshot.manifest.passage_tokens)
        inputs = dict(zip((passage.id for passage in prepared.passages), prepared.inputs, strict=True))
        whole, pooled = encoder.encode_passages([inputs[passage.id] for passage in tables.values()])
        passages |= zip(tables, whole, strict=True)
        sentences |= zip(tables, pooled, strict=True)
    return sentences, passages


def report(asked: Sequence[Asked], stored: Snapshot, alone: Snapshot, rows: Snapshot, timing: Values) -> str:
    articles = [one.prompt.article for one in asked]
    header = ("first evidence sentence", *(f"best {k}" for k in DEPTHS), "MRR")
    pooled, apart, by_rows = ([example(one, snapshot) for one in asked] for snapshot in (stored, alone, rows))
    cosines = [np.array([cosine_rank(one, snapshot) for one in asked]) for snapshot in (stored, alone)]
    ways = {"whole ranking": as_ranked, "whole ranking, fitted anew": fitted_anew}
    labels = ("pooled in the passage", "encoded alone")
    sentences = compared("cosine only", labels, (cosines[0], cosines[1]), articles)
    tables = []
    for name, way in ways.items():
        now = way(pooled)
        sentences += compared(name, labels, (now, way(apart)), articles)
        tables += compared(name, ("tables by caption", "tables by rows"), (now, way(by_rows)), articles)
    count, read, encoded = np.median(timing, axis=0)
    held = [(one.evidence_in(one.tables).any(), one.evidence_in(one.prose).any()) for one in asked]
    return f"""\
{len(asked)} questions, {len(set(articles))} articles. Share of questions with an annotated evidence sentence among \
the best 1, 4 and 10, and mean reciprocal rank (MRR) of the first. Differences are paired, with 95% intervals from \
drawing articles anew. Cosine only: all sentences outside tables. Whole ranking: the candidates of the best \
{ARTICLE_PASSAGES} passages; table rows keep their caption's vector. Its weights were fitted with pooled vectors on \
these and other questions, which may favour them; fitted anew: for each kind of vector on these questions alone, \
five-fold by article.

{table(header, sentences)}

Tables: vectors of their passages and rows from the caption, or from the rows as prose has them. Evidence is annotated \
in a table row for {sum(t for t, _ in held)} questions, for {sum(t and not p for t, p in held)} of them nowhere else: \
too few to say what rows find in tables. The lines show only whether they displace what stands in the text.

{table(header, tables)}

Vectors of a question's candidate sentences outside tables, the first question of each article (medians): \
{count:.0f} sentences; read from the index in {read:.1f} ms, encoded when asked in {encoded:,.0f} ms of processor time \
(threads: {torch.get_num_threads()})."""


def example(asked: Asked, snapshot: Snapshot) -> Example:
    """The candidates of a question, best first by the whole ranking."""
    scope = (asked.prompt.article,)
    ranked = examine(asked.query, candidates(asked, snapshot), scope, snapshot, Rules()).ranked
    positive = np.array([is_evidence(one.candidate.text, asked.prompt.evidence) for one in ranked])
    return Example(asked.prompt.article, np.stack([one.features for one in ranked]), positive, 1.0)


def cosine_rank(asked: Asked, snapshot: Snapshot) -> float:
    """Of the first evidence sentence among the article's prose."""
    vectors = [snapshot.sentence_vectors(row, len(one.sentences)) for row, one in asked.prose.items()]
    order = np.argsort(-(np.concatenate(vectors) @ asked.query.vector), kind="stable")
    return first(asked.evidence_in(asked.prose)[order])


def first(positive: npt.NDArray[np.bool_]) -> float:
    """The rank of the first evidence sentence, from 1; infinite where there is none."""
    return float(np.argmax(positive)) + 1 if positive.any() else np.inf


def as_ranked(examples: Sequence[Example]) -> Values:
    return np.array([first(one.positive) for one in examples])


def fitted_anew(examples: Sequence[Example]) -> Values:
    """Ranks by weights fitted on the questions of other articles."""
    ranks = np.full(len(examples), np.inf)
    for train, test in GroupKFold(5).split(examples, groups=[one.group for one in examples]):
        weights = fit([examples[i] for i in train], STRENGTH)
        for i in test:
            order = np.argsort(-(examples[i].features @ weights), kind="stable")
            ranks[i] = first(examples[i].positive[order])
    return ranks


def compared(
    name: str, labels: tuple[str, str], ranks: tuple[Values, Values], groups: Sequence[str]
) -> list[list[str]]:
    """A line for each of two, and one for what the second has more."""
    values = [np.stack([*(one <= k for k in DEPTHS), 1 / one]) for one in ranks]
    lines = [[f"{name}: {label}", *(f"{mean:.3f}" for mean in one.mean(axis=1))]
             for label, one in zip(labels, values, strict=True)]  # fmt: skip
    return [*lines, ["difference", *(difference(change, groups) for change in values[1] - values[0])]]


def difference(changes: Values, groups: Sequence[str]) -> str:
    """The mean change and its 95% interval; articles are drawn, since the questions of one are alike."""
    _, group = np.unique(np.array(groups), return_inverse=True)
    sums, counts = np.bincount(group, changes), np.bincount(group)
    drawn = np.random.default_rng(0).integers(len(sums), size=(RESAMPLES, len(sums)))
    low, high = np.percentile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), (2.5, 97.5))
    return f"{changes.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


if __name__ == "__main__":
    main()
