"""The canvas of the crop review: the picture with its boxes, and what the person changed on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from core.crop.canvas_edits import ACTIVE, STROKE, CanvasBox, View, canvas_boxes, drawing
from core.errors import PictureError
from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace.tables import Face

PREVIEW = 256
"""Pixels: side of the crop that is shown."""


def boxes_canvas(
    background: bytes,
    view: View,
    initial: Mapping[str, Any],
    *,
    key: str,
    label: str,
) -> list[CanvasBox]:
    """Draw the canvas and give its boxes in pixels of the picture. `label`: the name that a drawn box gets.

    The component forgets its drawing when it is mounted anew: `initial` must stay the same as long as `key` does.
    """
    result = st_canvas(
        background_image=background,
        initial_drawing=dict(initial),
        drawing_mode="labeled_rect",
        label=label,
        font_size=14,
        stroke_color=ACTIVE,
        stroke_width=STROKE,
        fill_color="rgba(0,0,0,0)",
        width=view.width,
        height=view.height,
        key=key,
    )
    return canvas_boxes(result.json_data, view)


def initial_drawing(faces: Sequence[Face], names: Mapping[int, str], view: View, active: int | None) -> dict[str, Any]:
    """The faces as the canvas takes them."""
    return drawing(faces, names, view, active)


def background(path: Path, view: View) -> bytes:
    """What the canvas shows of the picture, as JPEG of the canvas's size; cached. Raises PictureError."""
    return _background(str(path), _stamp(path), view)


def preview(path: Path, box: Box) -> bytes:
    """The crop that a box makes, as JPEG; cached. Raises PictureError."""
    return _preview(str(path), _stamp(path), box)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise PictureError(f"{path.name} is gone from the folder. `sync` lists all such files.") from error


@st.cache_resource(show_spinner=False, max_entries=8)
def _pixels(path: str, stamp: int) -> np.ndarray:
    return read_picture(Path(path))


@st.cache_data(show_spinner=False, max_entries=64)
def _background(path: str, stamp: int, view: View) -> bytes:
    import cv2

    part = view.region.crop(_pixels(path, stamp))
    method = cv2.INTER_AREA if view.scale < 1 else cv2.INTER_CUBIC
    return encode_jpeg(cv2.resize(part, (view.width, view.height), interpolation=method), 90)


@st.cache_data(show_spinner=False, max_entries=512)
def _preview(path: str, stamp: int, box: Box) -> bytes:
    import cv2

    crop = face_crop(_pixels(path, stamp), box)
    return encode_jpeg(cv2.resize(crop, (PREVIEW, PREVIEW), interpolation=cv2.INTER_AREA), 90)
