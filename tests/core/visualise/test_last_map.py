import numpy as np
import pytest

from core.progress import silent
from core.visualise.last_map import draw_points, last_map
from core.visualise.map_builder import prepare_map
from core.visualise.map_settings import MapSettings
from core.visualise.markers import COLOURS
from core.workspace import faces
from tests.coloured_faces import MeanColour, add_face


@pytest.fixture
def mapped(project):
    """Two reddish faces of Rei, two bluish ones of Asuka, and their map."""
    for name, colour in (("Rei", (200, 0, 20)), ("Asuka", (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for i in range(2):
            add_face(project, character, f"{i}", (colour[0], 9 * i, colour[2]))
    weights = project.workspace.models / "run1" / "encoder.safetensors"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"weights")
    return project


def draw(project, dimensions: int = 2) -> None:
    weights = project.workspace.models / "run1" / "encoder.safetensors"
    prepare_map(project, weights, silent, MapSettings("pca", dimensions), load=lambda path: MeanColour())


def test_without_a_map_of_two_dimensions_there_is_none(mapped):
    assert last_map(mapped) is None
    draw(mapped, dimensions=3)
    assert last_map(mapped) is None


def test_the_newest_map_has_the_colours_of_the_characters_and_the_names_of_today(mapped):
    draw(mapped)
    draw(mapped, dimensions=3)
    before = last_map(mapped)
    assert before.points.shape == (4, 2)
    assert before.colours == (COLOURS[0],) * 2 + (COLOURS[1],) * 2
    assert before.method == "pca"
    first = mapped.catalogue.faces()[0]
    faces.relabel(mapped, [first], "Asuka")
    after = last_map(mapped)
    assert after.colours == (COLOURS[1], COLOURS[0], COLOURS[1], COLOURS[1])
    assert after.key != before.key


def test_a_face_that_was_rejected_since_is_left_out(mapped):
    draw(mapped)
    faces.reject(mapped, mapped.catalogue.faces()[:1], "")
    assert len(last_map(mapped).points) == 3


def test_dots_lie_inside_with_their_colours_and_the_second_axis_points_up():
    picture = draw_points(np.array([[0.0, 0], [1, 1]]), ["#ff0000", "#0000ff"], width=60, height=40, paper="#ffffff")
    assert picture.shape == (40, 60, 3)
    red, blue = (np.argwhere((picture == colour).all(axis=2)).mean(axis=0) for colour in ((255, 0, 0), (0, 0, 255)))
    assert red == pytest.approx([36, 4], abs=1)
    assert blue == pytest.approx([4, 56], abs=1)
    assert (picture[20, 30] == 255).all()


def test_points_that_all_lie_on_one_another_lie_in_the_middle():
    picture = draw_points(np.zeros((3, 2)), ["#ff0000"] * 3, width=60, height=40)
    assert np.argwhere((picture == (255, 0, 0)).all(axis=2)).mean(axis=0) == pytest.approx([20, 30], abs=1)


@pytest.mark.parametrize(
    ("count", "width", "height", "radius"),
    [(2, 60, 40, 2), (999, 900, 600, 10), (1000, 900, 600, 5), (2, 600, 900, 10)],
)
def test_dots_grow_with_the_picture_are_smaller_where_there_are_many_and_stay_inside(
    monkeypatch, count, width, height, radius
):
    """A 60th of the shorter side, of a thousand points a 110th, at least 2; two radii from every border."""
    drawn = []
    monkeypatch.setattr("cv2.circle", lambda picture, place, size, *_, **__: drawn.append((*place, size)))
    points = np.linspace([0.0, 0.0], [1.0, 2.0], count)
    draw_points(points, ["#ff0000"] * count, width=width, height=height)
    x, y, size = (np.array(column) / 16 for column in zip(*drawn, strict=True))
    assert set(size) == {radius}
    assert (x.min(), x.max()) == (2 * radius, width - 2 * radius)
    assert (y.min(), y.max()) == (2 * radius, height - 2 * radius)
