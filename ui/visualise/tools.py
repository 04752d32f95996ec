"""What a person sets on the map: colours, a search, neighbours, the mouse; and the groups that the colours show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import DataError, WhoAmIError
from core.recognise.known_faces import KNOWN_VERDICTS, known_verdicts
from core.recognise.recogniser import open_recogniser
from core.visualise.details import GROUPINGS, NO_SERIES, NO_SOURCE, NO_SPLIT, SPLITS, FaceDetails
from core.visualise.map_data import MapData
from core.workspace.project import Project
from core.workspace.states import FaceState
from ui.common.from_core import said
from ui.common.language import N_, _, labels
from ui.common.text import plain

MOUSE = {"click": N_("Click"), "lasso": N_("Lasso")}
NO_VERDICT = N_("no verdict")
NEIGHBOURS = (0, 5, 10, 20)

STYLE = """<style>
@media (max-width: 640px) {
  :is(.st-key-method, .st-key-dimensions, .st-key-map_find, .st-key-mouse) [data-testid='stWidgetLabel'] {
    position: absolute; width: 1px; height: 1px; min-height: 0; overflow: hidden; clip-path: inset(50%); }
  .st-key-map_find { flex: 1 1 150px; width: auto !important; min-width: 0; }
}
</style>"""
"""On a telephone the map is seen without scrolling: fields that say themselves what they are show no label."""


@dataclass(frozen=True, slots=True)
class Tools:
    """colour: a key of GROUPINGS. words: what is searched for. neighbours: how many of a picked face are shown.
    mouse: a key of MOUSE. ring: whether doubtful labels have one. faces: points become faces from a zoom level on."""

    colour: str
    words: str
    neighbours: int
    mouse: str
    ring: bool
    faces: bool


def map_tools(flat: bool) -> Tools:
    """The fields over the map. flat: it has two dimensions."""
    st.html(STYLE)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        words = st.text_input(
            _("Find"), placeholder=_("character, file or series"), icon=":material/search:", key="map_find", width=230
        )
        mouse = st.segmented_control(
            _("Mouse"),
            list(MOUSE),
            default="click",
            format_func=labels(MOUSE),
            key="mouse",
            required=True,
            disabled=not flat,
        )
        colour = st.selectbox(
            _("Colour by"), list(GROUPINGS), format_func=labels(GROUPINGS), key="map_colour", width=140
        )
        with st.popover(_("Show"), icon=":material/tune:"):
            neighbours = st.segmented_control(
                _("Nearest faces of the picked one"),
                NEIGHBOURS,
                default=10,
                format_func=lambda n: str(n) if n else _("none"),
                key="map_neighbours",
                required=True,
                help=_("By the encoder's cosine similarity, not by their place on the map."),
            )
            faces = st.toggle(
                _("Faces instead of points, once few are in view"), True, key="map_draws", disabled=not flat
            )
            ring = st.toggle(_("A ring around possible label errors"), False, key="ring", disabled=not flat)
    return Tools(colour, words.strip(), neighbours or 0, mouse or "click", ring, faces)


def colour_groups(
    project: Project, data: MapData, details: FaceDetails, colour: str
) -> tuple[Sequence[str], Sequence[str]]:
    """The value of each face, and all values in an order that stays when faces come and go; those that are words, in
    the language of the page."""
    if colour == "character":
        everybody = sorted(project.catalogue.characters(removed=True), key=lambda c: c.id)
        return details.characters, [c.name for c in everybody]
    if colour == "verdict":
        return list(map(_, _verdicts(project, data))), list(map(_, KNOWN_VERDICTS))
    values = details.values(colour)
    none = {"series": NO_SERIES, "source": NO_SOURCE, "split": NO_SPLIT}[colour]
    if colour == "split":
        return list(map(_, values)), list(map(_, (*SPLITS.values(), none)))
    return [_(none) if one == none else one for one in values], [*sorted(set(values) - {none}), _(none)]


def _verdicts(project: Project, data: MapData) -> Sequence[str]:
    """What Recognise would say of each face if it were not enrolled itself; why not, where it cannot say."""
    enrolled = project.catalogue.counts("faces", state=FaceState.KEPT, copy_of=None, enrolled=True)
    try:
        if not enrolled:
            raise DataError(
                _("Nobody is enrolled yet. Enrol the characters on Recognise to see what it says of each face.")
            )
        with st.spinner(_("Asking Recognise about each face …")):
            return _judged(f"{data.key} {sorted(enrolled.items())}", project, data)
    except WhoAmIError as error:
        st.info(plain(said(str(error))), icon=":material/face:")
        return [NO_VERDICT] * len(data.faces)


@st.cache_data(show_spinner=False, max_entries=4)
def _judged(key: str, _project: Project, _data: MapData) -> list[str]:
    recogniser = open_recogniser(_project, encoder=_data.encoder)
    return known_verdicts(_data.embeddings, _data.labels, recogniser.threshold)
