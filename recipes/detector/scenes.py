"""Training scenes: faces pasted at known places, hidden, turned, darkened; and scenes that hold none.

`Painter(...).scene(rng, side)` gives pixels, true boxes and boxes to be ignored. Nothing is stored: every scene is
painted once, from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from core.imaging.boxes import Box
from recipes.detector.sources import WEIGHTS, Sprite


@dataclass
class Scene:
    """A canvas under work: pixels (uint8 side x side x 3), true boxes, and boxes that count neither way."""

    pixels: np.ndarray
    boxes: list[Box] = field(default_factory=list)
    ignored: list[Box] = field(default_factory=list)

    @property
    def side(self) -> int:
        return self.pixels.shape[0]


@dataclass(frozen=True)
class Mix:
    """How often each kind of scene is painted; shares are relative."""

    single: float = 0.22
    grid: float = 0.32
    paste: float = 0.30
    figure: float = 0.10
    empty: float = 0.02
    drawn: float = 0.04
    """Drawn characters (core.drawn), some seen from behind: faces of a kind that nobody else draws."""
    web: float = 0.0
    """Pictures with drawn boxes, whole or cut: only in the last stage."""


class Painter:
    """Paints scenes from sprites by source."""

    def __init__(self, sprites: dict[str, list[Sprite]], web: list[Sprite] = (), mix: Mix = Mix(), pool: int = 1500):
        crops = {source: found for source, found in sprites.items() if source in WEIGHTS and found}
        self._crops = crops
        self._names = sorted(crops)
        weights = np.array([WEIGHTS[name] for name in self._names])
        self._shares = weights / weights.sum()
        self._figures = sprites.get("touhou_cards", []) + 2 * sprites.get("warship_figures", [])
        self._boxed = list(web)
        self._drawn_pictures = sprites.get("drawn", [])
        self._pool = self._faceless_pool(np.random.default_rng(0), pool)
        kinds = {name: getattr(mix, name) for name in ("single", "grid", "paste", "figure", "empty", "drawn", "web")}
        kinds["drawn"] *= bool(sprites.get("drawn"))
        total = sum(kinds.values())
        self._kinds, self._kind_shares = list(kinds), np.array(list(kinds.values())) / total

    def scene(self, rng: np.random.Generator, side: int) -> Scene:
        """One scene of side x side pixels."""
        kind = self._kinds[rng.choice(len(self._kinds), p=self._kind_shares)]
        scene = getattr(self, f"_{kind}")(rng, side)
        distort(scene, rng)
        return scene

    # kinds of scenes

    def _single(self, rng, side) -> Scene:
        """One face that may fill the picture, its own crop's surroundings carried on to the border."""
        scene = Scene(self._background(rng, side))
        sprite = self._crop(rng)
        rgb, alpha = sprite.decode()
        box = sprite.boxes[0]
        size = side * np.exp(rng.uniform(np.log(0.1), np.log(1.05)))
        if alpha is None or rng.random() < 0.4:
            grown = round(0.6 * max(rgb.shape[:2]))
            border = cv2.BORDER_REFLECT_101 if rng.random() < 0.25 else cv2.BORDER_REPLICATE
            # A reflection would show the face twice: only where the box is far enough from the edge.
            if border == cv2.BORDER_REFLECT_101:
                border = cv2.BORDER_REPLICATE
            if rng.random() < 0.5:
                rgb = cv2.copyMakeBorder(rgb, grown, grown, grown, grown, border)
                box, alpha = box.shift(grown, grown), None
        centre = rng.uniform(0.15, 0.85, 2) * side if size < 0.6 * side else rng.uniform(0.38, 0.62, 2) * side
        self._put(scene, rng, rgb, alpha, (box,), size, centre)
        return scene

    def _grid(self, rng, side) -> Scene:
        """The canvas cut into cells, a crop or a piece of cloth in each: hard edges, faces at borders."""
        scene = Scene(np.zeros((side, side, 3), np.uint8))
        for x, y, w, h in _partition(rng, side):
            if rng.random() < 0.2:
                piece = self._background(rng, max(w, h))
                scene.pixels[y : y + h, x : x + w] = piece[:h, :w]
                continue
            sprite = self._crop(rng)
            rgb, alpha = sprite.decode()
            cell = Scene(self._background(rng, max(w, h))[:h, :w].copy())
            cover = max(w / rgb.shape[1], h / rgb.shape[0]) * rng.uniform(0.9, 1.25)
            size = cover * max(sprite.boxes[0].w, sprite.boxes[0].h)
            face = sprite.boxes[0].centre
            middle = (rgb.shape[1] / 2, rgb.shape[0] / 2)
            centre = (
                w / 2 + (face[0] - middle[0]) * cover + rng.uniform(-0.1, 0.1) * w,
                h / 2 + (face[1] - middle[1]) * cover + rng.uniform(-0.1, 0.1) * h,
            )
            self._put(cell, rng, rgb, alpha, sprite.boxes, size, centre, small_turn=True)
            scene.pixels[y : y + h, x : x + w] = cell.pixels
            scene.boxes += [box.shift(x, y) for box in cell.boxes]
            scene.ignored += [box.shift(x, y) for box in cell.ignored]
        return scene

    def _paste(self, rng, side) -> Scene:
        """Several faces cut out and strewn over a scene."""
        scene = Scene(self._background(rng, side))
        for _ in range(rng.integers(2, 10)):
            sprite = self._crop(rng)
            rgb, alpha = sprite.decode()
            size = side * np.exp(rng.uniform(np.log(0.05), np.log(0.4)))
            centre = rng.uniform(0.04, 0.96, 2) * side
            reach = Box.from_centre(*centre, 1.9 * size, 1.9 * size)
            if any(reach.intersection(b) > 0.1 * b.area for b in scene.boxes):
                continue
            if alpha is None:
                alpha = _soft_mask(rng, rgb.shape[:2], sprite.boxes[0])
            self._put(scene, rng, rgb, alpha, sprite.boxes, size, centre)
        return scene

    def _figure(self, rng, side) -> Scene:
        """One to three whole figures in front of a scene: small faces on bodies."""
        if not self._figures:
            return self._paste(rng, side)
        scene = Scene(self._background(rng, side))
        if rng.random() < 0.2:
            scene.pixels[:] = rng.integers(200, 256)
        for _ in range(rng.choice([1, 1, 2, 3])):
            sprite = self._figures[rng.integers(len(self._figures))]
            rgb, alpha = sprite.decode()
            face = max(sprite.boxes[0].w, sprite.boxes[0].h)
            whole = side / max(rgb.shape[:2])
            size = face * whole * np.exp(rng.uniform(np.log(0.6), np.log(2.5)))
            size = min(max(size, 14.0), 0.6 * side)
            centre = (rng.uniform(0.1, 0.9) * side, rng.uniform(0.08, 0.5) * side)
            reach = Box.from_centre(*centre, 2.5 * size, 2.5 * size)
            if any(reach.intersection(b) > 0.1 * b.area for b in scene.boxes):
                continue
            self._put(scene, rng, rgb, alpha, sprite.boxes, size, centre)
        return scene

    def _empty(self, rng, side) -> Scene:
        """Bodies, cloth and backgrounds: no face at all."""
        scene = Scene(self._background(rng, side))
        for x, y, w, h in _partition(rng, side):
            if rng.random() < 0.8:
                scene.pixels[y : y + h, x : x + w] = self._background(rng, max(w, h))[:h, :w]
        return scene

    def _web(self, rng, side) -> Scene:
        """A picture with drawn boxes."""
        return self._whole(rng, side, self._boxed)

    def _drawn(self, rng, side) -> Scene:
        """A picture of drawn characters."""
        return self._whole(rng, side, self._drawn_pictures)

    def _whole(self, rng, side, sprites: list[Sprite]) -> Scene:
        """A whole picture, scaled so that its face takes any size, cut or set into a scene."""
        sprite = sprites[rng.integers(len(sprites))]
        rgb, _ = sprite.decode()
        scene = Scene(self._background(rng, side) if rng.random() < 0.5 else np.zeros((side, side, 3), np.uint8))
        whole = side / max(rgb.shape[:2])
        height, width = rgb.shape[:2]
        middle_box = Box(0.35 * width, 0.35 * height, 0.3 * width, 0.3 * height)
        box = sprite.boxes[rng.integers(len(sprite.boxes))] if sprite.boxes else middle_box
        if rng.random() < 0.5:
            # As the detector will see it: the whole picture in the canvas.
            scale = whole * np.exp(rng.uniform(-0.35, 0.15))
            middle = np.array([side / 2, side / 2]) + rng.uniform(-0.06, 0.06, 2) * side
            centre = middle + (np.array(box.centre) - (rgb.shape[1] / 2, rgb.shape[0] / 2)) * scale
        else:
            size = side * np.exp(rng.uniform(np.log(0.07), np.log(0.95)))
            scale = size / max(box.w, box.h)
            centre = rng.uniform(0.2, 0.8, 2) * side if size < 0.6 * side else rng.uniform(0.4, 0.6, 2) * side
        size = scale * max(box.w, box.h)
        self._put(scene, rng, rgb, None, sprite.boxes, size, centre, small_turn=rng.random() < 0.7, anchor=box)
        return scene

    # pieces

    def _crop(self, rng) -> Sprite:
        found = self._crops[self._names[rng.choice(len(self._names), p=self._shares)]]
        return found[rng.integers(len(found))]

    def _background(self, rng, side: int) -> np.ndarray:
        """side x side pixels without a face."""
        kind = rng.random()
        if kind < 0.2:
            return np.broadcast_to(rng.integers(0, 256, 3).astype(np.uint8), (side, side, 3)).copy()
        if kind < 0.45:
            coarse = rng.integers(2, 12)
            colours = rng.integers(0, 256, (coarse, coarse, 3))
            spread = rng.uniform(0.2, 1.0)
            colours = (colours * spread + rng.integers(0, 256, 3) * (1 - spread)).astype(np.uint8)
            how = cv2.INTER_NEAREST if rng.random() < 0.2 else cv2.INTER_CUBIC
            return cv2.resize(colours, (side, side), interpolation=how)
        piece = self._faceless(rng)
        if piece is None:
            return np.full((side, side, 3), rng.integers(0, 256), np.uint8)
        piece = cv2.resize(piece, (side, side), interpolation=cv2.INTER_LINEAR)
        if rng.random() < 0.3:
            piece = cv2.GaussianBlur(piece, (0, 0), rng.uniform(1, 8))
        return piece

    def _faceless(self, rng) -> np.ndarray | None:
        """One of the pieces without a face, mirrored half of the time."""
        if not self._pool:
            return None
        piece = self._pool[rng.integers(len(self._pool))]
        return piece[:, ::-1] if rng.random() < 0.5 else piece

    def _faceless_pool(self, rng, n: int) -> list[np.ndarray]:
        pieces = (self._cut_faceless(rng) for _ in range(n))
        return [np.ascontiguousarray(piece) for piece in pieces if piece is not None]

    def _cut_faceless(self, rng) -> np.ndarray | None:
        """A piece of a figure below its face, or of a crop beside it."""
        if self._figures and rng.random() < 0.7:
            sprite = self._figures[rng.integers(len(self._figures))]
            rgb, alpha = sprite.decode()
            if alpha is not None:
                share = alpha[..., None] / 255.0
                rgb = (rgb * share + rng.integers(0, 256, 3) * (1 - share)).astype(np.uint8)
        else:
            sprite = self._crop(rng)
            rgb, _ = sprite.decode()
        height, width = rgb.shape[:2]
        box = sprite.boxes[0]
        top = int(box.bottom + 0.25 * box.h)
        if height - top >= 24:
            size = int(min(height - top, width) * rng.uniform(0.4, 1.0))
            x = rng.integers(0, max(width - size, 0) + 1)
            y = top + rng.integers(0, max(height - top - size, 0) + 1)
            piece = rgb[y : y + size, x : x + size]
        else:
            edge = int(max(box.x - 0.15 * box.w, width - box.right - 0.15 * box.w))
            if edge < 12:
                return None
            left = box.x > width - box.right
            piece = rgb[:, :edge] if left else rgb[:, width - edge :]
        if min(piece.shape[:2]) < 8:
            return None
        return piece

    def _put(self, scene, rng, rgb, alpha, boxes, size, centre, small_turn=False, anchor=None) -> None:
        """Lay a picture onto the scene so that its first face (or the box `anchor`) has that size and centre; hide
        part of some faces."""
        box = anchor or boxes[0]
        spread = 12 if small_turn or rng.random() < 0.6 else 45
        angle = float(np.clip(rng.normal(0, spread / 2), -45, 45)) if spread == 12 else rng.uniform(-45, 45)
        scale = size / max(box.w, box.h)
        stretch = np.exp(rng.normal(0, 0.06))
        turn = np.deg2rad(angle)
        flip = -1.0 if rng.random() < 0.5 else 1.0
        matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.diag(
            [flip * scale * stretch, scale / stretch]
        )
        offset = np.array(centre) - matrix @ np.array(box.centre)
        affine = np.hstack([matrix, offset[:, None]]).astype(np.float32)
        height, width = scene.pixels.shape[:2]
        if alpha is None:
            alpha = np.full(rgb.shape[:2], 255, np.uint8)
        if scale < 0.6:
            small = max(2 * scale, 0.1)
            rgb = cv2.resize(rgb, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
            alpha = cv2.resize(alpha, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_AREA)
            affine[:, :2] /= small
        # Only the part of the scene that the picture covers is touched.
        h, w = rgb.shape[:2]
        corners = affine @ np.array([[0, w, w, 0], [0, 0, h, h], [1, 1, 1, 1]])
        x1, y1 = np.maximum(np.floor(corners.min(1)).astype(int), 0)
        x2, y2 = np.minimum(np.ceil(corners.max(1)).astype(int), (width, height))
        if x2 <= x1 or y2 <= y1:
            return
        affine[:, 2] -= (x1, y1)
        place = scene.pixels[y1:y2, x1:x2]
        picture = cv2.warpAffine(rgb, affine, (x2 - x1, y2 - y1), flags=cv2.INTER_LINEAR)
        mask = cv2.warpAffine(alpha, affine, (x2 - x1, y2 - y1), flags=cv2.INTER_LINEAR)[..., None]
        self._forget_covered(scene, mask, int(x1), int(y1))
        blend = (picture.astype(np.uint16) * mask + place.astype(np.uint16) * (255 - mask)) // 255
        place[:] = blend.astype(np.uint8)
        for face in boxes:
            middle = matrix @ np.array(face.centre) + offset
            a, b = face.w / 2 * scale * stretch, face.h / 2 * scale / stretch
            # The upright box around the turned ellipse that the face fills.
            reach_x = np.hypot(a * np.cos(turn), b * np.sin(turn))
            reach_y = np.hypot(a * np.sin(turn), b * np.cos(turn))
            moved = Box.from_centre(*middle, 2 * reach_x, 2 * reach_y)
            self._add(scene, moved)
            if rng.random() < 0.3 and min(a, b) > 8:
                hide(scene.pixels, rng, middle, a, b, turn, self)

    @staticmethod
    def _add(scene: Scene, box: Box) -> None:
        height, width = scene.pixels.shape[:2]
        seen = box.clip(width, height)
        if seen is None:
            return
        if seen.area < 0.45 * box.area or max(seen.w, seen.h) < 11:
            scene.ignored.append(seen)
        else:
            scene.boxes.append(seen)

    @staticmethod
    def _forget_covered(scene: Scene, mask: np.ndarray, x: int, y: int) -> None:
        """Faces that what was just laid at x, y covers by more than a quarter count neither way."""
        kept = []
        for box in scene.boxes:
            x1, y1 = max(round(box.x) - x, 0), max(round(box.y) - y, 0)
            part = mask[y1 : max(round(box.bottom) - y, 0), x1 : max(round(box.right) - x, 0)]
            covered = part.sum() / (255.0 * box.area) if part.size else 0.0
            if covered <= 0.25:
                kept.append(box)
            elif covered < 0.9:
                scene.ignored.append(box)
        scene.boxes = kept


def _partition(rng, side: int) -> list[tuple[int, int, int, int]]:
    """Cut a square at random into cells of at least 48 pixels."""
    cells, done = [(0, 0, side, side)], []
    target = int(rng.choice([2, 4, 6, 9, 12]))
    while cells and len(cells) + len(done) < target:
        cells.sort(key=lambda c: -c[2] * c[3])
        x, y, w, h = cells.pop(0)
        if max(w, h) < 100:
            done.append((x, y, w, h))
            continue
        cut = rng.uniform(0.35, 0.65)
        if w >= h:
            first = int(w * cut)
            cells += [(x, y, first, h), (x + first, y, w - first, h)]
        else:
            first = int(h * cut)
            cells += [(x, y, w, first), (x, y + first, w, h - first)]
    return cells + done


def _soft_mask(rng, shape: tuple[int, int], box: Box) -> np.ndarray | None:
    """Cut a crop's head out of its rectangle: an ellipse or a rounded square around the face, its edge soft or hard."""
    kind = rng.random()
    if kind < 0.35:
        return None
    mask = np.zeros(shape, np.uint8)
    cx, cy = box.centre
    radius = (int(box.w * rng.uniform(0.75, 1.1)), int(box.h * rng.uniform(0.85, 1.2)))
    middle = (int(cx), int(cy - 0.15 * box.h))
    if kind < 0.8:
        cv2.ellipse(mask, middle, radius, 0, 0, 360, 255, -1)
    else:
        cv2.rectangle(
            mask,
            (middle[0] - radius[0], middle[1] - radius[1]),
            (middle[0] + radius[0], middle[1] + radius[1]),
            255,
            -1,
        )
    soft = rng.uniform(0, 0.12) * max(radius)
    return cv2.GaussianBlur(mask, (0, 0), soft) if soft > 0.6 else mask


def hide(pixels: np.ndarray, rng, middle, a: float, b: float, turn: float, painter: Painter) -> None:
    """Lay something over part of a face of half axes a, b: hair, a blindfold, a hood, a hand, a mask, a piece of cloth.

    The face stays true: it is the hidden faces that are missed.
    """
    right, down = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])

    def at(u: float, v: float) -> np.ndarray:
        return np.asarray(middle) + right * u * a + down * v * b

    def fill(points, colour) -> None:
        cv2.fillPoly(pixels, [np.round(np.array(points) * 8).astype(np.int32)], colour, cv2.LINE_AA, 3)

    height, width = pixels.shape[:2]
    hx, hy = np.clip(at(rng.uniform(-0.9, 0.9), -1.3), 0, (width - 1, height - 1)).astype(int)
    hair = tuple(int(c) for c in pixels[hy, hx])
    sx, sy = np.clip(at(rng.uniform(-0.4, 0.4), 0.45), 0, (width - 1, height - 1)).astype(int)
    skin = tuple(int(c) for c in pixels[sy, sx])
    cloth = tuple(int(c) for c in rng.integers(0, 256, 3))
    kind = rng.choice(
        ["hair", "band", "hood", "hand", "mask", "piece", "shade"], p=[0.26, 0.14, 0.16, 0.14, 0.08, 0.12, 0.1]
    )
    if kind == "hair":
        for _ in range(rng.integers(1, 5)):
            u, lean, wide = rng.uniform(-0.9, 0.9), rng.uniform(-0.5, 0.5), rng.uniform(0.12, 0.45)
            tip = rng.uniform(-0.1, 1.1)
            fill(
                [at(u - wide, -1.4), at(u + wide, -1.4), at(u + lean + wide * 0.5, tip * 0.4), at(u + lean, tip)], hair
            )
    elif kind == "band":
        v, tall, slope = rng.uniform(-0.35, 0.15), rng.uniform(0.2, 0.4), rng.uniform(-0.25, 0.25)
        colour = cloth if rng.random() < 0.6 else (15, 15, 18)
        fill(
            [
                at(-1.1, v - tall - slope),
                at(1.1, v - tall + slope),
                at(1.1, v + tall + slope),
                at(-1.1, v + tall - slope),
            ],
            colour,
        )
    elif kind == "hood":
        colour = tuple(int(c * 0.6) for c in cloth)
        thick = max(int(0.45 * a), 2)
        centre = tuple(int(c) for c in at(0, -0.15))
        cv2.ellipse(
            pixels, centre, (int(1.2 * a), int(1.35 * b)), np.rad2deg(turn), 150, 390, colour, thick, cv2.LINE_AA
        )
        if rng.random() < 0.6:
            v = rng.uniform(-0.6, 0.1)
            fill([at(-1.2, -1.5), at(1.2, -1.5), at(1.1, v), at(0, v + rng.uniform(-0.2, 0.2)), at(-1.1, v)], colour)
    elif kind == "hand":
        u, v = rng.uniform(-0.7, 0.7), rng.uniform(-0.2, 0.9)
        for finger in range(rng.integers(2, 5)):
            start = at(u + 0.28 * finger - 0.4, v)
            end = at(u + 0.28 * finger - 0.4 + rng.uniform(-0.1, 0.1), v + 1.2)
            cv2.line(pixels, tuple(map(int, start)), tuple(map(int, end)), skin, max(int(0.26 * a), 2), cv2.LINE_AA)
    elif kind == "mask":
        v = rng.uniform(0.0, 0.35)
        fill([at(-1.0, v), at(0, v - 0.15), at(1.0, v), at(0.7, 1.1), at(-0.7, 1.1)], cloth)
    elif kind == "piece":
        piece = painter._faceless(rng)
        if piece is None:
            return
        u, v = rng.uniform(-1, 1), rng.uniform(-1, 1)
        corner = at(u, v) - (0.6 * a, 0.6 * b) + right * np.sign(u) * 0.4 * a
        x1, y1 = np.maximum(corner.astype(int), 0)
        x2, y2 = min(int(x1 + 1.1 * a), width), min(int(y1 + 1.1 * b), height)
        if x2 > x1 and y2 > y1:
            pixels[y1:y2, x1:x2] = cv2.resize(piece, (int(x2 - x1), int(y2 - y1)), interpolation=cv2.INTER_AREA)
    else:
        # Half of the face, or its upper part, lies in the dark.
        x1, y1 = np.maximum(np.subtract(middle, (a, b)).astype(int), 0)
        x2, y2 = np.minimum(np.ceil(np.add(middle, (a, b))).astype(int), (width, height))
        if x2 > x1 and y2 > y1:
            part = pixels[y1:y2, x1:x2]
            ramp = np.linspace(rng.uniform(0.1, 0.5), 1, part.shape[1] if rng.random() < 0.5 else part.shape[0])
            ramp = ramp[::-1] if rng.random() < 0.5 else ramp
            ramp = ramp[None, :, None] if len(ramp) == part.shape[1] else ramp[:, None, None]
            part[:] = (part * ramp).astype(np.uint8)


