import errno
from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.errors import Cancelled, EncoderError, PictureError
from core.imaging.boxes import Box
from core.imaging.framing import FACE_CROP
from core.progress import silent
from core.workspace.embeddings import FoundVectors, cached_embeddings, embed_faces
from tests.coloured_faces import MeanColour, add_face


@pytest.fixture
def house(project, tmp_path):
    """A workspace with a red and a green face, and an encoder's file."""
    encoder = tmp_path / "encoder.safetensors"
    encoder.write_bytes(b"weights")
    rei = project.catalogue.add_character("Rei")
    add_face(project, rei, "red", (200, 0, 0))
    add_face(project, rei, "green", (0, 200, 0))
    return project, encoder


def test_faces_are_embedded_once_and_then_come_from_the_cache_in_the_order_asked(house):
    project, encoder = house
    faces, colours = project.catalogue.faces(), MeanColour()
    first = embed_faces(project, faces, encoder, silent, load=lambda path: colours)
    assert first == pytest.approx(np.array([[1, 0, 0], [0, 1, 0]]))
    again = embed_faces(project, faces[::-1], encoder, silent, load=lambda path: pytest.fail("loaded"))
    assert np.array_equal(again, first[::-1])
    assert colours.asked == [2]


def test_only_a_new_face_is_computed(house):
    project, encoder = house
    embed_faces(project, project.catalogue.faces(), encoder, silent, load=lambda path: MeanColour())
    add_face(project, project.catalogue.character("Rei"), "new", (0, 0, 200))
    known, vectors = cached_embeddings(project, project.catalogue.faces(), encoder)
    assert [f.id for f in known] == [1, 2]
    assert vectors.shape == (2, 3)
    colours = MeanColour()
    embed_faces(project, project.catalogue.faces(), encoder, silent, load=lambda path: colours)
    assert colours.asked == [1]
    assert cached_embeddings(project, project.catalogue.faces(), encoder)[1][2] == pytest.approx([0, 0, 1])


def test_another_encoder_has_its_own_cache(house):
    project, encoder = house
    embed_faces(project, project.catalogue.faces(), encoder, silent, load=lambda path: MeanColour())
    encoder.write_bytes(b"other weights")
    assert cached_embeddings(project, project.catalogue.faces(), encoder)[0] == []


def test_the_same_picture_under_two_names_is_computed_once(house):
    project, encoder = house
    add_face(project, project.catalogue.character("Rei"), "twin", (200, 0, 0))
    colours = MeanColour()
    embed_faces(project, project.catalogue.faces(), encoder, silent, load=lambda path: colours)
    assert colours.asked == [2]


def test_where_nothing_can_be_written_vectors_are_computed_and_not_kept(house, monkeypatch):
    project, encoder = house
    faces = project.catalogue.faces()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.workspace.vectors.write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        embed_faces(project, faces, encoder, silent, load=lambda path: MeanColour())
    monkeypatch.setattr(project.catalogue, "read_only", True)
    vectors = embed_faces(project, faces, encoder, silent, load=lambda path: MeanColour())
    assert vectors == pytest.approx(np.array([[1, 0, 0], [0, 1, 0]]))


def test_a_cancelled_run_keeps_what_it_has(house, monkeypatch):
    project, encoder = house
    monkeypatch.setattr("core.workspace.embeddings.BATCH", 1)

    def stop_after_one(progress):
        if progress.n == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        embed_faces(project, project.catalogue.faces(), encoder, stop_after_one, load=lambda path: MeanColour())
    assert [f.id for f in cached_embeddings(project, project.catalogue.faces(), encoder)[0]] == [1]


def test_a_broken_cache_is_made_again(house):
    project, encoder = house
    embed_faces(project, project.catalogue.faces(), encoder, silent, load=lambda path: MeanColour())
    (file,) = (project.workspace.cache / "embeddings").iterdir()
    file.write_bytes(b"rubbish")
    assert len(embed_faces(project, project.catalogue.faces(), encoder, silent, load=lambda p: MeanColour())) == 2


def test_what_cannot_be_read_is_named(house):
    project, encoder = house
    (face, _) = project.catalogue.faces()
    project.workspace.path(face.path).unlink()
    with pytest.raises(PictureError, match=r"Face 1 .* `sync`"):
        embed_faces(project, [face], encoder, silent, load=lambda path: MeanColour())
    with pytest.raises(EncoderError, match="Train one"):
        embed_faces(project, [face], encoder.with_name("none"), silent)


def test_no_faces_give_an_empty_array(house):
    project, encoder = house
    assert embed_faces(project, [], encoder, silent).shape[0] == 0


