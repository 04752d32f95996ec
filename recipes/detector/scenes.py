"""Training scenes: faces pasted at known places, hidden, turned, darkened; and scenes that hold none.

`Painter(...).scene(rng, side)` gives pixels, true boxes and boxes to be ignored. Nothing is stored: every scene is
painted once, from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from core.imaging.boxes import Box
from recipes.detector.hiding import Frame, hide
from recipes.detector.shapes import patch
from recipes.detector.sources import WEIGHTS, Sprite
from recipes.detector.tones import distorted

TURNED = 0.1
"""Share of the faces that are turned by any angle, half of them about lying or upside down."""
HIDDEN = 0.42
"""Share of the faces of which something hides a part."""


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

    single: float = 0.20
    grid: float = 0.30
    paste: float = 0.26
    figure: float = 0.12
    empty: float = 0.06
    drawn: float = 0.06
    """Drawn characters (core.drawn), some seen from behind: faces of a kind that nobody else draws."""
    web: float = 0.0
    """Pictures with drawn boxes, whole or cut: only in the last stage."""


class Painter:
    """Paints scenes from sprites by source. `pieces`: pictures without a face that a detector took for one."""

    def __init__(
        self,
        sprites: dict[str, list[Sprite]],
        web: list[Sprite] = (),
        mix: Mix = Mix(),
        pool: int = 1500,
        pieces: list[np.ndarray] = (),
    ):
        crops = {source: found for source, found in sprites.items() if source in WEIGHTS and found}
        self._crops = crops
        self._names = sorted(crops)
        weights = np.array([WEIGHTS[name] for name in self._names])
        self._shares = weights / weights.sum()
        self._figures = sprites.get("touhou_cards", []) + 2 * sprites.get("warship_figures", [])
        self._boxed = list(web)
        self._pieces = list(pieces)
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
        if rng.random() < 0.15:
            self._strew(scene, rng)
        scene.pixels = distorted(scene.pixels, rng)
        return scene

    # kinds of scenes

    def _single(self, rng, side) -> Scene:
        """One face that may fill the picture, its own crop's surroundings carried on to the border."""
        scene = Scene(self._background(rng, side))
        sprite = self._crop(rng)
        rgb, alpha = sprite.decode()
        box, others = sprite.boxes[0], sprite.others
        size = side * np.exp(rng.uniform(np.log(0.1), np.log(1.05)))
        if alpha is None or rng.random() < 0.4:
            grown = round(0.6 * max(rgb.shape[:2]))
            if rng.random() < 0.5:
                # Not reflected: that would show the face twice.
                rgb = cv2.copyMakeBorder(rgb, grown, grown, grown, grown, cv2.BORDER_REPLICATE)
                box, alpha = box.shift(grown, grown), None
                others = tuple(other.shift(grown, grown) for other in others)
        centre = rng.uniform(0.15, 0.85, 2) * side if size < 0.6 * side else rng.uniform(0.38, 0.62, 2) * side
        self._put(scene, rng, rgb, alpha, (box,), size, centre, others=others)
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
            self._put(cell, rng, rgb, alpha, sprite.boxes, size, centre, small_turn=True, others=sprite.others)
            scene.pixels[y : y + h, x : x + w] = cell.pixels
            scene.boxes += [box.shift(x, y) for box in cell.boxes]
            scene.ignored += [box.shift(x, y) for box in cell.ignored]
        return scene

    def _paste(self, rng, side) -> Scene:
        """Several faces cut out and strewn over a scene."""
        scene = Scene(self._background(rng, side))
        if rng.random() < 0.4:
            self._strew(scene, rng)
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
            self._put(scene, rng, rgb, alpha, sprite.boxes, size, centre, others=sprite.others)
        return scene

    def _figure(self, rng, side) -> Scene:
        """One to three whole figures in front of a scene: small faces on bodies."""
        if not self._figures:
            return self._paste(rng, side)
        scene = Scene(self._background(rng, side))
        if rng.random() < 0.2:
            scene.pixels[:] = rng.integers(200, 256)
        if rng.random() < 0.4:
            self._strew(scene, rng)
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
        """Bodies, cloth, backgrounds and drawn things: no face at all."""
        scene = Scene(self._background(rng, side))
        for x, y, w, h in _partition(rng, side):
            if rng.random() < 0.8:
                scene.pixels[y : y + h, x : x + w] = self._background(rng, max(w, h))[:h, :w]
        self._strew(scene, rng)
        return scene

    def _strew(self, scene: Scene, rng) -> None:
        """Lay drawn things and pieces that look like faces over a scene, large and small; they count as no face."""
        shapes = rng.random() < 0.6 or not self._pieces
        thing = patch(rng) if shapes else None
        for _ in range(rng.integers(1, 9)):
            if thing is None or rng.random() < 0.5:
                thing = patch(rng) if shapes else self._piece(rng)
            rgb, alpha = thing
            size = scene.side * np.exp(rng.uniform(np.log(0.05), np.log(0.45)))
            whole = Box(0, 0, rgb.shape[1], rgb.shape[0])
            matrix, affine, _ = _placed(rng, whole, size, rng.uniform(0, 1, 2) * scene.side, rng.normal(0, 25))
            self._lay(scene, rgb, alpha, affine, np.sqrt(abs(np.linalg.det(matrix))))

    def _piece(self, rng) -> tuple[np.ndarray, np.ndarray]:
        """One of the pieces that look like a face, as a square or cut out softly."""
        piece = self._pieces[rng.integers(len(self._pieces))]
        alpha = None
        if rng.random() < 0.6:
            height, width = piece.shape[:2]
            alpha = _soft_mask(rng, (height, width), Box(0.22 * width, 0.22 * height, 0.56 * width, 0.56 * height))
        return piece, np.full(piece.shape[:2], 255, np.uint8) if alpha is None else alpha

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
        hard = self._pieces and rng.random() < 0.25
        piece = self._pieces[rng.integers(len(self._pieces))] if hard else self._faceless(rng)
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
            if sprite.others:
                return None
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

    def _put(self, scene, rng, rgb, alpha, boxes, size, centre, small_turn=False, anchor=None, others=()) -> None:
        """Lay a picture onto the scene so that its first face (or the box `anchor`) has that size and centre; hide
        part of some faces. `others` of its boxes count neither way."""
        box = anchor or boxes[0]
        matrix, affine, (stretch, turn) = _placed(rng, box, size, centre, _angle(rng, small_turn))
        scale = size / max(box.w, box.h)
        if not self._lay(scene, rgb, alpha, affine, scale):
            return
        for face in (*boxes, *others):
            middle = matrix @ np.array(face.centre) + affine[:, 2]
            a, b = face.w / 2 * scale * stretch, face.h / 2 * scale / stretch
            # The upright box around the turned ellipse that the face fills.
            reach_x = np.hypot(a * np.cos(turn), b * np.sin(turn))
            reach_y = np.hypot(a * np.sin(turn), b * np.cos(turn))
            moved = Box.from_centre(*middle, 2 * reach_x, 2 * reach_y)
            self._add(scene, moved, counts=face in boxes)
            if face in boxes and rng.random() < HIDDEN and min(a, b) > 8:
                hide(scene.pixels, rng, Frame(tuple(middle), a, b, turn))

    def _lay(self, scene, rgb, alpha, affine, scale) -> bool:
        """Lay a picture onto the scene; whether any of it lies there. Faces that it covers no longer count."""
        height, width = scene.pixels.shape[:2]
        affine = affine.astype(np.float32)
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
            return False
        affine[:, 2] -= (x1, y1)
        place = scene.pixels[y1:y2, x1:x2]
        picture = cv2.warpAffine(rgb, affine, (x2 - x1, y2 - y1), flags=cv2.INTER_LINEAR)
        mask = cv2.warpAffine(alpha, affine, (x2 - x1, y2 - y1), flags=cv2.INTER_LINEAR)[..., None]
        self._forget_covered(scene, mask, int(x1), int(y1))
        blend = (picture.astype(np.uint16) * mask + place.astype(np.uint16) * (255 - mask)) // 255
        place[:] = blend.astype(np.uint8)
        return True

    @staticmethod
    def _add(scene: Scene, box: Box, counts: bool = True) -> None:
        height, width = scene.pixels.shape[:2]
        seen = box.clip(width, height)
        if seen is None:
            return
        if not counts or seen.area < 0.45 * box.area or max(seen.w, seen.h) < 11:
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


