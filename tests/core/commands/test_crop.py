"""crop: what it is told to do, and one act of the review at a time."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.commands.crop import Arguments
from core.crop.config import CropConfig
from core.errors import DataError
from core.imaging.reading import encode_jpeg
from tests.conftest import noise


def test_by_itself_it_looks_for_faces_and_forces_nothing():
    args = Arguments()
    assert args == Arguments(CropConfig(), False, "open", (), "", (), "", None, None, False)
    assert args.acts == ()


@pytest.mark.parametrize("values", [{"keep": (0,)}, {"reject": (0,)}, {"status": "closed"}])
def test_ids_begin_at_one_and_a_status_is_one_of_those_there_are(values):
    with pytest.raises(DataError, match=next(iter(values))):
        Arguments(**values)


def test_two_acts_cannot_go_together():
    assert Arguments(keep=(1,), named="Rei").acts == ("keep",)
    with pytest.raises(DataError, match="--keep, --reject cannot go together"):
        Arguments(keep=(1,), reject=(2,))


def test_it_says_how_many_pictures_were_looked_at_and_names_those_that_cannot_be_read(run, told, project, monkeypatch):
    class Blind:
        name, operating_point = "blind", 0.5

        def detect_many(self, pictures, *, min_score=None):
            return [[] for _ in pictures]

    monkeypatch.setattr("core.crop.eyes.load_detector", lambda *a, **k: Blind())
    rei = project.catalogue.add_character("Rei")
    for name, data in {"a": encode_jpeg(noise(1)), "b": b"no picture"}.items():
        write_bytes(project.workspace.path(f"pictures/Rei/{name}.jpg"), data)
        project.catalogue.add_picture(rei.id, path=f"pictures/Rei/{name}.jpg")
    code, document, _ = run("crop")
    assert code == 0
    assert (document["nothing"], document["kept"], len(document["failed"])) == (1, 0, 1)
    assert "b.jpg" in told("crop", "--redo")


def test_a_detector_that_there_is_not_is_told_although_no_picture_waits(run):
    code, _, words = run("crop", "--detector", "nonsense")
    assert code == 1
    assert "There is no detector 'nonsense'. Choose one of: auto, cnn" in words
