"""Boxes go to the canvas and come back as what the person changed."""

from __future__ import annotations

import pytest

from core.crop.canvas_edits import CanvasBox, CanvasEdits, View, canvas_boxes, moved_box, whole_pixels
from core.imaging.boxes import Box

HALF = View(0, 0, 0.5, 500, 250)


def test_the_view_shrinks_a_large_picture_and_keeps_its_shape():
    assert View.of(1000, 500, (500, 500)) == View(0, 0, 0.5, 500, 250)


def test_zoom_shows_the_surroundings_of_a_small_face_enlarged():
    view = View.of(1000, 1000, (600, 600), around=Box(500, 500, 20, 20))
    assert view.region == Box(470, 470, 80, 80)
    assert view.scale == 7.5
    assert view.to_picture(view.to_canvas(Box(500, 500, 20, 20))) == Box(500, 500, 20, 20)


def test_zoom_at_the_border_stays_inside():
    view = View.of(100, 100, (600, 600), around=Box(0, 0, 20, 20))
    assert (view.x, view.y) == (0, 0)
    assert view.region == Box(0, 0, 50, 50)


def test_a_drawn_box_comes_back_in_picture_pixels():
    drawn = {"type": "LabeledRect", "left": 10, "top": 20, "width": 30, "height": 40, "label": " Rei "}
    (new,) = canvas_boxes({"objects": [drawn]}, HALF)
    assert (new.label, new.box) == ("Rei", Box(20, 40, 60, 80))


def test_a_resize_is_in_scale_and_not_in_width():
    drawn = {"type": "LabeledRect", "left": 50, "top": 20, "width": 30, "height": 40, "scaleX": 2.0, "scaleY": 0.5}
    (new,) = canvas_boxes({"objects": [drawn]}, HALF)
    assert new.box == Box(100, 40, 120, 40)


def test_a_box_on_a_zoomed_part_lies_where_it_was_drawn():
    drawn = {"type": "LabeledRect", "left": 100, "top": 50, "width": 200, "height": 100}
    (new,) = canvas_boxes({"objects": [drawn]}, View(30, 10, 10.0, 1000, 1000))
    assert new.box == Box(40, 15, 20, 10)


@pytest.mark.parametrize(
    "slip",
    [
        {"left": 10, "top": 10, "width": 3, "height": 3},
        {"left": -90, "top": 10, "width": 50, "height": 50},
        {"left": 10, "top": 10, "width": 0, "height": 40},
    ],
)
def test_a_slip_of_the_mouse_is_no_face(slip):
    assert canvas_boxes({"objects": [{"type": "LabeledRect", **slip}]}, HALF) == []


def test_a_box_over_the_border_is_clipped():
    drawn = {"objects": [{"type": "LabeledRect", "left": -10, "top": 230, "width": 60, "height": 60}]}
    (new,) = canvas_boxes(drawn, HALF)
    assert new.box == Box(0, 460, 100, 40)


def test_a_centred_origin_is_understood():
    centred = {"left": 50, "top": 50, "width": 20, "height": 40, "originX": "center", "originY": "center"}
    (new,) = canvas_boxes({"objects": [{"type": "LabeledRect", **centred}]}, HALF)
    assert new.box == Box(80, 60, 40, 80)


def test_other_shapes_are_no_boxes():
    assert canvas_boxes({"objects": [{"type": "Circle", "left": 1, "top": 1, "width": 50, "height": 50}]}, HALF) == []
    assert canvas_boxes(None, HALF) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (Box(110.4, 50.3, 60.2, 80.1), [110, 50, 61, 80]),  # moved: 110.4-170.6, 50.3-130.4 on whole pixels
        (Box(100.4, 40.3, 80.0, 80.1), [100.4, 40.3, 79.6, 80.1]),  # the right side alone: the others stay exact
        (Box(460, -5, 60.2, 80.1), [460, 0, 40, 75]),  # over the border of 500 x 400
    ],
)
def test_an_edge_that_stayed_keeps_its_exact_place(now, expected):
    moved = moved_box(Box(100.4, 40.3, 60.2, 80.1), now, 500, 400)
    assert moved.as_list() == pytest.approx(expected)


