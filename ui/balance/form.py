"""The settings of a balance as widgets, and a plan as a table: what pages/balance.py draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from core.balance.config import AUGMENT, COPY, BalanceConfig
from core.balance.plan import AT_ONCE, BalancePlan, Estimate, estimate, keep_leaks, known_leaks, leak_check, plan
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.staleness import faces_fingerprint, split_fingerprint
from core.workspace.states import FaceState, Part
from ui.common.grid import Tile, TilePages
from ui.common.language import N_, _, labels
from ui.common.text import count

PARTS = {
    Part.TRAIN: N_("training"),
    Part.VALIDATION: N_("validation"),
    Part.STRANGER: N_("strangers"),
    Part.SPARE: N_("spare"),
    "copies": N_("copies"),
}
MODES = {COPY: N_("Plain copies"), AUGMENT: N_("Changed copies")}


def settings_form(characters: int, start: BalanceConfig) -> BalanceConfig:
    """Widgets for every setting that a person may want to change, beginning with `start`; their values as a config."""
    first, second = st.columns(2, gap="medium")
    keep: dict[str, Any] = {"persist_state": "session"}
    with first:
        per_character = st.number_input(
            _("Training faces for each character"),
            1,
            10_000,
            start.per_character,
            key="balance_per_character",
            help=_("Characters with fewer are filled up with copies of their own training faces."),
            **keep,
        )
        mode = st.segmented_control(
            _("Fill up with"),
            list(MODES),
            format_func=labels(MODES),
            default=start.mode,
            required=True,
            key="balance_mode",
            help=_("Changed copies are mirrored, turned a little, lighter or darker. The article makes plain ones."),
            **keep,
        )
        cap = st.toggle(
            _("Cap at that number"),
            start.cap,
            key="balance_cap",
            help=_("The surplus is spare: not trained on, not lost."),
            **keep,
        )
    with second:
        share = st.slider(
            _("Validation share"),
            0,
            50,
            round(start.validation * 100),
            5,
            format="%d%%",
            key="balance_validation",
            help=_("Training never sees them. Faces from the same picture or from near-duplicates stay on one side."),
            **keep,
        )
        strangers = st.number_input(
            _("Characters held out as unknown"),
            0,
            max(characters - 2, 0),
            min(start.strangers, max(characters - 2, 0)),
            key="balance_strangers",
            help=_("Training never sees them. They measure how well unknown characters are rejected."),
            **keep,
        )
    return BalanceConfig(int(per_character), cap, mode or start.mode, share / 100, int(strangers))


def plan_table(todo: BalancePlan | Estimate, names: Mapping[int, str]) -> pd.DataFrame:
    """One row a character: faces in each part and copies; parts that nobody is in are left out."""
    rows = [(names[character], *(n[part] for part in PARTS)) for character, n in todo.counts().items()]
    rows.sort(key=lambda row: (row[1], row[0]))  # pandas takes ten times as long for a short table
    columns = {name: [row[place] for row in rows] for place, name in enumerate([N_("character"), *PARTS.values()])}
    always = ["character", "training", "validation", "copies"]
    return pd.DataFrame({name: cells for name, cells in columns.items() if name in always or any(cells)})


def plan_line(todo: BalancePlan | Estimate) -> str:
    """The plan in one sentence."""
    counts = todo.counts().values()
    total = {part: sum(n[part] for n in counts) for part in PARTS}
    words = [
        _("**{n:,}** training faces", n=total[Part.TRAIN]),
        _("**{n:,}** for validation", n=total[Part.VALIDATION]),
    ]
    words += [_("{n:,} of strangers", n=total[Part.STRANGER])] if total[Part.STRANGER] else []
    words += [_("{n:,} spare", n=total[Part.SPARE])] if total[Part.SPARE] else []
    copies = _("**{copies}**.", copies=count(total["copies"], "copy", "copies"))
    return f"{_(', ').join(words)}{_('; ')}{copies}"


def copies_to_make(project: Project, todo: BalancePlan | Estimate) -> TilePages:
    """The copies of a plan as tiles, with the pictures of their originals."""

    def read(first: int, size: int) -> list[Tile]:
        shown = todo.copies[first : first + size]
        path_of = {f.id: f.path for f in project.catalogue.faces(ids={copy.face_id for copy in shown})}
        return [
            Tile(copy.path, project.workspace.path(path_of[copy.face_id]), copy.path.rsplit("/", 1)[-1], copy.path)
            for copy in shown
        ]

    return TilePages(len(todo.copies), read, lambda ids: list(ids))


def is_large(catalogue: Catalogue) -> bool:
    """Whether there are too many faces to work a plan out while a page waits."""
    return sum(catalogue.counts("faces", state=FaceState.KEPT).values()) > AT_ONCE


def planned(catalogue: Catalogue, config: BalanceConfig) -> BalancePlan | Estimate:
    """The plan for today's faces, or an estimate where there are too many to wait for it."""
    if is_large(catalogue):
        return estimate(catalogue, config)
    with st.spinner(_("Grouping pictures that belong together …")):
        return _plan(catalogue, str(catalogue.path), faces_fingerprint(catalogue), config)


@st.cache_resource(show_spinner=False, max_entries=20)
def _plan(_catalogue: Catalogue, path: str, fingerprint: str, config: BalanceConfig) -> BalancePlan:
    """Worked out again only where the faces or the settings changed. The same for all tabs: it is looked at and never
    changed, and a copy for each run would take longer than the page."""
    return plan(_catalogue, config)


def leaking(catalogue: Catalogue) -> int | None:
    """The leak check of today's split; None where it was not made and would take too long now."""
    known = known_leaks(catalogue)
    if known is not None or is_large(catalogue):
        return known
    return _checked(catalogue, str(catalogue.path), split_fingerprint(catalogue))


@st.cache_data(show_spinner=False, max_entries=20)
def _checked(_catalogue: Catalogue, path: str, fingerprint: str) -> int:
    return leak_check(_catalogue)


def leak_line(catalogue: Catalogue) -> None:
    """What the leak check says of today's split, or the button that makes it."""
    leaks = leaking(catalogue)
    if leaks is None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("The division has changed since the last leak check."))
            if st.button(_("Check for leaks"), key="balance_check", icon=":material/verified:"):
                with st.spinner(_("Grouping pictures that belong together …")):
                    keep_leaks(catalogue, leak_check(catalogue))
                st.rerun()
    elif leaks:
        st.error(
            _(
                "{pairs} of faces from one picture are on both sides, so validation would look better than it is. "
                "Balance again.",
                pairs=count(leaks, "pair"),
            ),
            icon=":material/error:",
        )
    else:
        st.success(
            _("Leak check: no picture has faces both in training and in validation."), icon=":material/verified:"
        )
