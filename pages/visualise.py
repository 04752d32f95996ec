"""Visualise: where the faces lie, which labels look wrong, who is taken for whom, and what the encoder is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.commands import map as command
from core.errors import EncoderError
from core.jobs import Job
from core.similarity.label_errors import LabelError
from core.similarity.outliers import OddFace
from core.visualise.export import TITLES
from core.visualise.map_builder import mapped_count
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
from ui.common.tabs import open_tabs
from ui.common.text import count, plain
from ui.visualise.confusions import confused_view
from ui.visualise.kept import details_of, findings_of, map_of
from ui.visualise.label_errors import suspect_cards
from ui.visualise.map import map_view
from ui.visualise.metrics import figures_tab

project = open_page(
    _("Visualise"), "visualise", intro=_("Every face is a point; faces that the encoder finds alike lie together.")
)
mapped = mapped_count(project.catalogue)
if not mapped:
    wait_for_faces(project, _("There are no faces in this workspace yet."))
try:
    in_use = encoder_in_use(project)
except EncoderError as error:
    st.info(plain(said(str(error))), icon=":material/model_training:")
    lead_to("train")
    st.stop()


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
    wanted = map_of(project, weights, settings)
    data = wanted or map_of(project, weights, MapSettings("pca", dimensions))


def _begun(job: Job) -> None:
    """Once all faces are embedded there is a PCA to look at, while the job goes on."""
    if data is None and job.progress is not None and job.progress.stage in ("umap", "tsne"):
        st.rerun()


job_panel(project.workspace, "map", key="map_job", draw=_begun, quiet=True)
newer = data.unseen + data.placed if data is not None else 0
if data is None or wanted is None or newer:
    if data is None:
        words = ngettext(
            "The encoder has not seen this {n:,} face yet. That takes about a minute.",
            "The encoder has not seen these {n:,} faces yet. That takes about a minute.",
            mapped,
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
    return [s for s in findings_of(shown.key, shown).suspects if not confirmed[s.index]]


shown = data  # of many faces the map is there long before what was found on it
map_view(project, shown, details_of(project, shown), lambda: {shown.faces[s.index].id for s in _doubtful(shown)})
show_command_line(project.workspace, arguments)


@st.fragment
def found_on(data: MapData) -> None:
    """What is found on the map, in tabs; to change between them runs nothing else of the page."""
    with st.spinner(_("Looking for wrong labels and outliers …"), show_time=True):
        doubtful, found = _doubtful(data), findings_of(data.key, data)
    titles = [
        _("Possible label errors ({n})", n=len(doubtful)),
        _("Outliers ({n})", n=len(found.odd)),
        _("Confused pairs"),
        _("Figures"),
    ]
    suspects, odd, pairs, figures = open_tabs(titles, key="visualise_tabs")
    if suspects.open:
        with suspects:
            _suspects(data, doubtful)
    if odd.open:
        with odd:
            _odd(data, found.odd)
    if pairs.open:
        with pairs:
            confused_view(project.workspace, data, found.pairs)
    if figures.open:
        with figures:
            figures_tab(project, encoder)


def _suspects(data: MapData, doubtful: Sequence[LabelError]) -> None:
    suspect_cards(project, data, doubtful)
    confirmed = sum(is_confirmed(project.catalogue, data.faces))
    words = _("Ask again about {labels}", labels=count(confirmed, "confirmed label"))
    if confirmed and st.button(words, type="tertiary"):
        forget_confirmed(project.catalogue)
        st.rerun()


def _odd(data: MapData, odd: Sequence[OddFace]) -> None:
    st.caption(
        _("Faces far from all others of their character: bad crops, hands, logos, backs of heads. The farthest first.")
    )
    name_of = dict(zip((f.character_id for f in data.faces), data.labels, strict=True))
    picked_faces(project, [data.faces[o.index] for o in odd], name_of, key="odd")


found_on(data)
next_button(project, "visualise")
