"""restore: a new workspace out of a backup, which must not stand there already."""

from __future__ import annotations

import pytest

from core.workspace.project import open_project
from tests.faces import add_faces


@pytest.fixture
def archive(run, project, tmp_path):
    add_faces(project, {"Rei": 2})
    assert run("backup", "--out", tmp_path / "b.zip")[0] == 0
    return tmp_path / "b.zip"


def test_what_was_backed_up_stands_in_the_new_workspace(run, archive, settings):
    code, document, _ = run("restore", archive, workspace="again")
    assert (code, document["workspace"]) == (0, "again")
    with open_project("again", settings) as project:
        (first, _) = project.catalogue.faces(state="kept")
        assert project.workspace.path(first.path).is_file()


def test_a_name_that_is_taken_is_refused_and_changes_nothing(run, archive, project):
    before = [f.id for f in project.catalogue.faces()]
    code, document, words = run("restore", archive)
    assert (code, document) == (1, None)
    assert "test" in words
    assert [f.id for f in project.catalogue.faces()] == before
