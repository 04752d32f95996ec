"""What a person says of an answer: it is said in words, has an undo of its own, and the answer follows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from core.imaging.boxes import Box
from core.recognise.answer_index import AnswerIndex
from core.recognise.answer_rows import Row, Wanted
from core.recognise.pictures import RecognisedFace
from core.recognise.recogniser import Recogniser, enrol
from core.recognise.unknown import TOGETHER
from core.recognise.verdict import UNKNOWN
from core.workspace import undo as history
from core.workspace.corrections import not_a_face, not_in_cast, not_this, to_be_named
from core.workspace.lone import LoneFace
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.language import N_, _
from ui.common.links import link
from ui.common.names import name_picker
from ui.common.state import flash
from ui.common.text import count, plain
from ui.common.undo import undone
from ui.recognise.asked import Asking, Done


def correct_face(project: Project, asking: Asking, one: RecognisedFace, *, picture: str, key: str) -> None:
    """The corrections of the open face. picture: what it is on; key: of the face, so that each has its own fields."""
    items, key = [one.as_lone(picture)], f"{key}_{asking.edits}"
    name = one.answer.character if one.answer.verdict != UNKNOWN else None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        who = name_picker(
            project,
            _("Who is it?"),
            proposed=name,
            placeholder=_("choose, or type a new name"),
            key=f"who_{key}",
            width=230,
        )
        if st.button(_("Enrol"), key="answer_enrol", type="primary", disabled=who is None, help=_(ENROL_HELP)) and who:
            say(project, asking, _("Enrolled as {name}", name=who), [lambda: enrol(project, who, items)])
    with st.container(horizontal=True, gap="small"):
        if name and st.button(
            _("Not {name}", name=plain(name)), key="answer_not", icon=":material/person_remove:", help=_(NOT_HELP)
        ):
            say(project, asking, _("Not {name}", name=name), [lambda: not_this(project, items, name)])
        if st.button(_("Not in my cast"), key="answer_stranger", icon=":material/person_off:", help=_(STRANGER_HELP)):
            say(project, asking, _("Not in my cast"), [lambda: not_in_cast(project, items)])
        if st.button(_("Not a face"), key="answer_no_face", icon=":material/block:", help=_(NO_FACE_HELP)):
            say(project, asking, _("Not a face"), [lambda: not_a_face(project, items)])


Items = Callable[[Sequence[Row]], list[LoneFace]]
"""The crops of rows; they are asked for only once something is done with them."""


def correct_many(project: Project, asking: Asking, rows: Sequence[Row], items: Items) -> None:
    """What can be said of all picked rows at once."""
    n = count(len(rows), "face")
    named = {row.character: [r for r in rows if r.character == row.character] for row in rows if row.character}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="answers_many"):
        key = f"many_name_{asking.edits}"
        who = name_picker(
            project,
            _("Who are these {faces}?", faces=n),
            placeholder=_("choose, or type a new name"),
            key=key,
            width=230,
        )
        if (
            st.button(
                _("Enrol {faces}", faces=n), key="many_enrol", type="primary", disabled=who is None, help=_(ENROL_HELP)
            )
            and who
        ):
            words = _("{faces} enrolled as {name}", faces=n, name=who)
            say(project, asking, words, [lambda: enrol(project, who, items(rows))])
        label = _("Not {name}", name=plain(next(iter(named)))) if len(named) == 1 else _("Not this one")
        if st.button(label, key="many_not", icon=":material/person_remove:", disabled=not named, help=_(NOT_HELP)):
            said = [_not_this(project, name, items, own) for name, own in named.items()]
            words = _(", ").join(
                _("{faces} not {name}", faces=count(len(own), "face"), name=name) for name, own in named.items()
            )
            say(project, asking, words, said)
        if st.button(_("Not in my cast"), key="many_stranger", icon=":material/person_off:", help=_(STRANGER_HELP)):
            words = _("{faces} not in my cast", faces=n)
            say(project, asking, words, [lambda: not_in_cast(project, items(rows))])
        if st.button(_("Pick none"), key="many_none", type="tertiary"):
            asking.picked.clear()
            st.rerun()


def group_unknown(project: Project, asking: Asking, index: AnswerIndex, wanted: Wanted, crops: Items) -> None:
    """Take the unknown faces among the wanted answers into the workspace, to be grouped and named on Characters."""
    if wanted.verdicts and UNKNOWN not in wanted.verdicts:
        return
    wanted = replace(wanted, verdicts=(UNKNOWN,))
    found = index.count(wanted)
    n = count(found, "unknown face")
    if found and st.button(
        _("Name {faces} in groups", faces=n), key="answers_group", icon=":material/groups:", help=_(GROUP_HELP)
    ):
        parts = [index.page(wanted, first=at, size=TOGETHER) for at in range(0, found, TOGETHER)]
        words = _("{faces} to be named on Characters", faces=n)
        say(project, asking, words, [partial(_to_be_named, project, crops, part) for part in parts], unnamed=True)


def _to_be_named(project: Project, crops: Items, rows: Sequence[Row]) -> None:
    found = crops(rows)
    if found:
        to_be_named(project, found)


def say(
    project: Project, asking: Asking, words: str, acts: Sequence[Callable[[], object]], *, unnamed: bool = False
) -> None:
    """Carry out what was said, remember it for its undo, and run the page again with the new answer.

    unnamed: faces are taken in to be named on Characters.
    """
    with show_errors():
        changes: list[int] = []
        for act in acts:
            before = _newest(project)
            act()
            after = _newest(project)
            changes += [after] if after is not None and after != before else []
        if changes:
            asking.done.append(Done(words, tuple(changes), unnamed=unnamed))
        flash(plain(words) if changes else _("You had said that before."))
        asking.picked.clear()
        asking.edits += 1
        st.rerun()


def redraw(asking: Asking, row: Row, box: Box, recogniser: Recogniser) -> None:
    """Ask about the face in this box (picture pixels) instead of the one of the row, or beside none."""
    with show_errors():
        picture = asking.pictures[row.key]
        (face,) = recogniser.ask(picture.read(), boxes=[box])
        faces = list(picture.faces)
        faces[row.face - 1 : row.face] = [face]
        asking.done.append(Done(_("Box drawn anew") if row.face else _("Face drawn"), before=picture))
        asking.pictures[row.key] = replace(picture, faces=tuple(faces))
        asking.chosen, asking.edits = f"{row.key}:{max(row.face, 1)}", asking.edits + 1
        st.rerun()


def show_done(project: Project, asking: Asking) -> None:
    """What was said last, and its undo; nothing once something else was decided since."""
    while asking.done and not _stands(project, asking.done[-1]):
        asking.done.pop()
    if not asking.done:
        return
    last = asking.done[-1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="answers_done"):
        words = plain(last.words)
        st.markdown(f":material/done: {_('You said: **{words}**', words=words)}", width="content")
        if st.button(_("Undo"), key="answer_undo", icon=":material/undo:", help=_("Take back: {words}", words=words)):
            _take_back(project, asking, last)
        if last.unnamed:
            link("characters", _("Name them in groups"))


def _take_back(project: Project, asking: Asking, last: Done) -> None:
    with show_errors():
        for change in reversed(last.changes):
            if _newest(project) == change:
                history.undo(project)
        if last.before is not None and last.before.key in asking.pictures:
            asking.pictures[last.before.key] = last.before
        asking.done.remove(last)
        asking.edits += 1
        flash(plain(undone(last.words)))
        st.rerun()


def _stands(project: Project, done: Done) -> bool:
    return not done.changes or _newest(project) == done.changes[-1]


def _newest(project: Project) -> int | None:
    change = project.catalogue.next_undo()
    return None if change is None else change.id


def _not_this(project: Project, name: str, items: Items, rows: Sequence[Row]) -> Callable[[], object]:
    return lambda: not_this(project, items(rows), name)


GROUP_HELP = N_("They are added to this workspace without a name; Characters shows them in groups, beside the others.")
ENROL_HELP = N_("New pictures are compared with it from then on; no training is needed.")
NOT_HELP = N_("This is remembered: faces like this one are not given that name again.")
STRANGER_HELP = N_("Somebody who should stay unknown: faces like this one get no name.")
NO_FACE_HELP = N_("A hand, a flower, lettering: whatever looks like it is ignored from then on.")
