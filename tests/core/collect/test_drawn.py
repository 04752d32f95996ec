"""Drawn characters as a source: true boxes, and the same pictures for the same seed."""

from __future__ import annotations

import numpy as np

from core.collect.source import Query, SourceOptions, open_source
from core.imaging.reading import read_picture


def test_drawn_characters_bring_their_true_boxes():
    source = open_source("drawn", SourceOptions(seed=3, cast=4))
    name = source.characters()[1]
    results = source.search(Query(name, limit=2))
    loaded = [next(results).load() for _ in range(6)]
    assert sum(bool(one.faces) for one in loaded) >= 4
    picture = next(one for one in loaded if one.faces)
    assert name in [f.name for f in picture.faces]
    height, width = read_picture(picture.data).shape[:2]
    assert picture.faces[0].box.clip(width, height) == picture.faces[0].box


def test_a_name_outside_the_cast_gets_a_drawn_character_of_its_own():
    source = open_source("drawn", SourceOptions(cast=2))
    first = next(source.search(Query("Somebody Else"))).load()
    again = next(source.search(Query("Somebody Else"))).load()
    other = next(source.search(Query("A Third"))).load()
    assert np.array_equal(read_picture(first.data), read_picture(again.data))
    assert first.data != other.data


def test_the_cast_has_as_many_characters_as_asked_and_each_picture_is_another():
    source = open_source("drawn", SourceOptions(seed=1, cast=3))
    assert len(set(source.characters())) == 3
    hits = source.search(Query(source.characters()[0]))
    one, two = next(hits), next(hits)
    assert (one.name, two.name) == ("drawn_001.jpg", "drawn_002.jpg")
    assert one.key != two.key
    assert one.load().data != two.load().data
    other = open_source("drawn", SourceOptions(seed=2, cast=3))
    assert next(other.search(Query(other.characters()[0]))).load().data != one.load().data
