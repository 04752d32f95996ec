"""Is the advice true? What is told at 1 % of strangers, and what comes of following it, on characters never seen.

    python -m benchmarks.advice [--faces ../shared/data/faces] [--encoder ../shared/data/encoder_dev.safetensors]
        [--sources touhou shiny_colors]

Half of a source's characters (or eight) are enrolled with few faces each, the rest are strangers. Those for whom more
pictures are asked for, or all where hardly anybody is named, get as many faces as in the second figure of a row; the
same known faces ask before and after. `own` is what the product expects from the enrolled faces alone. Percent, means
of `--draws` halves.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.verdict_faces import MeasuredFaces, add_face_options, load_faces
from benchmarks.verdicts import nearest
from core.recognise.advice import FEW_NAMED, GOOD, chances, hardly_any, outlooks
from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.recognise.threshold import choose_threshold, gallery_scores
from core.similarity.cohort import beyond

RATES = (0.01, 0.05)
MOST_KNOWN = 40
ROWS = (
    ("touhou", 24, 3, 5),
    ("touhou", 24, 2, 5),
    ("touhou", 8, 3, 5),
    ("touhou", 8, 2, 5),
    ("shiny_colors", 24, 3, 8),
    ("shiny_colors", 24, 5, 8),
    ("twisted_wonderland", 24, 3, 8),
    ("twisted_wonderland", 24, 5, 8),
    ("kancolle", 24, 3, 8),
    ("kancolle", 24, 5, 8),
    ("azur_lane", 24, 3, 8),
)
"""Source, characters enrolled at most, faces of each before and after."""


@dataclass(frozen=True)
class State:
    """right: bool (rates, q), known faces that get their name; expected (rates,): share of the enrolled faces;
    asked: characters with few faces named, at the first rate; hardly: whether it is told there that hardly any can be
    named; strangers: share of them that are named there."""

    right: np.ndarray
    expected: np.ndarray
    asked: list[str]
    hardly: bool
    strangers: float


def ask(faces: MeasuredFaces, bank: Bank, enrolled: np.ndarray, known: np.ndarray, strangers: np.ndarray) -> State:
    """What the product says and does with these rows enrolled."""
    names = tuple(map(str, faces.names[enrolled]))
    gallery = Gallery(faces.vectors[enrolled], names, tuple(map(str, enrolled)), "measured")
    scores = gallery_scores(gallery, None, bank)
    found = chances(gallery, scores.cohort)
    own = np.concatenate([one.own for one in found if one.faces > 1])
    queries = np.concatenate([known, strangers])
    best, lead, who = nearest(gallery.enrolled, faces.vectors[queries])
    best = best - beyond(faces.vectors[queries], scores.cohort)
    thresholds = [choose_threshold(scores, far) for far in RATES]
    named = np.array([(best >= one.match) & (lead >= one.margin) for one in thresholds])
    right = named[:, : len(known)] & (who == faces.names[queries])[: len(known)]
    expected = np.array([(own >= one.match).mean() for one in thresholds])
    weak = [row for row in outlooks(found, thresholds[0].match) if not row.named >= FEW_NAMED]
    asked = [row.character for row in weak if row.faces < GOOD]
    hardly = hardly_any(found, thresholds[0].match)
    return State(right, expected, asked, hardly, float(named[0, len(known) :].mean()))


def measure(
    faces: MeasuredFaces, bank: Bank, source: str, most: int, few: int, many: int, draws: int
) -> dict[str, float]:
    """A row of the table, as shares."""
    characters = [name for name in np.unique(faces.names) if name.split("/")[0] == source]
    rows = {name: np.flatnonzero(faces.names == name) for name in characters}
    rich = [name for name in characters if len(rows[name]) > many]
    rng = np.random.default_rng(1)
    found: list[dict[str, float]] = []
    for _ in range(draws):
        cast = [str(name) for name in rng.permutation(rich)][: min(most, max(len(rich) // 2, 2))]
        own = {name: rng.permutation(rows[name]) for name in cast}
        strangers = np.concatenate([rows[name] for name in characters if name not in cast])
        known = np.concatenate([own[name][many : many + MOST_KNOWN] for name in cast])
        before = ask(faces, bank, np.concatenate([own[name][:few] for name in cast]), known, strangers)
        followed = [own[name][: many if name in before.asked else few] for name in cast]
        after = ask(faces, bank, np.concatenate(followed), known, strangers)
        theirs = np.isin(faces.names[known], before.asked)
        line: dict[str, float] = {"enrolled": len(cast), "asked": len(before.asked), "hardly": before.hardly}
        for key, state in (("before", before), ("after", after)):
            line[key] = state.right[0, theirs].mean() if theirs.any() else np.nan
            line[f"strangers {key}"] = state.strangers
        line["at 5 %"] = before.right[1, theirs].mean() if theirs.any() else np.nan
        for rate, far in enumerate(RATES):
            line |= {f"own {far}": before.expected[rate], f"known {far}": before.right[rate].mean()}
        found.append(line)
    return {key: float(np.nanmean([line[key] for line in found])) for key in found[0]}


def table(rows: Sequence[tuple[str, dict[str, float]]]) -> str:
    """Markdown, in percent."""
    lines = [
        "| source, faces of each | enrolled, asked for more | told that hardly any can be named | theirs named before "
        "| after | at 5 % instead | own / known at 1 % | at 5 % | strangers before, after |",
        "|---" * 9 + "|",
    ]
    for title, row in rows:
        share = {key: f"{100 * value:.0f}" for key, value in row.items()}
        cells = [
            f"{row['enrolled']:.0f}, {row['asked']:.0f}",
            *(share["hardly"], share["before"], share["after"], share["at 5 %"]),
            *(f"{share[f'own {far}']} / {share[f'known {far}']}" for far in RATES),
            f"{100 * row['strangers before']:.1f}, {100 * row['strangers after']:.1f}",
        ]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_face_options(parser)
    parser.add_argument("--draws", type=int, default=12)
    parser.add_argument("--sources", nargs="+", default=sorted({row[0] for row in ROWS}), help="only these rows")
    options = parser.parse_args()
    faces, vectors = load_faces(options.faces, options.encoder, options.names, options.cache, turned=False)
    bank = Bank(vectors)
    rows = [
        (f"{source}, {few} then {many}", measure(faces, bank, source, most, few, many, options.draws))
        for source, most, few, many in ROWS
        if source in options.sources
    ]
    print(table(rows))


if __name__ == "__main__":
    main()
