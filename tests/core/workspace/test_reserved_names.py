"""Names of folders that belong to all workspaces: no new workspace gets one, and an old one takes nothing along."""

from __future__ import annotations

import pytest

from core.errors import WorkspaceError
from core.workspace.catalogue import Catalogue
from core.workspace.workspaces import (
    create_workspace,
    delete_workspace,
    open_workspace,
    rename_workspace,
    restore_workspace,
)


def old(settings, name):
    """A workspace of a reserved name, as an earlier version let one make it."""
    Catalogue(settings.data_dir / name / "catalogue.db").close()
    (settings.data_dir / name / "pictures").mkdir()
    return open_workspace(name, settings)


@pytest.mark.parametrize("name", ["models", "Models", "backups", "pretrained"])
def test_no_new_workspace_is_called_so(settings, workspace, name):
    for make in (
        lambda: create_workspace(name, settings),
        lambda: open_workspace(name, settings, create=True),
        lambda: rename_workspace(workspace, name, settings),
    ):
        with pytest.raises(WorkspaceError, match="Choose another name"):
            make()
    assert not (settings.data_dir / name / "catalogue.db").exists()


@pytest.mark.parametrize("act", ["delete", "rename"])
def test_an_old_one_called_models_leaves_the_runs_of_the_others(settings, workspace, act):
    run = settings.models / "test" / "run-1"
    run.mkdir(parents=True)
    one = old(settings, "models")
    assert one.root == settings.models
    if act == "delete":
        place = delete_workspace(one)
        assert (place / "data" / "catalogue.db").exists()
    else:
        assert rename_workspace(one, "other", settings).catalogue_path.exists()
    assert run.is_dir()
    assert not one.catalogue_path.exists()
    assert not (one.root / "pictures").exists()


def test_an_old_one_called_backups_leaves_the_backups(settings):
    one = old(settings, "backups")
    (one.root / "test-2026.zip").write_bytes(b"zip")
    delete_workspace(one)
    assert (one.root / "test-2026.zip").read_bytes() == b"zip"


def test_an_old_one_called_pretrained_leaves_the_shipped_weights(settings):
    one = old(settings, "pretrained")
    one.models.mkdir(parents=True)
    (one.models / "encoder.safetensors").write_bytes(b"weights")
    delete_workspace(one)
    assert (one.models / "encoder.safetensors").read_bytes() == b"weights"


def test_an_ordinary_one_goes_with_its_models_and_comes_back(settings, workspace):
    (workspace.models / "run-1").mkdir(parents=True)
    place = delete_workspace(workspace)
    assert not workspace.root.exists()
    assert not workspace.models.exists()
    assert (restore_workspace(place, settings).models / "run-1").is_dir()
