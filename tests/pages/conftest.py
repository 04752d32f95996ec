"""What tests of pages share: one search for Streamlit's components, and for Recognise a cast of one colour each with an
encoder that sees nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from safetensors.numpy import save_file

from core.recognise.enrolment import enrol_all
from core.settings import Settings
from core.workspace.folders import Workspace
from core.workspace.project import Project, open_project
from tests.coloured_faces import MeanColour, add_face


@pytest.fixture(scope="session", autouse=True)
def quick_start(components_found_once):
    """The app starts in a tenth of the time."""


@pytest.fixture
def encoder(workspace, monkeypatch):
    """A run whose encoder sees mean colours."""
    return see_colours(workspace, monkeypatch)


@pytest.fixture
def cast(project, encoder):
    """Eight reddish faces of Rei and eight bluish of Asuka."""
    return fill(project)


@pytest.fixture(scope="session")
def enrolled_once(tmp_path_factory) -> Path:
    """The data folder of that cast, enrolled: to enrol takes longer than to copy."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("enrolled") / "data", models_dir=None)
    with pytest.MonkeyPatch.context() as patch, open_project("test", settings, create=True) as project:
        see_colours(project.workspace, patch)
        enrol_all(fill(project))
    return settings.data_dir


@pytest.fixture
def enrolled_files(workspace, enrolled_once, settings) -> None:
    """A copy of it in this test's own workspace, before that is opened."""
    shutil.copytree(enrolled_once, settings.data_dir, dirs_exist_ok=True)


@pytest.fixture
def enrolled(encoder, enrolled_files, project):
    """The cast, enrolled."""
    return project


def see_colours(workspace: Workspace, patch: pytest.MonkeyPatch) -> Path:
    path = workspace.models / "run1" / "encoder.safetensors"
    path.parent.mkdir(parents=True)
    save_file({}, path, {"spec": "{}"})
    (path.parent / "metrics.json").write_text("{}")
    patch.setattr("core.workspace.embeddings.load_embedder", lambda path: MeanColour())
    for module in ("enrolment", "recogniser"):
        patch.setattr(f"core.recognise.{module}.load_encoder", lambda path: MeanColour())
    return path


def fill(project: Project) -> Project:
    for name, colour in (("Rei", (200, 0, 20)), ("Asuka", (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for i in range(8):
            add_face(project, character, f"{name}{i}", (colour[0] + 4 * i, colour[1] + 3 * i, colour[2]))
    return project
