"""Does the false-accept rate hold? Requested against realised rates, on characters that the encoder has never seen.

    python -m benchmarks.verdicts [--faces ../shared/data/faces] [--encoder ../shared/data/encoder_dev.safetensors]
        [--names ../shared/data/encoder_dev_names.json] [--before | --plain | --colourless]
        [--sources touhou hololive] [--json]

A cast is drawn from a source; a random half of it is enrolled with k faces each, the faces of the other half are the
strangers (filled up from the source to 300 where it has them), the remaining faces of the enrolled ask as known ones;
20 halves each. Threshold, verdict and probability are the product's own. `ideal` is the threshold at which exactly the
requested share of these very strangers would be named: what nobody can know beforehand. The bank of strangers is made
of the characters that the encoder was trained on. --before also measures the rule without a bank (turned hues),
--plain with one threshold for all faces, whether they look like many strangers or like few; both in brackets.
--colourless: all faces lose their colours before they ask; in brackets compared with coloured ones. A second table has
a heap without colours and strangers with them, as it was judged before there were any without.
Intervals are 95 %, by resampling characters. The first run embeds some 10,000 faces and keeps the vectors in --cache.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from benchmarks.verdict_faces import MeasuredFaces, add_face_options, load_faces
from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.recognise.threshold import choose_threshold, gallery_scores
from core.similarity.cohort import beyond
from core.similarity.probability import expected_calibration_error, reliability
from core.similarity.scorer import CharacterScorer

RATES = (0.01, 0.05)
STRANGERS = 300
MOST_KNOWN, MOST_STRANGER = 60, 150
"""So many faces of one character ask at most."""
OLDER = ("arknights", "azur_lane", "danganronpa", "hololive", "kancolle", "sekai", "umamusume", "warship_girls")
FEW_EACH = ("arknights", "danganronpa", "sekai", "warship_girls")


@dataclass(frozen=True)
class Setting:
    """A row of the table: sources, enrolled faces of a character, characters in a cast."""

    name: str
    sources: tuple[str, ...]
    shots: int
    cast: int


SETTINGS = tuple(
    Setting(name, sources or (name,), shots, cast)
    for name, sources, shots, casts in (
        ("touhou", (), 5, (48,)),
        ("touhou", (), 3, (60, 16)),
        ("twisted_wonderland", (), 5, (15, 6)),
        ("twisted_wonderland", (), 8, (15,)),
        ("fire_emblem_heroes", (), 3, (60, 12)),
        ("shiny_colors", (), 5, (19, 8, 4)),
        ("shiny_colors", (), 8, (19,)),
        ("shiny_colors", (), 24, (19,)),
        ("star_rail", (), 1, (60,)),
        ("hololive", (), 5, (4,)),
        ("hololive", (), 8, (4,)),
        ("hololive", (), 24, (4,)),
        ("kancolle", (), 5, (28, 10)),
        ("umamusume", (), 5, (16,)),
        ("azur_lane", (), 5, (12,)),
        ("four small sources", FEW_EACH, 5, (19,)),
        ("eight older sources", OLDER, 5, (60,)),
    )
    for cast in casts
)


@dataclass(frozen=True)
class Half:
    """Rows of the measured faces: enrolled, known, strangers."""

    enrolled: np.ndarray
    known: np.ndarray
    strangers: np.ndarray


def halves(faces: MeasuredFaces, setting: Setting, draws: int) -> Iterator[Half]:
    """Random halves of random casts, the same every time."""
    characters = sorted({n for n in faces.names if n.split("/")[0] in setting.sources})
    rows = {name: np.flatnonzero(faces.names == name) for name in characters}
    for draw in range(draws):
        rng = np.random.default_rng((draw, zlib.crc32(setting.name.encode()), setting.shots, setting.cast))
        rich = [name for name in characters if len(rows[name]) > setting.shots]
        rng.shuffle(rich)
        enrolled = rich[: max(min(setting.cast // 2, len(rich) - 1), 2)]
        others = [name for name in characters if name not in enrolled]
        rng.shuffle(others)
        others.sort(key=lambda name: name not in rich[: setting.cast])  # the cast's other half comes first
        own = [rng.permutation(rows[name]) for name in enrolled]
        strangers: list[int] = []
        for number, name in enumerate(others):
            if number >= setting.cast - setting.cast // 2 and len(strangers) >= STRANGERS:
                break
            strangers.extend(rng.permutation(rows[name])[:MOST_STRANGER])
        yield Half(
            np.concatenate([some[: setting.shots] for some in own]),
            np.concatenate([some[setting.shots : setting.shots + MOST_KNOWN] for some in own]),
            np.array(strangers),
        )


@dataclass
class Tally:
    """What was asked in all halves of a setting, at one rate: a line of figures a face."""

    character: list[np.ndarray]
    stranger: list[np.ndarray]
    named: list[np.ndarray]
    right: list[np.ndarray]
    unsure: list[np.ndarray]
    ideal: list[np.ndarray]
    probability: list[np.ndarray]
    best_right: list[np.ndarray]

    def column(self, name: str) -> np.ndarray:
        return np.concatenate(getattr(self, name))


class PlainBank(Bank):
    """Strangers that tell where the threshold lies, and nothing about a single face."""

    cohort = None


def ask(faces: MeasuredFaces, half: Half, bank: Bank | None, tallies: dict[float, Tally]) -> None:
    """Enrol, choose the thresholds as the product does, ask all queries, and write down what came of it."""
    names = faces.names[half.enrolled]
    turned = None if bank is not None else faces.turned_of(half.enrolled)
    gallery = Gallery(faces.vectors[half.enrolled], tuple(names), tuple(map(str, half.enrolled)), "dev", turned)
    scores = gallery_scores(gallery, None, bank)
    queries = np.concatenate([half.known, half.strangers])
    stranger = np.arange(len(queries)) >= len(half.known)
    best, lead, who = nearest(gallery.enrolled, faces.asked[queries])
    best = best - beyond(faces.asked[queries], scores.cohort)  # each face has its own threshold
    best_right = (who == faces.names[queries]) & ~stranger
    for far, tally in tallies.items():
        threshold = choose_threshold(scores, far)
        named = (best >= threshold.match) & (lead >= threshold.margin)
        told = threshold.probability(best, lead) if threshold.probability else np.full(len(best), 0.5)
        reached = best >= np.quantile(best[stranger], 1 - far)
        tally.character.append(faces.names[queries])
        tally.stranger.append(stranger)
        tally.named.append(named)
        tally.right.append(named & best_right)
        tally.unsure.append((best >= threshold.unsure) & ~named)
        tally.ideal.append(reached & best_right)
        tally.probability.append(told)
        tally.best_right.append(best_right)


def nearest(gallery: CharacterScorer, queries: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Best similarity, lead over the second-best, and the character's name of each query."""
    similarity = gallery.class_similarity(queries)
    order = np.argsort(-similarity, axis=1)[:, :2]
    first, second = np.take_along_axis(similarity, order, axis=1).T
    return first, first - second, np.array(gallery.names)[order[:, 0]]


