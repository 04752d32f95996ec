"""The workspaces that are hurt, made once each: they are copied, never changed. Coverage counts nothing here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from core.settings import Settings
from core.workspace.project import Project
from tests.kills.harness import in_fork
from tests.kills.scenes import run


@pytest.fixture(autouse=True)
def uncounted(no_cover):
    """What runs here is counted where it is tested for itself: a fork's count is lost with it, and only costs time."""


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Callable[[Callable[[Project], None], Path], Settings]:
    """Puts what a function makes of an empty workspace into a new folder."""

    @cache
    def template(make: Callable[[Project], None]) -> Settings:
        settings = Settings(data_dir=tmp_path_factory.mktemp("made") / "data")
        assert in_fork(lambda: run(make, settings, create=True)) == 0
        return settings

    def copy(make: Callable[[Project], None], folder: Path) -> Settings:
        settings = Settings(data_dir=folder / "data")
        shutil.copytree(template(make).data_dir, settings.data_dir)
        return settings

    return copy
