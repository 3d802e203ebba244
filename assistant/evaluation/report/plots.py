"""The plots of a suite. Each is None where a run has nothing to plot, and says in words what it shows."""

from bisect import bisect_right
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter

from assistant.evaluation.record import Bin, Point
from assistant.evaluation.report.figure import INK, MUTED, SERIES, Frame, Plot, plot
from assistant.evaluation.report.history import History
from assistant.evaluation.report.measures import Reading
from assistant.evaluation.report.wording import day, duration, legible, number, shortened

LABEL, TITLE = 26, 44
"""Characters of a name beside a bar and above a plot."""
_MARKED = ((50, "--", "o"), (95, "-.", "s"))
"""Shares of a distribution that are marked, in percent, with line and marker."""


def risk_coverage(points: Sequence[Point], area: float | None, anchor: str) -> Plot | None:
    """The share of answers that are wrong when only the surest share is answered."""
    if not points:
        return None
    ordered = sorted(points, key=lambda point: point.coverage)
    last = ordered[-1]
    said = f"When {last.coverage:.0%} of the questions are answered, {last.risk:.1%} of the answers are wrong."
    frame = Frame(
        anchor,
        "Risk and coverage",
        "How many answers are wrong when only the surest are given.",
        said + ("" if area is None else f" Area under the curve: {number(area)} (lower is better)."),
    )

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([p.coverage for p in ordered], [p.risk for p in ordered], color=SERIES, linewidth=2)
        axes.plot([last.coverage], [last.risk], "o", color=SERIES)
        axes.set(xlabel="Share of questions answered", ylabel="Share of answers wrong", xlim=(0, 1.02))
        axes.set_ylim(0, max(0.1, 1.1 * max(point.risk for point in ordered)))
        _in_percent(axes)

    return plot(frame, draw)


def reliability(bins: Sequence[Bin], error: float | None, anchor: str) -> Plot | None:
    """How often answers were right, by how sure the assistant was; the dashed line is perfect."""
    full = [one for one in bins if one.count]
    if not full:
        return None
    said = "; ".join(f"sure {b.confidence:.0%}, right {b.right:.0%} of {b.count}" for b in full) + "."
    frame = Frame(
        anchor,
        "Reliability",
        "Dashed: as often right as sure. Numbers: cases at a point.",
        said + ("" if error is None else f" Expected calibration error: {number(error)}."),
    )

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], "--", color=MUTED, linewidth=1)
        axes.plot([b.confidence for b in full], [b.right for b in full], "o-", color=SERIES, linewidth=2)
        for one in full:
            above = 7 if one.right < 0.9 else -15
            axes.annotate(
                str(one.count), (one.confidence, one.right), (0, above), textcoords="offset points", ha="center"
            )
        axes.set(xlabel="How sure the assistant was", ylabel="Share right", xlim=(0, 1.02), ylim=(0, 1.05))
        _in_percent(axes)

    return plot(frame, draw)


def latency(seconds: Sequence[float], anchor: str) -> Plot | None:
    """The share of cases that were done within a time."""
    ordered = sorted(seconds)
    if not ordered:
        return None
    within = {share: ordered[max(0, -(-len(ordered) * share // 100) - 1)] for share, _, _ in _MARKED}
    said = "; ".join(f"{share}% within {duration(limit)}" for share, limit in within.items())
    frame = Frame(
        anchor,
        "Latency",
        "How many cases were done within a time.",
        f"{said}; the longest took {duration(ordered[-1])}.",
    )

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.ecdf(ordered, color=SERIES, linewidth=2)
        for place, (share, dashes, marker) in enumerate(_MARKED):
            limit = within[share]
            axes.axvline(limit, color=MUTED, linewidth=1, linestyle=dashes)
            axes.plot([limit], [bisect_right(ordered, limit) / len(ordered)], marker, color=INK)
            axes.text(limit, 0.06 + 0.12 * place, f" {share}%: {duration(limit)}", ha="left")
        axes.set(xlabel="Time for one case", ylabel="Share done by then", ylim=(0, 1.05))
        axes.set_xlim(0, max(ordered[-1], 1.6 * within[95]) * 1.02 or 1)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: duration(value) if value else "0"))
        axes.locator_params(axis="x", nbins=5)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))

    return plot(frame, draw)


def topics(right: Sequence[tuple[str, int, int]], anchor: str) -> Plot | None:
    """(topic, cases right, cases) as bars, the best above."""
    if not right:
        return None
    ordered = sorted(right, key=lambda topic: (topic[1] / topic[2], topic[0]))
    said = "; ".join(f"{name}: {hits} of {total}" for name, hits, total in reversed(ordered))
    frame = Frame(
        anchor,
        "Cases right by topic",
        "Right: nothing is wrong of all that is checked.",
        f"{said}.",
        height=70 + 19 * len(ordered),
    )

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        places = range(len(ordered))
        axes.barh(places, [hits / total for _, hits, total in ordered], color=SERIES, height=0.68)
        for place, (_, hits, total) in zip(places, ordered, strict=True):
            axes.text(1.02, place, f"{hits} of {total}", va="center")
        axes.set_yticks(places, [shortened(legible(name), LABEL) for name, _, _ in ordered])
        axes.set(xlabel="Share of cases right", xlim=(0, 1.25), ylim=(-0.6, len(ordered) - 0.4))
        axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
        axes.grid(visible=False, axis="y")

    return plot(frame, draw)


def run_history(history: History, reading: Reading, anchor: str) -> Plot | None:
    """Measures over the runs of one suite and corpus, each on its own scale; nothing with fewer than two runs."""
    entries = history.entries
    measures = [name for name in history.measures if any(name in entry.values for entry in entries)]
    if len(entries) < 2 or not measures:
        return None
    titles = [legible(reading.scale(name).title) for name in measures]
    said = "; ".join(_from_to(history, *one) for one in zip(measures, titles, strict=True))
    caption = "Runs of the same suite file over the same corpus; each measure has its own scale."
    frame = Frame(anchor, "History", caption, f"{len(entries)} runs. {said}.", height=40 + 84 * len(measures))

    def draw(figure: Figure) -> None:
        stacked = figure.subplots(len(measures), sharex=True, squeeze=False)[:, 0]
        for axes, name, title in zip(stacked, measures, titles, strict=True):
            points = [(place, entry.values[name]) for place, entry in enumerate(entries) if name in entry.values]
            axes.plot(*zip(*points, strict=True), "o-", color=SERIES, linewidth=2, markersize=4)
            axes.annotate(number(points[-1][1]), points[-1], (7, 0), textcoords="offset points", va="center")
            axes.set_title(shortened(title, TITLE), loc="left", fontsize=10)
            axes.margins(0.06, 0.3)
            axes.locator_params(axis="y", nbins=3)
        last = len(entries) - 1
        shown = sorted({0, last // 2, last})
        stacked[-1].set_xticks(shown, [day(entries[place].created) for place in shown])
        stacked[-1].set_xlim(-0.06 * last, 1.18 * last)

    return plot(frame, draw)


def _from_to(history: History, name: str, title: str) -> str:
    values = [entry.values[name] for entry in history.entries if name in entry.values]
    return f"{title}: {number(values[0])} at first, {number(values[-1])} at last"


def _in_percent(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
