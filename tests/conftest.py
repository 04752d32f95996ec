"""What all tests share: a workspace in a folder of its own, small pictures, and the shared real data where it is."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from core.settings import ROOT, Settings
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.workspaces import create_workspace, open_workspace

SHARED = ROOT.parent / "shared" / "data"
CASES = ROOT.parent / "shared" / "cases"

# Where the environment forbids .pyc files, every process that a test starts would compile the whole product again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What a test finds does not depend on a graphics card; with CUDA_VISIBLE_DEVICES=0 one is used.
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays to the end: looking for garbage need not pass through it again,
    which Streamlit does after each run of a page."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def shared() -> Path:
    """The folder of real faces and pictures; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the real faces are not at {SHARED}")
    return SHARED


@pytest.fixture
def cases() -> Path:
    """The folder of drawn inputs that other tools wrote; tests that need it are skipped where it is absent."""
    if not CASES.is_dir():
        pytest.skip(f"the cases are not at {CASES}")
    return CASES


@pytest.fixture
def cascade(shared, monkeypatch) -> Path:
    """nagadomi's cascade, made known to the settings."""
    path = shared / "lbpcascade_animeface.xml"
    monkeypatch.setenv("WHOAMI_CASCADE", str(path))
    return path


@pytest.fixture(scope="session")
def components_found_once():
    """Streamlit looks through all installed packages for components at each start of an app: here once for all."""
    from functools import cache

    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    """Settings whose data and models lie in this test's own folder, for this process and its children."""
    monkeypatch.setenv("WHOAMI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("WHOAMI_MODELS_DIR", raising=False)
    return Settings()


@pytest.fixture(scope="session")
def empty(tmp_path_factory) -> Path:
    """The data folder of an empty workspace, made once: its tables take longer to make than to copy."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    create_workspace("test", Settings(data_dir=folder, models_dir=None))
    return folder


@pytest.fixture
def workspace(settings, empty):
    """An empty workspace called `test`."""
    shutil.copytree(empty, settings.data_dir, dirs_exist_ok=True)
    return open_workspace("test", settings)


@pytest.fixture
def catalogue(workspace):
    """The catalogue of that workspace."""
    with Catalogue(workspace.catalogue_path) as opened:
        yield opened


@pytest.fixture
def project(workspace, catalogue, settings):
    """That workspace, opened."""
    return Project(workspace, catalogue, settings)


@pytest.fixture
def scene(project, tmp_path, monkeypatch):
    """A workspace and an encoder that sees who is who."""
    from tests.heaps import NO_FACE, Scene, SeesWho

    encoder = tmp_path / "encoder.safetensors"
    encoder.write_bytes(b"weights")
    crops = [np.full((8, 8, 3), (20 * NO_FACE, n, 0), np.uint8) for n in range(200, 240)]
    monkeypatch.setattr("core.characters.non_faces.non_face_crops", lambda: crops)
    return Scene(project, encoder, SeesWho(), {})


def noise(seed: int, height: int = 80, width: int = 80) -> np.ndarray:
    """A picture unlike any other: smooth blobs, so that JPEG and perceptual hashes keep it apart."""
    import cv2

    small = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