def distort(scene: Scene, rng) -> None:
    """What happens to pictures on the web: grey, dark, tinted, blurred, noisy, written over, saved as JPEG again."""
    pixels = scene.pixels
    if rng.random() < 0.15:
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        pixels = np.repeat(grey[..., None], 3, 2)
        if rng.random() < 0.4:
            pixels = (pixels * rng.uniform(0.7, 1.0, 3)).astype(np.uint8)
    table = np.arange(256) / 255.0
    gamma = np.exp(rng.normal(0, 0.35)) if rng.random() < 0.7 else rng.uniform(1.5, 3.0)
    gain = rng.uniform(0.75, 1.15) if rng.random() < 0.8 else rng.uniform(0.3, 0.7)
    channels = gain * rng.uniform(0.88, 1.12, 3) if rng.random() < 0.6 else np.full(3, gain)
    lift = rng.uniform(-0.08, 0.12)
    tables = np.clip((table[:, None] ** gamma) * channels + lift, 0, 1)
    pixels = cv2.LUT(np.ascontiguousarray(pixels), np.round(tables * 255).astype(np.uint8)[None])
    if rng.random() < 0.35:
        hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0].astype(int) + rng.integers(-12, 13)) % 180
        hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(0.3, 1.4), 0, 255).astype(np.uint8)
        pixels = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    side = scene.side
    if rng.random() < 0.2:
        small = rng.uniform(0.35, 0.8)
        pixels = cv2.resize(pixels, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
        pixels = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_LINEAR)
    elif rng.random() < 0.15:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.5, 1.6))
    if rng.random() < 0.15:
        noise = rng.integers(-14, 15, (side, side, 1), dtype=np.int16)
        pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.08:
        text = "".join(chr(c) for c in rng.integers(48, 122, 8))
        place = (int(rng.integers(0, side // 2)), int(rng.integers(10, side)))
        cv2.putText(
            pixels,
            text,
            place,
            int(rng.integers(0, 7)),
            rng.uniform(0.4, 1.6),
            tuple(map(int, rng.integers(0, 256, 3))),
            int(rng.integers(1, 4)),
            cv2.LINE_AA,
        )
    if rng.random() < 0.35:
        quality = int(rng.integers(20, 85))
        pixels = cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    scene.pixels = np.ascontiguousarray(pixels)
