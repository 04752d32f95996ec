"""Boxes as every format becomes them: which class names nobody, what is a number, and the box around a polygon."""

from __future__ import annotations

import math

import pytest

from core.datasets.annotations import AnnotatedPicture, Annotations, NamedBox, envelope, finite_numbers, is_generic
from core.imaging.boxes import Box


@pytest.mark.parametrize("name", ["face", "anime-face", "Girl_Face", "0", "12", "", "-", "顔", "人脸", "Person"])
def test_a_class_that_says_what_it_is_names_nobody(name):
    assert is_generic(name)


@pytest.mark.parametrize("name", ["Rei", "Facey", "girlfriend of Rei", "綾波", "2B", "face of Rei"])
def test_a_name_is_a_name(name):
    assert not is_generic(name)


@pytest.mark.parametrize(
    ("values", "n", "numbers"),
    [
        ([1, "2.5"], 2, [1.0, 2.5]),
        ((1, 2), 2, [1.0, 2.0]),
        ([1, 2], 3, None),
        ([1, math.nan], 2, None),
        ([1, math.inf], 2, None),
        ([1, 1e9], 2, None),
        ([1, -999_999_999], 2, [1.0, -999_999_999.0]),
        ([1, True], 2, None),
        ([1, None], 2, None),
        (["a", 1], 2, None),
        ("12", 2, None),
        (None, 0, None),
        ([], 0, []),
    ],
)
def test_only_finite_numbers_are_numbers(values, n, numbers):
    assert finite_numbers(values, n) == numbers


def test_the_box_around_a_polygon_and_none_without_an_area():
    assert envelope([(3, 1), (1, 5), (2, 2)]) == Box(1, 1, 2, 4)
    assert envelope([]) is None
    assert envelope([(1, 1), (1, 5)]) is None
    assert envelope([(1, 1), (5, 1)]) is None


def test_boxes_are_counted_over_all_pictures():
    box = NamedBox(Box(0, 0, 1, 1), "Rei")
    read = Annotations((AnnotatedPicture("a", (box, box)), AnnotatedPicture("b"), AnnotatedPicture("c", (box,))))
    assert read.boxes == 3
