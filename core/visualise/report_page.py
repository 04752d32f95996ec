"""An evaluation report as one HTML file: tables, curves as SVG, faces as small pictures inside; nothing is fetched."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Sequence
from html import escape

import cv2
import numpy as np

from core.similarity.bootstrap import Figure
from core.similarity.report import CharacterFigures, ConfusedFaces, Report

Faces = Callable[[str, int], np.ndarray | None]
"""The pixels (uint8 HxWx3) of a row of "queries" or "enrolled"; None where they cannot be read."""
SIDE = 56
"""Pixels of a face in the report."""
MOST_ROWS = 200

STYLE = """
:root{color-scheme:light dark;--ink:#1d2329;--soft:#5a6570;--line:#d5dae0;--paper:#fff;--mark:#0b62c4;--band:#0b62c433}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#a3adb8;--line:#3a424b;--paper:#14181c;--mark:#6cb2ff;
--band:#6cb2ff33}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;padding:1rem;
max-width:1080px;overflow-wrap:break-word}
h1{font-size:1.6rem;margin:.4rem 0;overflow-wrap:anywhere}
td:first-child{min-width:7rem}h2{font-size:1.2rem;margin:2rem 0 .4rem}p{margin:.3rem 0;max-width:70ch}
.soft{color:var(--soft)}.scroll{overflow-x:auto}table{border-collapse:collapse;min-width:min(100%,24rem)}
th,td{padding:.3rem .7rem .3rem 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:1.5rem}
figure{margin:0}figcaption{color:var(--soft);font-size:.9rem}svg{width:100%;height:auto;display:block}
svg text{fill:var(--ink);font-size:12px}svg .grid{stroke:var(--line)}svg .curve{stroke:var(--mark);fill:none;
stroke-width:2}svg .dot{fill:var(--mark)}svg .band{fill:var(--band)}svg .even{stroke:var(--soft);stroke-dasharray:4 4}
.pair{display:inline-flex;gap:2px;margin:0 .6rem .4rem 0}
img{width:56px;height:56px;border-radius:4px;background:var(--line)}
"""


def report_page(report: Report, title: str, protocol: str, faces: Faces) -> str:
    """The page. title: the encoder and what it was measured on; protocol: who asked whom."""
    words = "Identification at a false-accept rate"
    charts = [
        _chart("ROC of pairs", report.roc, "pairs of two characters accepted", "pairs of one character accepted"),
        _chart(
            words,
            [row[:2] for row in report.identification],
            "strangers named",
            "known named rightly",
            band=[(f, low, high) for f, _, low, high in report.identification],
        ),
        _reliability_chart(report),
    ]
    parts = [
        f"<h1>{escape(title)}</h1><p class=soft>{escape(protocol)}</p>",
        "<p class=soft>Brackets: 95 % intervals, by drawing characters anew (for single characters: Wilson's). "
        f"n: faces, or pairs of faces. Strangers here: {escape(report.impostors)}.</p>",
        "<h2>Figures</h2>" + _figures([*report.figures, report.calibration]),
        f"<h2>Curves</h2><div class=charts>{''.join(charts)}</div>",
        "<h2>Characters, worst first</h2>" + _characters(report.by_character),
        "<h2>Who is taken for whom</h2>" + _confusions(report.confusions, faces),
    ]
    viewport = '<meta name="viewport" content="width=device-width,initial-scale=1">'
    head = f'<meta charset="utf-8">{viewport}<title>{escape(title)}</title><style>{STYLE}</style>'
    return f"<!doctype html><html lang=en><head>{head}</head><body>{''.join(parts)}</body></html>"


def _figures(figures: Iterable[Figure]) -> str:
    rows = [(escape(f.name), _share(f.value), _interval(f.low, f.high), f"{f.n:,}") for f in figures]
    return _table(("figure", "value", "95 %", "n"), rows)


def _characters(characters: Sequence[CharacterFigures]) -> str:
    rows = [
        (escape(c.character), _share(c.right), _interval(c.low, c.high), _share(c.map_at_r), f"{c.n:,}")
        for c in characters[:MOST_ROWS]
    ]
    rest = len(characters) - len(rows)
    more = f"<p class=soft>{rest:,} more characters are better than these.</p>" if rest > 0 else ""
    return _table(("character", "named rightly", "95 %", "MAP@R", "n"), rows) + more


def _confusions(confusions: Sequence[ConfusedFaces], faces: Faces) -> str:
    if not confusions:
        return "<p>No face was taken for another character.</p>"
    rows = []
    for one in confusions:
        pairs = "".join(
            _pair(_image(faces("queries", a), one.character), _image(faces("enrolled", b), one.taken_for))
            for a, b in one.pairs
        )
        rows.append((escape(one.character), escape(one.taken_for), f"{one.times} of {one.of}", pairs))
    told = "<p class=soft>In each pair the face that asked, and the enrolled face that it is nearest to.</p>"
    return told + _table(("character", "taken for", "faces", "examples"), rows, numbers=(2,))


def _pair(asked: str, enrolled: str) -> str:
    return f"<span class=pair>{asked}{enrolled}</span>"


def _image(pixels: np.ndarray | None, name: str) -> str:
    if pixels is None:
        return ""
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 80])
    text = base64.b64encode(data.tobytes()).decode() if done else ""
    return f'<img alt="{escape(name)}" src="data:image/jpeg;base64,{text}">'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] | None = None) -> str:
    """Cells are HTML already; all columns but the first hold numbers where nothing else is said."""
    right = set(range(1, len(head)) if numbers is None else numbers)

    def line(tag: str, cells: Sequence[str]) -> str:
        return "".join(f"<{tag}{' class=n' if i in right else ''}>{cell}</{tag}>" for i, cell in enumerate(cells))

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    top = f"<thead><tr>{line('th', head)}</tr></thead>"
    return f"<div class=scroll tabindex=0><table>{top}<tbody>{body}</tbody></table></div>"


LEFT, TOP, WIDTH, HEIGHT = 46.0, 10.0, 300.0, 220.0


def _frame(title: str, x_words: str, y_words: str, x_ticks: Sequence[tuple[float, str]], inside: str) -> str:
    """A chart around what is drawn inside; x_ticks: (0 to 1, label)."""
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        parts.append(f"<line class=grid x1={LEFT} x2={LEFT + WIDTH} y1={y:.1f} y2={y:.1f} />")
        parts.append(f"<text x={LEFT - 6} y={y + 4:.1f} text-anchor=end>{share:.0%}</text>")
    for place, label in x_ticks:
        x = _x(place)
        parts.append(f"<line class=grid x1={x:.1f} x2={x:.1f} y1={TOP} y2={TOP + HEIGHT} />")
        parts.append(f"<text x={x:.1f} y={TOP + HEIGHT + 18} text-anchor=middle>{label}</text>")
    parts.append(inside)
    parts.append(f"<text x={LEFT + WIDTH / 2} y={TOP + HEIGHT + 38} text-anchor=middle>{escape(x_words)}</text>")
    size = f"0 0 {LEFT + WIDTH + 24:.0f} {TOP + HEIGHT + 46:.0f}"
    svg = f'<svg viewBox="{size}" role=img aria-label="{escape(title)}">{"".join(parts)}</svg>'
    return f"<figure><strong>{escape(title)}</strong>{svg}<figcaption>Upwards: {escape(y_words)}.</figcaption></figure>"


def _x(share: float) -> float:
    return LEFT + WIDTH * share


def _y(share: float) -> float:
    return TOP + HEIGHT * (1 - share)


def _chart(
    title: str,
    points: Sequence[Sequence[float]],
    x_words: str,
    y_words: str,
    *,
    band: Sequence[tuple[float, float, float]] = (),
) -> str:
    """A curve over rates from 0.1 % to 100 %, by their logarithm, with a band for its interval."""

    def at(rate: float) -> float:
        return min(max((math.log10(max(rate, 1e-9)) + 3) / 3, 0.0), 1.0)

    shown = [(p[0], p[1]) for p in points if p[0] >= 0.001 and math.isfinite(p[1])]
    if not shown:
        return f"<figure><strong>{escape(title)}</strong><figcaption>Too few faces to tell.</figcaption></figure>"
    ranges = [row for row in band if math.isfinite(row[1]) and math.isfinite(row[2])]
    outline = [(f, high) for f, _, high in ranges] + [(f, low) for f, low, _ in reversed(ranges)]
    shape = " ".join(f"{_x(at(f)):.1f},{_y(v):.1f}" for f, v in outline)
    curve = " ".join(f"{_x(at(f)):.1f},{_y(v):.1f}" for f, v in shown)
    inside = (
        f'<polygon class=band points="{shape}" />' if outline else ""
    ) + f'<polyline class=curve points="{curve}" />'
    ticks = [(0.0, "0.1%"), (1 / 3, "1%"), (2 / 3, "10%"), (1.0, "100%")]
    return _frame(title, x_words, y_words, ticks, inside)


def _reliability_chart(report: Report) -> str:
    """Told against right; a larger dot holds more answers."""
    title = "Does the probability mean what it says?"
    if not report.reliability:
        return f"<figure><strong>{title}</strong><figcaption>Too few faces to tell.</figcaption></figure>"
    even = f"<line class=even x1={_x(0)} y1={_y(0)} x2={_x(1)} y2={_y(1)} />"
    dots = "".join(
        f"<circle class=dot cx={_x(r.told):.1f} cy={_y(r.right):.1f} r={3 + 9 * math.sqrt(r.share):.1f} />"
        for r in report.reliability
    )
    ticks = [(share, f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return _frame(title, "probability told", "answers that were right", ticks, even + dots)


def _share(value: float) -> str:
    return "–" if not math.isfinite(value) else f"{100 * value:.1f} %"


def _interval(low: float, high: float) -> str:
    return "–" if not (math.isfinite(low) and math.isfinite(high)) else f"[{100 * low:.1f}, {100 * high:.1f}]"
