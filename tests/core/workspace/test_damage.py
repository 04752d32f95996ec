"""Damage is told by counting, is passed over by the steps, and is repaired by the doctor."""

from __future__ import annotations

import numpy as np
import pytest

from core.balance.balancing import balance
from core.balance.config import BalanceConfig
from core.errors import DataError
from core.workspace.damage import damage, damaged_files
from core.workspace.doctor import DAMAGED_FACE, inspect, repair
from core.workspace.readable import embed_readable, passed_over, unreadable_faces
from tests.faces import add_faces


class Corner:
    """An encoder that tells the colour of the upper left corner."""

    dim = 3

    def embed(self, faces, *, framing):
        vectors = np.array([face[:8, :8].mean((0, 1)) + 1 for face in faces], np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def encoder(tmp_path):
    path = tmp_path / "encoder.safetensors"
    path.write_bytes(b"corner")
    return path


@pytest.fixture
def cast(project):
    """Six faces each; of Rei's the first has no file, the second half a file."""
    ids = add_faces(project, {"Rei": 6, "Asuka": 6})["Rei"]
    gone, half = (project.workspace.path(project.catalogue.face(i).path) for i in ids[:2])
    gone.unlink()
    half.write_bytes(half.read_bytes()[:200])
    return project


def test_what_is_missing_is_counted_without_reading_a_file(cast):
    assert damaged_files(cast) == 1
    assert (
        damage(cast)
        == "1 file is missing or unfinished: `doctor` lists them, `doctor --repair` mends what can be mended."
    )


def test_nothing_is_said_where_nothing_is_wrong(project):
    add_faces(project, {"Rei": 2})
    assert damage(project) == ""


def test_status_says_it(cast, capsys):
    from core.cli import main

    assert main(["status", "--workspace", "test"]) == 0
    assert "1 file is missing or unfinished" in capsys.readouterr().out


def test_faces_that_cannot_be_read_are_passed_over_and_named(cast, encoder):
    faces = cast.catalogue.faces()
    lost = unreadable_faces(cast, faces)
    assert [face.path for face in lost] == ["faces/Rei/000_1.jpg", "faces/Rei/001_1.jpg"]
    told = []
    left, vectors = embed_readable(cast, faces, encoder, told.append, load=lambda path: Corner())
    assert [face.id for face in left] == [face.id for face in faces if face not in lost]
    assert vectors.shape == (10, 3)
    assert told[-1].note == passed_over(lost)
    assert "2 faces were passed over" in told[-1].note
    assert "faces/Rei/001_1.jpg" in told[-1].note
    with pytest.raises(DataError, match="None of the faces"):
        embed_readable(cast, lost, encoder, load=lambda path: Corner())


@pytest.mark.parametrize("mode", ["copy", "augment"])
def test_balance_passes_a_damaged_original_over_and_names_it(cast, mode):
    report = balance(cast, BalanceConfig(per_character=12, mode=mode))
    copies = [f for f in cast.catalogue.faces(state="kept") if f.copy_of is not None]
    assert report.copies == len(copies) > 0
    lost = {face.id: face.path for face in unreadable_faces(cast, cast.catalogue.faces(copy_of=None))}
    assert len(lost) == 2
    assert not {f.copy_of for f in copies} & set(lost)
    told = [words for words in report.warnings if "was not copied" in words]
    assert told
    assert all(any(path in words for path in lost.values()) and "doctor --repair" in words for words in told)


def test_the_doctor_names_a_damaged_face_and_takes_it_out_where_it_cannot_be_cut_again(cast):
    assert [p.about for p in inspect(cast) if p.kind == DAMAGED_FACE] == ["faces/Rei/001_1.jpg"]
    assert repair(cast) == []
    assert len(cast.catalogue.faces(state="kept")) == 10
    assert damage(cast) == ""
