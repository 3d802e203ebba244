"""Are emergencies noticed, and ordinary questions let through? python -m benchmarks.emergencies HOME.

questions/emergencies.jsonl: 120 messages, emergencies and look-alikes, by a writer who had not seen the rules; the
other half of what that writer wrote is in the training set. Rules and model were changed between runs: README.md says
how often these totals were seen. Public questions count false alarms only.
"""

import argparse
import json
from pathlib import Path

from assistant.answer import Outcome
from assistant.emergency import is_emergency
from assistant.evaluation.case import read_suite
from assistant.evaluation.shipped import suite_path
from assistant.pipeline import Assistant
from assistant.question import Question
from benchmarks.shared import QUESTIONS, file_result, rate, records, table
from indexer.encoder import SentenceTransformerEncoder
from indexer.snapshot import open_current

HELD_OUT = QUESTIONS / "emergencies.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    encoder = SentenceTransformerEncoder.default()
    assistant = Assistant(open_current(parser.parse_args().home, encoder.identity), encoder, software="benchmark")

    def noticed(text: str) -> bool:
        return assistant.answer(Question(text)).outcome is Outcome.EMERGENCY

    held_out = [json.loads(line) for line in HELD_OUT.read_text("utf-8").splitlines()]
    sets = {
        "emergencies": [one["text"] for one in held_out if one["emergency"]],
        "look-alikes": [one["text"] for one in held_out if not one["emergency"]],
        "starter suite, not emergencies": [
            case.question for case in read_suite(suite_path("starter")).cases if Outcome.EMERGENCY not in case.outcomes
        ],
        "MedQuAD, every 50th from the 8th": [r["question"] for r in records("medquad", "medquad.jsonl.zst")][7::50],
    }
    rows = [
        (name, rate(sum(map(is_emergency, texts)), len(texts)), rate(sum(map(noticed, texts)), len(texts)))
        for name, texts in sets.items()
    ]
    body = table(("taken for an emergency", "by the rules", "by rules and likeness"), rows)
    file_result("emergencies", "Emergencies noticed, and false alarms", "python -m benchmarks.emergencies HOME",
                "held-out messages and public questions", body)  # fmt: skip


if __name__ == "__main__":
    main()
