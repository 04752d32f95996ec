"""Boxes go to the canvas and come back as what the person changed."""

from __future__ import annotations

import pytest

from core.crop.canvas_edits import View, canvas_boxes, differences, drawing
from core.imaging.boxes import Box
from core.workspace.tables import Face

NAMES = {1: "Rei", 2: "Asuka"}
HALF = View(0, 0, 0.5, 500, 250)


def face(face_id=10, x=100.0, y=40.0, w=60.0, h=80.0, character_id=1, state="proposed") -> Face:
    return Face(face_id, 1, character_id, "faces/a.jpg", x, y, w, h, state=state)


def changed(drawn, faces, view=HALF):
    return differences(canvas_boxes(drawn, view), faces, NAMES, view)


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


def test_an_untouched_canvas_changes_nothing():
    faces = [face(), face(11, 3.3, 4.7, 33.3, 21.9)]
    assert not changed(drawing(faces, NAMES, HALF), faces)


@pytest.mark.parametrize("scale", [0.1, 0.333, 0.75, 1.0, 2.0, 7.7])
def test_no_scale_moves_a_box_by_itself(scale):
    view = View(0, 0, scale, round(1000 * scale), round(500 * scale))
    faces = [face(x=101.37, y=41.91, w=57.13, h=83.77)]
    assert not changed(drawing(faces, NAMES, view), faces, view)


def test_a_moved_box_comes_back_in_picture_pixels():
    drawn = drawing([face()], NAMES, HALF)
    drawn["objects"][0]["left"] += 10
    assert changed(drawn, [face()]).moved == {10: Box(120, 40, 60, 80)}


def test_a_resize_is_in_scale_and_not_in_width():
    drawn = drawing([face()], NAMES, HALF)
    drawn["objects"][0] |= {"scaleX": 2.0, "scaleY": 0.5}
    assert changed(drawn, [face()]).moved == {10: Box(100, 40, 120, 40)}


def test_an_edge_that_stayed_keeps_its_exact_place():
    exact = face(x=100.4, y=40.3, w=60.2, h=80.1)
    drawn = drawing([exact], NAMES, HALF)
    drawn["objects"][0]["width"] += 20
    box = changed(drawn, [exact]).moved[10]
    assert (box.x, box.y, round(box.bottom, 6)) == (100.4, 40.3, 120.4)
    assert round(box.right, 6) == 201


def test_a_new_label_is_a_new_name():
    drawn = drawing([face()], NAMES, HALF)
    drawn["objects"][0]["label"] = " Asuka "
    assert changed(drawn, [face()]).renamed == {10: "Asuka"}


def test_an_emptied_label_renames_nobody():
    drawn = drawing([face()], NAMES, HALF)
    drawn["objects"][0]["label"] = ""
    assert not changed(drawn, [face()])


def test_a_missing_box_was_deleted():
    drawn = drawing([face(), face(11)], NAMES, HALF)
    del drawn["objects"][0]
    assert changed(drawn, [face(), face(11)]).deleted == (10,)


def test_order_does_not_tell_boxes_apart():
    faces = [face(10), face(11, x=300)]
    drawn = drawing(faces, NAMES, HALF)
    drawn["objects"].reverse()
    assert not changed(drawn, faces)


def test_a_drawn_box_has_no_face_yet():
    drawn = drawing([], NAMES, HALF)
    drawn["objects"].append({"type": "LabeledRect", "left": 10, "top": 20, "width": 30, "height": 40, "label": "Rei"})
    (new,) = changed(drawn, []).drawn
    assert (new.face_id, new.label, new.box) == (None, "Rei", Box(20, 40, 60, 80))


@pytest.mark.parametrize(
    "slip",
    [
        {"left": 10, "top": 10, "width": 3, "height": 3},
        {"left": -90, "top": 10, "width": 50, "height": 50},
        {"left": 10, "top": 10, "width": 0, "height": 40},
    ],
)
def test_a_slip_of_the_mouse_is_no_face(slip):
    assert not changed({"objects": [{"type": "LabeledRect", **slip}]}, [])


def test_a_box_over_the_border_is_clipped():
    drawn = {"objects": [{"type": "LabeledRect", "left": -10, "top": 230, "width": 60, "height": 60}]}
    (new,) = changed(drawn, []).drawn
    assert new.box == Box(0, 460, 100, 40)


def test_a_centred_origin_is_understood():
    centred = {"left": 50, "top": 50, "width": 20, "height": 40, "originX": "center", "originY": "center"}
    (new,) = changed({"objects": [{"type": "LabeledRect", **centred}]}, []).drawn
    assert new.box == Box(80, 60, 40, 80)


def test_other_shapes_are_no_boxes():
    assert canvas_boxes({"objects": [{"type": "Circle", "left": 1, "top": 1, "width": 50, "height": 50}]}, HALF) == []
    assert canvas_boxes(None, HALF) == []


def test_faces_outside_a_zoomed_view_are_left_alone():
    far = face(11, x=900, y=400)
    view = View.of(1000, 500, (500, 500), around=Box(100, 40, 60, 80))
    drawn = drawing([face()], NAMES, view)
    assert not changed(drawn, [face(), far], view)


def test_a_face_that_reaches_out_of_a_zoomed_view_keeps_its_hidden_edges():
    view = View(90.0, 30.0, 2.0, 100, 100)
    wide = face(x=60, y=40, w=60, h=30)
    assert not changed(drawing([wide], NAMES, view), [wide], view)
