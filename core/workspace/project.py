"""A workspace opened for work: its folders, its catalogue and the settings, passed along as one value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.settings import Settings, current_settings
from core.workspace.catalogue import Catalogue
from core.workspace.folders import Workspace
from core.workspace.moves import recover
from core.workspace.workspaces import open_workspace


@dataclass(frozen=True)
class Project:
    """The folders of a workspace, the catalogue that lies in them, and the settings it was opened with."""

    workspace: Workspace
    catalogue: Catalogue
    settings: Settings = field(default_factory=Settings)

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self.workspace.name


@contextmanager
def open_project(name: str, settings: Settings | None = None, *, create: bool = False) -> Iterator[Project]:
    """Open the workspace of that name and its catalogue; the catalogue is closed at the end.

    What a killed write left unfinished is finished first, where the workspace can be written.

    Raises WorkspaceError where there is none, unless `create`.
    """
    settings = settings or current_settings()
    workspace = open_workspace(name, settings, create=create)
    with Catalogue(workspace.catalogue_path) as catalogue:
        if not catalogue.read_only:
            recover(catalogue, workspace)
        yield Project(workspace, catalogue, settings)
