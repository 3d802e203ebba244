"""Suites → a run folder: each case once, on one or several processes, going on where a run broke off."""

import multiprocessing
import os
import resource
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.asking import AnswerAsJson, Examiner
from assistant.evaluation.case import Case, Suite
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.provenance import code_digest, fingerprint, machine
from assistant.evaluation.record import Line, Provenance, SuiteRecord
from assistant.evaluation.run_folder import Run, RunWriter, read_run
from assistant.evaluation.scoring import scored
from assistant.evaluation.sets import FollowupSet, FollowupTurn, JudgedQuery, QuestionSet, RetrievalSet
from assistant.evaluation.summary import summarise
from assistant.evaluation.support import SupportCheck
from assistant.rules import Rules
from indexer.encoder import Encoder
from indexer.snapshot import Snapshot, read_manifest

Content = Suite | QuestionSet | RetrievalSet | FollowupSet
Item = Case | JudgedQuery | FollowupTurn
Progress = Callable[[str, int], None]
"""Called with "cases" and how many of all of them are done."""


@dataclass(frozen=True, slots=True)
class Examination:
    """A suite or set, the folder of the snapshot it is asked of, and the rules by which it is answered."""

    content: Content
    snapshot: Path
    rules: Rules = Rules()

    def items(self) -> tuple[Item, ...]:
        match self.content:
            case RetrievalSet():
                return self.content.queries
            case FollowupSet():
                return self.content.turns
            case _:
                return self.content.cases

    def record(self) -> SuiteRecord:
        manifest = read_manifest(self.snapshot)
        return SuiteRecord(
            name=self.content.name,
            digest=self.content.digest,
            cases=len(self.items()),
            corpus=fingerprint(manifest),
            snapshot=manifest.id,
            documents=len(manifest.documents),
            passages=manifest.passages,
        )


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a process needs to ask questions; it travels to worker processes, so everything in it can be pickled."""

    encoder: Callable[[], Encoder]
    support: Callable[[], SupportCheck]
    as_json: AnswerAsJson
    software: str

    def examiner(self, snapshot: Path, rules: Rules) -> Examiner:
        encoder = self.encoder()
        opened = Snapshot(snapshot, encoder.identity)
        return Examiner(opened, encoder, rules, self.software, self.as_json, self.support())

    def provenance(self, examinations: Sequence[Examination], created: str) -> Provenance:
        """What a run with this setup would be made with."""
        encoder = self.encoder().identity
        return Provenance(
            created=created,
            software=self.software,
            code=code_digest(),
            encoder=f"{encoder.name}@{encoder.revision[:12]}",
            support=self.support().name,
            machine=machine(),
            configuration={one.content.name: _in_words(one.rules) for one in examinations},
            suites=tuple(one.record() for one in examinations),
        )


def _in_words(rules: Rules) -> str:
    threshold = "fitted" if rules.enough is None else f"{rules.enough:.4f}"
    return f"sources {rules.least} or further, {len(rules.barred)} barred, threshold {threshold}"


def run(
    examinations: Sequence[Examination],
    setup: Setup,
    folder: Path,
    created: str,
    jobs: int = 1,
    progress: Progress = lambda suite, done: None,
) -> Run:
    """Ask everything, and write and read back the run; BadRun when the folder holds another one."""
    writer = RunWriter(folder, setup.provenance(examinations, created))
    with closing(writer):
        lines = list(writer.done)
        kept = {(line.suite, line.id) for line in lines}
        for one in examinations:
            name = one.content.name
            left = [item for item in one.items() if (name, item.id) not in kept]
            for line in _asked(name, left, one, setup, jobs):
                writer.add(line)
                lines.append(line)
                progress("cases", len(lines))
        ordered = _in_order(lines, examinations)
        scores = [scored(line) for line in ordered]
        writer.finish(scores, summarise(ordered, scores, peak_memory()))
    return read_run(folder)


def _in_order(lines: Sequence[Line], examinations: Sequence[Examination]) -> list[Line]:
    places = {
        (one.content.name, item.id): (n, m) for n, one in enumerate(examinations) for m, item in enumerate(one.items())
    }
    return sorted(lines, key=lambda line: places[line.suite, line.id])


def _asked(suite: str, items: Sequence[Item], of: Examination, setup: Setup, jobs: int) -> Iterator[Line]:
    """A line for each item, in the order they are done."""
    if not items:
        return
    if jobs == 1:
        examiner = setup.examiner(of.snapshot, of.rules)
        with closing(examiner.snapshot):
            yield from (examine(examiner, suite, item) for item in items)
        return
    with _pool(of, setup, min(jobs, len(items))) as pool:
        for future in as_completed([pool.submit(_examine_here, suite, item) for item in items]):
            yield _result(future)


def _result(future: Future[Line]) -> Line:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise EvaluationError(
            "a process that asked questions was ended from outside, perhaps for want of memory; "
            "run again with the same --out and fewer --jobs: what is done is kept"
        ) from error


def examine(examiner: Examiner, suite: str, item: Item) -> Line:
    """Ask one item of whatever kind."""
    match item:
        case Case():
            return examiner.answered(suite, item)
        case JudgedQuery():
            return examiner.ranked(suite, item.id, item.text, dict(item.relevant))
        case FollowupTurn():
            return examiner.read(suite, item)


@contextmanager
def _pool(of: Examination, setup: Setup, jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes with the snapshot open; what is not begun when something fails is not done at all."""
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_begin_here, initargs=(of.snapshot, of.rules, setup))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


_here: list[Examiner] = []
"""The examiner of a worker process: a process pool has no other place for what its initializer made."""


def _begin_here(snapshot: Path, rules: Rules, setup: Setup) -> None:
    import torch  # seconds to import: only in workers, which would fight for the same cores

    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    _here.append(setup.examiner(snapshot, rules))


def _end_with_parent() -> None:
    """A parent that was killed tells its workers nothing; they would wait for questions, and hold memory, for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _examine_here(suite: str, item: Item) -> Line:
    return examine(_here[0], suite, item)


def peak_memory() -> float:
    """The most memory, in MiB, that this process or a worker of it has held."""
    unit = 1024 if sys.platform == "darwin" else 1
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most / unit / 1024
