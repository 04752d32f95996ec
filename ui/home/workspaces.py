"""The workspaces themselves: new, rename, copy, back up, delete to the bin, take back."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import streamlit as st

from core import jobs
from core.commands import backup, clean
from core.workspace.backups import restore_backup
from core.workspace.folders import Workspace, slug
from core.workspace.leftovers import delete_leftovers
from core.workspace.project import Project
from core.workspace.workspaces import (
    copy_workspace,
    create_workspace,
    delete_workspace,
    deleted_workspaces,
    disk_use,
    rename_workspace,
    restore_workspace,
)
from ui.common.errors import show_errors
from ui.common.jobs import show_command_line, start_button
from ui.common.language import _
from ui.common.state import close_catalogue, flash, use
from ui.common.text import plain, size


def new_workspace(*, restoring: bool = False) -> None:
    """A name and a button; what is in the bin, and a backup, can be taken back here too. restoring: that is open."""
    with st.form("new_workspace", border=False, enter_to_submit=True):
        name = st.text_input(_("Name of a new workspace"), placeholder="my_cast", key="new_name", max_chars=60)
        made = st.form_submit_button(_("Create"), icon=":material/add:")
    if made:
        with show_errors():
            create_workspace(slug(name) if name.strip() else "")
            use(slug(name))
            st.rerun()
    deleted = deleted_workspaces()
    words = _("Restore a backup or a deleted workspace") if deleted else _("Restore a backup")
    with st.expander(words, expanded=restoring):
        _restore(deleted)


def manage(project: Project) -> None:
    """Buttons for the open workspace, each in a dialog that says what it will do."""
    workspace = project.workspace
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("Rename"), key="rename", icon=":material/edit:"):
            st.dialog(_("Rename the workspace"))(_rename)(workspace)
        if st.button(_("Copy"), key="copy", icon=":material/content_copy:"):
            st.dialog(_("Copy the workspace"))(_copy)(workspace)
        if st.button(_("Back up"), key="backup", icon=":material/archive:"):
            st.dialog(_("Back up the workspace"))(_back_up)(project)
        if st.button(_("Disk use"), key="disk", icon=":material/hard_drive:"):
            st.dialog(_("Disk use"))(_disk)(workspace)
        if st.button(_("Delete"), key="delete", icon=":material/delete:"):
            st.dialog(_("Delete the workspace"))(_delete)(workspace)


def _rename(workspace: Workspace) -> None:
    with st.form("rename_form", border=False):  # a field alone tells its words only once it is left
        name = st.text_input(_("New name"), value=workspace.name, key="rename_to", max_chars=60)
        pressed = st.form_submit_button(_("Rename"), type="primary", key="rename_do")
    if pressed and name.strip() and name != workspace.name:
        with show_errors():
            _stop_jobs(workspace)
            close_catalogue(workspace)
            use(rename_workspace(workspace, slug(name)).name)
            st.rerun()


def _copy(workspace: Workspace) -> None:
    st.markdown(_("A second workspace with everything that is in **{name}** now.", name=plain(workspace.name)))
    with st.form("copy_form", border=False):
        name = st.text_input(_("Name of the copy"), value=f"{workspace.name}_copy", key="copy_to", max_chars=60)
        pressed = st.form_submit_button(_("Copy"), type="primary", key="copy_do")
    if pressed and name.strip():
        with show_errors(), st.spinner(_("Copying …")):
            use(copy_workspace(workspace, slug(name)).name)
            st.rerun()


def _back_up(project: Project) -> None:
    folder = project.settings.data_dir / "backups"
    out = folder / f"{project.name}-{datetime.now():%Y%m%d-%H%M}.zip"
    st.markdown(_("Pictures, faces, decisions and trained encoders as one zip. It is written to"))
    st.code(str(out), language=None, wrap_lines=True)
    start_button(
        project,
        backup.Arguments(out),
        _("Back up"),
        key="backup_do",
        icon=":material/archive:",
        twin=False,
    )


def _disk(workspace: Workspace) -> None:
    for part, n in disk_use(workspace).items():
        st.markdown(f"{_(part.capitalize())}: **{size(n)}**")
    st.caption(plain(str(workspace.root)))
    _leftovers(workspace)


def _leftovers(workspace: Workspace) -> None:
    """What may go without a loss, and the button for it."""
    found = clean.not_needed(workspace)
    if not found.paths:
        return
    st.markdown(
        _(
            "**{size}** of this can go: uploads that have been imported, and data kept from watched videos. Your "
            "pictures, faces and names stay; a video that you ask about again is watched again.",
            size=size(found.bytes),
        )
    )
    if st.button(_("Delete these {size}", size=size(found.bytes)), key="clean_do", icon=":material/cleaning_services:"):
        with show_errors():
            delete_leftovers(found)
            flash(_("{size} freed.", size=size(found.bytes)))
            st.rerun()
    show_command_line(workspace, clean.Arguments())


def _delete(workspace: Workspace) -> None:
    st.markdown(
        _("**{name}** goes to the bin with its models. You can restore it from there.", name=plain(workspace.name))
    )
    if st.button(_("Delete"), type="primary", key="delete_do", icon=":material/delete:"):
        with show_errors():
            _stop_jobs(workspace)
            close_catalogue(workspace)
            delete_workspace(workspace)
            use("")
            flash(_("{name} is in the bin.", name=workspace.name))
            st.rerun()


def _restore(deleted: list[Path]) -> None:
    for place in deleted[:10]:
        name = place.name.rsplit(".", 1)[0]
        if st.button(_("Restore {name}", name=name), key=f"unbin_{place.name}", icon=":material/restore_from_trash:"):
            with show_errors():
                use(restore_workspace(place).name)
                st.rerun()
    archive = st.file_uploader(_("A backup (zip)"), type="zip", key="backup_file")
    if archive is None:
        return
    name = st.text_input(_("Restore as"), value=slug(archive.name.removesuffix(".zip")), key="restore_as")
    if st.button(_("Restore"), key="restore_do", icon=":material/unarchive:"):
        with show_errors(), tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "backup.zip"
            path.write_bytes(archive.getbuffer())
            use(restore_backup(path, slug(name)).name)
            st.rerun()


def _stop_jobs(workspace: Workspace) -> None:
    for job in jobs.jobs(workspace):
        if not job.over:
            jobs.cancel(job, wait=3)
