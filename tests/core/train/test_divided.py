from core.train.divided import divided_faces
from tests.faces import add_faces


def test_faces_with_a_part_are_told_by_part_and_character(project):
    made = add_faces(project, {"Rei": 4, "Asuka": 2})
    parts = ("train", "", "validation", "train", "stranger", "spare")
    parts = dict(zip([*made["Rei"], *made["Asuka"]], parts, strict=True))
    project.catalogue.set_values("faces", {face: {"split": part} for face, part in parts.items()})
    rei, asuka = (str(project.catalogue.character(name).id) for name in ("Rei", "Asuka"))
    assert sorted(zip(*divided_faces(project.catalogue), strict=True)) == [
        ("stranger", asuka),
        *[("train", rei)] * 2,
        ("validation", rei),
    ]
