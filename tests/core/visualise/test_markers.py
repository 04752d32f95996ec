from itertools import pairwise

from core.visualise.markers import SYMBOLS_3D, markers


def test_fifty_six_characters_have_fifty_six_marks_in_both_views():
    found = markers(f"character {i}" for i in range(56)).values()
    assert len({(m.colour, m.symbol) for m in found}) == 56
    assert len({(m.colour, m.symbol_3d) for m in found}) == 56


def test_the_next_fifty_six_are_drawn_open():
    found = list(markers(f"character {i}" for i in range(112)).values())
    assert len({(m.colour, m.symbol) for m in found}) == 112


def test_neighbours_in_the_list_differ_in_colour_and_symbol():
    found = list(markers("abcdefghijkl").values())
    assert all(a.colour != b.colour and a.symbol != b.symbol for a, b in pairwise(found))


def test_plotly_knows_every_symbol():
    from plotly import graph_objects as go

    for mark in markers(str(i) for i in range(112)).values():
        go.Scatter(marker={"symbol": mark.symbol})
    for symbol in SYMBOLS_3D:
        go.Scatter3d(marker={"symbol": symbol})
