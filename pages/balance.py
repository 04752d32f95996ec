"""Balance: the split is made first, by groups, then every character is filled up to the same number."""

from __future__ import annotations

import streamlit as st

from core.balance.balancing import remove_copies
from core.balance.config import BalanceConfig
from core.commands import balance
from core.errors import WhoAmIError
from core.workspace.staleness import freshness
from core.workspace.states import FaceState
from ui.balance.export import export_panel
from ui.balance.form import copies_to_make, is_large, leak_line, plan_line, plan_table, planned, settings_form
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.grid import picture_grid
from ui.common.header import open_page, wait_for_faces
from ui.common.jobs import job_panel, start_button
from ui.common.language import _, heads
from ui.common.next import is_due, next_button
from ui.common.state import flash
from ui.common.tables import table_height
from ui.common.text import count, plain
from ui.common.undo import undo_buttons

project = open_page(
    _("Balance"),
    "balance",
    intro=_(
        "Some faces of every character are set aside for validation; then all get the same number of training faces."
    ),
)
names = {c.id: c.name for c in project.catalogue.characters(removed=True)}
faces = project.catalogue.counts("faces", state=FaceState.KEPT, copy_of=None)
if not faces:
    wait_for_faces(project, _("There are no faces to divide yet."))

job_panel(project.workspace, "balance", key="balance_job")
made = freshness(project.catalogue, "balance")
if made.result is not None:
    leak_line(project.catalogue)

with st.container(border=True):
    last = made.result.detail.get("config", {}) if made.result is not None else {}
    config = settings_form(len(faces), BalanceConfig(**last))
    try:
        todo = planned(project.catalogue, config)
    except WhoAmIError as error:
        st.error(plain(said(str(error))), icon=":material/error:")
        st.stop()
    st.markdown(plan_line(todo))
    if is_large(project.catalogue):
        st.caption(
            _(
                "Estimated from how many faces each character has; faces of one picture stay together, "
                "so a few may move."
            )
        )
    label = _("Balance") if made.missing else _("Balance again")
    start_button(
        project,
        balance.Arguments(config),
        label,
        key="balance_start",
        icon=":material/balance:",
        primary=is_due(project, "balance"),
    )

if todo.warnings:
    st.warning("  \n".join(plain(said(one)) for one in todo.warnings[:8]), icon=":material/warning:")
table = plan_table(todo, names)
height = table_height(len(table), 600)
st.dataframe(table, hide_index=True, width="stretch", height=height, column_config=heads(table.columns))

if todo.copies:
    with st.expander(_("Look at the {copies}", copies=count(len(todo.copies), "copy", "copies"))):
        picture_grid(copies_to_make(project, todo), key="balance_copies", page_size=24)

copies = sum(project.catalogue.counts("faces", state=FaceState.KEPT).values()) - sum(faces.values())
with st.container(horizontal=True, vertical_alignment="center"):
    if copies and st.button(
        _("Remove {copies}", copies=count(copies, "copy", "copies")),
        key="balance_remove",
        icon=":material/delete_sweep:",
        help=_("They go to the bin; the division stays."),
    ):
        with show_errors():
            remove_copies(project)
            flash(_("{copies} taken back.", copies=count(copies, "copy", "copies")))
            st.rerun()
    undo_buttons(project, key="balance")

next_button(project, "balance")
export_panel(project)
