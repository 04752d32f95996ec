"""Faces as the little that their embeddings are known by."""

from core.workspace.face_keys import FaceKey, face_keys
from tests.faces import add_faces


def test_a_key_says_of_a_face_what_the_row_says(project):
    ids = add_faces(project, {"Rei": 2, "Asuka": 1})
    wanted = [*ids["Asuka"], ids["Rei"][1]]
    rows, keys = project.catalogue.faces(ids=wanted), face_keys(project.catalogue, wanted)
    assert [key.id for key in keys] == sorted(wanted)
    for row, key in zip(rows, keys, strict=True):
        assert [getattr(row, name) for name in FaceKey._fields] == list(key)
        assert row.box == key.box
    assert face_keys(project.catalogue, []) == []
