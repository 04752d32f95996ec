from core.train.divided import Divided, divided_faces
from tests.faces import add_faces

VALIDATION = {"split": "validation"}


def test_faces_with_a_part_are_told_by_part_and_character(project):
    made = add_faces(project, {"Rei": 4, "Asuka": 2})
    parts = ("train", "", "validation", "train", "stranger", "spare")
    parts = dict(zip([*made["Rei"], *made["Asuka"]], parts, strict=True))
    project.catalogue.set_values("faces", {face: {"split": part} for face, part in parts.items()})
    rei, asuka = (str(project.catalogue.character(name).id) for name in ("Rei", "Asuka"))
    counts = {("stranger", asuka): 1, ("train", rei): 2, ("validation", rei): 1}
    assert divided_faces(project.catalogue) == counts


def test_copies_are_faces_of_their_own_and_validation_of_those_who_are_not_trained_on_is_told_apart(project):
    made = add_faces(project, {"Rei": 3, "Asuka": 2})
    for face, values in zip([*made["Rei"], *made["Asuka"]], ({}, {}, {}, VALIDATION, VALIDATION), strict=True):
        project.catalogue.set_values("faces", {face: {"split": "train", "enrolled": face % 2 == 0} | values})
    project.catalogue.set_values("faces", {made["Rei"][2]: {"copy_of": made["Rei"][0]}})
    assert Divided.of(divided_faces(project.catalogue)) == Divided(own=3, characters=1, known=0, judged=2)
    project.catalogue.set_values("faces", {made["Asuka"][0]: {"split": "train"}})
    assert Divided.of(divided_faces(project.catalogue)) == Divided(own=4, characters=2, known=1, judged=1)
