"""A cast: characters with all traits drawn at random, chosen to look different from each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from core.drawn import frequencies as often
from core.drawn.colours import Colour, hsv, luma, mix, turn
from core.drawn.names import full_name
from core.drawn.traits import Character

Word = TypeVar("Word", bound=str)


def _pick(rng: np.random.Generator, shares: Mapping[Word, float]) -> Word:
    weights = np.array(list(shares.values()), float)
    return list(shares)[int(rng.choice(len(weights), p=weights / weights.sum()))]


def _near(rng: np.random.Generator, h: float, s: float, v: float, spread: float = 1.0) -> Colour:
    return hsv(h + rng.normal(0, 6 * spread), s + rng.normal(0, 0.05 * spread), v + rng.normal(0, 0.04 * spread))


def _hair_colour(rng: np.random.Generator) -> Colour:
    weights = np.array([row[3] for row in often.HAIR], float)
    h, s, v, _ = often.HAIR[int(rng.choice(len(often.HAIR), p=weights / weights.sum()))]
    return _near(rng, h, s, v)


def _second_hair(rng: np.random.Generator, hair: Colour) -> Colour:
    if rng.random() < 0.5:
        return turn(hair, hue=float(rng.choice([-45, -28, 28, 45])), value=1.2 if luma(hair) < 140 else 0.85)
    return _hair_colour(rng)


def invent(rng: np.random.Generator, name: str, boy: bool) -> Character:
    """A character with all traits drawn at random, each as often as it occurs in anime."""
    hair = _hair_colour(rng)
    eye = _near(rng, *often.EYES[int(rng.integers(len(often.EYES)))])
    extra_shares = often.BOY_EXTRA if boy else often.GIRL_EXTRA
    extras = {_pick(rng, extra_shares) for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.2, 0.45, 0.27, 0.08])))}
    if {"hat", "beret"} & extras:
        extras -= {"hairband", "cat ears", "headphones", "horns", "headband"}
    if "eyepatch" in extras:
        extras -= {"glasses"}
    cloth = _near(rng, *often.CLOTH[int(rng.integers(len(often.CLOTH)))])
    trim = _near(rng, *often.CLOTH[int(rng.integers(len(often.CLOTH)))])
    if abs(luma(cloth) - luma(trim)) < 45:
        trim = mix(trim, (255, 255, 255), 0.75) if luma(cloth) < 140 else turn(trim, value=0.45)
    return Character(
        name=name,
        seed=int(rng.integers(2**31)),
        build="boy" if boy else "girl",
        skin=often.SKIN[int(rng.choice(len(often.SKIN), p=often.SKIN_SHARE))],
        face_width=float(rng.normal(0.97 if boy else 1.0, 0.03)),
        chin=float(rng.normal(1.08 if boy else 1.0, 0.03)),
        hair=hair,
        hair_second=_second_hair(rng, hair),
        hair_pattern=_pick(rng, {"plain": 68, "tips": 14, "streak": 9, "inner": 9}),
        back_hair=_pick(rng, often.BOY_BACK if boy else often.GIRL_BACK),
        hair_length=float(rng.uniform(0.82, 1.25)),
        hair_volume=float(rng.uniform(0.88, 1.15)),
        fringe=_pick(rng, often.BOY_FRINGE if boy else often.GIRL_FRINGE),
        parting=float(rng.uniform(-0.45, 0.45)),
        side_hair=_pick(rng, often.BOY_SIDE if boy else often.GIRL_SIDE),
        ahoge=int(rng.choice([0, 1, 2], p=[0.74, 0.2, 0.06])),
        eye_shape=_pick(rng, often.BOY_EYES if boy else often.GIRL_EYES),
        eye=eye,
        eye_other=_near(rng, *often.EYES[int(rng.integers(len(often.EYES)))]) if rng.random() < 0.04 else eye,
        eye_size=float(rng.normal(0.92 if boy else 1.0, 0.05)),
        eye_slant=float(rng.normal(0, 0.05)),
        eye_gap=float(rng.normal(1.0, 0.03)),
        pupil=_pick(rng, {"round": 70, "ring": 12, "slit": 8, "star": 3, "none": 7}),
        brow_weight=float(rng.uniform(1.3, 2.2) if boy else rng.uniform(0.7, 1.4)),
        brow_slant=float(rng.normal(0.06 if boy else -0.02, 0.06)),
        blush=float(rng.uniform(0.0, 0.35) if boy else rng.uniform(0.2, 1.0)),
        accessories=tuple(sorted(extras)),
        accent=_near(rng, float(rng.uniform(0, 360)), 0.65, 0.85),
        outfit=_pick(rng, often.BOY_OUTFIT if boy else often.GIRL_OUTFIT),
        cloth=cloth,
        trim=trim,
    )


def distance(a: Character, b: Character) -> float:
    """How differently two characters look at a glance, roughly 0 (twins) to 3: hair, eyes, extras."""
    hair = float(np.linalg.norm(np.subtract(a.hair, b.hair))) / 160
    eye = float(np.linalg.norm(np.subtract(a.eye, b.eye))) / 400
    style = 0.4 * (a.back_hair != b.back_hair) + 0.3 * (a.fringe != b.fringe) + 0.15 * (a.side_hair != b.side_hair)
    return min(hair, 1.2) + min(eye, 0.5) + style + 0.25 * (set(a.accessories) != set(b.accessories))


def look_alike(rng: np.random.Generator, of: Character, name: str) -> Character:
    """Another character with the same hair colour and build: a sibling, whom only the details tell apart."""
    other = invent(rng, name, of.build == "boy")
    return replace(other, hair=turn(of.hair, value=float(rng.uniform(0.92, 1.08))), skin=of.skin, fringe=of.fringe)


def cast(n: int, seed: int = 0) -> list[Character]:
    """n characters with different names, chosen to look different from each other; the same for the same seed.

    Of every eight about one is a look-alike of another (same hair colour and fringe), from the ninth on.
    Raises ValueError where n is negative.
    """
    if n < 0:
        raise ValueError(f"A cast needs a number of characters of 0 or more, got {n}.")
    rng = np.random.default_rng([seed, 7151])
    taken: set[str] = set()
    found: list[Character] = []
    for i in range(n):
        boy = bool(rng.random() < 0.3)
        if i % 8 == 7 and i > 8:
            of = found[int(rng.integers(len(found)))]
            found.append(look_alike(rng, of, full_name(rng, of.build == "boy", taken)))
            continue
        name = full_name(rng, boy, taken)
        # Of a few candidates, take the one that is least like anybody of the last hundred: small casts are spread
        # out, large ones stay fast.
        candidates = [invent(rng, name, boy) for _ in range(6)]
        found.append(max(candidates, key=lambda c: min((distance(c, other) for other in found[-100:]), default=0)))
    return found
