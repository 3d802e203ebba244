"""A plot as SVG inside a page: the page's own colours and letters, a text alternative, always the same bytes."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from lxml import etree
from markupsafe import Markup
from matplotlib import style
from matplotlib.figure import Figure

from assistant.evaluation.report.wording import legible

INK, MUTED, GRID, SERIES = "#01a001", "#01a002", "#01a003", "#01a004"
"""Stand-ins, replaced by the page's variables, so that a plot follows its light and dark colours."""
_VARIABLES = {INK: "ink", MUTED: "muted", GRID: "line", SERIES: "series"}
_STYLE = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": GRID,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "legend.frameon": False,
}
_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
POINTS = 72


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a plot: its id in the page, title, how to read it, what it shows in words, size in pixels."""

    anchor: str
    title: str
    caption: str
    description: str
    width: int = 360
    height: int = 250


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot and its frame."""

    frame: Frame
    svg: Markup


def plot(frame: Frame, draw: Callable[[Figure], None]) -> Plot:
    """What `draw` draws on an empty figure. Text in it may be anything: nothing is read as a formula or as markup."""
    with warnings.catch_warnings(), style.context(["default", _STYLE | {"svg.hashsalt": frame.anchor}]):
        # Letters that matplotlib's font lacks are drawn by the browser, with its own.
        warnings.filterwarnings("ignore", message=r"Glyph \d+", category=UserWarning)
        figure = Figure(figsize=(frame.width / POINTS, frame.height / POINTS), layout="constrained")
        draw(figure)
        written = BytesIO()
        figure.savefig(written, format="svg", transparent=True)
    return Plot(frame, _inline(written.getvalue(), frame))


def _inline(svg: bytes, frame: Frame) -> Markup:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    root = etree.fromstring(svg, parser)
    etree.strip_elements(root, f"{_SVG}metadata", f"{_SVG}style", with_tail=False)  # a date; rules for all of the page
    _rename(root, frame.anchor)
    etree.strip_attributes(root, "version")
    for name in ("width", "height"):
        del root.attrib[name]
    root.set("role", "img")
    root.set("class", "plot")
    root.set("aria-labelledby", f"{frame.anchor}-title {frame.anchor}-desc")
    for place, (name, text) in enumerate((("title", frame.title), ("desc", frame.description))):
        element = etree.Element(f"{_SVG}{name}", {"id": f"{frame.anchor}-{name}"})
        element.text = legible(text)
        root.insert(place, element)
    etree.cleanup_namespaces(root)
    written = etree.tostring(root, encoding="unicode")
    for color, variable in _VARIABLES.items():
        written = written.replace(color, f"var(--{variable})")
    return Markup(written)


def _rename(root: etree._Element, prefix: str) -> None:
    """Keep only the ids that something points at, and make them unlike those of other plots in the page."""
    whole = etree.tostring(root, encoding="unicode")
    for element in root.iter():
        if name := element.get("id"):
            del element.attrib["id"]
            if f'#{name}"' in whole or f"#{name})" in whole:
                element.set("id", f"{prefix}-{name}")
        if pointed := element.get(_XLINK):
            del element.attrib[_XLINK]
            element.set("href", f"#{prefix}-{pointed.removeprefix('#')}")
        if clip := element.get("clip-path"):
            element.set("clip-path", clip.replace("url(#", f"url(#{prefix}-"))
