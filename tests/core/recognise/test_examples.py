"""Examples to try a demo with: new pictures, the right names, one stranger."""

from __future__ import annotations

import numpy as np

from core.drawn import cast, draw
from core.drawn.casting import distance
from core.imaging.reading import read_picture
from core.recognise.examples import FIRST_SEED, KNOWN, draw_examples, new_picture, read_examples, stranger


def test_four_known_and_one_stranger_are_drawn_and_read_back(workspace):
    people = cast(5, 0)
    made = draw_examples(workspace, 5, 0)
    assert [one.truth for one in made] == [one.name for one in people[:KNOWN]] + [""]
    assert read_examples(workspace) == made
    assert all(one.truth.split()[0] not in one.path.name for one in made[:-1]), "the file does not give the name away"


def test_an_example_is_none_of_the_pictures_that_a_demo_draws():
    person = cast(1, 0)[0]
    picture = new_picture(person)
    assert len(picture.faces) == 1
    assert picture.faces[0].pose == "front"
    assert FIRST_SEED > 10_000_000  # a demo of seed 0 numbers its pictures from 0, at most 10,000 of each character
    assert not any(np.array_equal(picture.pixels, draw(person, seed).pixels) for seed in range(3))


def test_faces_alone_where_nothing_can_find_them(workspace):
    made = draw_examples(workspace, 1, 0, faces_only=True)
    height, width = read_picture(made[0].path).shape[:2]
    assert height == width


def test_the_stranger_is_nobody_of_the_cast():
    people = cast(8, 0)
    one = stranger(people, 0)
    assert one.name not in {other.name for other in people}
    assert min(distance(one, other) for other in people) > 0.5


def test_no_examples_and_a_broken_list_are_none(workspace):
    assert read_examples(workspace) == []
    (workspace.root / "examples").mkdir()
    for text in ("{", "[]", '{"gone.jpg": "Rei"}'):
        (workspace.root / "examples" / "examples.json").write_text(text)
        assert read_examples(workspace) == []
