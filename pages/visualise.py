"""Visualise: where the faces lie, which labels look wrong, who is taken for whom, and what the encoder is worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.commands import map as command
from core.errors import EncoderError
from core.jobs import Job
from core.similarity.confusions import confused_pairs
from core.similarity.label_errors import LabelError, find_label_errors
from core.similarity.outliers import outlier_faces
from core.visualise.details import face_details
from core.visualise.export import TITLES
from core.visualise.map_builder import mapped_faces, ready_map
from core.visualise.map_data import MapData
from core.visualise.map_settings import MapSettings
from core.workspace.confirmed import forget_confirmed, is_confirmed
from core.workspace.models import encoder_in_use, encoder_names, encoder_path
from ui.common.errors import show_errors
from ui.common.face_actions import picked_faces
from ui.common.from_core import said
from ui.common.header import open_page, wait_for_faces
from ui.common.jobs import job_panel, show_command_line, start_button
from ui.common.language import _, ngettext
from ui.common.links import lead_to
from ui.common.next import next_button
from ui.common.text import count, plain
from ui.visualise.confusions import confused_view
from ui.visualise.label_errors import suspect_cards
from ui.visualise.map import map_view
from ui.visualise.metrics import figures_tab

project = open_page(
    _("Visualise"), "visualise", intro=_("Every face is a point; faces that the encoder finds alike lie together.")
)
faces, labels = mapped_faces(project.catalogue)
if not faces:
    wait_for_faces(project, _("There are no faces in this workspace yet."))
try:
    in_use = encoder_in_use(project)
except EncoderError as error:
    st.info(plain(said(str(error))), icon=":material/model_training:")
    lead_to("train")
    st.stop()


@st.cache_data(show_spinner=False, max_entries=8)
def _findings(key: str, _data: MapData):
    """Suspects, odd faces and confused pairs of a map; the key changes with its faces, labels and encoder."""
    found, odd = find_label_errors(_data.embeddings, _data.labels), outlier_faces(_data.embeddings, _data.labels)
    return found, odd, confused_pairs(_data.embeddings, _data.labels)


with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    methods, names = list(TITLES), encoder_names(project.workspace)
    method = st.segmented_control(
        _("Projection"), methods, default="umap", format_func=TITLES.get, key="method", required=True
    )
    dimensions = st.segmented_control(
        _("Dimensions"), [2, 3], default=2, format_func="{}D".format, key="dimensions", required=True
    )
    encoder = st.selectbox(_("Encoder"), names, index=names.index(in_use.name), key=f"encoder_{in_use.name}", width=230)
settings = MapSettings(method, dimensions)
weights = encoder_path(project.workspace, encoder)
arguments = command.Arguments(Path("map.html"), settings, encoder)
data = wanted = None
with show_errors():
    wanted = ready_map(project, weights, settings)
    data = wanted or ready_map(project, weights, MapSettings("pca", dimensions))


def _begun(job: Job) -> None:
    """Once all faces are embedded there is a PCA to look at, while the job goes on."""
    if data is None and job.progress is not None and job.progress.stage in ("umap", "tsne"):
        st.rerun()


job_panel(project.workspace, "map", key="map_job", draw=_begun, quiet=True)
newer = data.unseen + data.placed if data is not None else 0
if data is None or wanted is None or newer:
    if data is None:
        n = len(faces)
        words = ngettext(
            "The encoder has not seen this {n:,} face yet. That takes about a minute.",
            "The encoder has not seen these {n:,} faces yet. That takes about a minute.",
            n,
        )
    elif wanted is None:
        words = _(
            "This is the PCA map, which is ready at once. Computing {method} takes about a minute.",
            method=TITLES[method],
        )
    else:
        words = _("{faces} came after this map was made.", faces=count(newer, "face"))
    st.info(words, icon=":material/scatter_plot:")
    start_button(
        project,
        replace(arguments, out=project.workspace.cache / "map.html"),
        _("Make the {method} map", method=TITLES[method]),
        key="map_start",
        twin=False,
    )
if data is None:
    show_command_line(project.workspace, arguments)
    st.stop()


def _doubtful(shown: MapData) -> list[LabelError]:
    """The possible label errors that nobody said are none."""
    confirmed = is_confirmed(project.catalogue, shown.faces)
    return [s for s in _findings(shown.key, shown)[0] if not confirmed[s.index]]


shown = data  # of many faces the map is there long before what was found on it
details = face_details(project.catalogue, shown.faces, shown.labels)
map_view(project, shown, details, lambda: {shown.faces[s.index].id for s in _doubtful(shown)})
show_command_line(project.workspace, arguments)
with st.spinner(_("Looking for wrong labels and outliers …"), show_time=True):
    doubtful, (odd, pairs) = _doubtful(data), _findings(data.key, data)[1:]
    confirmed = is_confirmed(project.catalogue, data.faces)

titles = [
    _("Possible label errors ({n})", n=len(doubtful)),
    _("Outliers ({n})", n=len(odd)),
    _("Confused pairs"),
    _("Figures"),
]
tabs = st.tabs(titles, key="visualise_tabs")
with tabs[0]:
    suspect_cards(project, data, doubtful)
    if any(confirmed) and st.button(
        _("Ask again about {labels}", labels=count(sum(confirmed), "confirmed label")), type="tertiary"
    ):
        forget_confirmed(project.catalogue)
        st.rerun()
with tabs[1]:
    st.caption(
        _("Faces far from all others of their character: bad crops, hands, logos, backs of heads. The farthest first.")
    )
    name_of = dict(zip((f.character_id for f in data.faces), data.labels, strict=True))
    picked_faces(project, [data.faces[o.index] for o in odd], name_of, key="odd")
with tabs[2]:
    confused_view(project.workspace, data, pairs)
with tabs[3]:
    figures_tab(project, encoder)
next_button(project, "visualise")