def figures(setting: Setting, tallies: dict[float, Tally]) -> dict[str, Any]:
    """The shares of a setting, with 95 % intervals by character where they matter most."""
    row: dict[str, Any] = asdict(setting)
    for far, tally in tallies.items():
        stranger = tally.column("stranger")
        known, named, right = ~stranger, tally.column("named"), tally.column("right")
        key = f"{far:.0%}"
        row[key] = {
            "strangers_named": share(named, stranger, tally),
            "strangers_unsure": share(tally.column("unsure"), stranger, tally)[0],
            "known_right": share(right, known, tally),
            "known_wrong": share(named & ~right, known, tally)[0],
            "ideal_right": share(tally.column("ideal"), known, tally)[0],
        }
        weights = np.where(stranger, 1 / max(stranger.sum(), 1), 1 / max(known.sum(), 1))
        table = reliability(tally.column("probability"), tally.column("best_right"), weights)
        row["ece"], row["reliability"] = expected_calibration_error(table), [asdict(line) for line in table]
    counts = [s.sum() for s in next(iter(tallies.values())).stranger]
    return row | {"stranger_faces": int(np.mean(counts))}


def share(what: np.ndarray, among: np.ndarray, tally: Tally) -> tuple[float, float, float]:
    """Mean over halves, and an interval by resampling characters."""
    sizes = [len(part) for part in tally.stranger]
    parts = zip(np.split(what, np.cumsum(sizes)[:-1]), np.split(among, np.cumsum(sizes)[:-1]), strict=True)
    mean = float(np.mean([w[a].mean() for w, a in parts if a.any()]))
    names, number = np.unique(tally.column("character")[among], return_inverse=True)
    faces, hits = np.bincount(number), np.bincount(number, weights=what[among])
    draws = np.random.default_rng(0).integers(len(names), size=(1000, len(names)))
    low, high = np.quantile(hits[draws].sum(axis=1) / faces[draws].sum(axis=1), (0.025, 0.975))
    return mean, float(min(low, mean)), float(max(high, mean))


def measure(
    faces: MeasuredFaces, bank: Bank | None, draws: int, settings: Sequence[Setting] = SETTINGS
) -> list[dict[str, Any]]:
    """The settings, with a bank or, for None, with turned hues."""
    rows = []
    for setting in settings:
        tallies = {far: Tally(*([] for _ in range(8))) for far in RATES}
        for half in halves(faces, setting, draws):
            ask(faces, half, bank, tallies)
        rows.append(figures(setting, tallies))
    return rows


