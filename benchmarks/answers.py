"""Do the statements hold the annotated evidence? Against BM25 over the article's sentences and its abstract's end.

python -m benchmarks.answers HOME [--half develop|report]; HOME holds a live index of the trials
(python -m benchmarks.index_trials HOME).
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import bm25s

from assistant.pipeline import Assistant
from assistant.question import Question
from benchmarks.evidence_inference import COVERED, prompts, quoted
from benchmarks.shared import file_result, rate, table
from corpus.sentences import split_sentences
from corpus.types import Document
from indexer.analysis import terms
from indexer.encoder import SentenceTransformerEncoder
from indexer.snapshot import open_current


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--half", default="report", choices=("develop", "report"))
    parser.add_argument("--template", type=int, default=0)
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    snapshot = open_current(arguments.home, encoder.identity)
    assistant = Assistant(snapshot, encoder, software="benchmark")
    asked = [p for p in prompts(arguments.half) if snapshot.document(p.article) is not None]
    hits = {"Sequitur": 0, "BM25 over the article's sentences": 0, "the abstract's last sentences": 0}
    stated, refused = 0, 0
    for done, prompt in enumerate(asked, start=1):
        document = snapshot.document(prompt.article)
        assert document is not None
        question = prompt.question(arguments.template)
        answer = assistant.answer(Question(question, article_id=prompt.article))
        own = [statement.text for statement in answer.statements]
        count = sum(len(split_sentences(text)) for text in own)
        stated, refused = stated + count, refused + (not own)
        hits["Sequitur"] += quoted(prompt.evidence, own)
        for name, baseline in BASELINES.items():
            hits[name] += quoted(prompt.evidence, baseline(question, document, count or 4))
        if done % 50 == 0:
            print(done, {name: round(found / done, 3) for name, found in hits.items()}, refused, flush=True)
    rows = [(name, rate(found, len(asked))) for name, found in hits.items()]
    body = (
        f"Share of {len(asked)} questions ({len({p.article for p in asked})} articles) whose statements hold the "
        f"annotated evidence: at least {COVERED:.0%} of the word trigrams of one verified span stand in them together. "
        f"Every line has the same number of sentences for each question, on average {stated / len(asked):.2f}; "
        f"{refused} questions were refused (the other lines then have four sentences).\n\n"
        + table(("statements", "share [95% interval]"), rows)
    )
    name = "answers" if arguments.half == "report" else "answers-develop"
    file_result(name if not arguments.template else f"{name}-{arguments.template}", "Evidence in the answer",
                f"python -m benchmarks.answers HOME --half {arguments.half} --template {arguments.template}",
                f"{len(snapshot.manifest.documents):,} trials, {snapshot.manifest.passages:,} passages; "
                f"Evidence Inference, {arguments.half} half", body)  # fmt: skip


def sentences_of(document: Document) -> list[str]:
    """Every sentence of a document, tables' rows included."""
    return [document.text[start:end] for start, end in split_sentences(document.text)]


def bm25_sentences(question: str, document: Document, count: int) -> list[str]:
    """The best sentences of the article by BM25 among themselves."""
    texts = sentences_of(document)
    engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    engine.index([terms(text) or [""] for text in texts], show_progress=False)
    wanted = [term for term in terms(question) if term in engine.vocab_dict]
    if not wanted:
        return []
    scores = engine.get_scores(wanted)
    best = sorted(range(len(texts)), key=lambda i: (-scores[i], i))[:count]
    return [texts[i] for i in best]


def closing_sentences(question: str, document: Document, count: int) -> list[str]:
    """The last sentences of the abstract."""
    del question
    parts = [s for s in document.sections if s.path and "abstract" in s.path[0].lower()]
    text = "\n".join(document.text[part.start : part.end] for part in parts)
    return [text[start:end] for start, end in split_sentences(text)][-count:]


BASELINES: dict[str, Callable[[str, Document, int], list[str]]] = {
    "BM25 over the article's sentences": bm25_sentences,
    "the abstract's last sentences": closing_sentences,
}

if __name__ == "__main__":
    main()
