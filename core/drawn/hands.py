"""How differently artists draw the same character."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.drawn.colours import Colour, turn
from core.drawn.traits import Character


def by_another_hand(rng: np.random.Generator, character: Character) -> Character:
    """The same character as another artist draws it: proportions and colours a little different, an extra left out.

    Nobody draws a character twice alike; without this, drawn faces would be far easier to tell apart than real ones.
    """

    def near(value: float, share: float) -> float:
        return value * float(np.exp(rng.normal(0, share)))

    def tinted(colour: Colour) -> Colour:
        return turn(colour, hue=float(rng.normal(0, 3.5)), value=near(1.0, 0.05))

    eye = tinted(character.eye)
    return replace(
        character,
        face_width=near(character.face_width, 0.02),
        chin=near(character.chin, 0.02),
        hair=tinted(character.hair),
        hair_volume=near(character.hair_volume, 0.05),
        hair_length=near(character.hair_length, 0.06),
        eye=eye,
        eye_other=eye if character.eye_other == character.eye else character.eye_other,
        eye_size=near(character.eye_size, 0.06),
        eye_gap=near(character.eye_gap, 0.015),
        brow_weight=near(character.brow_weight, 0.15),
        blush=near(character.blush, 0.3),
        accessories=tuple(extra for extra in character.accessories if rng.random() > 0.1),
    )
