"""What makes a drawn character the one it is: its traits."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import get_args, get_type_hints

from core.drawn.colours import Colour
from core.drawn.words import (
    Accessory,
    BackHair,
    Build,
    EyeShape,
    Fringe,
    HairPattern,
    Outfit,
    Pupil,
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
    pupil: Pupil
    brow_weight: float
    brow_slant: float
    blush: float
    accessories: tuple[Accessory, ...]
    accent: Colour
    outfit: Outfit
    cloth: Colour
    trim: Colour


def check(character: Character) -> None:
    """Raise ValueError where a trait has a word that the drawing does not know, naming those it knows."""
    hints = get_type_hints(Character)
    for field in fields(character):
        allowed = get_args(hints[field.name])
        value = getattr(character, field.name)
        if field.name == "accessories":
            allowed, values = get_args(Accessory), value
        else:
            values = (value,) if isinstance(value, str) and allowed else ()
        for each in values:
            if each not in allowed:
                raise ValueError(f"{field.name} is {each!r}; known are {', '.join(allowed)}.")
