"""Recognise: drop a picture, get the name, or an honest unknown, with the evidence beside it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core import jobs
from core.commands import enrol, recognise
from core.errors import EncoderError
from core.recognise.enrolment import NOBODY, gallery_key, is_anybody_enrolled, waiting_faces
from core.recognise.recogniser import Recogniser, open_recogniser
from core.recognise.threshold import Threshold
from core.visualise.map_builder import mapped_count
from core.workspace.embeddings import encoder_digest
from core.workspace.models import encoder_in_use
from core.workspace.staleness import freshness, split_fingerprint
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.header import open_page, wait_for_faces
from ui.common.jobs import is_running, job_panel, show_command_line, start_button, start_job
from ui.common.language import _, ngettext
from ui.common.links import lead_to
from ui.common.text import count, plain
from ui.recognise.asked import asking_of, judge, look
from ui.recognise.batch import choose_answers, show_batch
from ui.recognise.examples import examples
from ui.recognise.intake import take_in, take_path
from ui.recognise.options import options
from ui.recognise.queries import VIDEO, ask_with, given_path, given_pictures
from ui.recognise.query_map import query_map
from ui.recognise.results import show_results
from ui.recognise.shipped_cast import cast_is_on, offer_cast
from ui.recognise.threshold import threshold_view
from ui.recognise.video import given_video, show_videos, watch_button

Key = tuple[str, str, str, bool]  # the workspace, the gallery, the faces and their split, whether the cast is asked
AT_ONCE = 100  # enrolled faces: so many are embedded while the page waits, more in a job

project = open_page(
    _("Recognise"),
    "recognise",
    intro=_("Drop a picture or a video: every face gets a name, a guess, or an honest *unknown*."),
)
try:
    choice = encoder_in_use(project)
except EncoderError as error:
    st.info(plain(said(str(error))), icon=":material/model_training:")
    lead_to("train")
    st.stop()
job = job_panel(project.workspace, "enrol", key="enrol_job", quiet=True)
digest = encoder_digest(choice.path)
nobody = not is_anybody_enrolled(project.catalogue)
only_cast = nobody and offer_cast(digest)
if nobody and not only_cast:
    if not mapped_count(project.catalogue):
        wait_for_faces(project, _("There are no faces in this workspace yet."))
    st.info(said(NOBODY), icon=":material/person_add:")
    start_button(project, enrol.Arguments(), _("Enrol all faces"), key="enrol_start")
    st.stop()
waiting = waiting_faces(project, choice)
if waiting > AT_ONCE:
    words = ngettext(
        "The encoder has changed. {n:,} enrolled face must be embedded again.",
        "The encoder has changed. {n:,} enrolled faces must be embedded again.",
        waiting,
    )
    st.info(words, icon=":material/autorenew:")
    if job is not None and job.state in (jobs.FAILED, jobs.DIED, jobs.CANCELLED):  # not again and again by itself
        start_button(project, enrol.Arguments(again=True), _("Enrol again"), key="enrol_waiting")
    elif not is_running(project.workspace, "enrol"):
        with show_errors():
            start_job(project, enrol.Arguments(again=True))
            st.rerun()
    st.stop()
with st.container():  # what comes and goes has a place of its own: what lies below does not move, and stand there twice
    if freshness(project.catalogue, "gallery").stale:
        start_button(project, enrol.Arguments(), _("Enrol again"), key="enrol_again", primary=False, twin=False)


@st.cache_resource(show_spinner=False, max_entries=3)
def _recogniser(key: Key) -> Recogniser:
    """Gallery and models, kept until the gallery, the faces or the encoder change."""
    return open_recogniser(project, shipped_cast=key[-1])


@st.cache_resource(show_spinner=False, max_entries=30)
def _threshold(key: Key, far: float) -> Threshold:
    return _recogniser(key).at(far)


made_of = str(project.workspace.root), gallery_key(project, digest), split_fingerprint(project.catalogue)
key = (*made_of, only_cast or cast_is_on(digest))
with st.spinner(_("Loading the encoder …")):
    recogniser = _recogniser(key)
gallery = recogniser.gallery
asking = asking_of(project)
enrolled = _(
    "{faces} of {characters} enrolled, by the encoder {name} ({why}).",
    faces=count(len(gallery), "face"),
    characters=count(len(gallery.names), "character"),
    name=plain(choice.name),
    why=plain(said(choice.why)),
)
with st.container():
    if not nobody and not asking.pictures:  # afterwards the answer comes first
        st.caption(enrolled)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    way = ask_with()
    with st.container(width="stretch", key="answers_given"):
        video = given_video(project) if way == VIDEO else None
        given = [] if way == VIDEO else list(given_pictures(project, way, asking))
if way != VIDEO:
    path = given_path(asking)
    given += examples(project, asking)
with st.expander(_("Options"), icon=":material/tune:", key="options", on_change="rerun") as folded:
    config = options(digest, video=way == VIDEO, shipped_cast=True if only_cast else None)
    if not nobody and asking.pictures:
        st.caption(enrolled)
    costs = st.container()
if way == VIDEO:
    watch_button(project, video, config.far, config.shipped_cast)
else:
    take_in(project, asking, given, config)
    take_path(project, asking, path, config)
threshold = _threshold(key, config.far)
if folded.open and not nobody:
    with costs:
        threshold_view(threshold)
if way == VIDEO:
    with show_errors():
        show_videos(project, asking, recogniser, threshold)
    st.stop()

with show_errors():
    batch = choose_answers(project, asking)
    if batch is None:
        look(asking, recogniser, digest, config.faces)
        judge(asking, recogniser, threshold, config.repeated)
        show_results(project, asking, threshold, recogniser)
        query_map(project, recogniser, list(asking.pictures.values()))
        asked_by_command = recognise.Arguments((Path("PICTURE_OR_FOLDER"),), config)
    else:
        show_batch(project, batch, recogniser, threshold, config)
        asked_by_command = recognise.Arguments((batch.source,), batch.config, csv=Path("answers.csv"), resume=True)
    show_command_line(project.workspace, asked_by_command)
