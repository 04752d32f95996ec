"""What happens to a whole picture at the end: light, colour cast, petals, screen tone, grain."""

from __future__ import annotations

import cv2
import numpy as np

from core.drawn.canvas import Canvas
from core.drawn.colours import hsv
from core.drawn.curves import ellipse, vec


def scatter(canvas: Canvas, rng: np.random.Generator) -> None:
    """Petals, snow or sparks over the picture."""
    kind = rng.integers(3)
    for _ in range(rng.integers(8, 26)):
        x, y, r = rng.uniform(0, canvas.width), rng.uniform(0, canvas.height), rng.uniform(2.5, 8)
        colour = ((250, 190, 206), (255, 255, 255), (255, 238, 150))[kind]
        a = rng.uniform(0, np.pi)
        shape = ellipse(0, 0, r, r * (0.5 if kind == 0 else 1.0) * (0.6 if kind == 2 else 1), steps=10)
        turned = shape @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
        canvas.fill(turned + vec(x, y), colour)


def cast_light(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The whole picture under coloured light, darker or brighter, with more or less contrast."""
    tint = np.array(hsv(rng.uniform(0, 360), rng.uniform(0, 0.18), 1.0)) / 255
    contrast, lift = rng.uniform(0.8, 1.1), rng.uniform(-24, 14)
    ramp = np.clip((np.arange(256)[:, None] - 128) * contrast + 128 + lift, 0, 255) * tint
    return cv2.LUT(pixels, ramp.astype(np.uint8)[None])


def screentone(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Black and white as in a printed manga: greys become dots."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if rng.random() < 0.4:
        return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)
    height, width = grey.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    step = float(rng.uniform(3.4, 5))
    wave = np.sin((x + y) * (np.pi / step)) * np.sin((x - y) * (np.pi / step))
    dots = grey.astype(np.float32) + wave * 60
    printed = np.where(grey > 205, 255, np.where(grey < 70, 20, np.clip((dots - 112) * 6 + 128, 40, 255))).astype(
        np.uint8
    )
    return cv2.cvtColor(cv2.GaussianBlur(printed, (3, 3), 0.6), cv2.COLOR_GRAY2RGB)


def grain(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The noise of old film or of a bad scan."""
    noise = rng.integers(-9, 10, (pixels.shape[0] // 2 + 1, pixels.shape[1] // 2 + 1), dtype=np.int16)
    noise = noise.repeat(2, axis=0).repeat(2, axis=1)[: pixels.shape[0], : pixels.shape[1], None]
    grainy: np.ndarray = np.clip(pixels.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    return grainy


def finish(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Most pictures stay as they are; some get a light, some are printed in black and white, some are grainy."""
    chance = rng.random()
    if chance < 0.22:
        pixels = cast_light(pixels, rng)
    elif chance < 0.27:
        pixels = screentone(pixels, rng)
    if rng.random() < 0.1:
        pixels = grain(pixels, rng)
    return pixels
