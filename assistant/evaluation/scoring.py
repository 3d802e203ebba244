"""Lines of a run → scores of its cases, by the measures that belong to each kind of line."""

from collections.abc import Sequence

from assistant.evaluation.measures import Judged, scores_of
from assistant.evaluation.measures.followups import overlap, term_recall
from assistant.evaluation.measures.retrieval import retrieval_scores
from assistant.evaluation.record import Answered, Line, RankedQuery, ReadTurn
from assistant.evaluation.score import Score, Scored, Scores


def scored(line: Line) -> Scored:
    """The scores of a case, a query or a turn."""
    match line:
        case Answered():
            return Scored(line.suite, line.id, tags_of(line), _answered(line))
        case RankedQuery():
            return Scored(line.suite, line.id, (), retrieval_scores(line.ranked, line.relevant))
        case ReadTurn():
            return Scored(line.suite, line.id, line.tags, _read(line))


def tags_of(line: Answered) -> tuple[str, ...]:
    """What a case is counted under: its own tags, and its split."""
    return (*line.case.tags, f"split:{line.case.split}")


def _answered(line: Answered) -> Scores:
    judged = Judged(line.case, line.told, line.verified, line.supported)
    return scores_of(judged) | {"same_again": Score(float(line.same_again))}


def _read(line: ReadTurn) -> Scores:
    """Of our reading; and, to see what reading brings, of the turn as it was typed."""
    found = {
        "overlap_at_10": overlap(line.found_reading, line.found_resolved),
        "overlap_at_10_as_typed": overlap(line.found_raw, line.found_resolved),
        "term_recall": term_recall(line.reading, line.resolved),
        "term_recall_as_typed": term_recall(line.raw, line.resolved),
    }
    return {name: score for name, score in found.items() if score is not None}


def columns(scored_cases: Sequence[Scored]) -> dict[str, list[Score | None]]:
    """Measure → its score in each case, None in those it does not concern."""
    names = dict.fromkeys(name for one in scored_cases for name in one.scores)
    return {name: [one.scores.get(name) for one in scored_cases] for name in names}
