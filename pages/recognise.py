"""Recognise: drop a picture, get the name, or an honest unknown, with the evidence beside it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.commands import enrol, recognise
from core.errors import EncoderError
from core.imaging.hashes import sha256
from core.imaging.reading import read_picture, thumbnail
from core.recognise.config import RecogniseConfig
from core.recognise.enrolment import NOBODY, enrolled_faces, gallery_key, waiting_faces
from core.recognise.pictures import RecognisedFace, judged_again
from core.recognise.recogniser import Recogniser, open_recogniser, threshold_for
from core.visualise.figure import QueryPoint, map_figure
from core.visualise.map_builder import mapped_faces, ready_map
from core.visualise.projection import MapSettings, transform
from core.workspace.embeddings import encoder_digest
from core.workspace.models import encoder_in_use
from core.workspace.staleness import faces_fingerprint, freshness
from ui.common.charts import is_dark
from ui.common.errors import show_errors
from ui.common.header import open_page, wait_for_faces
from ui.common.jobs import is_running, job_panel, show_command_line, start_button, start_job
from ui.common.links import link
from ui.common.text import count, plain
from ui.recognise.answers import QueryResult, as_csv, as_json, show_asked
from ui.recognise.queries import queries
from ui.recognise.threshold import rate_slider, threshold_view

AT_ONCE = 100  # enrolled faces: so many are embedded while the page waits, more in a job
SHOWN = 600  # pixels: the longer side at which a picture is kept to be shown

project = open_page(
    "Recognise", "recognise", intro="Drop a picture: every face on it gets a name, a guess, or an honest *unknown*."
)
try:
    choice = encoder_in_use(project)
except EncoderError as error:
    st.info(plain(str(error)), icon=":material/model_training:")
    link("train")
    st.stop()
job_panel(project.workspace, "enrol", key="enrol_job", quiet=True)
if not enrolled_faces(project.catalogue)[0]:
    if not mapped_faces(project.catalogue)[0]:
        wait_for_faces(project, "There are no faces in this workspace yet.")
    st.info(NOBODY, icon=":material/person_add:")
    start_button(project, enrol.Arguments(), "Enrol all faces", key="enrol_start")
    st.stop()
waiting = waiting_faces(project, choice)
if waiting > AT_ONCE:
    if not is_running(project.workspace, "enrol"):
        start_job(project, enrol.Arguments(again=True))
        st.rerun()
    words = f"The encoder is another one since. {count(waiting, 'enrolled face')} are embedded by it now."
    st.info(words, icon=":material/autorenew:")
    st.stop()
if freshness(project.catalogue, "gallery").stale:
    start_button(project, enrol.Arguments(), "Enrol again", key="enrol_again", primary=False, show_command=False)


@st.cache_resource(show_spinner="The encoder is loaded …", max_entries=3)
def _recogniser(key: tuple) -> Recogniser:
    """Gallery and models, kept until the gallery, the faces or the encoder change."""
    return open_recogniser(project)


@st.cache_data(show_spinner=False, max_entries=100)
def _faces(key: tuple, picture: str, is_face_crop: bool | None, _data: bytes, name: str) -> tuple:
    """A picture made small, its scale, and its faces with their embeddings; the verdict follows the threshold."""
    rgb = read_picture(_data, name=name)
    small = thumbnail(rgb, SHOWN)
    return small, small.shape[1] / rgb.shape[1], tuple(_recogniser(key).ask(rgb, is_face_crop=is_face_crop))


@st.cache_data(show_spinner=False, max_entries=30)
def _threshold(key: tuple, far: float):
    recogniser = _recogniser(key)
    return threshold_for(project, recogniser.gallery, recogniser.choice, far)


def _judged(faces: tuple[RecognisedFace, ...]) -> tuple[RecognisedFace, ...]:
    return tuple(judged_again(faces, recogniser.gallery, threshold))


key = (
    str(project.workspace.root),
    gallery_key(project, encoder_digest(choice.path)),
    faces_fingerprint(project.catalogue),
)
recogniser = _recogniser(key)
gallery = recogniser.gallery
st.caption(
    f"{count(len(gallery), 'face')} of {count(len(gallery.names), 'character')} enrolled, by the encoder "
    f"{plain(choice.name)} ({plain(choice.why)})."
)
given = queries()
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    with st.container(width=320):
        far = rate_slider()
    is_face = st.toggle("The pictures are faces already", key="is_face", help="Do not look for faces on them.")
threshold = _threshold(key, far)
with st.expander("What this threshold costs", icon=":material/balance:"):
    threshold_view(threshold)

asked = []
progress = st.progress(0.0) if len(given) > 1 else None
for n, (name, data) in enumerate(given, 1):
    with show_errors():
        small, scale, faces = _faces(key, sha256(data), is_face or None, data, name)
        asked.append(QueryResult(Path(name).name, f"{n}_{sha256(data)[:12]}", small, scale, _judged(faces)))
    if progress is not None:
        progress.progress(n / len(given), text=f"{n} of {count(len(given), 'picture')}")
if progress is not None:
    progress.empty()

for one in asked:
    show_asked(project, one, threshold)

everyone = [(one, number, face) for one in asked for number, face in enumerate(one.answers, 1)]
if everyone:
    with st.container(horizontal=True, gap="small"):
        st.download_button("Answers as CSV", as_csv(asked), "answers.csv", "text/csv", icon=":material/download:")
        st.download_button(
            "Answers as JSON", as_json(asked), "answers.json", "application/json", icon=":material/download:"
        )
    with show_errors():
        drawn = ready_map(project, choice.path, MapSettings("umap"))
        drawn = drawn or ready_map(project, choice.path, MapSettings("pca"))
        if drawn is not None:
            st.subheader("Where they fall on the map")
            points = transform(drawn.projection, drawn.embeddings, [face.embedding for *_, face in everyone])
            names = [f"{one.name}, face {number}" for one, number, _ in everyone]
            query_points = [QueryPoint(point, words) for point, words in zip(points, names, strict=True)]
            order = [c.name for c in sorted(project.catalogue.characters(removed=True), key=lambda c: c.id)]
            st.plotly_chart(
                map_figure(drawn, order=order, query_points=query_points, dark=is_dark(), height=480), key="query_map"
            )
            st.caption("A star lies among its nearest faces; the verdict is made by similarity, not by the map.")
asking = recognise.Arguments((Path("PICTURE_OR_FOLDER"),), RecogniseConfig(far, is_face))
show_command_line(project.workspace, asking)
