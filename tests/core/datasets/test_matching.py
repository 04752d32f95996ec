"""Which picture an annotation file means, and where its boxes lie on it."""

from __future__ import annotations

import pytest

from core.datasets.annotations import AnnotatedPicture, NamedBox, is_generic
from core.datasets.matching import ASPECT, Target, _alike, _evidence, _stem, match_pictures, place_boxes
from core.imaging.boxes import Box

REI = Target(1, "pictures/Rei/drawn_001.jpg", 720, 512, ("000001_drawn_001",), "Rei", (Box(100, 50, 80, 80),))
ASUKA = Target(2, "pictures/Asuka/drawn_001.jpg", 600, 600, ("000002_drawn_001",), "Asuka", (Box(300, 300, 90, 90),))
OTHER = Target(3, "pictures/Asuka/Zoë #2.png", 600, 600, ("000003_Zoë #2",), "Asuka")


def meant(picture: AnnotatedPicture) -> int | None:
    found = match_pictures([picture], [REI, ASUKA, OTHER])
    return found[0].id if found else None


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("pictures/Rei/drawn_001.jpg", 1),
        ("Asuka/drawn_001.jpg", 2),
        ("C:\\work\\pictures\\Rei\\drawn_001.jpg", 1),
        ("/data/local-files/?d=pictures/Asuka/drawn_001.jpg", 2),
        ("PICTURES/REI/DRAWN_001.JPG", 1),
        ("000001_drawn_001", 1),
        ("000002_drawn_001.txt", 2),
        ("0d6a7b4c-000001_drawn_001", 1),
        ("000002_drawn_001_jpg.rf.0a1b2c3d", 2),
        ("0d6a7b4c-000002_drawn_001_png.rf.0a1b2c3d4e5f.jpg", 2),
        ("Zoe\u0308 #2.png", 3),
        ("Zo%C3%AB%20%232.png", 3),
        ("images/Zoë #2.webp", 3),
        ("drawn_001.jpg", None),
        ("drawn_002.jpg", None),
        ("", None),
        ("/", None),
    ],
)
def test_names_that_tools_change(name, wanted):
    assert meant(AnnotatedPicture(name)) == wanted


def test_a_name_that_fits_two_pictures_is_decided_by_size_names_and_overlap():
    name = "images/1/0d6a7b4c-drawn_001.jpg"
    assert meant(AnnotatedPicture(name, width=720, height=512)) == 1
    assert meant(AnnotatedPicture(name, (NamedBox(Box(0, 0, 9, 9), "asuka"),))) == 2
    assert meant(AnnotatedPicture(name, (NamedBox(Box(0.5, 0.5, 0.15, 0.15)),), 1, 1)) == 2
    assert meant(AnnotatedPicture(name, (NamedBox(Box(0, 0, 9, 9)),))) is None
    both = [AnnotatedPicture(name, width=600, height=600), AnnotatedPicture(name, width=720, height=512)]
    assert {place: target.id for place, target in match_pictures(both, [REI, ASUKA]).items()} == {0: 2, 1: 1}


def placed(*boxes: Box, width=0.0, height=0.0, target=REI):
    found, remark = place_boxes(AnnotatedPicture("a", tuple(NamedBox(b) for b in boxes), width, height), target)
    return [one.box for one in found], remark


def test_boxes_come_into_the_pictures_own_pixels():
    assert placed(Box(10, 20, 30, 40)) == ([Box(10, 20, 30, 40)], "")
    assert placed(Box(10, 20, 30, 40), width=360, height=256) == ([Box(20, 40, 60, 80)], "")
    assert placed(Box(0.25, 0.5, 0.5, 0.25), width=1, height=1) == ([Box(180, 256, 360, 128)], "")


def test_boxes_are_clipped_and_those_outside_are_told():
    assert placed(Box(-10, 500, 30, 40), Box(800, 0, 9, 9)) == ([Box(0, 500, 20, 12)], "1 of 2 boxes lie outside of a")


def test_width_and_height_the_wrong_way_round_are_noticed():
    # as the picture is
    assert placed(Box(100, 50, 80, 80), width=512, height=720)[0] == [Box(100, 50, 80, 80)]
    # before a quarter turn clockwise: the picture was 512 x 720
    assert placed(Box(50, 540, 80, 80), width=512, height=720)[0] != []
    turned = Box(50, 720 - 100 - 80, 80, 80)
    assert placed(turned, width=512, height=720)[0] == [Box(100, 50, 80, 80)]
    assert "wrong way round" in placed(turned, width=512, height=720)[1]


@pytest.mark.parametrize(
    "name", ["anime-face", "Face", "face_anime", "head", "0", "12", "person", "manga face", "顔", " "]
)
def test_a_class_that_says_face_names_nobody(name):
    assert is_generic(name)


@pytest.mark.parametrize("name", ["Rei", "Faceless", "Boyd", "綾波レイ", "Two-Face Harvey", "C2"])
def test_a_name_is_a_name(name):
    assert not is_generic(name)


