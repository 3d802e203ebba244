"""Public sets as documents, and indexes of them in HOME/<set>, brought up to date before every use."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.shared import records
from corpus.types import Document, DocumentKind, Section, Work
from indexer.build import build
from indexer.encoder import Encoder
from indexer.snapshot import Snapshot, activate, current_id, open_current

MEDQUAD_STRIDE = 6


def document(document_id: str, title: str, text: str) -> Document:
    """A document of one section."""
    return Document(document_id, DocumentKind.LITERATURE, Work(title), text, (Section((), 0, len(text)),))


def scifact() -> Iterator[Document]:
    """The 5,183 abstracts of SciFact."""
    for record in records("scifact", "corpus.jsonl.zst"):
        yield document(str(record["doc_id"]), record["title"], " ".join(record["abstract"]))


def pubmedqa() -> Iterator[Document]:
    """The abstracts (without conclusion) of 500 PubMedQA questions; untitled, since the title is the question."""
    for record in records("pubmedqa", "pubmedqa.jsonl.zst"):
        yield document(str(record["pmid"]), "", "\n\n".join(one["text"] for one in record["contexts"]))


def medquad() -> Iterator[Document]:
    """Every sixth distinct MedQuAD answer, titled by its focus."""
    seen: set[str] = set()
    for record in records("medquad", "medquad.jsonl.zst"):
        answer = " ".join(record["answer"].split())
        if answer and answer not in seen:
            seen.add(answer)
            if len(seen) % MEDQUAD_STRIDE == 0:
                yield document(record["id"], record["focus"] or "", answer)


SETS = {"scifact": scifact, "pubmedqa": pubmedqa, "medquad": medquad}


def index_of(name: str, home: Path, encoder: Encoder) -> Snapshot:
    """The index of a set; vectors of passages that an earlier one held are taken over."""
    folder = home / name
    held = open_current(folder, encoder.identity) if current_id(folder) else None
    made = build(SETS[name](), folder, encoder, created="", software="benchmark", reuse=held, progress=_report)
    if held is not None:
        held.close()
    activate(folder, made.id)
    return open_current(folder, encoder.identity)


def _report(stage: str, done: int) -> None:
    if done % 1000 == 0:
        print(stage, done, flush=True)