def test_ready_made_crops_are_framed_anew_and_cut_faces_are_not(house):
    project, encoder = house
    catalogue = project.catalogue
    rei = catalogue.character("Rei")
    picture = catalogue.add_picture(rei.id, kind="picture", path="pictures/rei/1.png")
    cut = add_face(project, rei, "cut", (0, 0, 200), picture_id=picture.id)
    colours = MeanColour()
    embed_faces(project, [cut, *catalogue.faces()[:2]], encoder, silent, load=lambda path: colours)
    assert list(zip(colours.framings, colours.asked, strict=True)) == [("auto", 2), ("given", 1)]


def test_another_way_of_framing_leaves_only_cut_faces_in_the_cache(house, monkeypatch):
    project, encoder = house
    catalogue = project.catalogue
    rei = catalogue.character("Rei")
    picture = catalogue.add_picture(rei.id, kind="picture", path="pictures/rei/1.png")
    cut = add_face(project, rei, "cut", (0, 0, 200), picture_id=picture.id)
    embed_faces(project, catalogue.faces(), encoder, silent, load=lambda path: MeanColour())
    monkeypatch.setattr("core.workspace.embeddings.signature", lambda: "another detector")
    assert [f.id for f in cached_embeddings(project, catalogue.faces(), encoder)[0]] == [cut.id]


def test_a_proposal_is_embedded_once_and_again_when_its_box_moves(house):
    project, encoder = house
    catalogue = project.catalogue
    path = project.workspace.pictures / "1.png"
    path.write_bytes(cv2.imencode(".png", np.full((40, 40, 3), (0, 0, 200), np.uint8)[..., ::-1])[1].tobytes())
    picture = catalogue.add_picture(None, path="pictures/1.png", sha256="ab", width=40, height=40)
    row = {"picture_id": picture.id, "x": 10.0, "y": 10.0, "w": 8.0, "h": 8.0}
    (face,) = catalogue.add_faces([row], action="test")
    embed_faces(project, [face], encoder, silent, load=lambda path: MeanColour())
    assert [f.id for f in cached_embeddings(project, [face], encoder)[0]] == [face.id]
    assert embed_faces(project, [face], encoder, silent, load=lambda path: pytest.fail("loaded")).shape == (1, 3)
    assert cached_embeddings(project, [replace(face, x=11.0)], encoder)[0] == []


def test_a_proposal_of_a_picture_without_a_hash_is_computed_each_time(house):
    project, encoder = house
    faces = [replace(face, sha256="") for face in project.catalogue.faces()]
    for _ in range(2):
        colours = MeanColour()
        assert embed_faces(project, faces, encoder, silent, load=lambda path, c=colours: c).shape == (2, 3)
        assert colours.asked == [2]
    assert cached_embeddings(project, faces, encoder)[0] == []


def test_vectors_that_were_found_with_the_faces_are_not_computed_again(house):
    project, encoder = house
    red, green = project.catalogue.faces()
    x, y = np.eye(3, dtype=np.float32)[:2]
    found, box = FoundVectors(project, encoder), Box(0, 0, 8, 8)
    found.add([(red.sha256, "", box, y), ("", "", box, x)])  # what has no hash is not kept
    found.add([(red.sha256, "", box, x)])  # and what is known stays
    known, vectors = cached_embeddings(project, [replace(red, framing=FACE_CROP), green], encoder)
    assert ([f.id for f in known], vectors.tolist()) == ([red.id], [y.tolist()])


def test_without_their_colours_faces_have_vectors_of_their_own(house):
    project, encoder = house
    faces = project.catalogue.faces()
    embed_faces(project, faces, encoder, silent, load=lambda path: MeanColour())
    assert cached_embeddings(project, faces, encoder, colourless=True)[0] == []
    grey = embed_faces(project, faces, encoder, silent, colourless=True, load=lambda path: MeanColour())
    assert grey == pytest.approx(np.full((2, 3), 3**-0.5), abs=1e-3)
    again = embed_faces(project, faces, encoder, silent, colourless=True, load=lambda path: pytest.fail("loaded"))
    assert np.array_equal(again, grey)
    assert embed_faces(project, faces, encoder, silent) == pytest.approx(np.array([[1, 0, 0], [0, 1, 0]]))


def test_the_colourless_vector_of_a_proposal_without_a_hash_is_not_kept_either(house):
    project, encoder = house
    faces = [replace(face, sha256="") for face in project.catalogue.faces()]
    found = embed_faces(project, faces, encoder, silent, colourless=True, load=lambda path: MeanColour())
    assert found.shape == (2, 3)
    assert cached_embeddings(project, faces, encoder, colourless=True)[0] == []
