"""Uploads: their folders' names, and where they lie for the job that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from shutil import rmtree

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.atomic import write_bytes
from core.workspace.folders import slug
from core.workspace.project import Project

FOLDERS = """<script>(() => {
const own = Object.getOwnPropertyDescriptor(File.prototype, "webkitRelativePath");
if (window.keepsFolders || !own?.get) return;
window.keepsFolders = true;
Object.defineProperty(File.prototype, "webkitRelativePath", { ...own, get() {
  const dropped = String(this.relativePath ?? "").replace(/^[.]?[/]/, "");
  return own.get.call(this) || (dropped.includes("/") ? dropped : "");
} });
})()</script>"""
"""Streamlit uploads a file under its webkitRelativePath. A browser fills that in where a folder is chosen, but not
where it is dropped; then react-dropzone, which reads the folder, leaves the path in `relativePath`."""


def keep_folder_names() -> None:
    """From now on, the files of a dropped folder are called `folder/sub-folder/file`, as those of a chosen one are."""
    st.html(FOLDERS, unsafe_allow_javascript=True)


def folder_on_disk(project: Project, files: Sequence[UploadedFile]) -> Path:
    """Where files that came with their folders lie for the job that reads them; the same files, the same place."""
    from core.collect.dropped import lay_out  # brings what downloads: not to be waited for on the first page

    contents = "\n".join(f"{file.name} {_content(file.file_id, file)}" for file in files)
    place = project.workspace.cache / "uploads" / f"folder-{sha256(contents.encode()).hexdigest()[:12]}"
    if not place.exists():
        half = place.with_name(f"{place.name}.half")
        rmtree(half, ignore_errors=True)
        lay_out(((file.name, file.getvalue()) for file in files), half)
        half.rename(place)
    place.touch()  # what a page still shows is not left over (core.workspace.leftovers)
    return place


def on_disk(project: Project, file: UploadedFile) -> Path:
    """Where an upload lies for the job that reads it, under its own name; the same content, the same place."""
    name = Path(file.name)
    place = project.workspace.cache / "uploads" / _content(file.file_id, file)
    path = place / f"{slug(name.stem)}{name.suffix.lower()}"
    if not path.exists():
        place.mkdir(parents=True, exist_ok=True)
        write_bytes(path, file.getvalue())
    path.touch()  # what a page still shows is not left over (core.workspace.leftovers)
    return path


@st.cache_data(show_spinner=False, max_entries=20_000)
def _content(upload: str, _file: UploadedFile) -> str:
    """A digest of an upload, taken once: a file that was changed may have the name and the size that it had before."""
    return sha256(_file.getbuffer()).hexdigest()[:12]
