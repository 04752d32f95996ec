"""The open face: its answer, the corrections, and the picture that it is on."""

from __future__ import annotations

import streamlit as st

from core.imaging.reading import encode_jpeg
from core.recognise.annotating import annotated_to_keep, font_advice
from core.recognise.answer_rows import Row
from core.recognise.recogniser import Recogniser
from core.recognise.threshold import Threshold
from core.workspace.project import Project
from ui.common.from_core import said
from ui.common.language import _
from ui.common.text import plain
from ui.recognise.answers import PICTURE, say_if_enrolled, show_candidates, show_verdict, with_boxes
from ui.recognise.asked import AskedPicture, Asking
from ui.recognise.corrections import correct_face
from ui.recognise.drawing import draw_box
from ui.recognise.examples import show_truth


def show_face(
    project: Project, asking: Asking, row: Row, threshold: Threshold, recogniser: Recogniser, *, wide: bool
) -> None:
    """The chosen row with its evidence. wide: it has the page's width, so that its picture stands beside the answer."""
    picture = asking.pictures[row.key]
    number = f" · {_('face {n} of {total}', n=row.face, total=row.faces)}" if row.faces > 1 else ""
    with st.container(border=True, key="answer_face"):
        st.markdown(f"**{plain(row.picture)}**{number}")
        if picture.error:
            st.error(plain(said(picture.error)), icon=":material/error:")
        elif not row.face:
            _no_face(asking, row, recogniser)
        else:
            one = asking.face(row)
            answer, shown = st.columns(2, gap="medium") if wide else (st.container(), st.container())
            with answer:
                show_verdict(project, one, threshold)
                if picture.small is not None:
                    say_if_enrolled(project, one, picture.small)
                show_truth(project, picture.name)
                correct_face(project, asking, one, picture=row.picture, key=row.id)
            with shown:
                _picture(asking, row, picture, recogniser)
            with answer:
                show_candidates(one, threshold)


def _no_face(asking: Asking, row: Row, recogniser: Recogniser) -> None:
    st.info(
        _(
            "No face was found on it. Draw a box around one here: from the forehead to the chin, from cheek to cheek. "
            "If the picture is itself a face, say so under Options."
        ),
        icon=":material/search_off:",
    )
    draw_box(asking, row, recogniser)


def _picture(asking: Asking, row: Row, picture: AskedPicture, recogniser: Recogniser) -> None:
    """The picture with its boxes; a new box can be drawn, and the picture kept with boxes and names on it."""
    drawing = st.toggle(_("The box is wrong: draw it anew"), key=f"redraw_{row.id}_{asking.edits}")
    if drawing:
        draw_box(asking, row, recogniser)
    else:
        st.image(with_boxes(picture, row.face), width=PICTURE, alt=picture.name)
    st.download_button(
        _("Picture with boxes and names"),
        lambda: encode_jpeg(annotated_to_keep(picture.read(), picture.faces), 92),
        f"{picture.name.rpartition('.')[0] or picture.name} named.jpg",
        "image/jpeg",
        key="answer_annotated",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
    advice = font_advice({one.answer.character for one in picture.faces if one.answer.character})
    if advice:
        st.caption(f":material/font_download_off: {plain(said(advice))}")
