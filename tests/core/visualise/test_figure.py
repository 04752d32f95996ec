from dataclasses import replace

import numpy as np
import pytest

from core.visualise.export import map_html
from core.visualise.figure import PALE, QueryPoint, _heart, map_figure, name_places
from core.visualise.map_data import MapData
from core.visualise.map_settings import MapSettings
from core.visualise.projection import fit_projection
from core.workspace.tables import Face

EVIL = "</script><script>alert(1)</script><b>Rei"


def small_map(dimensions: int = 2, names=("Rei", "Asuka")) -> MapData:
    random = np.random.default_rng(0)
    embeddings = random.normal(size=(6, 4)).astype(np.float32)
    faces = tuple(Face(id=10 + i, picture_id=1, character_id=1) for i in range(6))
    labels = (names[0],) * 4 + (names[1],) * 2
    return MapData(faces, labels, embeddings, fit_projection(embeddings, MapSettings("pca", dimensions)), "run1", "key")


@pytest.mark.parametrize("dimensions", [2, 3])
def test_each_character_is_a_trace_whose_points_carry_the_face_ids(dimensions):
    figure = map_figure(small_map(dimensions), write_names=False)
    assert {t.name: list(t.customdata) for t in figure.data} == {"Rei": [10, 11, 12, 13], "Asuka": [14, 15]}


def test_a_character_keeps_its_mark_when_another_leaves_the_map():
    order = ["Asuka", "Misato", "Rei"]
    with_two = {t.name: t.marker.color for t in map_figure(small_map(), order=order).data}
    with_one = {t.name: t.marker.color for t in map_figure(small_map(names=("Rei", "Rei")), order=order).data}
    assert with_one["Rei"] == with_two["Rei"] != with_two["Asuka"]


def test_other_groups_than_characters_colour_the_points_and_the_names_stay_those_of_characters():
    groups = ["training", "validation"] * 3
    figure = map_figure(small_map(), groups=groups, order=["training", "validation", "not divided"])
    assert {t.name: list(t.customdata) for t in figure.data} == {"training": [10, 12, 14], "validation": [11, 13, 15]}
    assert {note.text for note in figure.layout.annotations} == {"Rei", "Asuka"}


def test_found_faces_stand_out_in_space_and_the_others_are_pale():
    figure = map_figure(small_map(3), found=[11, 14, 99], write_names=False)
    bright = [(t.name, list(t.customdata), t.showlegend) for t in figure.data if t.marker.opacity == 1]
    assert bright == [("Asuka", [14], False), ("Rei", [11], False)]
    assert {t.marker.opacity for t in figure.data} == {1, PALE}
    assert {t.marker.opacity for t in map_figure(small_map(3), found=[99]).data if t.marker.opacity} == {0.85}


def test_a_view_shows_that_part_of_the_plane():
    layout = map_figure(small_map(), view=((0, 1), (-2, 3))).layout
    assert (layout.xaxis.range, layout.yaxis.range) == ((0, 1), (-2, 3))
    assert map_figure(small_map()).layout.xaxis.range is None


def test_where_the_page_shows_faces_plotly_says_nothing_but_still_tells_of_the_pointer():
    assert {(t.hoverinfo, t.hovertemplate) for t in map_figure(small_map(), hover_words=False).data} == {("none", None)}


def test_the_legend_lies_along_the_lower_edge_of_the_chart_below_the_axis():
    legend = map_figure(small_map()).layout.legend
    assert (legend.yref, legend.y, legend.yanchor) == ("container", 0, "bottom")


@pytest.mark.parametrize("dimensions", [2, 3])
def test_plotly_s_buttons_have_room_above_the_map(dimensions):
    """They are 30 pixels high and would lie over the topmost name."""
    assert map_figure(small_map(dimensions)).layout.margin.t >= 30


def test_many_points_are_small_and_plain(monkeypatch):
    monkeypatch.setattr("core.visualise.figure.MANY", 6)
    marker = map_figure(small_map()).data[0].marker
    assert (marker.size, marker.line.width) == (5, 0)


def test_each_name_stands_above_its_faces():
    data = small_map()
    assert [(one.name, one.faces) for one in name_places(data)] == [("Asuka", 2), ("Rei", 4)]
    notes = {note.text: note for note in map_figure(data).layout.annotations}
    assert set(notes) == {"Rei", "Asuka"}
    own = data.projection.points[4:]
    assert own[:, 0].min() <= notes["Asuka"].x <= own[:, 0].max()
    assert notes["Asuka"].y == pytest.approx(own[:, 1].max())


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_newcomer_is_drawn_where_it_falls(dimensions):
    newcomer = QueryPoint(np.arange(dimensions), "your picture")
    trace = map_figure(small_map(dimensions), query_points=[newcomer], write_names=False).data[-1]
    assert (trace.name, trace.x[0], trace.y[0]) == ("your picture", 0, 1)


