"""Where pictures come from: files of one's own, the web, a list of addresses, or drawn ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core.collect.characters import Need
from core.collect.config import CollectConfig
from core.collect.owner import NOBODY
from core.collect.pipeline import Wanted, collect
from core.collect.source import SourceOptions, open_source
from core.commands import collect as collect_command
from core.commands import demo, import_
from core.imaging import formats
from core.progress import Progress
from core.video.kinds import ENDINGS, has_video_ending, is_video
from core.workspace import characters
from core.workspace.project import Project
from core.workspace.states import PictureState
from ui.collect.preview import preview
from ui.collect.unnamed import nobody_yet
from ui.collect.video import video_button
from ui.collect.web import web_search
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.jobs import start_button
from ui.common.language import N_, _, labels
from ui.common.next import is_due
from ui.common.state import flash
from ui.common.text import count, plain
from ui.common.uploads import folder_on_disk, keep_folder_names, on_disk

WAYS = {
    "upload": N_("Upload"),
    "folder": N_("Folder, zip, video"),
    "web": N_("Web search"),
    "urls": N_("Addresses"),
    "drawn": N_("Drawn"),
}
KINDS = {"pictures": N_("Whole pictures"), "faces": N_("Cut-out faces")}
SEARCHING = ("web", "urls")
"""The ways that go on until a character has as many pictures as are wanted."""
WANTED = 50


def wanted_of_each() -> int:
    """How many pictures of each character are wanted: a question only where pictures are searched for."""
    return int(
        st.number_input(
            _("Pictures wanted of each"), 1, 10_000, WANTED, key="collect_limit", persist_state="session", width=200
        )
    )


def source_picker(project: Project, found: Sequence[Need], limit: int) -> None:
    """Choose a way, then what it needs, then its button."""
    way = st.segmented_control(
        _("Where from"),
        list(WAYS),
        format_func=labels(WAYS),
        default="upload",
        required=True,
        key="collect_way",
        persist_state="session",
        wrap=True,
    )
    if way == "web":
        web_search(project, found, limit)
    elif way == "urls":
        _addresses(project, found, limit)
    elif way == "folder":
        _folder(project)
    elif way == "drawn":
        _drawn(project)
    else:
        _upload(project, found)


def _addresses(project: Project, found: Sequence[Need], limit: int) -> None:
    text = st.text_area(
        _("Addresses of pictures, one per line"),
        key="collect_urls",
        placeholder="[Hinata Shoyo]\nhttps://example.org/a.jpg\nhttps://example.org/b.png",
        help=_("`[Name]` above a block says whose they are."),
    )
    path = project.workspace.cache / "addresses.txt"
    if text.strip():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    start_button(
        project,
        collect_command.Arguments(("urls",), origin=path, config=CollectConfig(limit=limit)),
        _("Fetch them"),
        key="collect_start",
        primary=is_due(project, "collect"),
        icon=":material/download:",
        disabled=not (text.strip() and found),
        help=None if found else _("Add the characters first."),
    )


def _folder(project: Project) -> None:
    path = st.text_input(
        _("Path of a folder, zip or video on this machine"),
        key="collect_path",
        placeholder="/home/me/characters",
        help=_("One folder in it for each character. Of a video, the frames that show something new are taken."),
        persist_state="session",
    )
    unnamed = nobody_yet("collect_folder_unnamed")
    who = "" if unnamed else _whose()
    kind, most = _kind()
    there = bool(path.strip()) and Path(path.strip()).expanduser().exists()
    if path.strip() and not there:
        st.error(plain(_("{path} does not exist.", path=path)), icon=":material/error:")
    folder = Path(path.strip()).expanduser() if path.strip() else Path("PATH")
    if is_video(folder):
        video_button(project, folder, who, most, unnamed=unnamed)
        return
    if st.button(_("Preview"), key="collect_preview", icon=":material/search:", disabled=not there):
        preview(project, folder, who, unnamed=unnamed)
    start_button(
        project,
        import_.Arguments(folder, kind, most, who, unnamed),
        _("Import"),
        key="collect_import",
        primary=is_due(project, "collect"),
        icon=":material/folder_open:",
        disabled=not there,
    )


def _whose() -> str:
    """The name that is typed for a flat folder."""
    who = st.text_input(
        _("Whose pictures they are, if no folder says so"),
        key="collect_flat",
        placeholder=_("only for a folder without sub-folders"),
    )
    return who.strip()


def _drawn(project: Project) -> None:
    left, right = st.columns(2, gap="medium")
    characters = left.number_input(_("Characters"), 2, 200, 8, key="collect_drawn_characters")
    pictures = right.number_input(_("Pictures of each"), 1, 1000, 30, key="collect_drawn_pictures")
    st.caption(_("Drawn on this machine, with the true place of each face."))
    arguments = demo.Arguments(int(characters), int(pictures))
    start_button(
        project,
        arguments,
        _("Draw them"),
        key="collect_draw",
        icon=":material/brush:",
        primary=is_due(project, "collect"),
    )


def _upload(project: Project, found: Sequence[Need]) -> None:
    keep_folder_names()
    files = st.file_uploader(
        _("Pictures of one character; a folder or a zip with a folder for each; or a video"),
        type=[*formats.ENDINGS, "zip", *ENDINGS],
        accept_multiple_files=True,
        key=f"collect_files_{st.session_state.get('collect_round', 0)}",
    )
    zips = [f for f in files if f.name.lower().endswith(".zip")]
    if zips:
        _upload_sorted(project, on_disk(project, zips[0]), _("Import the zip"))
        return
    if any("/" in f.name for f in files):
        _upload_sorted(project, folder_on_disk(project, files), _("Import the folder"))
        return
    unnamed = nobody_yet("collect_upload_unnamed")
    who = "" if unnamed else _chosen([n.character.name for n in found])
    videos = [f for f in files if has_video_ending(f.name)]
    if videos:
        video_button(project, on_disk(project, videos[0]), who, None, unnamed=unnamed)
        return
    pressed = st.button(
        _("Import them"),
        key="collect_upload",
        type="primary" if files or is_due(project, "collect") else "secondary",
        icon=":material/upload:",
        disabled=not (files and (who or unnamed)),
    )
    if pressed:
        with show_errors():
            _take_in(project, who, tuple((f.name, f.getvalue()) for f in files))


def _chosen(names: list[str]) -> str:
    """The character that is chosen for uploaded pictures, known or new; "" before."""
    who = st.selectbox(
        _("Whose pictures are they?"),
        names,
        index=None,
        placeholder=_("Choose a character, or type a new name"),
        accept_new_options=True,
        key="collect_who",
    )
    return who or ""


def _upload_sorted(project: Project, path: Path, label: str) -> None:
    """A zip or a folder, whose own folders say whose the pictures are."""
    unnamed = nobody_yet("collect_zip_unnamed")
    kind, most = _kind()
    preview(project, path, "", unnamed=unnamed)
    arguments = import_.Arguments(path, kind, most, "", unnamed)
    start_button(
        project,
        arguments,
        label,
        key="collect_import",
        icon=":material/folder_open:",
        primary=is_due(project, "collect"),
    )


def _kind() -> tuple[str, int | None]:
    left, right = st.columns(2, gap="medium")
    kind = left.segmented_control(
        _("They are"),
        list(KINDS),
        format_func=labels(KINDS),
        default="pictures",
        required=True,
        key="collect_kind",
    )
    most = right.number_input(
        _("At most of each character"), 1, 100_000, None, key="collect_most", placeholder=_("all")
    )
    return kind or "pictures", int(most) if most else None


def _take_in(project: Project, who: str, uploads: tuple[tuple[str, bytes], ...]) -> None:
    bar = st.progress(0.0)

    def tell(progress: Progress) -> None:
        bar.progress(progress.fraction)

    have = project.catalogue.counts("pictures", state=PictureState.KEPT)
    owner = characters.add(project, who) if who else NOBODY
    done = collect(
        project,
        [Wanted(owner.name, limit=have.get(owner.id, 0) + len(uploads))],
        [open_source("upload", SourceOptions(uploads=uploads))],
        CollectConfig(min_side=32),
        report=tell,
    )
    n = count(done.kept, "picture")
    words = (
        _("{pictures} of {name} imported.", pictures=n, name=owner.name)
        if who
        else _("{pictures} imported.", pictures=n)
    )
    if done.reasons:
        aside = "; ".join(f"{n} x {said(reason)}" for reason, n in done.reasons.items())
        words += " " + _("Not kept: {reasons}", reasons=aside)
    flash(words)
    st.session_state["collect_round"] = st.session_state.get("collect_round", 0) + 1
    st.rerun()
