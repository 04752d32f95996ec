"""Files that are missing or damaged: left out, named three at most, and no reason to stop."""

from __future__ import annotations

from functools import partial

import pytest

from core.errors import DataError
from core.workspace import characters, embeddings
from core.workspace.readable import embed_readable, passed_over, unreadable_faces
from tests.coloured_faces import MeanColour
from tests.faces import add_faces


@pytest.fixture
def faces(project):
    """Five faces; the files of the first and the third are damaged or gone."""
    add_faces(project, {"Rei": 5})
    found = project.catalogue.faces()
    project.workspace.path(found[0].path).write_bytes(b"no picture")
    project.workspace.path(found[2].path).unlink()
    return found


def test_what_cannot_be_read_is_left_out_and_told(project, faces, tmp_path):
    (tmp_path / "encoder").write_bytes(b"weights")
    assert unreadable_faces(project, faces) == [faces[0], faces[2]]
    told = []
    left, vectors = embed_readable(project, faces, tmp_path / "encoder", told.append, load=lambda path: MeanColour())
    assert left == [faces[1], faces[3], faces[4]]
    assert vectors.shape == (3, 3)
    assert told[-1].note == passed_over([faces[0], faces[2]])
    with pytest.raises(DataError, match="None of the faces can be read"):
        embed_readable(project, faces[:1], tmp_path / "encoder", load=lambda path: MeanColour())


def test_what_is_moved_or_lost_while_it_embeds_ends_nothing(project, tmp_path, monkeypatch):
    monkeypatch.setattr(embeddings, "BATCH", 1)
    add_faces(project, {"Rei": 4})
    (tmp_path / "encoder").write_bytes(b"weights")
    found = project.catalogue.faces()

    def lose(n):
        project.workspace.path(project.catalogue.face(found[n].id).path).unlink(missing_ok=True)

    def rename():
        characters.rename(project, project.catalogue.character("Rei"), "Ayanami")

    class Moving(MeanColour):
        def embed(self, faces, *, framing="auto"):
            when_embedding.pop(0)()
            return super().embed(faces, framing=framing)

    def load(path):
        when_loading.pop(0)()
        return Moving()

    when_embedding, when_loading = [rename, partial(lose, 2)], [lambda: None, partial(lose, 3)]
    left, vectors = embed_readable(project, found, tmp_path / "encoder", load=load)
    assert (left, len(vectors), when_loading) == (found[:2], 2, [])


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, ""),
        (1, "1 face was passed over, the file missing or damaged: faces/Rei/000_1.jpg. `doctor"),
        (3, "3 faces were passed over, the file missing or damaged: faces/Rei/000_1.jpg, faces/Rei/001_1.jpg, "),
        (4, "faces/Rei/002_1.jpg and others. `doctor --repair` helps."),
    ],
)
def test_three_are_named(faces, n, words):
    assert words in passed_over(faces[:n])
    assert ("and others" in passed_over(faces[:n])) is (n > 3)
