"""The review queue is worst first and filtered."""

from __future__ import annotations

import time

import pytest

from core.crop.queue import Filter, neighbour, review_queue, sources, tally
from core.errors import DataError
from core.imaging.boxes import Box


def reasons(catalogue, wanted=None, **more):
    return [(item.picture_id, item.reason) for item in review_queue(catalogue, wanted, **more)]


def test_worst_first(made, catalogue):
    fine, _ = made.picture(review="sure", states=["kept"], scores=[0.9])
    unsure, _ = made.picture(scores=[0.4])
    small, _ = made.picture([Box(10, 10, 20, 20)], scores=[0.8])
    several, _ = made.picture([Box(10, 10, 50, 50), Box(100, 100, 50, 50)])
    nothing, _ = made.picture([], review="nothing")
    blurred, (face,) = made.picture(review="sure", states=["kept"])
    catalogue.set_values("faces", {face.id: {"quality": 0.1}})
    odd, (other,) = made.picture(review="sure", states=["kept"])
    expected = [
        (several.id, "several faces"),
        (unsure.id, "unsure"),
        (small.id, "small"),
        (blurred.id, "blurred or cut off"),
        (odd.id, "outlier"),
        (nothing.id, "nothing found"),
    ]
    assert reasons(catalogue, odd={other.id}) == expected
    assert (fine.id, "fine") in reasons(catalogue, Filter("all"))


def test_the_first_picture_shown_has_a_face_to_decide(made, catalogue):
    """A landscape is no first impression: pictures where nothing was found come after those with proposed faces."""
    landscape, _ = made.picture([], review="nothing")
    someone, _ = made.picture()
    assert [item.picture_id for item in review_queue(catalogue)] == [someone.id, landscape.id]


def test_a_face_that_was_recognised_on_a_picture_of_nobody_waits_for_a_yes(made, catalogue):
    named, _ = made.picture(scores=[0.9])
    kept, _ = made.picture(review="sure", states=["kept"])
    catalogue.set_values("pictures", {named.id: {"character_id": None}, kept.id: {"character_id": None}})
    assert reasons(catalogue) == [(named.id, "recognised")]


def test_within_a_reason_the_least_sure_comes_first(made, catalogue):
    one, _ = made.picture(scores=[0.7])
    two, _ = made.picture(scores=[0.3])
    assert [i.picture_id for i in review_queue(catalogue)] == [two.id, one.id]


def test_what_a_person_decided_leaves_the_queue(made, catalogue):
    picture, _ = made.picture()
    catalogue.set_values("pictures", {picture.id: {"review": "done"}})
    assert reasons(catalogue) == []
    assert reasons(catalogue, Filter("done")) == [(picture.id, "fine")]


def test_rejected_and_removed_faces_do_not_count(made, catalogue):
    picture, _ = made.picture([Box(10, 10, 50, 50), Box(100, 100, 50, 50)], states=["proposed", "rejected"])
    assert reasons(catalogue) == [(picture.id, "unsure")]


def test_pictures_set_aside_are_not_asked_about(made, catalogue):
    made.picture(state="rejected")
    made.picture(state="duplicate")
    assert reasons(catalogue) == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), 3),
        (Filter("nothing"), 1),
        (Filter("look"), 2),
        (Filter(size="small"), 1),
        (Filter(size="middle"), 1),
        (Filter(size="large"), 0),
        (Filter(sources=("zip",)), 1),
    ],
)
def test_filters(made, catalogue, wanted, expected):
    made.picture([], review="nothing")
    made.picture([Box(0, 0, 40, 60)])
    made.picture([Box(0, 0, 60, 60)], character=made.asuka, source="zip")
    assert len(review_queue(catalogue, wanted)) == expected


def test_filter_by_character(made, catalogue):
    made.picture()
    theirs, _ = made.picture(character=made.asuka)
    found = review_queue(catalogue, Filter(characters=(made.asuka.id,)))
    assert [i.picture_id for i in found] == [theirs.id]


@pytest.mark.parametrize("wrong", [{"status": "later"}, {"size": "huge"}])
def test_a_filter_names_what_is_allowed(wrong):
    with pytest.raises(DataError, match="Choose one of"):
        Filter(**wrong)


@pytest.mark.parametrize(("current", "step", "there"), [(7, 1, 5), (9, 1, 9), (7, -1, 7), (None, 1, 7), (100, 1, 7)])
def test_neighbour_stays_inside(current, step, there):
    assert neighbour([7, 5, 9], current, step) == there


def test_tally_and_sources(made, catalogue):
    made.picture()
    made.picture([], review="nothing", source="zip")
    assert tally(catalogue) == {"look": 1, "nothing": 1}
    assert sources(catalogue) == ["test", "zip"]


def test_five_thousand_pictures_are_not_to_be_waited_for(made, catalogue):
    row = {"character_id": made.rei.id, "path": "", "review": "look", "width": 100, "height": 100}
    pictures = catalogue.add_pictures([{**row, "path": f"pictures/x/{i}.jpg"} for i in range(5000)])
    face = {"character_id": made.rei.id, "x": 1.0, "y": 1.0, "w": 50.0, "h": 50.0, "score": 0.5}
    catalogue.add_faces([{**face, "picture_id": p.id, "path": f"faces/x/{p.id}.jpg"} for p in pictures], action="f")
    start = time.process_time()  # a busy machine takes longer, but does no more
    assert len(review_queue(catalogue)) == 5000
    assert time.process_time() - start < 2


def test_pictures_that_nothing_has_looked_at_are_told_so(made, catalogue):
    new, _ = made.picture([], review="new")
    assert reasons(catalogue, Filter("new")) == reasons(catalogue, Filter("all")) == [(new.id, "not looked at")]
    assert reasons(catalogue) == []


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(47, 90, "small"), (48, 90, "middle"), (127, 130, "middle"), (130, 127, "middle"), (128, 190, "large")],
)
def test_the_shorter_side_of_a_face_is_its_size(made, catalogue, width, height, size):
    made.picture([Box(0, 0, width, height)])
    made.picture([], review="nothing")
    found = {name: [item.side for item in review_queue(catalogue, Filter(size=name))] for name in ("small", "middle")}
    assert found == {"small": [], "middle": []} | ({size: [min(width, height)]} if size in found else {})
    assert len(review_queue(catalogue, Filter(size="large"))) == (size == "large")


def test_a_picture_without_a_face_has_neither_a_size_nor_a_score(made, catalogue):
    made.picture([], review="nothing")
    (item,) = review_queue(catalogue)
    assert (item.faces, item.score, item.side) == (0, 0.0, 0.0)


def test_of_blurred_faces_the_poorest_comes_first(made, catalogue):
    ids = []
    for quality in (0.2, 0.1, 0.24):
        picture, (face,) = made.picture(review="sure", states=["kept"])
        catalogue.set_values("faces", {face.id: {"quality": quality}})
        ids.append(picture.id)
    assert [item.picture_id for item in review_queue(catalogue)] == [ids[1], ids[0], ids[2]]
