"""Which picture a new one repeats, by looks: perceptual hashes that grow while pictures come in.

For all pairs of a whole workspace there is the banded index in core.imaging.hashes; for one new picture at a time a
single vectorised pass over all hashes is simpler and faster: well under a millisecond at 100,000 pictures.
"""

from __future__ import annotations

import cv2
import numpy as np

from core.imaging.hashes import NEAR


class NearIndex:
    """Finds the nearest hash within `limit` of 64 differing bits."""

    def __init__(self, limit: int = NEAR):
        self.limit = limit
        self._values, self._items, self._n = np.zeros(1024, np.uint64), np.zeros(1024, np.int64), 0

    def add(self, value: int, item: int) -> None:
        """Enter an item (a picture's id) under its hash."""
        if self._n == len(self._values):
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
            self._items = np.concatenate([self._items, np.zeros_like(self._items)])
        self._values[self._n], self._items[self._n] = value, item
        self._n += 1

    def within(self, value: int) -> list[tuple[int, int]]:
        """(item, differing bits) of all within the limit, nearest first, the earlier one of equally near."""
        if self._n == 0:
            return []
        bits = np.bitwise_count(self._values[: self._n] ^ np.uint64(value))
        (found,) = np.nonzero(bits <= self.limit)
        order = found[np.argsort(bits[found], kind="stable")]
        return [(int(self._items[i]), int(bits[i])) for i in order]


def same_picture(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two pictures (uint8 HxWx3) show the same in colour and detail, saved or scaled differently.

    Perceptual hashes see only coarse light and dark: characters of one game in one pose differ by 0 to 8 bits of 64.
    Here 48 x 48 colours must agree, to 2.5 of 255 in the mean and 32 in every place. (Ten figures in one pose: 5.4 or
    more in the mean; the same pictures as JPEG of quality 60 or at half size: below 1.5.)
    """
    small = [cv2.resize(rgb, (48, 48), interpolation=cv2.INTER_AREA).astype(np.int16) for rgb in (a, b)]
    apart = np.abs(small[0] - small[1])
    return bool(apart.mean() <= 2.5 and apart.max() <= 32)