COLUMNS = (
    ("1 %: strangers named", "1%", "strangers_named"),
    ("unsure", "1%", "strangers_unsure"),
    ("known right", "1%", "known_right"),
    ("ideal", "1%", "ideal_right"),
    ("known wrong", "1%", "known_wrong"),
    ("5 %: strangers named", "5%", "strangers_named"),
    ("known right", "5%", "known_right"),
    ("ideal", "5%", "ideal_right"),
    ("known wrong", "5%", "known_wrong"),
    ("calibration error", "", "ece"),
)


def table(rows: list[dict[str, Any]], before: list[dict[str, Any]] | None = None) -> str:
    """Markdown: shares of strangers and of known faces in percent; before, in brackets, where it was measured too."""
    titles = " | ".join(title for title, *_ in COLUMNS)
    lines = [f"| source, enrolled each, cast | {titles} |", "|---" * (len(COLUMNS) + 1) + "|"]
    older: list[Any] = [None] * len(rows) if before is None else before
    for row, old in zip(rows, older, strict=True):
        cells = [_cell(_figure(row, *key), _figure(old, *key) if old else None, key[1]) for _, *key in COLUMNS]
        lines.append(f"| {row['name']}, {row['shots']}, {row['cast']} | {' | '.join(cells)} |")
    means = []
    for _, *key in COLUMNS:
        mean, old = (
            None if some is None else (float(np.mean([_figure(row, *key)[0] for row in some])),)
            for some in (rows, before)
        )
        means.append(_cell(mean or (0.0,), old, key[1]))
    return "\n".join([*lines, f"| **mean** | {' | '.join(means)} |"])


def _figure(row: dict[str, Any], rate: str, key: str) -> tuple[float, ...]:
    value = row[rate][key] if rate else row[key]
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _cell(value: tuple[float, ...], before: tuple[float, ...] | None, key: str) -> str:
    """ "1.4 (12.9)", the interval of the first of several figures of strangers named behind it."""
    numbers = [f"{v:.3f}" if key == "ece" else f"{100 * v:.1f}" for v in value]
    if key == "ideal_right" and (before is None or before[0] == value[0]):
        return numbers[0]
    interval = f" [{numbers[1]}, {numbers[2]}]" if len(numbers) == 3 else ""
    old = "" if before is None else f" ({before[0]:.3f})" if key == "ece" else f" ({100 * before[0]:.1f})"
    return numbers[0] + interval + old


def reliability_table(rows: list[dict[str, Any]]) -> str:
    """Markdown: over all settings, what was told and what was right; each setting counts the same."""
    lines = ["| probability | share of answers | told | right |", "|---|---|---|---|"]
    for low in sorted({line["low"] for row in rows for line in row["reliability"]}):
        here = [line for row in rows for line in row["reliability"] if line["low"] == low]
        total = sum(line["share"] for line in here)
        told, right = (sum(line["share"] * line[key] for line in here) / total for key in ("told", "right"))
        lines.append(f"| {low:.1f} to {here[0]['high']:.1f} | {total / len(rows):.1%} | {told:.3f} | {right:.3f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_face_options(parser)
    parser.add_argument("--draws", type=int, default=20)
    also = parser.add_mutually_exclusive_group()
    also.add_argument("--before", action="store_true", help="also the rule without a bank")
    also.add_argument("--plain", action="store_true", help="also with one threshold for all faces")
    also.add_argument(
        "--colourless", action="store_true", help="faces without colours; also compared with coloured ones"
    )
    parser.add_argument("--sources", nargs="+", default=[s.name for s in SETTINGS], help="only these rows")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    source = options.faces, options.encoder, options.names, options.cache
    faces, bank = load_faces(*source, turned=options.before)
    settings = [setting for setting in SETTINGS if setting.name in options.sources]
    before = None
    if options.before or options.plain:
        before = measure(faces, PlainBank(bank) if options.plain else None, options.draws, settings)
    heap = None
    if options.colourless:
        without, bank_without = load_faces(*source, colourless=True)
        before = measure(replace(faces, asking=without.vectors), Bank(bank), options.draws, settings)
        heap = measure(without, Bank(bank), options.draws, settings)
        faces, bank = without, bank_without
    rows = measure(faces, Bank(bank), options.draws, settings)
    if options.json:
        print(json.dumps({"before": before, "after": rows}, indent=2))
    else:
        print(f"{table(rows, before)}\n\n{reliability_table(rows)}")
        if heap:
            print(f"\n{table(heap)}")


if __name__ == "__main__":
    main()
