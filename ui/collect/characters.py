"""The list of characters with what each has and needs, and how to make it longer."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.collect.characters import Need, add_list, article_characters, needs, parse_list
from core.collect.layout import alike
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.language import _, heads
from ui.common.state import flash
from ui.common.tables import table_height
from ui.common.text import count


def cast(project: Project, limit: int, *, wanted: bool) -> list[Need]:
    """Draw the list and the ways to add to it; have and need of each character. wanted: say how many are to go."""
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
    with st.expander(_("Add characters"), expanded=not found, icon=":material/person_add:"):
        _add(project)
    return found


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
