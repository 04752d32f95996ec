"""What has been fetched but not yet entered in the catalogue: files that let a killed run go on without fetching again.

A picture is first whole in `cache/incoming/`, then its row is committed, then its file is moved to its place. Whatever
moment a run dies at, the next one finds either the file here, or the row, or both, and finishes the rest.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from core.atomic import let_all_read, write_bytes
from core.workspace.catalogue import Catalogue
from core.workspace.folders import Workspace
from core.workspace.states import FaceState, FetchOutcome, Kind, PictureState


class Staging:
    """The folder of fetched files, each under the hash of its address."""

    def __init__(self, workspace: Workspace):
        self.workspace, self.folder = workspace, workspace.cache / "incoming"
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, key: str) -> Path:
        """Where the bytes of an address lie or would lie."""
        return self.folder / hashlib.sha256(key.encode()).hexdigest()[:32]

    def relative(self, key: str) -> str:
        """The same as a path in the workspace."""
        return self.workspace.relative(self.path(key))

    def get(self, key: str) -> bytes | None:
        """The bytes that an earlier run fetched; None where it did not come so far."""
        path = self.path(key)
        return path.read_bytes() if path.exists() else None

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes, whole or not at all."""
        write_bytes(self.path(key), data)

    def drop(self, key: str) -> None:
        """Forget the bytes of an address."""
        self.path(key).unlink(missing_ok=True)

    def place(self, key: str, relative: str) -> None:
        """Move the bytes to their place in the workspace. Nothing happens where they are not here (any more)."""
        source, target = self.path(key), self.workspace.path(relative)
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            let_all_read(source)
            source.replace(target)

    def recover(self, catalogue: Catalogue) -> int:
        """Finish what a killed run began: move files whose row is committed; returns how many.

        Files without a row stay: their address is asked for again, and then they are here.
        """
        self._finish_swaps(catalogue)
        waiting = {path.name: path for path in self.folder.iterdir()}
        for name in [n for n in waiting if n.startswith(".part-")]:
            waiting.pop(name).unlink(missing_ok=True)
        if not waiting:
            return 0
        done = 0
        for fetch in catalogue.fetches():
            path = waiting.get(self.path(fetch.url).name)
            if path is None or fetch.outcome == FetchOutcome.FAILED:
                continue
            relative = _place_of(catalogue, fetch.picture_id)
            if relative and not self.workspace.path(relative).exists():
                self.place(fetch.url, relative)
                done += 1
            else:
                self.drop(fetch.url)
        return done

    def _finish_swaps(self, catalogue: Catalogue) -> None:
        """Move pictures aside for which a better one was taken, where the run died before their file was moved."""
        for picture in catalogue.pictures(state=PictureState.DUPLICATE):
            aside = self.workspace.path(picture.path)
            before = self.workspace.path(picture.path.removeprefix("bin/"))
            if picture.path.startswith("bin/") and before.exists() and not aside.exists():
                aside.parent.mkdir(parents=True, exist_ok=True)
                before.replace(aside)


def _place_of(catalogue: Catalogue, picture_id: int | None) -> str:
    """The path of a picture's file, or of its face's where the picture is itself a face."""
    found = catalogue.pictures(ids=[picture_id]) if picture_id else []
    if not found:
        return ""
    if found[0].kind == Kind.FACE:
        faces = [f for f in catalogue.faces(picture_id=picture_id, copy_of=None) if f.state == FaceState.KEPT]
        return faces[0].path if faces else ""
    return found[0].path
