"""The list of characters with what each has and needs, and how to make it longer."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.collect.characters import Need, add_list, article_characters, needs, parse_list
from core.collect.layout import alike
from core.collect.shelf import not_kept
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.tables import Character
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.language import _, heads
from ui.common.state import flash
from ui.common.tables import table_height
from ui.common.text import count, plain

NAMED = 8
"""So many characters without a picture are named."""


def cast(project: Project, limit: int, *, wanted: bool, folded: bool) -> list[Need]:
    """Draw the list and the ways to add to it; have and need of each character. wanted: say how many are to go;
    folded: the whole can be folded away, so that the ways to add need no fold of their own."""
    found = needs(project.catalogue, limit)
    if found:
        table = need_table(found, wanted=wanted)
        st.dataframe(
            table,
            hide_index=True,
            height=table_height(len(table), 320),
            column_order=[c for c in table.columns if c != "series" or table[c].any()],
            column_config=heads(("character", "series", "wanted", "to go"))
            | {
                "pictures": st.column_config.ProgressColumn(
                    _("pictures"),
                    format="%d",
                    min_value=0,
                    max_value=max(1, *(n.have for n in found), *(n.wanted for n in found if wanted)),
                ),
            },
        )
    if folded:
        _add(project)
    else:
        with st.expander(_("Add characters"), expanded=not found, icon=":material/person_add:"):
            _add(project)
    return found


def say_who_has_none(catalogue: Catalogue, missing: Sequence[Character]) -> None:
    """Whom there is no picture of, and what helps; nothing where everybody has one."""
    if not missing:
        return
    names = ", ".join(f"**{plain(one.name)}**" for one in missing[:NAMED])
    if len(missing) > NAMED:
        more = count(len(missing) - NAMED, "more character")
        names = _("{names} and {characters}", names=names, characters=more)
    words = [_("No picture yet of {names}.", names=names)]
    if any(not_kept(catalogue, one.id, 1)[0] for one in missing[:NAMED]):
        words.append(_("What was found but not kept stands below, with the reason, under *Not kept*."))
    words.append(
        _(
            "Upload some, ask another site, or search with other words: add the character again as "
            "`Name | series | words to search with`."
        )
    )
    st.warning(" ".join(words), icon=":material/image_not_supported:")


def need_table(found: list[Need], *, wanted: bool) -> pd.DataFrame:
    """One row a character: those that need most first, or, where nothing is searched for, those that have most."""
    rows = []  # sorted here: pandas takes ten times as long for a short table
    for n in sorted(found, key=lambda n: (-n.need if wanted else -n.have, n.character.name)):
        row: dict[str, object] = {"character": n.character.name, "series": n.character.series, "pictures": n.have}
        rows.append(row | ({"wanted": n.wanted, "to go": n.need} if wanted else {}))
    return pd.DataFrame(rows)


def _add(project: Project) -> None:
    with st.form("collect_names", border=False, clear_on_submit=True):
        text = st.text_area(
            _("Names, one per line"),
            key="collect_text",
            placeholder="Hinata Shoyo | Haikyuu\nKageyama Tobio | Haikyuu",
            help=_(
                "`Name`, or `Name | series | words to search with | other names`. A CSV with such columns works too."
            ),
            height=110,
        )
        added = st.form_submit_button(_("Add them"), icon=":material/add:")
    if added:
        with show_errors():
            made = add_list(project, parse_list(text))
            names = [character.name for character in project.catalogue.characters()]
            words = _("{characters} on the list.", characters=count(len(made), "character"))
            flash(" ".join([words, *map(said, alike(names))]))
            st.rerun()
    if st.button(_("Add the article's 40 characters"), key="collect_article", type="tertiary", icon=":material/list:"):
        add_list(project, article_characters())
        flash(_("The article's 40 characters are on the list."))
        st.rerun()