def test_names_are_text_in_the_figure_and_in_the_file():
    data = small_map(names=(EVIL, "Asuka"))
    assert not any("<b>" in t.name or "<script" in t.hovertemplate for t in map_figure(data).data)
    document = map_html(data, title=EVIL)
    assert "<script>alert" not in document
    assert "&lt;script&gt;alert(1)" in document


def test_the_names_can_be_read_on_a_light_and_on_a_dark_page():
    colours = [map_figure(small_map(), dark=dark).layout.annotations[0].font.color for dark in (False, True)]
    assert colours == ["#111111", "#e6ebf0"]


def test_the_names_in_space_are_words_without_points_that_no_legend_lists():
    figure = map_figure(small_map(3))
    names = figure.data[-1]
    assert (names.mode, list(names.text)) == ("text", ["Asuka", "Rei"])
    assert (names.showlegend, names.hoverinfo) == (False, "skip")


def test_a_character_s_name_stands_over_the_nearest_four_fifths_of_its_faces():
    """Of five faces the one far away is left out; of one face that one is all."""
    points = np.array([[0.0, 0], [1, 0], [2, 0], [3, 0], [100, 50]])
    assert _heart(points)[:, 0].tolist() == [2, 1, 3, 0]
    assert _heart(points[:1]).tolist() == [[0, 0]]


@pytest.mark.parametrize(("method", "shown"), [("pca", True), ("tsne", False)])
def test_only_axes_that_mean_something_have_numbers(method, shown):
    data = small_map()
    data = replace(data, projection=replace(data.projection, explained=data.projection.explained if shown else ()))
    layout = map_figure(data).layout
    assert [layout.xaxis.showticklabels, layout.yaxis.showgrid] == [shown, shown]
    assert ("of the variance" in (layout.xaxis.title.text or "")) is shown
    assert layout.xaxis.zeroline is False


@pytest.mark.parametrize(("lasso", "mode"), [(True, "lasso"), (False, "pan")])
def test_dragging_draws_a_lasso_where_faces_can_be_picked_and_else_moves_the_map(lasso, mode):
    assert map_figure(small_map(), lasso=lasso).layout.dragmode == mode


def test_points_can_be_told_from_their_ground_and_chosen_ones_from_others():
    trace = map_figure(small_map()).data[0]
    assert (trace.marker.size, trace.marker.opacity, trace.marker.line.width) == (9, 0.85, 0.6)
    assert (trace.selected.marker.size, trace.selected.marker.opacity, trace.unselected.marker.opacity) == (12, 1, 0.35)
    assert trace.showlegend is True
    assert map_figure(small_map(3)).data[0].marker.size == 4


@pytest.mark.parametrize(("dimensions", "symbol", "size", "width"), [(2, "star", 22, 2), (3, "diamond-open", 10, 4)])
def test_a_query_stands_out(dimensions, symbol, size, width):
    query = QueryPoint(np.arange(dimensions), "<b>you")
    trace = map_figure(small_map(dimensions), query_points=[query], write_names=False).data[-1]
    assert (trace.marker.symbol, trace.marker.size, trace.marker.line.width) == (symbol, size, width)
    assert trace.name == "&lt;b&gt;you"
    assert [trace[axis][0] for axis in "xyz"[:dimensions]] == list(range(dimensions))


@pytest.mark.parametrize(("points", "kind"), [(4999, "scatter"), (5000, "scattergl")])
def test_many_points_are_drawn_by_the_graphics_card(points, kind):
    data = small_map()
    faces = tuple(Face(id=i, picture_id=1, character_id=1) for i in range(points))
    projection = replace(data.projection, points=np.zeros((points, 2), np.float32))
    many = replace(data, faces=faces, labels=("Rei",) * points, projection=projection)
    assert map_figure(many, write_names=False).data[0].type == kind


def test_axes_are_numbered_from_one_with_what_they_carry():
    data = small_map(3)
    data = replace(data, projection=replace(data.projection, explained=(0.5, 0.25, 0.125)))
    scene = map_figure(data).layout.scene
    titles = [scene[f"{letter}axis"].title.text for letter in "xyz"]
    assert titles == [f"axis {n} of the variance" for n in ("1: 50%", "2: 25%", "3: 12%")]
    assert scene.xaxis.showticklabels is True
    unknown = replace(data, projection=replace(data.projection, explained=()))
    assert map_figure(unknown).layout.scene.zaxis.showticklabels is False


def test_a_name_in_space_stands_over_the_highest_of_its_nearest_faces():
    data = small_map(3)
    names = map_figure(data).data[-1]
    own = data.projection.points[4:]
    assert names.x[0] == pytest.approx(np.median(own[:, 0])) and names.y[0] == pytest.approx(np.median(own[:, 1]))
    assert names.z[0] == pytest.approx(own[:, 2].max())


def test_a_name_lets_clicks_through_and_stands_above():
    note = map_figure(small_map()).layout.annotations[0]
    assert (note.showarrow, note.captureevents, note.yanchor, note.yshift, note.font.size) == (
        False,
        False,
        "bottom",
        6,
        13,
    )
