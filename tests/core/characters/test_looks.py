from types import SimpleNamespace

from core.characters.looks import faces_of, looks
from core.progress import silent
from core.workspace.embeddings import embed_faces
from tests.faces import add_faces


def test_without_embeddings_all_faces_are_in_one_row(project):
    ids = add_faces(project, {"Rei": 3, "Asuka": 1})["Rei"]
    rei = project.catalogue.character("Rei")
    assert [f.id for f in faces_of(project, rei)] == ids
    assert [[f.id for f in row] for row in looks(project, rei)] == [ids]


def test_embedded_faces_come_in_groups_that_look_alike_and_last_those_in_none(scene, monkeypatch):
    monkeypatch.setattr("core.characters.looks.encoder_in_use", lambda project: SimpleNamespace(path=scene.encoder))
    large, small = scene.add(1, range(5), "Rei"), scene.add(2, range(4), "Rei")
    alone = scene.add(3, range(1), "Rei")
    rei = scene.project.catalogue.character("Rei")
    assert [len(row) for row in looks(scene.project, rei)] == [10]
    embed_faces(scene.project, faces_of(scene.project, rei), scene.encoder, silent, load=scene.load)
    assert [{f.id for f in row} for row in looks(scene.project, rei)] == [set(large), set(small), set(alone)]
