"""Two processes on one workspace at the same moment: one is refused or waits, and nothing is doubled or lost."""

from __future__ import annotations

import os

import pytest

from core.cli import main
from core.errors import CatalogueError
from core.workspace import faces
from core.workspace.locks import step_lock
from core.workspace.project import Project
from tests.kills.harness import FAILED, end_of, in_fork, start_fork
from tests.kills.scenes import SCENES, run, snapshot, with_copies, with_faces

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


@pytest.mark.parametrize("name", ["crop", "import", "import faces", "balance"])
def test_the_same_step_twice_gives_what_one_gives(name, made, tmp_path):
    scene = SCENES[name]
    one, two = (made(scene.make, tmp_path / kind) for kind in ("one", "two"))
    assert in_fork(lambda: run(scene.act, one)) == 0
    running = [start_fork(lambda: run(scene.act, two)) for _ in range(2)]
    codes = sorted(end_of(pid) for pid in running)
    assert codes in ([0, 0], [0, FAILED])  # the second was refused, or came after the first
    assert snapshot(two) == snapshot(one)


def test_keep_beside_reject_of_the_same_faces_leaves_every_face_in_one_state_with_its_file(made, tmp_path):
    settings = made(with_faces, tmp_path)

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


@pytest.mark.parametrize(
    ("step", "argv"),
    [
        ("map", ["map", "--out", "map.html"]),
        ("evaluate", ["evaluate"]),
        ("enrol", ["enrol"]),
        ("enrol", ["enrol", "--again"]),
        ("train", ["train", "--preset", "quick"]),
        ("balance", ["balance"]),
        ("sync", ["sync"]),
        ("doctor", ["doctor", "--repair"]),
    ],
)
def test_a_step_that_runs_elsewhere_is_refused_with_its_holder_s_name(step, argv, made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    settings = made(with_copies, tmp_path)
    ready, stop = os.pipe(), os.pipe()

    def hold(project: Project) -> None:
        with step_lock(project.workspace, step):
            project.catalogue.set_values("faces", {f.id: {"sha256": ""} for f in project.catalogue.faces()[:1]})
            os.write(ready[1], b"!")
            os.read(stop[0], 1)

    pid = start_fork(lambda: run(hold, settings))
    os.read(ready[0], 1)
    try:
        code = main([*argv, "--data-dir", str(settings.data_dir), "--workspace", "test"])
    finally:
        os.write(stop[1], b"!")
        assert end_of(pid) == 0
    said = capsys.readouterr().err
    assert code == 1, said
    assert f"{step} is running already in test (process {pid}, since" in said
