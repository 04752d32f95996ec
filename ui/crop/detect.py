"""The machine's part of the crop page: which detector, which settings, what they would make of it, and the job."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.commands import crop
from core.crop.config import CropConfig
from core.crop.preview_triage import preview_triage
from core.errors import DetectorError
from core.scale.workers import is_installed
from core.settings import Settings
from core.vision.detector import NAMES, detector_names
from core.workspace.catalogue import Catalogue
from core.workspace.newest import newest_faces
from core.workspace.project import Project
from core.workspace.states import Kind, PictureState, ReviewState
from ui.common.from_core import said
from ui.common.grid import Tile, picture_grid
from ui.common.jobs import start_button
from ui.common.language import N_, _
from ui.common.text import count, plain

KEY = "crop_find"
"""Of the expander; True while it is open."""
NEWEST = 20
"""Faces shown while others are being found."""

DETECTORS = ("auto", "cnn", "cnn-tiles", "cascade-sensitive", "cascade")
LABELS = {
    "auto": N_("auto: the best there is"),
    "cnn": N_("cnn: the network that comes with the app"),
    "cnn-tiles": N_("cnn in tiles too: for small faces on very large pictures, slower"),
    "cascade-sensitive": N_("cascade, sensitive: small pictures enlarged, mirrored pass"),
    "cascade": N_("cascade, as in the article"),
}


def _detectors() -> list[str]:
    """Those that are worth choosing, and those of plugins."""
    return [*DETECTORS, *(name for name in detector_names() if name not in NAMES)]


def find_faces(project: Project, *, expanded: bool) -> None:
    """Settings, a recount with them at once, and the button that starts the job."""
    new = sum(
        project.catalogue.counts(
            "pictures", "review", kind=Kind.PICTURE, state=PictureState.KEPT, review=ReviewState.NEW
        ).values()
    )
    title = _("Find faces on {pictures}", pictures=count(new, "new picture")) if new else _("Find faces again")
    box = st.expander(title, icon=":material/frame_inspect:", expanded=expanded, key=KEY, on_change="rerun")
    if not box.open:  # a recount over thousands of faces is not for every rerun of the page
        return
    with box:
        detector = st.selectbox(
            _("Detector"), _detectors(), format_func=lambda name: _(LABELS.get(name) or name), key="detector"
        )
        with st.spinner(_("Getting the detector ready …")):
            point = _operating_point(detector, project.settings)
        if isinstance(point, str):
            st.warning(plain(said(point)), icon=":material/search_off:")
            point = 0.5
        left, right = st.columns(2)
        accept = left.slider(
            _("Keep without review from this score on"),
            0.05,
            1.0,
            round(point, 2),
            0.01,
            key=f"accept_{detector}",
            help=_(
                "The detector's own operating point is {point:.2f}. Fainter faces, down to {propose:.0%} of that "
                "score, are proposed.",
                point=point,
                propose=CropConfig.propose,
            ),
        )
        min_side = right.slider(_("Smallest face that is kept without review, pixels"), 8, 128, CropConfig.min_side, 4)
        chosen = None if abs(accept - round(point, 2)) < 0.001 else accept
        config = CropConfig(detector, chosen, min_side=min_side)
        _counted(project.catalogue, config, point)
        again = st.toggle(
            _("Look again at pictures that no person has decided"),
            value=not new,
            key=f"redo_{bool(new)}",
            help=_("What the detector said before is taken back; what you decided stays."),
        )
        arguments = crop.Arguments(replace(config, redo=again), workers=_workers())
        start_button(
            project, arguments, _("Find faces"), key="crop_start", primary=bool(new), disabled=not (new or again)
        )


def newest(project: Project) -> None:
    """The faces that were found last, while the job runs."""
    faces = newest_faces(project.catalogue, NEWEST)
    picture_grid([Tile(face.id, project.workspace.path(face.path)) for face in faces], key="crop_newest", side=92)


def _workers() -> int:
    """So many workers share the pictures; 0, without a field, where the packages for it are missing."""
    if not is_installed():
        return 0
    return int(
        st.number_input(
            _("Workers"),
            0,
            1000,
            0,
            key="crop_workers",
            width=160,
            help=_(
                "Processes that share the pictures, each on one core, on this machine or on the Ray cluster that "
                "RAY_ADDRESS names. With 0 this machine's cores share them without Ray."
            ),
        )
    )


def _counted(catalogue: Catalogue, config: CropConfig, operating_point: float) -> None:
    now = preview_triage(catalogue, config, operating_point)
    if now.sure + now.look + now.nothing == 0:
        return
    st.caption(
        _(
            "With these settings, of what was found: **{sure:,}** pictures sure, **{look:,}** to look at, "
            "**{nothing:,}** with nothing; {faces} kept without review. {pictures} you decided stay as they are.",
            sure=now.sure,
            look=now.look,
            nothing=now.nothing,
            faces=count(now.kept, "face"),
            pictures=count(now.done, "picture"),
        )
    )


@st.cache_data(show_spinner=False, ttl=600)
def _operating_point(detector: str, _settings: Settings) -> float | str:
    """The score of the detector's own choice, or why it cannot be had."""
    from core.vision import load_detector

    try:
        return float(load_detector(detector, settings=_settings).operating_point)
    except DetectorError as error:
        return str(error)
