"""Fringes: the lower edge of the hair on the forehead, one for each style."""

from __future__ import annotations

import numpy as np

from core.drawn.traits import Character

Edge = list[tuple[float, float]]


def fringe_edge(character: Character, flip: int) -> Edge:
    """The fringe's lower edge as (u, y): valley, tip, ... valley from the left temple (u = -0.9) to the right one.

    `flip` is -1 where the head is mirrored, so that a parting stays on the character's own side.
    """
    rng = np.random.default_rng(character.seed)
    part = character.parting * flip
    jitter = lambda size: float(rng.uniform(-size, size))  # noqa: E731
    left, right = (-0.9, -0.2), (0.9, -0.2)

    def teeth(n: int, tip, valley) -> Edge:
        us = np.linspace(-0.9, 0.9, n + 1)
        edge: Edge = [left]
        for i in range(n):
            middle = (us[i] + us[i + 1]) / 2
            edge.append((middle + jitter(0.05), tip(middle)))
            edge.append((us[i + 1], valley(us[i + 1])) if i < n - 1 else right)
        return edge

    match character.fringe:
        case "blunt":
            return teeth(8, lambda u: -0.2 + jitter(0.035), lambda u: -0.31 + jitter(0.04))
        case "choppy":
            return teeth(6, lambda u: -0.14 + 0.1 * abs(u) + jitter(0.12), lambda u: -0.5 + jitter(0.1))
        case "m":
            return [
                left,
                (-0.62 + jitter(0.05), 0.08),
                (-0.36, -0.68),
                (part * 0.25, 0.08 + jitter(0.08)),
                (0.36, -0.68),
                (0.62 + jitter(0.05), 0.08),
                right,
            ]
        case "parted":
            return [
                left,
                (-0.78, 0.18),
                (-0.62, -0.32),
                (-0.52 + part * 0.2, -0.12),
                (-0.3 + part * 0.5, -0.52),
                (-0.24 + part * 0.6, -0.38),
                (part, -1.05),
                (0.24 + part * 0.6, -0.38),
                (0.3 + part * 0.5, -0.52),
                (0.52 + part * 0.2, -0.12),
                (0.62, -0.32),
                (0.78, 0.18),
                right,
            ]
        case "curtain":
            return [
                left,
                (-0.82, 0.42),
                (-0.66, -0.1),
                (-0.5, 0.02),
                (part * 0.4, -1.1),
                (0.5, 0.02),
                (0.66, -0.1),
                (0.82, 0.42),
                right,
            ]
        case "open":
            return [
                left,
                (-0.72, -0.5),
                (-0.55, -0.86),
                (-0.3, -0.84),
                (0.0, -0.98),
                (0.3, -0.84),
                (0.55, -0.86),
                (0.72, -0.5),
                right,
            ]
        case _:  # swept and one eye: all locks fall from a parting on one side to the other
            deep = 0.42 if character.fringe == "one eye" else 0.06
            edge = [
                left,
                (-0.8, 0.1),
                (-0.64, -0.95),
                (-0.36, -0.3 + jitter(0.06)),
                (-0.22, -0.52),
                (0.02, -0.16 + jitter(0.06)),
                (0.12, -0.38),
                (0.42, deep * 0.6 + jitter(0.05)),
                (0.5, -0.2),
                (0.72, deep + 0.1),
                right,
            ]
            return edge if part > 0 else [(-u, y) for u, y in reversed(edge)]
