"""What lies behind a figure: skies, rooms, cities, patterns, lights, plain paper."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from core.drawn.canvas import Canvas
from core.drawn.colours import WHITE, Colour, hsv, light, mix, shade, turn
from core.drawn.curves import ellipse, spline


def _any_colour(rng: np.random.Generator, saturation: tuple[float, float], value: tuple[float, float]) -> Colour:
    return hsv(rng.uniform(0, 360), rng.uniform(*saturation), rng.uniform(*value))


def plain(canvas: Canvas, rng: np.random.Generator) -> None:
    """Paper, or one quiet colour."""
    colour = WHITE if rng.random() < 0.5 else _any_colour(rng, (0.05, 0.3), (0.8, 1.0))
    canvas.gradient(colour, colour)


def gradient(canvas: Canvas, rng: np.random.Generator) -> None:
    """One colour running into another, with a few large soft shapes."""
    top = _any_colour(rng, (0.1, 0.6), (0.5, 1.0))
    canvas.gradient(top, turn(top, hue=rng.uniform(-60, 60), value=rng.uniform(0.7, 1.3)))
    for _ in range(rng.integers(0, 4)):
        x, y, r = rng.uniform(0, canvas.width), rng.uniform(0, canvas.height), rng.uniform(60, 220)
        canvas.line(ellipse(x, y, r, r, steps=40), light(top, 0.3), rng.uniform(2, 14))


def sky(canvas: Canvas, rng: np.random.Generator) -> None:
    """Sky by day, at dusk or at night, with clouds or stars and a line of hills."""
    w, h = canvas.width, canvas.height
    kind = rng.choice(["day", "dusk", "night"], p=[0.55, 0.28, 0.17])
    top, low = {
        "day": ((70, 140, 224), (204, 234, 252)),
        "dusk": ((104, 84, 160), (254, 186, 132)),
        "night": ((14, 18, 54), (58, 62, 122)),
    }[kind]
    canvas.gradient(top, low)
    if kind == "night":
        for _ in range(60):
            canvas.fill(ellipse(rng.uniform(0, w), rng.uniform(0, h), 1.2, 1.2, steps=6), (250, 248, 220))
        canvas.fill(ellipse(rng.uniform(0, w), h * 0.2, 34, 34), (252, 244, 206))
    else:
        puff = mix(WHITE, low, 0.15)
        for _ in range(rng.integers(2, 6)):
            x, y, s = rng.uniform(0, w), rng.uniform(0, h * 0.7), rng.uniform(30, 70)
            for _ in range(12):
                # Round above, flat below: puffs sit on one line and grow towards the middle.
                u = rng.uniform(-1, 1)
                r = s * rng.uniform(0.35, 0.8) * (1.1 - abs(u))
                canvas.fill(ellipse(x + u * s * 2.2, y - r * 0.6, r * 1.4, r, steps=20), puff)
            canvas.fill(ellipse(x, y, s * 2.4, s * 0.2), puff)
    if rng.random() < 0.6:
        xs = np.linspace(-10, w + 10, 9)
        green = shade(mix((96, 150, 90), low, 0.3)) if kind == "day" else shade(mix(top, (20, 20, 40), 0.5))
        hills = np.stack([xs, h * 0.78 + rng.uniform(-40, 40, 9)], axis=1)
        canvas.fill(np.vstack([spline(hills), [(w + 10, h + 10), (-10, h + 10)]]), green)


def room(canvas: Canvas, rng: np.random.Generator) -> None:
    """A wall with a window, a shelf or pictures, and a floor."""
    w, h = canvas.width, canvas.height
    wall = _any_colour(rng, (0.05, 0.3), (0.6, 0.95))
    canvas.gradient(light(wall, 0.2), wall)
    floor = rng.uniform(0.7, 0.9) * h
    canvas.fill(np.array([(0, floor), (w, floor), (w, h), (0, h)]), turn((176, 130, 90), value=rng.uniform(0.6, 1.1)))
    canvas.line(np.array([(0, floor), (w, floor)]), shade(wall, 1.6), 4)
    for _ in range(rng.integers(1, 3)):
        x, y, a, b = rng.uniform(-40, w * 0.8), rng.uniform(10, h * 0.25), rng.uniform(140, 260), rng.uniform(160, 300)
        pane = np.array([(x, y), (x + a, y), (x + a, y + b), (x, y + b)])
        canvas.fill(pane, (196, 226, 246) if rng.random() < 0.7 else (40, 48, 92))
        canvas.line(pane, light(wall, 0.7), 8, closed=True)
        canvas.line(np.array([(x + a / 2, y), (x + a / 2, y + b)]), light(wall, 0.7), 5)
        canvas.line(np.array([(x, y + b / 2), (x + a, y + b / 2)]), light(wall, 0.7), 5)
    if rng.random() < 0.6:
        x, y = rng.uniform(0, w * 0.6), rng.uniform(h * 0.3, h * 0.6)
        for row in range(2):
            canvas.fill(
                np.array(
                    [(x, y + row * 90), (x + 220, y + row * 90), (x + 220, y + row * 90 + 10), (x, y + row * 90 + 10)]
                ),
                (120, 84, 58),
            )
            left = x + 6
            while left < x + 200:
                a, b = rng.uniform(12, 26), rng.uniform(40, 72)
                canvas.fill(
                    np.array(
                        [
                            (left, y + row * 90 - b),
                            (left + a, y + row * 90 - b),
                            (left + a, y + row * 90),
                            (left, y + row * 90),
                        ]
                    ),
                    _any_colour(rng, (0.3, 0.7), (0.4, 0.9)),
                )
                left += a + 2


def city(canvas: Canvas, rng: np.random.Generator) -> None:
    """Houses in rows with lit or dark windows."""
    w, h = canvas.width, canvas.height
    night = rng.random() < 0.5
    top, low = ((20, 22, 58), (96, 74, 132)) if night else ((120, 180, 232), (232, 240, 248))
    canvas.gradient(top, low)
    for depth in (0.35, 0.8):
        x = -20.0
        while x < w:
            a, b = rng.uniform(50, 120), rng.uniform(0.3, 0.75) * h * (1.1 - depth * 0.4)
            wall = mix(low, (40, 40, 70) if night else (128, 140, 164), depth)
            canvas.fill(np.array([(x, h - b), (x + a, h - b), (x + a, h), (x, h)]), wall)
            glass = (250, 222, 140) if night else light(wall, 0.35)
            for wx in np.arange(x + 10, x + a - 14, 22):
                for wy in np.arange(h - b + 14, h, 34):
                    if rng.random() < 0.6:
                        canvas.fill(np.array([(wx, wy), (wx + 10, wy), (wx + 10, wy + 16), (wx, wy + 16)]), glass)
            x += a + rng.uniform(-5, 20)


def pattern(canvas: Canvas, rng: np.random.Generator) -> None:
    """Dots, stripes, checks, hearts or rays: the backs of cards and title pictures."""
    w, h = canvas.width, canvas.height
    a = _any_colour(rng, (0.1, 0.55), (0.7, 1.0))
    b = light(a, 0.45) if rng.random() < 0.6 else turn(a, hue=rng.uniform(30, 180))
    canvas.gradient(a, a)
    step = float(rng.uniform(36, 90))
    match rng.integers(4):
        case 0:
            for row, y in enumerate(np.arange(0, h + step, step)):
                for x in np.arange((row % 2) * step / 2, w + step, step):
                    canvas.fill(ellipse(x, y, step * 0.22, step * 0.22, steps=14), b)
        case 1:
            for x in np.arange(-h, w + h, step):
                canvas.fill(np.array([(x, 0), (x + step / 2, 0), (x + step / 2 + h * 0.6, h), (x + h * 0.6, h)]), b)
        case 2:
            for row, y in enumerate(np.arange(0, h, step)):
                for x in np.arange((row % 2) * step, w, step * 2):
                    canvas.fill(np.array([(x, y), (x + step, y), (x + step, y + step), (x, y + step)]), b)
        case _:
            cx, cy, n = w / 2, h * 0.45, int(rng.integers(10, 22))
            for k in range(n):
                t0, t1 = 2 * np.pi * k / n, 2 * np.pi * (k + 0.5) / n
                canvas.fill(
                    np.array(
                        [
                            (cx, cy),
                            (cx + 900 * np.cos(t0), cy + 900 * np.sin(t0)),
                            (cx + 900 * np.cos(t1), cy + 900 * np.sin(t1)),
                        ]
                    ),
                    b,
                )


def bokeh(canvas: Canvas, rng: np.random.Generator) -> None:
    """Discs of light out of focus."""
    base = _any_colour(rng, (0.2, 0.7), (0.2, 0.8))
    canvas.gradient(base, turn(base, hue=rng.uniform(-50, 50), value=rng.uniform(0.6, 1.4)))
    for _ in range(rng.integers(12, 30)):
        x, y, r = rng.uniform(0, canvas.width), rng.uniform(0, canvas.height), rng.uniform(8, 48)
        disc = ellipse(x, y, r, r, steps=24)
        glow = light(turn(base, hue=rng.uniform(-40, 40)), rng.uniform(0.15, 0.5))
        canvas.fill(disc, glow)
        canvas.line(disc, light(glow, 0.3), 1.5)


def forest(canvas: Canvas, rng: np.random.Generator) -> None:
    """Trunks and leaves, or cherry trees in flower."""
    w, h = canvas.width, canvas.height
    leaf = (
        (244, 182, 200)
        if rng.random() < 0.4
        else turn((92, 150, 84), hue=rng.uniform(-30, 30), value=rng.uniform(0.7, 1.2))
    )
    canvas.gradient(light(leaf, 0.65), light(leaf, 0.25))
    for _ in range(rng.integers(3, 7)):
        x, a = rng.uniform(0, w), rng.uniform(14, 44)
        canvas.fill(
            np.array([(x - a / 2, 0), (x + a / 2, 0), (x + a * 0.7, h), (x - a * 0.7, h)]),
            turn((110, 84, 70), value=rng.uniform(0.7, 1.3)),
        )
    for _ in range(70):
        x, y, r = rng.uniform(0, w), abs(rng.normal(0, h * 0.28)), rng.uniform(14, 46)
        canvas.fill(ellipse(x, y, r, r * 0.8, steps=12), turn(leaf, value=rng.uniform(0.75, 1.2)))


_BACKGROUNDS: dict[Callable[[Canvas, np.random.Generator], None], float] = {
    plain: 14, gradient: 18, sky: 17, room: 16, city: 9, pattern: 12, bokeh: 8, forest: 6,
}  # fmt: skip


def draw_background(canvas: Canvas, rng: np.random.Generator) -> None:
    """Any background; some of them out of focus, as a photographer would have it."""
    shares = np.array(list(_BACKGROUNDS.values()), float)
    paint = list(_BACKGROUNDS)[int(rng.choice(len(shares), p=shares / shares.sum()))]
    # Backgrounds need no fine edges: drawn at the picture's own size and enlarged, they cost a quarter.
    rough = Canvas(canvas.width, canvas.height, 1)
    paint(rough, rng)
    if paint not in (plain, pattern) and rng.random() < 0.45:
        side = 2 * int(rng.integers(1, 7)) + 1
        rough.pixels = cv2.blur(rough.pixels, (side, side))
    cv2.resize(
        rough.pixels,
        (canvas.pixels.shape[1], canvas.pixels.shape[0]),
        dst=canvas.pixels,
        interpolation=cv2.INTER_LINEAR,
    )
