"""The one big place to drop things on: a heap of pictures becomes a workspace, a single picture a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.commands import import_
from core.errors import DataError, EncoderError
from core.imaging import formats
from core.settings import Settings
from core.workspace.folders import slug, unique
from core.workspace.leftovers import HEAP
from core.workspace.models import encoder_in_use
from core.workspace.project import Project
from core.workspace.states import FaceState
from core.workspace.workspaces import create_workspace, workspace_names
from ui.common.errors import show_errors
from ui.common.jobs import start_job
from ui.common.language import N_, _
from ui.common.links import go
from ui.common.state import current, flash, state, use
from ui.common.text import count, plain
from ui.common.uploads import keep_folder_names

TYPES = [*formats.ENDINGS, "zip"]
LARGE = """
.st-key-drop_zone [data-testid="stFileUploaderDropzone"] {
    min-height: 11rem; border: 2px dashed; justify-content: center; align-items: center
}
.st-key-drop_zone label p { font-size: 1.15rem; font-weight: 600 }
"""
"""As long as there is no picture, the zone is the largest thing on the page."""
NAME = "my_pictures"
"""What a workspace is called that was made of a heap without a name."""
TOO_EARLY = N_(
    "To say who this is, the app must know somebody first. Drop pictures of at least two characters, about ten of "
    "each or more (unsorted is fine: the faces are named later), or see how it works with the drawn characters."
)


def drop_zone(project: Project | None) -> None:
    """Draw the zone and act on what is dropped at once; with a workspace open, pictures go into that one."""
    label = (
        _("Drop a picture, a zip, or a folder")
        if project is None
        else _("Drop a picture to ask who it is, or many to add")
    )
    key = f"drop_{st.session_state.get('drop_round', 0)}"
    first = project is None or not project.catalogue.counts("pictures")
    st.html(f"<style>{LARGE if first else ''}</style>")
    keep_folder_names()
    with st.container(key="drop_zone"):
        files = st.file_uploader(label, TYPES, accept_multiple_files=True, key=key)
    with st.popover(_("Choose a folder"), icon=":material/folder_open:", type="tertiary"):
        st.caption(_("A folder in it for each character names them all. You can drop it above as well."))
        folder = st.file_uploader(_("Choose the folder"), accept_multiple_files="directory", key=f"{key}_folder")
    if files or folder:
        with show_errors():
            _act(project, files or folder)


def _act(project: Project | None, files: Sequence[UploadedFile]) -> None:
    if len(files) == 1 and not _is_zip(files[0]):
        _ask(project, files[0])
        return
    with st.spinner(_("Importing {files} …", files=count(len(files), "file"))):
        _take_in(project, files)
    _empty()
    go("collect")


def _ask(project: Project | None, file: UploadedFile) -> None:
    """A single picture: asked about where somebody is enrolled, else said what is needed first."""
    if project is None or not can_answer(project):
        st.info(_(TOO_EARLY), icon=":material/person_search:")
        if project is not None and st.button(_("Add it to {name}", name=plain(project.name)), key="drop_add"):
            _take_in(project, [file])
            _empty()
            go("collect")
        return
    state().asked = ((file.name, file.getvalue()),)
    _empty()
    go("recognise")


def can_answer(project: Project) -> bool:
    """Whether somebody is enrolled, and an encoder is there to compare with."""
    try:
        encoder_in_use(project)
    except EncoderError:
        return False
    return bool(project.catalogue.counts("faces", state=FaceState.KEPT, copy_of=None, enrolled=True))


def _take_in(project: Project | None, files: Sequence[UploadedFile]) -> None:
    """Lay the files down, look at them, and start the import that fits, in the open workspace or in a new one."""
    from core.collect.dropped import lay_out, look_at  # brings what downloads: not to be waited for on the first page

    zips = [file for file in files if _is_zip(file)]
    if zips and len(files) > 1:
        raise DataError(
            _(
                "A zip must come on its own: {name} was dropped together with {files}, so nothing was imported. Drop "
                "the zip first, then the rest.",
                name=zips[0].name,
                files=count(len(files) - 1, "other file"),
            )
        )
    data = Settings().data_dir
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=HEAP, dir=data) as folder:  # what holds no picture makes no workspace
        lay_out(((file.name, file.getvalue()) for file in files), Path(folder, "heap"))
        found = look_at(_laid(Path(folder, "heap"), alone=bool(zips)))
        if project is None:
            name = slug(Path(zips[0].name).stem) if zips else NAME
            use(create_workspace(unique(name, {one.casefold() for one in workspace_names()})).name)
            project = current()
        if project is None:
            return
        place = project.workspace.cache / "uploads" / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        place.parent.mkdir(parents=True, exist_ok=True)
        Path(folder, "heap").rename(place)
    heap = _laid(place, alone=bool(zips))
    start_job(project, import_.Arguments(heap, found.kind, None, "", found.unnamed))
    n = count(found.pictures, "picture")
    if found.unnamed:
        flash(_("{pictures} without a character yet: their faces are named later.", pictures=n))
    else:
        flash(_("{pictures} of {characters}.", pictures=n, characters=count(found.characters, "character")))


def _laid(place: Path, *, alone: bool) -> Path:
    """What is imported of a place: the one file in it, or all of it."""
    return next(place.iterdir()) if alone else place


def _is_zip(file: UploadedFile) -> bool:
    return str(file.name).lower().endswith(".zip") or formats.kind(bytes(file.getbuffer()[:512])) == "a zip"


def _empty() -> None:
    """An empty zone at the next look."""
    st.session_state["drop_round"] = st.session_state.get("drop_round", 0) + 1
