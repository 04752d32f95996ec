from core.characters.looks import faces_of, looks
from tests.faces import add_faces


def test_without_embeddings_all_faces_are_in_one_row(project):
    ids = add_faces(project, {"Rei": 3, "Asuka": 1})["Rei"]
    rei = project.catalogue.character("Rei")
    assert [f.id for f in faces_of(project, rei)] == ids
    assert [[f.id for f in row] for row in looks(project, rei)] == [ids]
