"""axe-core (MPL-2.0, from the package axe-playwright-python) over a page: what it finds and what is not ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

BLOCKING = ("serious", "critical")
"""Impacts that fail a test."""


@dataclass(frozen=True)
class Foreign:
    """A finding in what a library draws: the rule, where (a selector that the element or an ancestor fits), and why."""

    rule: str
    selector: str
    reason: str


NOT_OURS = (
    Foreign(
        "scrollable-region-focusable",
        '[data-testid="stBidiComponentIsolated"]',
        "streamlit-drawable-canvas scrolls in a box without a Tab stop; what it does, keys and the stage do as well",
    ),
)

RUN = """async () => (await axe.run(document, {
  resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
})).violations.flatMap(v => v.nodes.map(n => ({ rule: v.id, impact: n.impact, target: n.target.flat().join(' >>> '),
  host: n.target.flat()[0],
  html: n.html.slice(0, 300), why: (n.failureSummary || '').slice(0, 400) })))"""

OURS = """([found, foreign]) => found.filter(f => {
  let element = null;  // of an element in a shadow tree, the host: the tree's own selector stands after the comma
  try { element = document.querySelector(f.host); } catch { return true; }
  return !foreign.some(([rule, selector]) => rule === f.rule && element && element.closest(selector));
})"""


def findings(page: Any, foreign: Sequence[Foreign] = NOT_OURS) -> list[dict[str, str]]:
    """Rule, impact, target, html and reason of every finding on the page as it stands, what is not ours left out."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(RUN)
    return list(page.evaluate(OURS, [found, [[f.rule, f.selector] for f in foreign]]))


def blocking(page: Any) -> list[dict[str, str]]:
    """The serious and critical findings in what we draw."""
    return [f for f in findings(page) if f["impact"] in BLOCKING]
