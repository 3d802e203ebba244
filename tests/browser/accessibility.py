"""axe-core, run in a page."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

_AXE = Path(__file__).with_name("vendor") / "axe.min.js"
_RUN = """
() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    .then(found => found.violations.map(one => ({
        id: one.id, impact: one.impact, nodes: one.nodes.map(node => `${node.target} ${node.failureSummary}`)
    })))
"""
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
GRAVE = ("serious", "critical")


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds grave in the page as it is, in light and in dark."""
    page.evaluate(_AXE.read_text("utf-8"))  # not subject to the policy of the page, as a script tag would be
    found = list[dict[str, Any]]()
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += page.evaluate(_RUN)
    return [one for one in found if one["impact"] in GRAVE]
