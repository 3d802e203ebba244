"""Sentence splitters on biomedical text: boundaries against SciFact, hard cases, speed.

    PYTHONPATH=. python benchmarks/sentences.py > table.md

Every candidate is timed and judged alone, then with `corpus.sentences.permitted` dropping the boundaries
that our rules forbid. `every mark` proposes each . ! ? before white space. Abstracts with section
labels or dot leaders (printed tables of contents) are left out. Needs
`pip install pysbd syntok sentencex blingfire nltk zstandard`.
"""

import io
import json
import re
import time
from collections.abc import Callable, Iterable
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import blingfire
import pysbd
import sentencex
import zstandard
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
from syntok import segmenter

from corpus.sentences import permitted, split_sentences

ROOT = Path(__file__).parents[1]
SCIFACT = ROOT.parent / "shared" / "data" / "scifact" / "corpus.jsonl.zst"
CASES = ROOT / "tests" / "corpus" / "sentence_cases.json"
SAMPLE = 1500
PUNKT_ABBREVIATIONS = (
    "vs e.g i.e al fig figs dr drs prof st no approx ref refs cf etc ca viz i.v i.p p.o s.c b.w u.s inc ltd".split()
)

Splitter = Callable[[str], Iterable[int]]


class Score(NamedTuple):
    """Boundaries found that are right, all found, and all of the gold."""

    right: int
    found: int
    gold: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.gold)

    def cells(self) -> str:
        return f"{self.right / self.found:.4f} | {self.right / self.gold:.4f} | {self.f1:.4f}"


def punkt() -> Splitter:
    """Untrained Punkt with a hand-given abbreviation list: no download."""
    parameters = PunktParameters()
    parameters.abbrev_types = set(PUNKT_ABBREVIATIONS)
    tokenizer = PunktSentenceTokenizer(parameters)
    return lambda text: [start for start, _ in tokenizer.span_tokenize(text)]


def pysbd_splitter() -> Splitter:
    """pysbd with exact spans."""
    splitter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [span.start for span in splitter.segment(text)]


SPLITTERS: dict[str, Splitter] = {
    "every mark": lambda text: [mark.end() for mark in re.finditer(r"""[.!?]["'”’)\]]*\s+""", text)],
    "pysbd": pysbd_splitter(),
    "syntok": lambda text: [sentence[0].offset for block in segmenter.analyze(text) for sentence in block],
    "sentencex": lambda text: [b["start_index"] for b in sentencex.get_sentence_boundaries("en", text)],
    "blingfire": lambda text: [start for start, _ in blingfire.text_to_sentences_and_offsets(text)[1]],
    "nltk punkt": punkt(),
}


def under_rules(splitter: Splitter) -> Splitter:
    """The splitter's boundaries that our rules permit, line by line."""

    def split(text: str) -> list[int]:
        offset, starts = 0, []
        for line in text.splitlines(keepends=True):
            proposed = (start for start in splitter(line) if 0 < start < len(line) and line[start - 1].isspace())
            starts += [offset, *(offset + start for start in permitted(line, proposed))]
            offset += len(line)
        return starts

    return split


def ours(text: str) -> list[int]:
    """The starts of `split_sentences`."""
    return [start for start, _ in split_sentences(text)]


def abstracts() -> list[list[str]]:
    """The sentences of every abstract without section labels or dot leaders, in file order."""
    with SCIFACT.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as stream:
        rows = [json.loads(line) for line in io.TextIOWrapper(stream, "utf-8")]
    plain = [row["abstract"] for row in rows if not row["structured"]]
    return [document for document in plain if " . . . " not in " ".join(document)]


def gold_starts(sentences: list[str], *, cleaned: bool) -> set[int]:
    """Where sentences start when joined by a space; cleaned: only after . ! ? and closing marks.

    The gold is itself a splitter's work: it also cuts after "+/-" and inside ' " '.
    """
    starts = list(accumulate((len(sentence) + 1 for sentence in sentences), initial=0))[1:-1]
    ends_well = re.compile(r"""[.!?…]["'”’)\]]*$""")
    return {s for s, before in zip(starts, sentences, strict=False) if not cleaned or ends_well.search(before)}


def starts_found(splitter: Splitter, documents: list[list[str]]) -> list[set[int]]:
    """The sentence starts in each document, the first left out."""
    return [set(splitter(" ".join(document))) - {0} for document in documents]


def score(found: list[set[int]], documents: list[list[str]], *, cleaned: bool) -> Score:
    """Boundary counts over the documents."""
    gold = [gold_starts(document, cleaned=cleaned) for document in documents]
    right = sum(len(f & g) for f, g in zip(found, gold, strict=True))
    return Score(right, sum(map(len, found)), sum(map(len, gold)))


def sentences_at(text: str, starts: Iterable[int]) -> list[str]:
    """The stripped, non-empty pieces of a text cut at the starts."""
    cuts = sorted({0, *starts, len(text)})
    pieces = (text[a:b].strip() for a, b in pairwise(cuts))
    return [piece for piece in pieces if piece]


def main() -> None:
    everything = abstracts()
    chosen = {i * len(everything) // SAMPLE for i in range(SAMPLE)}
    sample = [everything[i] for i in sorted(chosen)]
    rest = [document for i, document in enumerate(everything) if i not in chosen]
    cases = json.loads(CASES.read_text("utf-8"))
    characters = sum(len(" ".join(document)) for document in sample)
    print(f"{len(sample)} abstracts, {characters:,} characters; others: {len(rest)}\n")
    print("| splitter | P | R | F1 | F1, gold cleaned | F1, the others, cleaned | million characters/s | hard cases |")
    print("|---|---|---|---|---|---|---|---|")
    ruled = {f"{name} + rules": under_rules(splitter) for name, splitter in SPLITTERS.items()}
    for name, splitter in {**SPLITTERS, **ruled, "corpus.sentences": ours}.items():
        began = time.perf_counter()
        found = starts_found(splitter, sample)
        speed = characters / (time.perf_counter() - began) / 1e6
        raw, cleaned = score(found, sample, cleaned=False), score(found, sample, cleaned=True)
        others = score(starts_found(splitter, rest), rest, cleaned=True)
        solved = sum(sentences_at(case["text"], splitter(case["text"])) == case["sentences"] for case in cases)
        f1_cells = f"{cleaned.f1:.4f} | {others.f1:.4f}"
        print(f"| {name} | {raw.cells()} | {f1_cells} | {speed:.2f} | {solved}/{len(cases)} |", flush=True)


if __name__ == "__main__":
    main()