def test_what_a_canvas_leaves_out_has_its_usual_value():
    """No scale is 1, no place is the corner, no size is nothing, no origin is left and top."""
    view = View(0, 0, 1.0, 100, 100)

    def box(**item):
        return canvas_boxes({"objects": [{"type": "rect"} | item]}, view)

    assert [b.box for b in box(width=20, height=30)] == [Box(0, 0, 20, 30)]
    assert box(height=30) == box(width=30) == box() == []
    (found,) = box(width=20, height=30, left=5, top=6, scaleX=2, scaleY=-1)
    assert (found.box, found.label) == (Box(5, 6, 40, 30), "")
    assert canvas_boxes(None, view) == canvas_boxes({}, view) == []


def test_a_box_dragged_to_the_border_reaches_it():
    """All four edges, at 0 and at the picture's size."""
    assert moved_box(Box(50, 50, 100, 100), Box(-3, -4, 600, 700), 500, 400).as_list() == [0, 0, 500, 400]


@pytest.mark.parametrize(
    ("size", "most", "around", "scale"),
    [
        ((10, 10), (1000, 1000), None, 2.0),  # a tiny picture is no more than doubled
        ((1000, 1000), (600, 600), Box(500, 500, 1, 1), 8.0),  # and a tiny face no more than eight times as large
        ((1000, 500), (1000, 250), None, 0.5),
    ],
)
def test_nothing_is_enlarged_without_end(size, most, around, scale):
    assert View.of(*size, most, around=around).scale == scale


def test_a_view_has_a_pixel_at_least():
    view = View.of(1, 4000, (10, 10))
    assert (view.width, view.height) == (1, 10)
    view = View.of(100, 100, (600, 600), around=Box(50.2, 50.2, 0.1, 0.1))
    assert view.region.w >= 1 and view.region.h >= 1


@pytest.mark.parametrize(("width", "height", "kept"), [(8, 8, True), (7, 30, False), (30, 7, False), (8, 30, True)])
def test_a_box_of_eight_pixels_on_both_sides_is_one(width, height, kept):
    drawn = {"type": "rect", "left": 5, "top": 5, "width": width, "height": height}
    assert bool(canvas_boxes({"objects": [drawn]}, View(0, 0, 1.0, 100, 100))) is kept


@pytest.mark.parametrize("changed", ["moved", "renamed", "deleted", "drawn"])
def test_any_change_is_one(changed):
    values = {
        "moved": {1: Box(0, 0, 9, 9)},
        "renamed": {1: "Rei"},
        "deleted": (1,),
        "drawn": (CanvasBox("", HALF.region),),
    }
    assert CanvasEdits(**{changed: values[changed]})
    assert not CanvasEdits()


@pytest.mark.parametrize(("origin", "left"), [("left", 50), ("center", 40), ("right", 30)])
def test_each_origin_across_and_down(origin, left):
    down = {"left": "top", "center": "center", "right": "bottom"}[origin]
    drawn = {"type": "rect", "left": 50, "top": 50, "width": 20, "height": 20, "originX": origin, "originY": down}
    (found,) = canvas_boxes({"objects": [drawn]}, View(0, 0, 1.0, 100, 100))
    assert found.box == Box(left, left, 20, 20)


@pytest.mark.parametrize(
    ("box", "left"),
    [
        (Box(-5.4, -5.4, 20, 20), [0, 0, 15, 15]),
        (Box(90.6, 90.4, 20, 20), [91, 90, 9, 10]),
        (Box(100, 0, 5, 5), None),
        (Box(0, 100, 5, 5), None),
        (Box(10, 10, 0.4, 5), None),
    ],
)
def test_whole_pixels_stay_inside(box, left):
    found = whole_pixels(box, Box(0, 0, 100, 100))
    assert (found and found.as_list()) == left


def test_an_edge_that_moved_by_a_hundredth_of_a_pixel_has_moved():
    assert moved_box(Box(10.25, 10, 20, 20), Box(10.23, 10, 20.02, 20), 99, 99).as_list() == [10, 10, 20.25, 20]
    assert moved_box(Box(10.25, 10, 20, 20), Box(10.245, 10, 20.005, 20), 99, 99).as_list() == [10.25, 10, 20, 20]
