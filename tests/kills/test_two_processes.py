"""Two processes on one workspace at the same moment: one is refused or waits, and nothing is doubled or lost."""

from __future__ import annotations

import os
import shutil

import pytest

from core.errors import CatalogueError
from core.settings import Settings
from core.workspace import faces
from core.workspace.project import Project
from tests.kills.harness import FAILED, end_of, in_fork, start_fork
from tests.kills.scenes import SCENES, run, snapshot, with_faces

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


@pytest.mark.parametrize("name", ["crop", "import", "import faces", "balance"])
def test_the_same_step_twice_gives_what_one_gives(name, tmp_path):
    scene = SCENES[name]
    one, two = (Settings(data_dir=tmp_path / kind / "data") for kind in ("one", "two"))
    assert in_fork(lambda: run(scene.make, one, create=True)) == 0
    shutil.copytree(one.data_dir, two.data_dir)
    assert in_fork(lambda: run(scene.act, one)) == 0
    running = [start_fork(lambda: run(scene.act, two)) for _ in range(2)]
    codes = sorted(end_of(pid) for pid in running)
    assert codes in ([0, 0], [0, FAILED])  # the second was refused, or came after the first
    assert snapshot(two) == snapshot(one)


def test_keep_beside_reject_of_the_same_faces_leaves_every_face_in_one_state_with_its_file(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")
    assert in_fork(lambda: run(with_faces, settings, create=True)) == 0

    def each(act):
        def decide(project: Project) -> None:
            for face in project.catalogue.faces(state="proposed"):
                try:
                    act(project, [face])
                except CatalogueError:
                    continue  # the other one was faster

        return lambda: run(decide, settings)

    running = [start_fork(each(act)) for act in (faces.keep, faces.reject)]
    assert [end_of(pid) for pid in running] == [0, 0]
    found = snapshot(settings)
    assert found["whole"] and not found["left"]
    assert {row[2] for row in found["faces"]} <= {"kept", "rejected"}
    kept = sorted(row[0] for row in found["faces"] if row[2] == "kept")
    assert kept == sorted(path for path in found["files"] if path.startswith("faces/"))