def _angle(rng, small_turn: bool) -> float:
    """By how many degrees a face is turned: mostly little, up to 45, and TURNED of them by any angle."""
    if rng.random() < TURNED:
        return float(rng.choice([-90, 90, 180]) + rng.normal(0, 12)) if rng.random() < 0.5 else rng.uniform(-180, 180)
    if small_turn or rng.random() < 0.6:
        return float(np.clip(rng.normal(0, 6), -45, 45))
    return rng.uniform(-45, 45)


def _placed(rng, box: Box, size: float, centre, angle: float):
    """How a picture is laid so that a box has that size (of its longer side), centre and turn: the 2 x 2 matrix, the
    whole affine map 2 x 3, and by how much it is stretched across and turned (radians). Mirrored half of the time."""
    scale, stretch, turn = size / max(box.w, box.h), np.exp(rng.normal(0, 0.06)), np.deg2rad(angle)
    flip = -1.0 if rng.random() < 0.5 else 1.0
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.diag(
        [flip * scale * stretch, scale / stretch]
    )
    offset = np.array(centre) - matrix @ np.array(box.centre)
    return matrix, np.hstack([matrix, offset[:, None]]), (stretch, turn)


def _partition(rng, side: int) -> list[tuple[int, int, int, int]]:
    """Cut a square at random into cells, a few large or many of 40 pixels and more."""
    cells, done = [(0, 0, side, side)], []
    target = int(rng.choice([2, 4, 6, 9, 12, 25]))
    least = 100 if target < 25 else 72
    while cells and len(cells) + len(done) < target:
        cells.sort(key=lambda c: -c[2] * c[3])
        x, y, w, h = cells.pop(0)
        if max(w, h) < least:
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
