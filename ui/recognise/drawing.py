"""A face's box drawn by hand: on its surroundings, or on the whole picture where none was found."""

from __future__ import annotations

import cv2
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from core.crop.canvas_edits import View, canvas_boxes
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg
from core.recognise.answer_rows import Row
from core.recognise.recogniser import Recogniser
from ui.common.errors import show_errors
from ui.common.language import _
from ui.recognise.asked import AskedPicture, Asking
from ui.recognise.corrections import redraw

SIZE = (340, 420)
"""Pixels: the canvas fits a phone."""
COLOUR = "#e91e73"


def draw_box(asking: Asking, row: Row, recogniser: Recogniser) -> None:
    """The canvas; once a box is drawn the face in it is asked about."""
    picture = asking.pictures[row.key]
    if picture.small is None:
        return
    around = picture.faces[row.face - 1].box if row.face else None
    if around is not None:
        st.caption(_("Draw a box around the face: from the forehead to the chin, from cheek to cheek."))
        if st.toggle(_("Show the whole picture"), key=f"whole_{row.id}"):
            around = None
    with show_errors():
        view, data = _background(picture, around)
        drawn = st_canvas(
            drawing_mode="rect",
            stroke_color=COLOUR,
            stroke_width=2,
            fill_color="rgba(0,0,0,0)",
            background_image=data,
            width=view.width,
            height=view.height,
            key=f"canvas_{row.id}_{asking.edits}_{around is None}",
        )
        boxes = canvas_boxes(drawn.json_data, view)
        if boxes:
            redraw(asking, row, boxes[-1].box, recogniser)


@st.cache_data(show_spinner=False, max_entries=20, hash_funcs={AskedPicture: lambda one: one.key, Box: Box.as_list})
def _background(picture: AskedPicture, around: Box | None) -> tuple[View, bytes]:
    """What the canvas shows of a picture, in its own resolution, as JPEG."""
    rgb = picture.read()
    view = View.of(rgb.shape[1], rgb.shape[0], SIZE, around)
    part = view.region.crop(rgb)
    method = cv2.INTER_AREA if view.scale < 1 else cv2.INTER_CUBIC
    return view, encode_jpeg(cv2.resize(part, (view.width, view.height), interpolation=method), 90)
