"""Names for files that come in: none that a file in the same folder has or had, whatever the ending or the case."""

from __future__ import annotations

from sqlalchemy import Connection, select

from core.collect.owner import Owner
from core.workspace import tables as t
from core.workspace.folders import Workspace


class FreeNames:
    """The names that are taken in each folder, asked for when a picture first comes into it: also after a rename."""

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self._taken: dict[tuple[int | None, str], set[str]] = {}

    def path(self, db: Connection, table: str, owner: Owner, stem: str, suffix: str, *, aside: bool = False) -> str:
        """A path in the owner's folder of `pictures` or `faces`, in the bin where it is set `aside`.

        001.png beside 001.jpg becomes 001_2.png, for their faces are named after them.
        """
        folder, tail = f"{table}/{owner.slug}", suffix.rpartition(".")[0]
        taken = self._known(db, table, owner)
        name, n = stem, 1
        while f"{name}{tail}".casefold() in taken or self._stands(f"{folder}/{name}{suffix}"):
            n += 1
            name = f"{stem}_{n}"
        taken.add(f"{name}{tail}".casefold())
        return f"{'bin/' if aside else ''}{folder}/{name}{suffix}"

    def _known(self, db: Connection, table: str, owner: Owner) -> set[str]:
        key = (owner.id, f"{table}/{owner.slug}")
        if key not in self._taken:
            columns = t.BY_NAME[table].c
            paths = db.execute(select(columns.path).where(columns.character_id == owner.id)).scalars()
            self._taken[key] = {path.rpartition("/")[2].rpartition(".")[0].casefold() for path in paths if path}
        return self._taken[key]

    def _stands(self, path: str) -> bool:
        """Whether a file lies there, or waits in the bin to come back: one that a merge brought, or nobody's."""
        return self.workspace.path(path).exists() or self.workspace.path(f"bin/{path}").exists()
