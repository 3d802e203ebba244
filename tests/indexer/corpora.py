"""Tiny corpora and the indexes built from them, for the tests of this room."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from corpus.lexicons import Lexicon
from corpus.types import Document, DocumentKind, Section, SourceStatus, Work
from indexer.build import Progress, build
from indexer.encoder import Encoder
from indexer.snapshot import Manifest, Snapshot, folder_of

LEXICON = Lexicon(
    curated={
        "methotrexate": ("MTX", "Trexall"),
        "intravenous immunoglobulin": ("IVIG", "IVIg"),
        "interstitial lung disease": ("ILD",),
    },
    shipped={},
    everyday=frozenset(),
)
"""A few words instead of the dictionaries, which take seconds to read and say nothing about an index."""


def document(
    name: str, *sections: str, title: str = "", source_status: SourceStatus = SourceStatus.CURRENT
) -> Document:
    """A document with a section for each text, named Section 1, Section 2, and so on."""
    text, spans = "", []
    for number, section in enumerate(sections, start=1):
        text += "\n\n" if text else ""
        spans.append(Section((f"Section {number}",), len(text), len(text) + len(section)))
        text += section
    work = Work(title or f"About {name}")
    return Document(name, DocumentKind.ARTICLE, work, text, tuple(spans), source_status=source_status)


MYOSITIS = document(
    "myositis",
    "Dermatomyositis responds to intravenous immunoglobulin. The dose is 2 g/kg each month.",
    "Methotrexate is given once a week. Folic acid is added on another day.",
)
GOUT = document(
    "gout",
    "Colchicine shortens a flare of gout. It is started within twelve hours.",
    "Allopurinol lowers serum urate. The dose is raised slowly.",
)
HYPERTENSION = document("hypertension", "Amlodipine lowers blood pressure. Ankle oedema is its usual side effect.")
CORPUS = (MYOSITIS, GOUT, HYPERTENSION)


def built(
    documents: Iterable[Document],
    home: Path,
    encoder: Encoder,
    reuse: Snapshot | None = None,
    progress: Progress = lambda stage, done: None,
    created: str = "2026-11-22",
) -> Manifest:
    """Build with the small lexicon; not activated."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus.vocabulary_build.read_lexicon", lambda: LEXICON)
        return build(documents, home, encoder, created=created, software="tests", reuse=reuse, progress=progress)


def opened(documents: Iterable[Document], home: Path, encoder: Encoder) -> Snapshot:
    """A new snapshot of the documents, opened; not activated."""
    return Snapshot(folder_of(home, built(documents, home, encoder).id), encoder.identity)
