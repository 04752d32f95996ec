"""Many pictures: asked about by a job, its answers in the same table, page by page, while it runs and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.commands import recognise
from core.errors import PictureError
from core.imaging.boxes import Box
from core.recognise.answer_index import AnswerIndex
from core.recognise.answer_rows import Row
from core.recognise.answer_table import MadeBy, table_of
from core.recognise.batches import Batch, answers_from, batches, forget, start_anew
from core.recognise.config import RecogniseConfig
from core.recognise.pictures import crops_again
from core.recognise.queries import Query
from core.recognise.recogniser import Recogniser
from core.recognise.threshold import Threshold
from core.workspace.lone import LoneFace
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.jobs import job_panel, newest, start_job
from ui.common.language import N_, _
from ui.common.text import ago, count, plain
from ui.recognise.asked import AskedPicture, Asking, asking_of, judge, look
from ui.recognise.results import CSV_HELP, Access, show_rows, small_jpeg

OPEN = 300
"""Pictures of which faces and embeddings are kept once they were opened or corrected; the oldest go first."""

AGAIN = N_("From the beginning, with the options above.")


def choose_answers(project: Project, asking: Asking) -> Batch | None:
    """Which answers are shown: of the pictures given here (None), or of a batch; a field where there are several."""
    kept = {batch.id: batch for batch in batches(project.workspace)}
    ids = ([""] if asking.pictures else []) + list(kept)
    wanted = st.session_state.get("answers_of_now")
    if len(ids) > 1:
        names = {"": _("the {pictures} given here", pictures=count(len(asking.pictures), "picture"))} | {
            i: f"{batch.name}, {ago(_begun(batch))}" for i, batch in kept.items()
        }
        if st.session_state.get("answers_of") not in ids:
            st.session_state["answers_of"] = wanted if wanted in ids else ids[0]
        wanted = st.selectbox(_("Answers for"), ids, format_func=names.__getitem__, key="answers_of", width=420)
    elif ids:
        wanted = ids[0]
    st.session_state["answers_of_now"] = wanted
    return kept.get(wanted or "")


def show_now(batch_id: str) -> None:
    """From the next run on the answers of this batch are shown; "": of the pictures given here."""
    st.session_state["answers_of_now"] = batch_id
    st.session_state.pop("answers_of", None)


def begin(project: Project, batch: Batch) -> None:
    """Ask about a batch, or go on with it, in a job. Raises WorkspaceError where another one runs."""
    start_job(
        project, recognise.Arguments((batch.source,), batch.config, jsonl=batch.answers, resume=True, totals=True)
    )


def show_batch(
    project: Project, batch: Batch, recogniser: Recogniser, threshold: Threshold, config: RecogniseConfig
) -> None:
    """How far it has come, and its answers so far. config: how the page would ask now."""
    asking = asking_of(project, batch.id)
    made_by = MadeBy.of(batch.config.far, recogniser.choice.name, recogniser.gallery.encoder)
    with AnswerIndex.of_batch(batch) as index:
        answered = index.pictures
        _head(project, batch, index, made_by, config)
        if not answered:
            return
        judge(asking, recogniser, threshold, batch.config.repeated)
        _renew(asking, index)

        def opened(row: Row) -> Row:
            _look_at(asking, batch, [row], recogniser, threshold)
            _renew(asking, index)
            found = index.of_picture(row.key)
            return next((one for one in found if one.face == row.face), found[0])

        def items(rows: Sequence[Row]) -> list[LoneFace]:
            _look_at(asking, batch, rows, recogniser, threshold)
            found = [asking.face(row).as_lone(row.picture) for row in rows]
            _let_go(asking)
            return found

        def thumbnail(row: Row) -> bytes | None:
            return _thumbnail(batch.id, batch, row.name, row.face, row.box)

        access = Access(thumbnail, opened, items, lambda rows: _crops(batch, index, rows))
        show_rows(project, asking, index, access, threshold, recogniser)


def _renew(asking: Asking, index: AnswerIndex) -> None:
    """Pictures that were opened since are in the table as they are answered now."""
    now = {key: one.rows() for key, one in asking.pictures.items() if one.made_by is not None}
    index.put({key: rows for key, rows in now.items() if rows != index.of_picture(key)})


def _head(project: Project, batch: Batch, index: AnswerIndex, made_by: MadeBy, config: RecogniseConfig) -> None:
    """What it is, how far it has come, and what can be done with it."""
    job = newest(project.workspace, "recognise")
    mine = job is not None and str(batch.answers) in job.arguments
    busy = job is not None and not job.over
    with st.container(key="batch_panel"):
        if mine:
            job_panel(project.workspace, "recognise", key="recognise_job", quiet=True)
    answered, encoder = index.pictures, index.made_by[1]
    words = [_("{pictures} answered", pictures=count(answered, "picture"))]
    words.append(_("asked at {far:g}%", far=100 * batch.config.far))
    words += [_("by the encoder {encoder}", encoder=plain(encoder))] if encoder else []
    found = " · ".join(_("{n:,} {state}", n=n, state=_(verdict)) for verdict, n in index.verdicts().items())
    st.markdown(f"**{plain(batch.name)}** · {_(', ').join(words)}")
    if found:
        st.caption(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if mine and busy:
            st.button(
                _("Show the newest"), key="batch_newest", icon=":material/refresh:", help=_("Answers that came since.")
            )
        else:
            _go_on(project, batch, index, made_by, config, busy)
        if answered:
            _downloads(batch)
        with st.popover(_("Forget"), icon=":material/delete:", type="tertiary", disabled=mine and busy):
            st.caption(
                _("The answers are deleted, and copies of pictures that were uploaded. Others stay where they are.")
            )
            if st.button(_("Forget these answers"), key="batch_forget"):
                index.close()  # Windows deletes no file that is open
                forget(batch)
                show_now("")
                st.rerun()


def _go_on(
    project: Project, batch: Batch, index: AnswerIndex, made_by: MadeBy, config: RecogniseConfig, busy: bool
) -> None:
    """Go on where it stood; from the beginning, where another encoder or another rate would answer otherwise.

    busy: a job asks already."""
    with show_errors():
        queries = _queries(batch.id, batch)
        if not queries:
            gone = _("There are no pictures at {path} any more.", path=plain(str(batch.source)))
            st.caption(f":material/folder_off: {gone}")
        left = index.unanswered(queries.keys())
        begun, encoder = index.pictures > 0, index.made_by[1]
        same = not begun or encoder == made_by.encoder
        if left and same:
            words = (
                _("Continue with {pictures}", pictures=count(left, "picture"))
                if begun
                else _("Ask about {pictures}", pictures=count(left, "picture"))
            )
            if st.button(words, key="batch_on", icon=":material/play_arrow:", type="primary", disabled=busy):
                begin(project, batch)
                st.rerun()
        if begun and (not same or batch.config != config):
            why = _(AGAIN) if same else f"{_('The encoder has changed since.')} {_(AGAIN)}"
            if st.button(_("Ask all again"), key="batch_again", icon=":material/restart_alt:", disabled=busy, help=why):
                index.close()
                begin(project, start_anew(batch, config))
                st.rerun()


def _downloads(batch: Batch) -> None:
    st.download_button(
        "CSV",
        lambda: table_of(answers_from(batch)[0]),
        f"{batch.name} answers.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        key="batch_csv",
        on_click="ignore",
        help=_(CSV_HELP),
    )
    st.download_button(
        "JSON lines",
        batch.answers.read_bytes,
        f"{batch.name} answers.jsonl",
        "application/jsonl",
        icon=":material/download:",
        type="tertiary",
        key="batch_jsonl",
        on_click="ignore",
        help=_("With candidates and evidence, one line per picture, as `recognise --jsonl` writes it."),
    )


def _look_at(asking: Asking, batch: Batch, rows: Sequence[Row], recogniser: Recogniser, threshold: Threshold) -> None:
    """Find and embed the faces of these rows' pictures, unless that was done; the row that is open keeps its pixels."""
    queries = _queries(batch.id, batch)
    wanted = {row.key: row.name for row in rows}
    for key, name in wanted.items():
        before = asking.pictures.get(key)
        query = queries.get(name, Query(name, batch.source / name))
        if before is None:
            asking.pictures[key] = AskedPicture(key, batch.short(name), query)
        elif before.small is None and not before.error:
            asking.pictures[key] = replace(before, made_by=None)
    look(asking, recogniser, recogniser.gallery.encoder, batch.config.faces)
    judge(asking, recogniser, threshold, batch.config.repeated)
    for key in [key for key in asking.pictures if key not in wanted][:-OPEN]:
        del asking.pictures[key]


