"""How long an answer takes, end to end, in one process: python -m benchmarks.latency HOME [--questions N].

HOME holds a live index of the trials. Half of the questions name their article as context, half ask the whole index.
"""

import argparse
import time
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from assistant.pipeline import Assistant
from assistant.question import Question
from benchmarks.evidence_inference import prompts
from benchmarks.shared import file_result, table
from indexer.encoder import SentenceTransformerEncoder
from indexer.snapshot import open_current

WARM_UP = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--questions", type=int, default=200)
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    snapshot = open_current(arguments.home, encoder.identity)
    assistant = Assistant(snapshot, encoder, software="benchmark")
    asked = [p for p in prompts("report") if snapshot.document(p.article) is not None]
    taken: dict[str, list[float]] = {"article as context": [], "whole index": []}
    for index, prompt in enumerate(islice(asked, arguments.questions + WARM_UP)):
        group, article = (("article as context", prompt.article), ("whole index", None))[index % 2]
        began = time.perf_counter()
        assistant.answer(Question(prompt.question(), article_id=article))
        if index >= WARM_UP:
            taken[group].append(1000 * (time.perf_counter() - began))
    taken["all"] = [value for values in list(taken.values()) for value in values]
    rows = [(group, len(v), *(f"{np.percentile(v, p):.0f}" for p in (50, 95, 99)), f"{max(v):.0f}")
            for group, v in taken.items()]  # fmt: skip
    body = table(("milliseconds", "n", "p50", "p95", "p99", "max"), rows)
    file_result("latency", "Answer latency", "python -m benchmarks.latency HOME",
                f"{len(snapshot.manifest.documents):,} trials, {snapshot.manifest.passages:,} passages; "
                f"{torch.get_num_threads()} threads; extractive answers with suggestions", body)  # fmt: skip


if __name__ == "__main__":
    main()
