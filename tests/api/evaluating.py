"""What tests of evaluation at the command line share: a suite over the tiny library, and a threshold in its home."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from api.thresholds import Thresholds, basis_of, thresholds_path
from assistant.answer import Outcome
from assistant.evaluation.calibrating import Rates
from assistant.evaluation.case import Case, Split
from indexer.encoder import EncoderIdentity
from indexer.home import live_folder
from indexer.snapshot import read_manifest
from tests.judged import case
from tests.tiny import GOUT, HYPERTENSION, PAPERS

RESTING_ON_LITTLE = ("peglo2011", "canak2012", "diet2004")
"""Retracted, or with a concern or a correction."""
SOUND = tuple(
    text
    for article in (GOUT, HYPERTENSION)
    for text, keys in article.cited.items()
    if not set(keys) & set(RESTING_ON_LITTLE)
)
LESINURAD = next(paper for paper in PAPERS if paper.key == "lesin2015")

CASES = (
    *(case(id=f"yes-{n}", question=f"{text[:-1]}?", tags=("plain",)) for n, text in enumerate(SOUND)),
    case(id="lesinurad", question=f"{LESINURAD.findings[0][:-1]}?", must_cite=((LESINURAD.id,),)),
    case(id="no", question="Does natalizumab help in pellagra?", outcome=Outcome.INSUFFICIENT_EVIDENCE),
)
CALIBRATION = tuple(replace(one, split=Split.CALIBRATION) for one in CASES)


def write_suite(path: Path, cases: Iterable[Case]) -> Path:
    """A suite as its author would keep it."""
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in cases))
    return path


def encoder_of(home: Path) -> EncoderIdentity:
    """The encoder that the live snapshot of a home was built with."""
    return read_manifest(live_folder(home)).encoder


def put_threshold(home: Path, enough: float, **fields: str) -> Path:
    """Put a threshold into a home as a calibration leaves it there, but for some fields."""
    kept = Thresholds(
        enough=enough,
        rates=Rates(0.9, 0.05, 10, 20),
        suite="suite",
        suite_digest="d16e57",
        corpus="c0ffee",
        basis=basis_of(encoder_of(home)),
        created="2026-01-02T03:04:05+00:00",
    )
    path = thresholds_path(home)
    path.write_bytes(msgspec.json.encode(replace(kept, **fields)))
    return path
