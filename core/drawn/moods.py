"""What changes from picture to picture: the expression, and now and then the clothes."""

from __future__ import annotations

from typing import get_args

import numpy as np

from core.drawn.body import Dress
from core.drawn.colours import turn
from core.drawn.figure import Look
from core.drawn.traits import Character
from core.drawn.words import Expression

_SHARES = {"calm": 22, "smile": 26, "laugh": 13, "closed smile": 8, "angry": 6, "sad": 5, "surprised": 6, "shy": 5,
           "smug": 4, "wink": 3, "sleepy": 2}  # fmt: skip
_BASIC = ("blazer", "hoodie", "sweater", "shirt")


def look_of(expression: Expression, rng: np.random.Generator, gaze: tuple[float, float]) -> Look:
    """The eyes, brows, mouth and flush of an expression; one of several mouths where an expression has more."""

    def pick(*words: str) -> str:
        return str(rng.choice(words))

    match expression:
        case "calm":
            return Look(mouth=pick("line", "smile", "wave", "line"), gaze=gaze, left_open=0.92, right_open=0.92)
        case "smile":
            return Look(mouth=pick("smile", "smile", "cat", "open"), gaze=gaze, flush=0.05)
        case "laugh":
            return Look(mouth=pick("open", "wide"), gaze=gaze, raise_brows=0.6, flush=0.1)
        case "closed smile":
            return Look(
                left_open=0,
                right_open=0,
                happy_lids=True,
                mouth=pick("open", "smile", "wide"),
                raise_brows=0.5,
                flush=0.2,
            )
        case "angry":
            return Look(
                left_open=0.82, right_open=0.82, mouth=pick("frown", "open", "wave", "grin"), anger=1.0, gaze=gaze
            )
        case "sad":
            return Look(
                left_open=0.8, right_open=0.8, mouth=pick("frown", "wave", "o"), anger=-1.0, gaze=(gaze[0], 0.08)
            )
        case "surprised":
            return Look(wide=1.1, mouth=pick("o", "open", "wave"), raise_brows=1.2, gaze=gaze)
        case "shy":
            return Look(
                left_open=0.85,
                right_open=0.85,
                mouth=pick("wave", "line", "smile"),
                anger=-0.7,
                flush=0.6,
                gaze=(gaze[0] * 2, 0.06),
            )
        case "smug":
            return Look(left_open=0.68, right_open=0.68, mouth=pick("smirk", "grin", "cat"), anger=0.4, gaze=gaze)
        case "wink":
            left = bool(rng.random() < 0.5)
            return Look(
                left_open=0 if left else 1,
                right_open=1 if left else 0,
                happy_lids=True,
                mouth=pick("open", "smile", "cat"),
                flush=0.1,
            )
        case _:
            return Look(left_open=float(rng.choice([0, 0.5])), right_open=0.0, mouth=pick("line", "o"))


def random_look(rng: np.random.Generator, character: Character) -> Look:
    """An expression, each as often as pictures show it."""
    shares = np.array([_SHARES[e] for e in get_args(Expression)], float)
    expression = get_args(Expression)[int(rng.choice(len(shares), p=shares / shares.sum()))]
    gaze = (float(rng.normal(0, 0.05)), float(rng.normal(0, 0.03)))
    return look_of(expression, rng, gaze)


def random_dress(rng: np.random.Generator, character: Character) -> Dress:
    """Mostly what the character always wears; sometimes it in other colours, sometimes something else."""
    chance = rng.random()
    poses, shares = ["down", "hip", "behind", "chest", "raised"], [0.5, 0.12, 0.18, 0.1, 0.1]
    arms = str(rng.choice(poses, p=shares)), str(rng.choice(poses, p=shares))
    if chance < 0.7:
        return Dress(character.outfit, character.cloth, character.trim, arms)
    hue = float(rng.uniform(40, 320))
    outfit = character.outfit if chance < 0.8 else str(rng.choice(_BASIC))
    return Dress(outfit, turn(character.cloth, hue=hue, value=float(rng.uniform(0.8, 1.4))), character.trim, arms)
