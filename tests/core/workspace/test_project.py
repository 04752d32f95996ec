"""Opening a workspace: its three parts together, closed at the end, and nothing made by mistake."""

from __future__ import annotations

import pytest

from core.errors import WorkspaceError
from core.workspace import project as module
from core.workspace.project import Project, open_project


def test_a_project_is_called_like_its_workspace_and_uses_the_given_settings(workspace, catalogue, settings):
    opened = Project(workspace, catalogue, settings)
    assert opened.name == "test"
    with open_project("test", settings) as again:
        assert again.workspace == workspace
        assert again.settings is settings


def test_a_workspace_that_is_not_there_is_refused_and_not_made(settings):
    with pytest.raises(WorkspaceError, match="nobody"), open_project("nobody", settings):
        pass
    assert not (settings.data_dir / "nobody").exists()
    with open_project("nobody", settings, create=True) as project:
        assert project.catalogue.characters() == []


def test_the_catalogue_is_closed_even_where_the_work_fails(workspace, settings, monkeypatch):
    closed = []
    monkeypatch.setattr(module.Catalogue, "close", lambda self: closed.append(self.path))
    with pytest.raises(KeyError), open_project("test", settings):
        raise KeyError
    assert closed == [workspace.catalogue_path]


def test_a_read_only_workspace_is_not_recovered(workspace, catalogue, settings, monkeypatch):
    """Recovery writes: nobody who may only look is stopped by it."""
    recovered = []
    monkeypatch.setattr(module, "recover", lambda *_: recovered.append(1))
    with open_project("test", settings):
        pass
    monkeypatch.setattr("core.workspace.catalogue.is_read_only", lambda path: True)
    with open_project("test", settings) as project:
        assert project.catalogue.read_only
    assert recovered == [1]
