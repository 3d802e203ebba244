"""Numbers, times and foreign text as a report writes them. No number is rounded up to perfect."""

import math
import re
from datetime import datetime
from urllib.parse import quote

_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""What XML cannot hold, controls, and marks that turn the direction of the text after them."""
_PUBMED = re.compile(r"PMID:(\d{1,9})")
_PMC = re.compile(r"(PMC\d{1,9})")
_DOI = re.compile(r"DOI:(10\.\d{4,9}/\S+)", re.IGNORECASE)


def legible(text: str) -> str:
    """A text that XML and HTML can hold and that does not reorder what stands beside it; � shows what was there."""
    return _UNFIT.sub("�", text)


def number(value: float) -> str:
    """Three decimals, one from 10 on; "> 0.999" and "< 0.001" where rounding would say all or none; a dash for nan."""
    if math.isnan(value):
        return "–"
    if 0.9995 <= value < 1:
        return "> 0.999"
    if 0 < value < 0.0005:
        return "< 0.001"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def percent(hits: float, total: float) -> str:
    """Hits of a total in percent with a decimal, "> 99.9%" rather than 100% when something is missing."""
    if not total:
        return "–"
    share = 100 * hits / total
    if share < 100 and f"{share:.1f}" == "100.0":
        return "> 99.9%"
    if share > 0 and f"{share:.1f}" == "0.0":
        return "< 0.1%"
    return f"{share:.1f}%"


def amount(value: float) -> str:
    """A count, or a sum of parts of hits: no decimals where there are none."""
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


def duration(seconds: float) -> str:
    """Seconds as people say them: milliseconds below one second."""
    milliseconds = 1000 * seconds
    if milliseconds < 9.95:
        return f"{milliseconds:.1f} ms"
    return f"{milliseconds:.0f} ms" if milliseconds < 999.5 else f"{seconds:.2f} s"


def when(created: str) -> str:
    """A time of ISO 8601 as date, time and zone; anything else as it is."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".rstrip()


def day(created: str) -> str:
    """The date of a time of ISO 8601."""
    return when(created)[:10]


def link(source_id: str) -> str | None:
    """Where a source with a PMID, PMCID or DOI is found; None for any other, such as an article of ours."""
    if found := _PUBMED.fullmatch(source_id):
        return f"https://pubmed.ncbi.nlm.nih.gov/{found[1]}/"
    if found := _PMC.fullmatch(source_id):
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{found[1]}/"
    if found := _DOI.fullmatch(source_id):
        return f"https://doi.org/{quote(found[1], safe='/')}"
    return None


def shortened(text: str, characters: int) -> str:
    """A text of at most so many characters, cut with an ellipsis."""
    return text if len(text) <= characters else f"{text[: characters - 1].rstrip()}…"
