"""Would a cast that ships with the app be right? Characters that the encoder was trained on, asked with other pictures.

    python -m benchmarks.shipped_cast [--faces ../shared/data/faces] [--encoder ../shared/data/encoder_dev.safetensors]
        [--names ../shared/data/encoder_dev_names.json] [--web ../shared/data/pictures/web] [--held-out SOURCE:N ...]

The cast: one prototype for each character that the encoder has seen. Nothing that asks was in its training: strangers
are the characters that it never saw, by source, with faces of web pictures and drawn characters; its own characters ask
with the pictures of another source. Beside it a lower bound: characters that the encoder never saw join the cast with
half of their faces, source by source, and the other half asks.

A face is named from a similarity on, and with a lead over the second. Beside the product's threshold stands the lowest
at which 1 % of strangers are named, on average over the sources with at least 60 faces. `blind`: what is named of a
source at the lowest threshold at which none of the others has more than 1 % named. Intervals are 95 %, by resampling
characters. --held-out: the encoder has seen every character but these (recipes.encoder.faces.held_out), as the shipped
one has; what its training was told.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from benchmarks.verdict_faces import add_face_options
from core.imaging.reading import read_picture
from core.recognise.shipped_cast import ShippedCast
from core.similarity.bootstrap import bootstrap
from core.similarity.intervals import share_interval
from core.similarity.prototypes import prototypes
from core.vision.encoder import load_encoder
from core.workspace.arrays import load_arrays, save_arrays
from core.workspace.embeddings import encoder_digest
from recipes.encoder.cast import LEAD, MATCH, MOST
from recipes.encoder.faces import Faces, held_out
from recipes.encoder.measure import drawn_faces, web_faces

ALLOWED, MANY = 0.01, 60
GRID = np.linspace(0.5, 1.0, 501)
MOST_ASKING, BATCH = 250, 128
DRAWN, DRAWN_EACH = 60, 4
OTHER_DRAWING = {"arknights", "azur_lane", "fire_emblem_heroes", "hololive", "shiny_colors", "touhou"} | {
    "twisted_wonderland"
}
"""Sources in which two pictures of a character are two drawings. The others have the same drawing as icon and in full,
or one drawing with several faces, so that what asks has as good as been seen."""
SAME = {
    "shinycolors_stickers/fukumarukoito": "shiny_colors/koito",
    "shinycolors_stickers/higuchimadoka": "shiny_colors/madoka",
    "shinycolors_stickers/ichikawahinana": "shiny_colors/hinana",
    "shinycolors_stickers/kogane": "shiny_colors/kogane",
    "shinycolors_stickers/meguru": "shiny_colors/meguru",
}
"""Characters that two sources have under two names; those of Another Eden are found by theirs."""


@dataclass(frozen=True)
class Asked:
    """Faces: their characters (n,), and unit vectors (n, d)."""

    names: np.ndarray
    vectors: np.ndarray

    def some(self, rows: Iterable[int]) -> Asked:
        chosen = np.array(list(rows), int)
        return Asked(self.names[chosen], self.vectors[chosen])

    def with_(self, other: Asked) -> Asked:
        return Asked(np.concatenate([self.names, other.names]), np.concatenate([self.vectors, other.vectors]))


@dataclass(frozen=True)
class Answers:
    """What asking gave: characters (n,), whether the nearest is right, its similarity, and its lead (n,)."""

    names: np.ndarray
    right: np.ndarray
    similarity: np.ndarray
    lead: np.ndarray

    def named(self, match: float) -> np.ndarray:
        return (self.similarity >= match) & (self.lead >= LEAD)


def ask(cast: Asked, asked: Asked) -> Answers:
    """What the product would find nearest."""
    names, means = prototypes(cast.vectors, cast.names)
    shipped = ShippedCast.of([("", name) for name in names], means.astype(np.float16), match=MATCH, lead=LEAD)
    place, similarity, lead = shipped.nearest(asked.vectors)
    return Answers(asked.names, np.array(names)[place] == asked.names, similarity, lead)


def threshold(strangers: dict[str, Answers], of: Callable[[list[float]], float]) -> float:
    """The lowest at which `of` (max or mean) the shares named of each source with many faces is allowed."""
    many = [one for one in strangers.values() if len(one.names) >= MANY]
    return float(next(t for t in GRID if of([float(one.named(t).mean()) for one in many]) <= ALLOWED))


def mean(values: list[float]) -> float:
    return float(np.mean(values))


def share(what: np.ndarray, names: np.ndarray) -> str:
    """A share in percent with its interval by character."""
    low, high = bootstrap(names, lambda w: float((what * w).sum() / w.sum()))
    return f"{100 * what.mean():.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def tell_strangers(strangers: dict[str, Answers], matches: list[float]) -> None:
    heads = " | ".join(f"named from {t:.3f}" for t in matches)
    print(f"| strangers | characters | faces | similarity: 99 of 100 below | {heads} | blind |")
    print(f"|---|---|---|---|{'---|' * (len(matches) + 1)}")
    for source, one in strangers.items():
        others = {name: other for name, other in strangers.items() if name != source}
        cells = [share(one.named(t), one.names) for t in matches]
        blind = 100 * one.named(threshold(others, max)).mean() if len(others) > 1 else float("nan")
        high = np.quantile(one.similarity, 0.99)
        counted = f"{len(set(one.names))} | {len(one.names)} | {high:.3f}"
        print(f"| {source} | {counted} | {' | '.join(cells)} | {blind:.1f} |")
    means = " | ".join(f"{100 * mean([float(one.named(t).mean()) for one in strangers.values()]):.2f}" for t in matches)
    print(f"| **mean** | | | | {means} | |\n")


def tell_known(known: dict[str, Answers], matches: list[float]) -> None:
    heads = " | ".join(f"from {t:.3f}: right of named | named rightly" for t in matches)
    print(f"| who asks | characters | faces | nearest is right | {heads} |")
    print(f"|---|---|---|---|{'---|' * 2 * len(matches)}")
    for source, one in known.items():
        cells = []
        for t in matches:
            named = one.named(t)
            right = named & one.right
            low, high = (100 * edge for edge in share_interval(int(right.sum()), int(named.sum())))
            within = f" [{low:.0f}, {high:.0f}]" if named.any() else ""
            cells.append(f"{right.sum()} of {named.sum()}{within} | {share(right, one.names)}")
        nearest = f"{100 * one.right.mean():.0f}"
        print(f"| {source} | {len(set(one.names))} | {len(one.names)} | {nearest} | {' | '.join(cells)} |")
    print()


def joined(seen: Asked, unseen: dict[str, Asked]) -> dict[str, Answers]:
    """The lower bound, by source."""
    found = {}
    for source, faces in unseen.items():
        enrolled: list[int] = []
        asking: list[int] = []
        for name in sorted(set(faces.names)):
            rows = np.random.default_rng(0).permutation(np.flatnonzero(faces.names == name))
            if len(rows) > 1:
                enrolled += list(rows[: len(rows) // 2])
                asking += list(rows[len(rows) // 2 :])
        found[source] = ask(seen.with_(faces.some(enrolled)), faces.some(asking))
    return found


def gathered(answers: Iterable[Answers]) -> Answers:
    parts = list(answers)
    return Answers(*(np.concatenate([getattr(one, field.name) for one in parts]) for field in fields(Answers)))


def load(options: argparse.Namespace) -> tuple[Asked, dict[str, Asked], dict[str, Asked]]:
    """Faces of the cast; by source, further faces of the same characters; and by source those of strangers."""
    files, seen = [], []
    places = sorted(p for p in options.faces.glob("*/*") if p.is_dir())
    if options.held_out:
        listed = all_but(places, options.held_out)
    else:
        listed = set(json.loads(options.names.read_text(encoding="utf-8"))["seen"])
    for place in places:
        found = sorted(place.iterdir())
        own = f"{place.parent.name}/{place.name}" in listed
        order = np.random.default_rng(0).permutation(len(found))[: MOST if own else MOST_ASKING]
        files += [found[i] for i in sorted(order)]
        seen += [own] * len(order)
    names = np.array([character_of(file) for file in files])
    sources, mask = np.array([file.parent.parent.name for file in files]), np.array(seen)
    every = Asked(names, embedded(options.encoder, files, options.cache))
    known = np.isin(names, names[mask])
    elsewhere, strangers = {}, {}
    for source in sorted(set(sources)):
        for found_of, which in ((elsewhere, known), (strangers, ~known)):
            rows = np.flatnonzero((sources == source) & which & ~mask)
            if len(rows):
                found_of[source] = every.some(rows)
    return every.some(np.flatnonzero(mask)), elsewhere, strangers


def all_but(places: list[Path], sources: list[str]) -> set[str]:
    """The characters that a training has seen that was told to hold these out."""
    names = tuple(f"{place.parent.name}/{place.name}" for place in places)
    labels = np.repeat(np.arange(len(names)), [len(list(place.iterdir())) for place in places])
    unseen = held_out(Faces(np.empty(0), names, labels, ()), sources, 0.0)
    return {name for name, out in zip(names, unseen, strict=True) if not out}


def character_of(file: Path) -> str:
    """source/character, the same for a character that two sources have."""
    source, name = file.parent.parent.name, file.parent.name
    if source.startswith("another_eden"):
        return "another_eden/" + name.lstrip("0123456789_").lower()
    return SAME.get(f"{source}/{name}", f"{source}/{name}")


def more_strangers(encoder: Path, web: Path) -> dict[str, Asked]:
    """Faces of web pictures, cut by their true boxes, and drawn characters."""
    model = load_encoder(encoder)
    crops, numbers = web_faces(web)
    drawn, whose = drawn_faces(DRAWN, faces=DRAWN_EACH)
    return {
        "web pictures": Asked(numbers.astype(str), model.embed(crops, framing="given")),
        "drawn characters": Asked(whose.astype(str), model.embed(drawn, framing="given")),
    }


def embedded(encoder: Path, files: list[Path], cache: Path) -> np.ndarray:
    """Unit vectors (n, d) of faces as they come; those in the cache are not computed again."""
    place = cache / f"{encoder_digest(encoder)[:16]}-cast.npz"
    kept = load_arrays(place) or {"keys": np.array([], str), "vectors": np.array([])}
    have = dict(zip(map(str, kept["keys"]), kept["vectors"], strict=True))
    keys = ["/".join(file.parts[-3:]) for file in files]
    left = [(key, file) for key, file in zip(keys, files, strict=True) if key not in have]
    model = load_encoder(encoder)
    for start in range(0, len(left), BATCH):
        part = left[start : start + BATCH]
        found = model.embed([read_picture(file) for _, file in part], framing="auto")
        have |= {key: vector for (key, _), vector in zip(part, found, strict=True)}
    save_arrays(place, {"keys": np.array(list(have)), "vectors": np.stack(list(have.values()))})
    return np.stack([have[key] for key in keys])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_face_options(parser)
    parser.add_argument("--web", type=Path, default=Path("../shared/data/pictures/web"))
    parser.add_argument("--held-out", nargs="+", metavar="SOURCE:N", help="the encoder saw every character but these")
    options = parser.parse_args()
    cast, elsewhere, unseen = load(options)
    asking = unseen | more_strangers(options.encoder, options.web)
    strangers = {source: ask(cast, faces) for source, faces in asking.items()}
    matches = [MATCH, threshold(strangers, mean)]
    print(f"No source of strangers has more than 1 % named from {threshold(strangers, max):.3f} on.")
    print(f"{len(set(cast.names))} characters in the cast, {len(cast.names)} faces; lead {LEAD}\n")
    tell_known({"**the pictures of the cast itself**": ask(cast, cast)}, matches)
    tell_strangers(strangers, matches)
    tell_known({source: ask(cast, faces) for source, faces in elsewhere.items()}, matches)
    bound = joined(cast, unseen)
    other = {source: one for source, one in bound.items() if source in OTHER_DRAWING}
    rest = {source: one for source, one in bound.items() if source not in OTHER_DRAWING}
    groups = {"**other drawings**": other, "**the same drawing**": rest}
    tell_known(other | {words: gathered(some.values()) for words, some in groups.items() if some}, matches)


if __name__ == "__main__":
    main()