def test_a_file_whose_sides_are_swapped_is_told_by_the_shape_to_a_few_percent():
    from core.datasets.matching import ASPECT, _alike

    assert _alike(1.0, 1.0)
    assert _alike(2.0, 2.0 * (1 - ASPECT) + 1e-9)
    assert not _alike(2.0, 2.0 * (1 - ASPECT) - 1e-6)
    assert not _alike(0.5, 2.0)


@pytest.mark.parametrize(
    ("a", "b", "alike"), [(1.0, 1.0, True), (2.0, 1.99, True), (2.0, 1.5, False), (0.5, 0.4, False)]
)
def test_shapes_are_alike_within_a_share_of_the_larger(a, b, alike):
    assert _alike(a, b) is _alike(b, a) is alike


def test_the_share_itself_is_alike():
    assert _alike(100.0, 100.0 * (1 - ASPECT)) and not _alike(100.0, 99.9 * (1 - ASPECT))


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.jpeg", "a"),
        ("a.b.png", "a.b"),
        ("v1.5", "v1.5"),
        (".jpg", ".jpg"),
        ("a.tiffs", "a.tiffs"),
        ("plain", "plain"),
    ],
)
def test_an_ending_has_four_letters_at_most_and_is_no_number(name, stem):
    assert _stem(name) == stem


@pytest.mark.parametrize(("box", "kept"), [(Box(0, 0, 1, 1), 1), (Box(0, 0, 0.9, 5), 0), (Box(719, 0, 9, 9), 1)])
def test_of_a_box_a_pixel_at_least_must_lie_on_the_picture(box, kept):
    found, remark = placed(box)
    assert len(found) == kept
    assert remark == ("" if kept else "1 of 1 boxes lie outside of a")


def test_a_picture_turned_the_other_way_is_noticed_too_and_without_known_faces_nothing_is_turned():
    other_way = Box(512 - 50 - 80, 100, 80, 80)  # the face at (100, 50) of 720 x 512, before a turn to the left
    assert placed(other_way, width=512, height=720)[0] == [Box(100, 50, 80, 80)]
    nobody = Target(4, "a.jpg", 720, 512)
    assert placed(other_way, width=512, height=720, target=nobody)[0] == [other_way]
    assert placed(Box(10, 20, 30, 40), width=256, height=360, target=nobody)[0] == [Box(20, 40, 60, 80)]


def test_shares_are_never_turned_and_a_size_of_another_shape_only_stretches():
    assert placed(Box(0.5, 0.5, 0.1, 0.1), width=1, height=1, target=Target(4, "a", 50, 100))[0] == [Box(25, 50, 5, 10)]
    assert placed(Box(1, 10, 2, 20), width=72, height=512)[0] == [Box(10, 10, 20, 20)]


@pytest.mark.parametrize(("off", "turned"), [(43, True), (44, False)])
def test_a_turned_reading_must_share_three_tenths_with_the_known_faces(off, turned):
    """Turned back the box lies so many pixels beside the face, which is 80 wide: (80 - off) / (80 + off)."""
    shares = (80 - off) / (80 + off) >= 0.3
    box = Box(50, 720 - 100 - 80 - off, 80, 80)
    assert shares is turned
    assert (placed(box, width=512, height=720)[0] == [Box(100 + off, 50, 80, 80)]) is turned


def test_boxes_keep_their_names_and_attributes():
    picture = AnnotatedPicture("a", (NamedBox(Box(1, 2, 3, 4), "Rei", 7, {"pose": "front"}),))
    (one,), _ = place_boxes(picture, REI)
    assert (one.name, one.id, one.attributes) == ("Rei", 7, {"pose": "front"})


@pytest.mark.parametrize(
    ("width", "height", "name", "evidence"),
    [
        (720, 512, "", 1.0),
        (360, 256, "", 0.5),
        (512, 512, "", -1.0),
        (1, 1, "", 0.0),
        (720, 512, "Rei", 2.0),
        (720, 512, "Asuka", 1.0),
    ],
)
def test_size_and_name_are_evidence(width, height, name, evidence):
    far = Box(0.9 * max(width, 2), 0.9 * max(height, 2), 1, 1)
    assert _evidence(AnnotatedPicture("a", (NamedBox(far, name),), width, height), REI) == pytest.approx(evidence)


def test_a_face_where_it_is_known_counts_twice():
    picture = AnnotatedPicture("a", (NamedBox(Box(100, 50, 80, 80)),), 720, 512)
    assert _evidence(picture, REI) == 3.0


def test_pictures_that_fit_almost_alike_are_left_out_and_each_target_is_taken_once():
    twin = Target(9, "other/Rei/drawn_001.jpg", 720, 512, (), "Rei", REI.boxes)
    name = "Rei/drawn_001.jpg"
    assert match_pictures([AnnotatedPicture(name, width=720, height=512)], [REI, twin]) == {}
    two = [AnnotatedPicture("drawn_001.jpg", width=720, height=512)] * 2
    assert {place: target.id for place, target in match_pictures(two, [REI, ASUKA]).items()} == {0: 1}


def test_the_longest_common_path_decides_before_anything_else():
    near, far = Target(1, "x/b/a.jpg", 9, 9), Target(2, "y/c/a.jpg", 9, 9)
    assert match_pictures([AnnotatedPicture("z/c/a.jpg")], [near, far])[0].id == 2