def _crops(batch: Batch, index: AnswerIndex, rows: Sequence[Row]) -> list[LoneFace]:
    """The crops of many rows, each picture read once; those of pictures that are gone are left out."""
    queries, found = _queries(batch.id, batch), []
    progress = st.progress(0.0, text=_("Cropping the faces …"))
    wanted = {key: [row for row in rows if row.key == key] for key in dict.fromkeys(row.key for row in rows)}
    for n, (key, own) in enumerate(wanted.items(), 1):
        progress.progress(
            n / len(wanted), text=_("Cropping the faces: {n:,} of {total:,} pictures", n=n, total=len(wanted))
        )
        try:
            rgb = queries[own[0].name].read()
        except (KeyError, PictureError):
            continue
        boxes = [Box(*row.box) for row in index.of_picture(key)]
        crops = crops_again(rgb, boxes, is_face_crop=batch.config.faces or None)
        found += [LoneFace(crops[r.face - 1][0], Path(r.picture).stem, r.picture, crops[r.face - 1][1]) for r in own]
    progress.empty()
    return found


def _let_go(asking: Asking) -> None:
    """Keep faces and embeddings of the pictures, without their pixels."""
    for key, one in asking.pictures.items():
        asking.pictures[key] = replace(one, small=None)


def _begun(batch: Batch) -> str:
    day, clock = batch.id.split("-")[:2]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}+00:00"


@st.cache_resource(show_spinner=False, max_entries=2, ttl=60)
def _queries(batch_id: str, _batch: Batch) -> dict[str, Query]:
    """Where the pictures lie; none where the folder is gone."""
    try:
        return _batch.queries()
    except PictureError:
        return {}


@st.cache_data(show_spinner=False, max_entries=2000)
def _thumbnail(batch_id: str, _batch: Batch, name: str, face: int, box: tuple[float, ...]) -> bytes | None:
    query = _queries(batch_id, _batch).get(name)
    if query is None:
        return None
    try:
        rgb = query.read()
    except PictureError:
        return None
    return small_jpeg(crops_again(rgb, [Box(*box)])[0][0] if face else rgb)
