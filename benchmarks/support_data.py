"""Claims with premises and people's verdict: the attribution sets and SciFact's train claims.

Each is in one half by a digest of its group, so that claims on one question, or on abstracts that some claim cites
together, are never in both.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.shared import records

_MARKS = re.compile(r"\s*\[\d+(?:,\s*\d+)*\]|^\d+\.\s")
"""Citation marks and list numbers that answering systems left in their claims: no part of what is claimed."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and premises that people judged: `kind` says how, `group` is what is kept in one half."""

    claim: str
    premises: tuple[str, ...]
    supported: bool
    kind: str
    group: str
    health: bool = False


def pairs(half: str) -> Iterator[Pair]:
    """Every pair of one half, "fit" or "report", each once."""
    yield from dict.fromkeys(pair for pair in (*_attribution(), *_scifact()) if half_of(pair.group) == half)


def half_of(group: str) -> str:
    return "report" if hashlib.sha256(group.encode()).digest()[0] % 2 else "fit"


def _attribution() -> Iterator[Pair]:
    """Both files; of a claim that stands in both, only AttributionBench's record. Partly supported is not supported."""
    seen = set[tuple[str, str, str]]()
    for file in ("attributionbench_dev", "expertqa_rand_val"):
        for record in records("attribution", f"{file}.jsonl.zst"):
            key = (record["question"], _plain(record["claim"]))
            if file == "expertqa_rand_val" and any((*key, label) in seen for label in ("supported", "not_supported")):
                continue
            seen.add((*key, record["label"]))
            yield _judged(record)


def _judged(record: dict[str, Any]) -> Pair:
    part = record["source"].rpartition("/")[2] if record["source"].startswith("attributionbench") else "ExpertQA"
    return Pair(
        claim=_MARKS.sub("", record["claim"]).strip(),
        premises=tuple(record["evidence"]),
        supported=record["label"] == "supported",
        kind=part,
        group=_plain(record["question"]),
        health=record["health"],
    )


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split()).casefold()


def _scifact() -> Iterator[Pair]:
    """Each claim and abstract it cites: with the rationale sentences, where it has any, and with all sentences."""
    abstracts = {record["doc_id"]: record["abstract"] for record in records("scifact", "corpus.jsonl.zst")}
    claims = list(records("scifact", "claims_train.jsonl.zst"))
    linked = _linked([tuple(record["cited_doc_ids"]) for record in claims])
    for record in claims:
        for document in record["cited_doc_ids"]:
            rationales = record["evidence"].get(str(document), [])
            label = rationales[0]["label"] if rationales else "NONE"
            common = {"claim": record["claim"], "supported": label == "SUPPORT", "group": f"scifact {linked[document]}"}
            yield Pair(premises=tuple(abstracts[document]), kind=f"SciFact abstract {label}", **common)
            if rationales:
                named = sorted({number for one in rationales for number in one["sentences"]})
                sentences = tuple(abstracts[document][number] for number in named)
                yield Pair(premises=sentences, kind=f"SciFact rationale {label}", **common)


def _linked(cited: Sequence[tuple[int, ...]]) -> dict[int, int]:
    """For each abstract the lowest id of those it hangs together with, by claims that cite several."""
    lowest = {document: document for documents in cited for document in documents}
    changed = True
    while changed:
        before = dict(lowest)
        for documents in cited:
            least = min(lowest[document] for document in documents)
            lowest.update(dict.fromkeys(documents, least))
        changed = before != lowest
    return lowest
