"""What makes a drawn character the one it is: a Character, and a cast of different ones."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import get_args, get_type_hints

import numpy as np

from core.drawn.colours import Colour, hsv, luma, mix, turn
from core.drawn.names import full_name
from core.drawn.words import (
    Accessory,
    BackHair,
    Build,
    EyeShape,
    Fringe,
    HairPattern,
    Outfit,
    SideHair,
)


@dataclass(frozen=True, slots=True)
class Character:
    """One identity: everything that stays the same from picture to picture. Colours are RGB, 0 to 255.

    Sizes are shares of an average character's (1 = average). `seed` fixes the small irregularities of the hair.
    """

    name: str
    seed: int
    build: Build
    skin: Colour
    face_width: float
    chin: float
    hair: Colour
    hair_second: Colour
    hair_pattern: HairPattern
    back_hair: BackHair
    hair_length: float
    hair_volume: float
    fringe: Fringe
    parting: float
    side_hair: SideHair
    ahoge: int
    eye_shape: EyeShape
    eye: Colour
    eye_other: Colour
    eye_size: float
    eye_slant: float
    eye_gap: float
    pupil: str
    brow_weight: float
    brow_slant: float
    blush: float
    accessories: tuple[Accessory, ...]
    accent: Colour
    outfit: Outfit
    cloth: Colour
    trim: Colour


# Hue, saturation, value and a weight: hair as it occurs in anime, brown and black most often.
_HAIR = (
    (25, 0.55, 0.42, 9),
    (20, 0.45, 0.58, 6),
    (230, 0.28, 0.24, 9),
    (340, 0.15, 0.20, 5),
    (45, 0.52, 0.94, 9),
    (36, 0.62, 0.82, 4),
    (8, 0.72, 0.74, 6),
    (355, 0.62, 0.52, 3),
    (342, 0.38, 0.96, 7),
    (325, 0.52, 0.86, 4),
    (275, 0.38, 0.74, 6),
    (265, 0.50, 0.46, 4),
    (215, 0.55, 0.80, 6),
    (225, 0.60, 0.48, 5),
    (190, 0.42, 0.86, 4),
    (160, 0.42, 0.74, 4),
    (110, 0.38, 0.60, 3),
    (220, 0.06, 0.92, 7),
    (260, 0.10, 0.76, 4),
    (24, 0.72, 0.92, 4),
    (15, 0.30, 0.86, 3),
    (80, 0.35, 0.80, 1),
)
_EYES = (
    (215, 0.75, 0.85),
    (200, 0.65, 0.92),
    (25, 0.65, 0.58),
    (18, 0.60, 0.42),
    (355, 0.78, 0.82),
    (335, 0.60, 0.90),
    (275, 0.55, 0.80),
    (255, 0.55, 0.70),
    (150, 0.60, 0.66),
    (100, 0.50, 0.64),
    (45, 0.78, 0.90),
    (30, 0.80, 0.88),
    (180, 0.60, 0.75),
    (220, 0.15, 0.55),
)
_SKIN = ((255, 232, 218), (255, 226, 208), (253, 219, 198), (250, 236, 230), (236, 190, 158), (202, 150, 118))
_SKIN_SHARE = (0.30, 0.28, 0.18, 0.12, 0.08, 0.04)
_CLOTH = (
    (225, 0.55, 0.38),
    (220, 0.10, 0.95),
    (0, 0.60, 0.70),
    (260, 0.30, 0.30),
    (200, 0.40, 0.75),
    (340, 0.35, 0.90),
    (30, 0.35, 0.80),
    (130, 0.35, 0.45),
    (45, 0.60, 0.90),
    (280, 0.40, 0.55),
    (0, 0.0, 0.22),
    (20, 0.50, 0.40),
)

_GIRL_BACK = {
    "bob": 14,
    "medium": 12,
    "long": 18,
    "straight": 9,
    "wavy": 9,
    "twintails": 12,
    "low twintails": 5,
    "ponytail": 10,
    "side ponytail": 5,
    "bun": 4,
    "double bun": 4,
    "braids": 4,
    "short": 7,
    "spiky": 2,
}
_BOY_BACK = {"short": 42, "spiky": 34, "bob": 5, "medium": 8, "ponytail": 4, "long": 4}
_GIRL_FRINGE = {"blunt": 16, "choppy": 20, "parted": 14, "swept": 16, "m": 16, "curtain": 8, "one eye": 6, "open": 4}
_BOY_FRINGE = {"choppy": 30, "swept": 22, "m": 18, "parted": 10, "curtain": 8, "one eye": 6, "open": 8}
_GIRL_SIDE = {"none": 8, "short": 32, "long": 40, "tied": 10, "curl": 10}
_BOY_SIDE = {"none": 35, "short": 60, "long": 5}
_GIRL_EYES = {"round": 30, "tall": 25, "almond": 18, "cat": 15, "droopy": 15, "sleepy": 7}
_BOY_EYES = {"almond": 35, "narrow": 35, "cat": 12, "droopy": 8, "round": 10}
_GIRL_EXTRA = {
    "ribbon": 12,
    "hair clip": 14,
    "hairband": 8,
    "flower": 8,
    "glasses": 9,
    "headphones": 4,
    "cat ears": 5,
    "hat": 5,
    "eyepatch": 2,
    "beauty mark": 7,
    "earrings": 6,
    "horns": 2,
    "fang": 5,
    "choker": 6,
    "star clip": 5,
    "beret": 3,
    "elf ears": 3,
    "freckles": 3,
}
_BOY_EXTRA = {
    "glasses": 16,
    "scar": 9,
    "headphones": 6,
    "eyepatch": 4,
    "beauty mark": 6,
    "earrings": 6,
    "headband": 7,
    "hat": 5,
    "plaster": 5,
    "horns": 3,
    "hair clip": 4,
    "elf ears": 3,
    "choker": 3,
}
_GIRL_OUTFIT = {
    "sailor": 18,
    "blazer": 14,
    "dress": 12,
    "hoodie": 9,
    "sweater": 9,
    "kimono": 8,
    "shirt": 8,
    "off shoulder": 8,
    "military": 5,
    "cape": 5,
    "maid": 5,
}
_BOY_OUTFIT = {
    "gakuran": 20,
    "blazer": 20,
    "shirt": 16,
    "hoodie": 14,
    "sweater": 8,
    "kimono": 7,
    "military": 9,
    "cape": 6,
}


def _pick(rng: np.random.Generator, shares: dict[str, float]) -> str:
    weights = np.array(list(shares.values()), float)
    return list(shares)[int(rng.choice(len(weights), p=weights / weights.sum()))]


def _near(rng: np.random.Generator, h: float, s: float, v: float, spread: float = 1.0) -> Colour:
    return hsv(h + rng.normal(0, 6 * spread), s + rng.normal(0, 0.05 * spread), v + rng.normal(0, 0.04 * spread))


def _hair_colour(rng: np.random.Generator) -> Colour:
    weights = np.array([row[3] for row in _HAIR], float)
    h, s, v, _ = _HAIR[int(rng.choice(len(_HAIR), p=weights / weights.sum()))]
    return _near(rng, h, s, v)


def _second_hair(rng: np.random.Generator, hair: Colour) -> Colour:
    if rng.random() < 0.5:
        return turn(hair, hue=float(rng.choice([-45, -28, 28, 45])), value=1.2 if luma(hair) < 140 else 0.85)
    return _hair_colour(rng)


def invent(rng: np.random.Generator, name: str, boy: bool) -> Character:
    """A character with all traits drawn at random, each as often as it occurs in anime."""
    hair = _hair_colour(rng)
    eye = _near(rng, *_EYES[int(rng.integers(len(_EYES)))])
    extra_shares = _BOY_EXTRA if boy else _GIRL_EXTRA
    extras = {_pick(rng, extra_shares) for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.2, 0.45, 0.27, 0.08])))}
    if {"hat", "beret"} & extras:
        extras -= {"hairband", "cat ears", "headphones", "horns", "headband"}
    if "eyepatch" in extras:
        extras -= {"glasses"}
    cloth = _near(rng, *_CLOTH[int(rng.integers(len(_CLOTH)))])
    trim = _near(rng, *_CLOTH[int(rng.integers(len(_CLOTH)))])
    if abs(luma(cloth) - luma(trim)) < 45:
        trim = mix(trim, (255, 255, 255), 0.75) if luma(cloth) < 140 else turn(trim, value=0.45)
    return Character(
        name=name,
        seed=int(rng.integers(2**31)),
        build="boy" if boy else "girl",
        skin=_SKIN[int(rng.choice(len(_SKIN), p=_SKIN_SHARE))],
        face_width=float(rng.normal(0.97 if boy else 1.0, 0.03)),
        chin=float(rng.normal(1.08 if boy else 1.0, 0.03)),
        hair=hair,
        hair_second=_second_hair(rng, hair),
        hair_pattern=_pick(rng, {"plain": 68, "tips": 14, "streak": 9, "inner": 9}),
        back_hair=_pick(rng, _BOY_BACK if boy else _GIRL_BACK),
        hair_length=float(rng.uniform(0.82, 1.25)),
        hair_volume=float(rng.uniform(0.88, 1.15)),
        fringe=_pick(rng, _BOY_FRINGE if boy else _GIRL_FRINGE),
        parting=float(rng.uniform(-0.45, 0.45)),
        side_hair=_pick(rng, _BOY_SIDE if boy else _GIRL_SIDE),
        ahoge=int(rng.choice([0, 1, 2], p=[0.74, 0.2, 0.06])),
        eye_shape=_pick(rng, _BOY_EYES if boy else _GIRL_EYES),
        eye=eye,
        eye_other=_near(rng, *_EYES[int(rng.integers(len(_EYES)))]) if rng.random() < 0.04 else eye,
        eye_size=float(rng.normal(0.92 if boy else 1.0, 0.05)),
        eye_slant=float(rng.normal(0, 0.05)),
        eye_gap=float(rng.normal(1.0, 0.03)),
        pupil=_pick(rng, {"round": 70, "ring": 12, "slit": 8, "star": 3, "none": 7}),
        brow_weight=float(rng.uniform(1.3, 2.2) if boy else rng.uniform(0.7, 1.4)),
        brow_slant=float(rng.normal(0.06 if boy else -0.02, 0.06)),
        blush=float(rng.uniform(0.0, 0.35) if boy else rng.uniform(0.2, 1.0)),
        accessories=tuple(sorted(extras)),
        accent=_near(rng, float(rng.uniform(0, 360)), 0.65, 0.85),
        outfit=_pick(rng, _BOY_OUTFIT if boy else _GIRL_OUTFIT),
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


def check(character: Character) -> None:
    """Raise ValueError where a trait has a word that the drawing does not know, naming those it knows."""
    hints = get_type_hints(Character)
    for field in fields(character):
        allowed = get_args(hints[field.name])
        value = getattr(character, field.name)
        if allowed and isinstance(value, str) and value not in allowed:
            raise ValueError(f"{field.name} is {value!r}; known are {', '.join(map(str, allowed))}.")
