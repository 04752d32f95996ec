"""Pictures for the review as the browser gets them, and the transparent canvas on which new boxes are drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from core.crop.canvas_edits import View
from core.errors import PictureError
from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.imaging.reading import encode_jpeg, read_picture
from ui.common.language import _
from ui.crop.state import Review

PREVIEW = 256
"""Pixels: side of the crop that is shown."""

DRAWING = 1000
"""Pixels: side of the canvas for new boxes; the browser scales it to the picture (ui/crop/browser/review.js)."""

AS_IT_IS = 1_000_000
"""Bytes: a larger file is sent smaller."""

STROKE, COLOUR = 3, "#e91e73"


def drawing_canvas(review: Review, label: str) -> None:
    """The canvas over the picture, empty until something is drawn. `label`: the name that a drawn box gets."""
    st_canvas(
        drawing_mode="labeled_rect",
        label=label,
        font_size=16,
        stroke_color=COLOUR,
        stroke_width=STROKE,
        fill_color="rgba(0,0,0,0)",
        width=DRAWING,
        height=DRAWING,
        key=drawing_key(review),
    )


def drawing_key(review: Review) -> str:
    """A canvas forgets its drawing when it gets another key: after each drawn box."""
    return f"review_drawing_{review.token}_{review.drawings}"


def background(path: Path, view: View) -> bytes:
    """What is shown of a picture, as JPEG; cached. Raises PictureError."""
    return _background(str(path), _stamp(path), view)


def readable(path: Path) -> None:
    """Raises PictureError where a picture cannot be read or is gone."""
    _pixels(str(path), _stamp(path))


def as_it_is(path: Path) -> tuple[bytes, str] | None:
    """A file that a browser shows as it lies there, and its type; None for one that has to be decoded first.

    So the pictures to come cost no time: decoding and encoding one takes longer than a person who presses keys.
    """
    try:
        if path.stat().st_size > AS_IT_IS:
            return None
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(_("{name} is gone from the folder. `sync` lists all such files.", name=path.name)) from error
    if data[:3] == b"\xff\xd8\xff":
        return data, "image/jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n" and b"acTL" not in data[:4096]:
        return data, "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and b"ANIM" not in data[:64]:
        return data, "image/webp"
    return None


def preview(path: Path, box: Box) -> bytes:
    """The crop that a box makes, as JPEG; cached. Raises PictureError."""
    return _preview(str(path), _stamp(path), box)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise PictureError(_("{name} is gone from the folder. `sync` lists all such files.", name=path.name)) from error


@st.cache_resource(show_spinner=False, max_entries=16)
def _pixels(path: str, stamp: int) -> np.ndarray:
    return read_picture(Path(path))


@st.cache_data(show_spinner=False, max_entries=64)
def _background(path: str, stamp: int, view: View) -> bytes:
    import cv2

    part = view.region.crop(_pixels(path, stamp))
    if (view.width, view.height) == part.shape[1::-1]:
        return encode_jpeg(part, 90)
    method = cv2.INTER_AREA if view.scale < 1 else cv2.INTER_CUBIC
    return encode_jpeg(cv2.resize(part, (view.width, view.height), interpolation=method), 90)


@st.cache_data(show_spinner=False, max_entries=512)
def _preview(path: str, stamp: int, box: Box) -> bytes:
    import cv2

    crop = face_crop(_pixels(path, stamp), box)
    return encode_jpeg(cv2.resize(crop, (PREVIEW, PREVIEW), interpolation=cv2.INTER_AREA), 90)
