"""Where an upload lies for the job that reads it."""

from __future__ import annotations

from pathlib import Path

from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.workspace.folders import slug
from core.workspace.project import Project


def on_disk(project: Project, file: UploadedFile) -> Path:
    """Where an upload lies for the job that reads it."""
    name = Path(file.name)
    path = project.workspace.cache / "uploads" / f"{slug(name.stem)}{name.suffix.lower()}"
    if not path.exists() or path.stat().st_size != file.size:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.getbuffer())
    path.touch()  # what a page still shows is not left over (core.workspace.leftovers)
    return path
