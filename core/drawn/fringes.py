"""Fringes: the lower edge of the hair on the forehead, one for each style."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.drawn.traits import Character

Edge = list[tuple[float, float]]

_LEFT, _RIGHT = (-0.9, -0.2), (0.9, -0.2)


def fringe_edge(character: Character, flip: int) -> Edge:
    """The fringe's lower edge as (u, y): valley, tip, ... valley from the left temple (u = -0.9) to the right one.

    `flip` is -1 where the head is mirrored: the edge is mirrored too, so that every lock stays on its own side.
    """
    edge = _own_edge(character)
    return edge if flip > 0 else _mirrored(edge)


def _mirrored(edge: Edge) -> Edge:
    return [(-u, y) for u, y in reversed(edge)]


def _own_edge(character: Character) -> Edge:
    rng = np.random.default_rng(character.seed)
    part = character.parting

    def jitter(size: float) -> float:
        return float(rng.uniform(-size, size))

    match character.fringe:
        case "blunt":
            return _teeth(8, lambda u: -0.2 + jitter(0.035), lambda: -0.31 + jitter(0.04), jitter)
        case "choppy":
            return _teeth(6, lambda u: -0.14 + 0.1 * abs(u) + jitter(0.12), lambda: -0.5 + jitter(0.1), jitter)
        case "m":
            middle = (part * 0.25, 0.08 + jitter(0.08))
            left, right = (-0.62 + jitter(0.05), 0.08), (0.62 + jitter(0.05), 0.08)
            return [_LEFT, left, (-0.36, -0.68), middle, (0.36, -0.68), right, _RIGHT]
        case "parted":
            half = [(0.24 + part * 0.6, -0.38), (0.3 + part * 0.5, -0.52), (0.52 + part * 0.2, -0.12)]
            other = [(-0.52 + part * 0.2, -0.12), (-0.3 + part * 0.5, -0.52), (-0.24 + part * 0.6, -0.38)]
            ends = [(0.62, -0.32), (0.78, 0.18), _RIGHT]
            return [*_mirrored(ends), *other, (part, -1.05), *half, *ends]
        case "curtain":
            half = [(0.5, 0.02), (0.66, -0.1), (0.82, 0.42), _RIGHT]
            return [*_mirrored(half), (part * 0.4, -1.1), *half]
        case "open":
            half = [(0.3, -0.84), (0.55, -0.86), (0.72, -0.5), _RIGHT]
            return [*_mirrored(half), (0.0, -0.98), *half]
        case _:  # swept and one eye: all locks fall from a parting on one side to the other
            deep = 0.42 if character.fringe == "one eye" else 0.06
            start = [_LEFT, (-0.8, 0.1), (-0.64, -0.95), (-0.36, -0.3 + jitter(0.06)), (-0.22, -0.52)]
            middle = [(0.02, -0.16 + jitter(0.06)), (0.12, -0.38), (0.42, deep * 0.6 + jitter(0.05)), (0.5, -0.2)]
            edge = [*start, *middle, (0.72, deep + 0.1), _RIGHT]
            return edge if part > 0 else _mirrored(edge)


def _teeth(
    n: int, tip: Callable[[float], float], valley: Callable[[], float], jitter: Callable[[float], float]
) -> Edge:
    """n locks side by side; `tip` and `valley` give the heights of their ends and of the gaps between them."""
    us = np.linspace(-0.9, 0.9, n + 1)
    edge: Edge = [_LEFT]
    for i in range(n):
        middle = float(us[i] + us[i + 1]) / 2
        edge.append((middle + jitter(0.05), tip(middle)))
        edge.append((float(us[i + 1]), valley()) if i < n - 1 else _RIGHT)
    return edge
