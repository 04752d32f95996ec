"""What came in: kept pictures, repeats side by side with what they repeat, and everything that was not kept and why."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.collect.duplicates import Pair, Repeats, keep_this_one, not_a_duplicate, repeats
from core.collect.provenance import export_text, remove, remove_pictures, sources_and_authors
from core.collect.shelf import kept_count, kept_page, not_kept, paths_of, still_kept
from core.workspace.project import Project
from core.workspace.tables import Change, Fetch, Picture
from ui.collect.progress import title_of
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.grid import Tile, TilePages, forget_picks, picture_grid
from ui.common.language import _, heads, ngettext
from ui.common.state import flash
from ui.common.tabs import open_tabs
from ui.common.text import capital, count, plain
from ui.common.undo import undo_buttons

PAIRS_SHOWN = 10
NOT_KEPT_SHOWN = 2000
HEAD = """<style>
@media (max-width: 640px) {
  .st-key-shelf_head { flex-wrap: nowrap; }
  .st-key-shelf_head > [data-testid="stElementContainer"]:first-child { min-width: 0; flex: 1 1 0; }
}
</style>"""
"""On a telephone undo stands beside the filter, which takes what is left of the line: pictures come sooner."""


@st.fragment
def collected_pictures(project: Project) -> None:
    """Four tabs under one filter by character. A fragment: another tab or filter runs nothing else of the page."""
    characters: dict[int | None, str] = {c.id: c.name for c in project.catalogue.characters()}
    st.html(HEAD)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="shelf_head"):
        who = st.selectbox(
            _("Character"),
            list(characters),
            index=None,
            format_func=characters.__getitem__,
            placeholder=_("all characters"),
            key="shelf_who",
            width=320,
        )
        undo_buttons(project, key="collect")
    catalogue = project.catalogue
    kept = kept_count(catalogue, who)
    again = repeats(catalogue, who, limit=PAIRS_SHOWN)
    refused, fetches = not_kept(catalogue, who, NOT_KEPT_SHOWN)
    titles = [
        _("Kept ({n:,})", n=kept),
        _("Duplicates ({n:,})", n=again.number),
        _("Not kept ({n:,})", n=refused),
        _("Sources"),
    ]
    of_kept, of_repeats, of_refused, of_sources = open_tabs(titles, key="shelf_tabs")
    if of_kept.open:
        with of_kept:
            _kept(project, who, kept, characters)
    if of_repeats.open:
        with of_repeats:
            _repeats(project, again)
    if of_refused.open:
        with of_refused:
            _not_kept(fetches, characters)
    if of_sources.open:
        with of_sources:
            _sources(project)


def _kept(project: Project, who: int | None, kept: int, characters: dict[int | None, str]) -> None:
    if not kept:
        st.caption(_("No picture yet."))
        return

    def read(first: int, size: int) -> list[Tile]:
        pictures = kept_page(project.catalogue, who, first, size)
        paths = paths_of(project.catalogue, pictures)
        return [
            Tile(p.id, project.workspace.path(paths[p.id]), characters.get(p.character_id, ""), origin(p))
            for p in pictures
            if paths[p.id]
        ]

    above = st.container(horizontal=True, gap="small")
    tiles = TilePages(kept, read, lambda ids: [*still_kept(project.catalogue, who, [int(i) for i in ids])])
    picked = picture_grid(tiles, key="shelf_kept", page_size=40, pick=True)
    label = _("Reject {pictures}", pictures=count(len(picked), "picture")) if picked else _("Reject")
    rejected = above.button(
        label,
        key="shelf_reject",
        icon=":material/block:",
        disabled=not picked,
        help=_("Pick pictures first. They are not collected again; undo brings them back."),
    )
    if rejected:
        with show_errors():
            chosen = project.catalogue.pictures(ids=[int(i) for i in picked])
            remove_pictures(project, chosen, f"{len(picked)} pictures rejected")
            forget_picks("shelf_kept")
            flash(_("{pictures} rejected.", pictures=count(len(picked), "picture")))
            st.rerun()


def _repeats(project: Project, again: Repeats) -> None:
    if not again.number:
        st.caption(_("No picture is a duplicate of another."))
        return
    same = again.exact
    if same:
        st.caption(
            ngettext(
                "The very same file came in once more; there is nothing to decide.",
                "{n:,} times the very same file came in again; there is nothing to decide.",
                same,
            )
        )
    for pair in again.shown:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            both = [
                Tile(f"k{pair.kept.id}", project.workspace.path(pair.kept.path), _("kept"), origin(pair.kept)),
                Tile(f"a{pair.aside.id}", project.workspace.path(pair.aside.path), _("set aside"), origin(pair.aside)),
            ]
            with st.container(width=280):
                picture_grid(both, key=f"pair_{pair.aside.id}")
            with st.container(width=260):
                st.caption(f"{plain(said(pair.aside.reason))}; {_('hash distance {bits} of 64', bits=pair.bits)}")
                if st.button(_("Not a duplicate"), key=f"not_{pair.aside.id}", icon=":material/call_split:"):
                    _decide(not_a_duplicate, project, pair)
                if st.button(_("Keep this one instead"), key=f"swap_{pair.aside.id}", icon=":material/swap_horiz:"):
                    _decide(keep_this_one, project, pair)
    if again.number - same > len(again.shown):
        st.caption(_("{n:,} more follow, even more alike than these.", n=again.number - same - len(again.shown)))


def _decide(action: Callable[[Project, int], Change | None], project: Project, pair: Pair) -> None:
    with show_errors():
        change = action(project, pair.aside.id)
        flash(capital(said(change.action)) if change else _("Nothing changed."))
        st.rerun()


def _not_kept(fetches: list[Fetch], characters: dict[int | None, str]) -> None:
    if not fetches:
        st.caption(_("Everything that was found could be kept."))
        return
    rows = [
        {
            "character": characters.get(f.character_id, ""),
            "why": said(f.reason),
            "address": f.url,
            "source": title_of(f.source),
        }
        for f in fetches
    ]
    config = heads(("character", "source")) | {
        "address": st.column_config.LinkColumn(_("address"), width="medium"),
        "why": st.column_config.TextColumn(_("why"), width="large"),
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=config)


def _sources(project: Project) -> None:
    sources, authors = sources_and_authors(project.catalogue)
    st.download_button(
        _("Where every picture came from (CSV)"),
        data=lambda: export_text(project.catalogue, "csv")[0],
        file_name=f"{project.workspace.name}-sources.csv",
        mime="text/csv",
        key="shelf_csv",
        icon=":material/download:",
    )
    choices = [("source", name) for name in sources if name] + [("author", name) for name in sorted(authors)]
    counts = {("source", k): v for k, v in sources.items()} | {("author", k): v for k, v in authors.items()}
    chosen = st.selectbox(
        _("Reject everything from a source or an author"),
        choices,
        index=None,
        format_func=lambda c: f"{title_of(c[1]) if c[0] == 'source' else _('by {name}', name=c[1])} ({counts[c]:,})",
        placeholder=_("Choose one"),
        key="shelf_remove_what",
    )
    if chosen and st.button(_("Reject all of it"), key="shelf_remove", icon=":material/delete_sweep:"):
        with show_errors():
            change = remove(project, **{chosen[0]: chosen[1]})
            flash(capital(said(change.action)) if change else _("There was nothing left to reject."))
            st.rerun()


def origin(picture: Picture) -> str:
    """Where a picture came from, in one line."""
    parts = [title_of(picture.source), picture.author and _("by {name}", name=picture.author), picture.licence]
    parts += [f"{picture.width} x {picture.height}", picture.page_url or picture.picture_url]
    return " · ".join(p for p in parts if p)
