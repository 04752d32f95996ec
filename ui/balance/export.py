"""The workspace out as a data set: format, folder, how large it would be, and the export as a job."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.commands import export
from core.datasets.config import FACE, FIGURE, WHOLE, ExportConfig
from core.datasets.export import FILES, FORMATS, export_data
from core.workspace.folders import unique
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.jobs import job_panel, start_button
from ui.common.language import N_, _, labels
from ui.common.text import count, plain, size

TITLES = {
    "imagefolder": N_("Faces in folders (ImageFolder)"),
    "huggingface": N_("Faces for Hugging Face"),
    "coco": N_("Pictures with boxes: COCO"),
    "yolo": N_("Pictures with boxes: YOLO"),
    "fiftyone": N_("Pictures with boxes: FiftyOne"),
    "kohya": N_("Pictures with captions for image models (kohya)"),
    "xmp": N_("Pictures with names in them, for photo programs (XMP)"),
    "csv": N_("Everything as one table (CSV)"),
    "parquet": N_("Everything as one table (Parquet)"),
}
CROPS = {FIGURE: N_("A square around each figure"), WHOLE: N_("Whole pictures"), FACE: N_("Faces")}


def export_panel(project: Project) -> None:
    """Choose a format and a place; say how large; write it."""
    job_panel(project.workspace, "export", key="export_job", quiet=True)
    with st.expander(_("Export as a data set"), icon=":material/drive_folder_upload:"):
        st.caption(_("Training, validation and held-out characters stay apart. Balancing copies are left out."))
        chosen = st.selectbox(_("Format"), FORMATS, format_func=labels(TITLES), key="export_format")
        place = free_place(project, chosen)
        out = st.text_input(
            _("Where to") if chosen in FILES else _("New folder"),
            str(place),
            key=f"export_out_{place.name}",
            help=_("On the computer that the app runs on."),
        )
        config = _kohya() if chosen == "kohya" else ExportConfig()
        arguments = export.Arguments(Path(out or "export"), chosen, config=config)
        with st.container(horizontal=True):
            if st.button(_("How large?"), key="export_dry", icon=":material/straighten:"):
                with show_errors():
                    plan = export_data(project, chosen, arguments.out, config, dry_run=True)
                    items = ", ".join(f"{said(name)} {n}" for name, n in list(plan.items.items())[:12])
                    words = _(
                        "{files}, about {size}: {items}.",
                        files=count(plan.files, "file"),
                        size=size(plan.bytes),
                        items=items,
                    )
                    st.info("  \n".join(plain(line) for line in (words, *map(said, plan.notes))))
        start_button(project, arguments, _("Export"), key="export_start", icon=":material/download:", primary=False)


def free_place(project: Project, format: str) -> Path:
    """A place beside the workspaces, named after workspace and format, where nothing lies yet."""
    folder = project.settings.data_dir.absolute().parent / "exports"
    there = {path.name.casefold() for path in folder.iterdir()} if folder.is_dir() else set()
    return folder / unique(f"{project.name}-{format}", there, f".{format}" if format in FILES else "")


def _kohya() -> ExportConfig:
    """kohya's own options."""
    first = ExportConfig()
    left, middle, right = st.columns(3)
    crop = left.selectbox(_("What is shown"), list(CROPS), format_func=labels(CROPS), key="export_crop")
    side = middle.number_input(_("Smallest side, pixels"), 1, 100_000, first.min_side, key="export_min_side")
    repeats = right.number_input(
        _("Repeats"),
        1,
        10_000,
        first.repeats,
        key="export_repeats",
        help=_("How often a training repeats each picture."),
    )
    return ExportConfig(crop, int(side), int(repeats))
