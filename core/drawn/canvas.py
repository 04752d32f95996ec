"""A canvas that draws antialiased shapes at twice the size, and clips one shape into another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from core.drawn.colours import Colour
from core.drawn.curves import ribbon

_SHIFT = 4  # fractional bits of OpenCV's coordinates: a sixteenth of a pixel


class Canvas:
    """Pixels to draw on, uint8 RGB, `oversample` times finer than the picture; points are in picture pixels."""

    def __init__(self, width: int, height: int, oversample: int = 2, *, pixels: np.ndarray | None = None):
        self.width, self.height, self.oversample = width, height, oversample
        self.left = self.top = 0
        self.pixels = np.empty((height * oversample, width * oversample, 3), np.uint8) if pixels is None else pixels

    def _fixed(self, points: np.ndarray) -> np.ndarray:
        fine = np.asarray(points, float) * self.oversample - (self.left + 0.5, self.top + 0.5)
        # Far outside, fixed-point coordinates would overflow: nothing there is ever seen.
        np.maximum(fine, -8000, out=fine)
        np.minimum(fine, 8000, out=fine)
        return np.rint(fine * (1 << _SHIFT)).astype(np.int32)

    def fill(self, points: np.ndarray, colour: Colour) -> None:
        """Fill a closed outline, (n, 2)."""
        cv2.fillPoly(self.pixels, [self._fixed(points)], colour, cv2.LINE_AA, _SHIFT)

    def line(self, points: np.ndarray, colour: Colour, width: float, *, closed: bool = False) -> None:
        """Draw a line of even width in picture pixels."""
        thick = max(round(width * self.oversample), 1)
        cv2.polylines(self.pixels, [self._fixed(points)], closed, colour, thick, cv2.LINE_AA, _SHIFT)

    def taper(self, points: np.ndarray, colour: Colour, width: float, *, ends: tuple[float, float] = (0, 0)) -> None:
        """Draw a line that swells to `width` in its middle; `ends` are its widths at both ends, as shares."""
        points = np.asarray(points, float)
        s = np.linspace(0, 1, len(points))
        profile = np.sin(np.pi * s) ** 0.7
        profile = np.maximum(profile, ends[0] * (1 - s) + ends[1] * s)
        self.fill(ribbon(points, np.maximum(profile * width, 0.25)), colour)

    def gradient(self, top: Colour, bottom: Colour, y0: float | None = None, y1: float | None = None) -> None:
        """Fill everything from colour to colour, from height y0 to y1 (picture pixels; by default all)."""
        rows = np.arange(self.pixels.shape[0]) + self.top
        y0 = 0 if y0 is None else y0
        y1 = self.height if y1 is None else y1
        share = np.clip((rows / self.oversample - y0) / max(y1 - y0, 1e-6), 0, 1)[:, None]
        self.pixels[:, 0] = np.asarray(top) * (1 - share) + np.asarray(bottom) * share
        width, done = self.pixels.shape[1], 1
        while done < width:  # twice as much each time: many times faster than one column after the other
            more = min(done, width - done)
            self.pixels[:, done : done + more] = self.pixels[:, :more]
            done += more

    def mask(self, outlines: list[np.ndarray], margin: int = 1) -> tuple[np.ndarray, slice, slice] | None:
        """The area of the outlines together: uint8 mask and where it lies; None where it is outside."""
        fixed = [self._fixed(o) for o in outlines]
        every = np.vstack(fixed) >> _SHIFT
        height, width = self.pixels.shape[:2]
        x0, y0 = np.maximum(every.min(axis=0) - margin, 0)
        x1, y1 = np.minimum(every.max(axis=0) + margin + 1, (width, height))
        if x1 <= x0 or y1 <= y0:
            return None
        area = np.zeros((y1 - y0, x1 - x0), np.uint8)
        offset = np.array([x0, y0], np.int32) << _SHIFT
        for one in fixed:
            cv2.fillPoly(area, [one - offset], 255, cv2.LINE_8, _SHIFT)
        return area, slice(y0, y1), slice(x0, x1)

    @contextmanager
    def clip(self, *outlines: np.ndarray, soft: float = 0, opacity: float = 1.0) -> Iterator[Canvas]:
        """Draw on a copy, of which only what lies inside the outlines is kept.

        `soft` blurs the kept area's edge by so many picture pixels; `opacity` below 1 lets the ground shine through.
        """
        found = self.mask(list(outlines), margin=1 + round(soft * self.oversample))
        if found is None:
            yield Canvas(1, 1, self.oversample)
            return
        area, rows, columns = found
        layer = Canvas(self.width, self.height, self.oversample, pixels=self.pixels[rows, columns].copy())
        layer.left, layer.top = self.left + columns.start, self.top + rows.start
        yield layer
        target = self.pixels[rows, columns]
        if soft * self.oversample < 1 and opacity >= 1:
            cv2.copyTo(layer.pixels, area, target)
        else:
            side = 2 * round(soft * self.oversample) + 1
            weight = (cv2.blur(area, (side, side)).astype(np.float32) * opacity).astype(np.uint16)[:, :, None]
            mixed = (layer.pixels.astype(np.uint16) * weight + target.astype(np.uint16) * (255 - weight)) // 255
            target[:] = mixed.astype(np.uint8)

    def soften(self, radius: float) -> None:
        """Blur everything on this canvas by about so many picture pixels."""
        side = 2 * round(radius * self.oversample) + 1
        if side > 1:
            cv2.blur(self.pixels, (side, side), dst=self.pixels)

    def finish(self) -> np.ndarray:
        """The picture at its true size, uint8 (height, width, 3)."""
        return cv2.resize(self.pixels, (self.width, self.height), interpolation=cv2.INTER_AREA)
