"""What happens to pictures on the web: grey, pencil, one tint for all, dark, tinted, blurred, noisy, written over,
saved as JPEG again. Pixels are uint8 H x W x 3 throughout."""

from __future__ import annotations

import cv2
import numpy as np


def distorted(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The picture as somebody might have put it on the web."""
    kind = rng.random()
    if kind < 0.12:
        pixels = grey(pixels, rng)
    elif kind < 0.18:
        pixels = pencil(pixels, rng)
    elif kind < 0.25:
        pixels = duotone(pixels, rng)
    # What is one tint or pencil already is not made dark besides: nobody would see a face any more.
    pixels = relit(pixels, rng, dark=0.2 if kind < 0.12 or kind >= 0.25 else 0.0)
    if rng.random() < 0.35:
        hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0].astype(int) + rng.integers(-12, 13)) % 180
        hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(0.3, 1.4), 0, 255).astype(np.uint8)
        pixels = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    pixels = worn(pixels, rng)
    if rng.random() < 0.08:
        write(pixels, rng)
    if rng.random() < 0.35:
        quality = int(rng.integers(20, 85))
        pixels = cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    return np.ascontiguousarray(pixels)


def grey(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Grey, sometimes on yellowed or bluish paper, sometimes as a screentone of dots."""
    found = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if rng.random() < 0.2:
        step = int(rng.integers(3, 6))
        y, x = np.indices(found.shape)
        wave = (np.cos(2 * np.pi * (x + y) / step) + np.cos(2 * np.pi * (x - y) / step)) * 32
        found = np.where(found > 215, 255, np.where(found < 60, 20, np.where(found + wave > 128, 245, 60))).astype(
            np.uint8
        )
    found = np.repeat(found[..., None], 3, 2)
    return (found * rng.uniform(0.7, 1.0, 3)).astype(np.uint8) if rng.random() < 0.4 else found


def pencil(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lines only, as drawn with a pencil: the picture over its blurred self, faint, on bright paper."""
    found = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    blurred = cv2.GaussianBlur(found, (0, 0), rng.uniform(1.5, 5))
    lines = cv2.divide(found, np.maximum(blurred, 1), scale=255).astype(np.float32) / 255
    lines = lines ** rng.uniform(1.0, 3.0)
    tone = 1 - rng.uniform(0, 0.35) * (1 - found.astype(np.float32) / 255)
    paper, ink = rng.uniform(215, 256, 3), rng.uniform(0, 110) * rng.uniform(0.7, 1, 3)
    share = np.clip(lines * tone, 0, 1)[..., None]
    return (ink + (paper - ink) * share).astype(np.uint8)


def duotone(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """All in the shades of one colour, often close together: red on red, a night in blue."""
    light = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None] / 255
    hue, apart = rng.integers(0, 180) if rng.random() < 0.6 else rng.integers(-10, 10) % 180, rng.integers(-15, 16)
    dark, bright = rng.uniform(0, 100), rng.uniform(150, 256)
    ends = np.array(
        [[[hue, rng.integers(120, 256), dark], [(hue + apart) % 180, rng.integers(60, 256), bright]]], np.uint8
    )
    low, high = cv2.cvtColor(ends, cv2.COLOR_HSV2RGB)[0].astype(np.float32)
    found = low + (high - low) * light
    return np.clip(found + rng.uniform(0, 0.4) * (pixels.astype(np.float32) - found), 0, 255).astype(np.uint8)


def relit(pixels: np.ndarray, rng: np.random.Generator, dark: float = 0.2) -> np.ndarray:
    """Another gamma, gain, cast and black level; `dark` is the share of pictures at night."""
    table = np.arange(256) / 255.0
    gamma = rng.uniform(1.5, 3.0) if rng.random() < 1.5 * dark else np.exp(rng.normal(0, 0.35))
    gain = rng.uniform(0.3, 0.7) if rng.random() < dark else rng.uniform(0.75, 1.15)
    channels = gain * rng.uniform(0.88, 1.12, 3) if rng.random() < 0.6 else np.full(3, gain)
    lift = rng.uniform(-0.08, 0.12)
    tables = np.clip((table[:, None] ** gamma) * channels + lift, 0, 1)
    return cv2.LUT(np.ascontiguousarray(pixels), np.round(tables * 255).astype(np.uint8)[None])


def worn(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Made small and large again, or blurred; noise."""
    height, width = pixels.shape[:2]
    if rng.random() < 0.2:
        small = rng.uniform(0.35, 0.8)
        pixels = cv2.resize(pixels, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
    elif rng.random() < 0.15:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.5, 1.6))
    if rng.random() < 0.15:
        noise = rng.integers(-14, 15, (height, width, 1), dtype=np.int16)
        pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    return pixels


def write(pixels: np.ndarray, rng: np.random.Generator) -> None:
    """Some letters anywhere, in place."""
    height, width = pixels.shape[:2]
    text = "".join(chr(c) for c in rng.integers(48, 122, 8))
    place = (int(rng.integers(0, width // 2)), int(rng.integers(10, height)))
    colour = tuple(map(int, rng.integers(0, 256, 3)))
    font, size, thick = int(rng.integers(0, 7)), rng.uniform(0.4, 1.6), int(rng.integers(1, 4))
    cv2.putText(pixels, text, place, font, size, colour, thick, cv2.LINE_AA)
