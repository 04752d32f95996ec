import pytest

from core.visualise.details import FaceDetails, face_details, find_faces
from core.visualise.map_builder import mapped_faces
from tests.coloured_faces import add_face

CAST = FaceDetails(
    ("Rei Ayanami", "Asuka", "Haruhi"),
    ("Evangelion", "Evangelion", "no series"),
    ("web",) * 3,
    ("training",) * 3,
    ("plug.jpg", "red_plug.png", "club.jpg"),
)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("rei", [0]),
        ("ayanami REI", [0]),  # every word, in any order
        ("evangelion", [0, 1]),
        ("plug", [0, 1]),
        ("evangelion .png", [1]),
        ("rei asuka", []),
        ("no series", []),  # said by us, not by the data
        ("ＲＥＩ", [0]),  # full-width letters
        ("", []),
        ("  ", []),
    ],
)
def test_a_face_is_found_by_character_series_or_file_where_every_word_occurs(words, places):
    assert find_faces(CAST, words).tolist() == places


def test_each_face_has_its_character_series_source_split_and_file(project):
    rei = project.catalogue.add_character("Rei", series="Evangelion")
    loner = project.catalogue.add_character("Nobody's")
    add_face(project, rei, "a", (1, 2, 3), split="validation")
    face = add_face(project, loner, "b", (4, 5, 6), split="spare")
    project.catalogue.set_values("pictures", {face.picture_id: {"path": "pictures/x/whole.jpg", "source": ""}})
    details = face_details(project.catalogue, *mapped_faces(project.catalogue))
    assert details == FaceDetails(
        ("Rei", "Nobody's"), ("Evangelion", "no series"), ("test", "no source"), ("validation", "left out"),
        ("a.png", "whole.jpg"),
    )  # fmt: skip
    assert details.values("split") == ("validation", "left out")


def test_a_face_that_was_not_divided_says_so(project):
    add_face(project, project.catalogue.add_character("Rei"), "a", (1, 2, 3))
    assert face_details(project.catalogue, *mapped_faces(project.catalogue)).splits == ("not divided",)
