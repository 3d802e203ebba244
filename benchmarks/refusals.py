"""How often the assistant refuses, rightly and wrongly: python -m benchmarks.refusals HOME [--set refusals|quality].

HOME holds a live index of the starter corpus. The questions were written by readers of the corpus who had not seen the
system. No weight or threshold was fitted on the "refusals" set, but its totals were seen between changes, and one rule
(out of scope is judged by the question as typed) was changed after its share of right reasons was seen.
"""

import argparse
from collections import Counter
from pathlib import Path

from assistant.answer import Answer
from assistant.pipeline import Assistant, turn_of
from assistant.question import Question, Turn
from benchmarks.shared import file_result, rate, table
from benchmarks.starter import Expected, load_questions, mentions_all
from indexer.encoder import SentenceTransformerEncoder
from indexer.snapshot import open_current


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--set", default="refusals", choices=("refusals", "quality", "calibration"))
    parser.add_argument("--show", action="store_true", help="list the questions that went wrong")
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    snapshot = open_current(arguments.home, encoder.identity)
    assistant = Assistant(snapshot, encoder, software="benchmark")
    counts: Counter[tuple[str, bool]] = Counter()
    kinds: Counter[tuple[str, bool]] = Counter()
    for question in load_questions(arguments.set):
        answer = ask(assistant, question)
        for measure, good in verdicts(question, answer):
            counts[measure, good] += 1
            if arguments.show and not good:
                print(f"{measure:28} {question.id} {question.kind:14} {question.article_id} | {question.text}")
        if question.outcome != "answered":
            kinds[question.kind, not answer.statements] += 1
    header = ("measure", "share [95% interval]")
    rows = [(m, rate(counts[m, True], counts[m, True] + counts[m, False])) for m in MEASURES if _total(counts, m)]
    by_kind = [(k, rate(kinds[k, True], _total(kinds, k))) for k in sorted({kind for kind, _ in kinds})]
    body = table(header, rows) + "\n\nRefused, by what was to be refused:\n\n" + table(("kind", "refused"), by_kind)
    if arguments.set != "calibration":
        file_result(arguments.set, "Refusals and answers over the starter corpus",
                    f"python -m benchmarks.refusals HOME --set {arguments.set}",
                    f"starter corpus, {snapshot.manifest.passages} passages", body)  # fmt: skip
    else:
        print(body)


MEASURES = (
    "correct refusal",
    "refused for the right reason",
    "not wrongly refused",
    "cites an expected source",
    "quotes what it must mention",
)


def verdicts(question: Expected, answer: Answer) -> list[tuple[str, bool]]:
    """(measure, whether met) of the measures that apply to a question."""
    if question.outcome != "answered":
        right = answer.outcome == question.outcome
        return [("correct refusal", not answer.statements), ("refused for the right reason", right)]
    cited = {source.document.id for source in answer.sources}
    told = "\n".join(statement.text for statement in answer.statements)
    return [
        ("not wrongly refused", bool(answer.statements)),
        ("cites an expected source", bool(cited & set(question.sources))),
        ("quotes what it must mention", bool(told) and mentions_all(question, told)),
    ]


def ask(assistant: Assistant, question: Expected) -> Answer:
    """The answer to a question after the earlier ones of its conversation."""
    history: tuple[Turn, ...] = ()
    for earlier in question.history:
        history = (*history, turn_of(assistant.answer(Question(earlier, history, question.article_id))))
    return assistant.answer(Question(question.text, history, question.article_id))


def _total(counts: Counter[tuple[str, bool]], name: str) -> int:
    return counts[name, True] + counts[name, False]


if __name__ == "__main__":
    main()
