"""What tests of pages share: one search for Streamlit's components, and for Recognise a cast of one colour each with an
encoder that sees nothing else."""

from __future__ import annotations

import pytest

from core.recognise.enrolment import enrol_all
from tests.coloured_faces import MeanColour, add_face


@pytest.fixture(scope="session", autouse=True)
def quick_start(components_found_once):
    """The app starts in a tenth of the time."""


@pytest.fixture
def encoder(workspace, monkeypatch):
    """A run whose encoder sees mean colours."""
    path = workspace.models / "run1" / "encoder.safetensors"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"weights")
    (path.parent / "metrics.json").write_text("{}")
    monkeypatch.setattr("core.workspace.embeddings.load_embedder", lambda path: MeanColour())
    for module in ("enrolment", "recogniser"):
        monkeypatch.setattr(f"core.recognise.{module}.load_encoder", lambda path: MeanColour())
    return path


@pytest.fixture
def cast(project, encoder):
    """Eight reddish faces of Rei and eight bluish of Asuka."""
    for name, colour in (("Rei", (200, 0, 20)), ("Asuka", (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for i in range(8):
            add_face(project, character, f"{name}{i}", (colour[0] + 4 * i, colour[1] + 3 * i, colour[2]))
    return project


@pytest.fixture
def enrolled(cast):
    enrol_all(cast)
    return cast
