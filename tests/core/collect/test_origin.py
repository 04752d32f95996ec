"""A workspace is never collected into itself."""

from __future__ import annotations

import pytest

from core.collect.folder import FolderSource
from core.collect.origin import check_apart
from core.errors import SourceError


def test_a_folder_in_the_workspace_or_around_it_is_refused(project):
    for folder in (project.workspace.faces, project.workspace.root, project.settings.data_dir):
        with pytest.raises(SourceError, match=r"belongs to the workspace test \(.*\), or holds it\..*sync"):
            check_apart(project.workspace.root, [FolderSource(folder)])


def test_another_folder_and_what_the_page_uploaded_are_taken(project, tmp_path):
    check_apart(
        project.workspace.root, [FolderSource(tmp_path / "in"), FolderSource(project.workspace.cache / "uploads")]
    )
