import numpy as np
import pytest

from core.similarity.metrics import roc
from ui.common.charts import ACCENT, GENUINE, IMPOSTOR, roc_curve, score_histograms, similarity_bars
from ui.train.curves import COLOURS


def test_the_best_candidate_is_the_topmost_bar_and_pale_under_the_thresholds():
    (bars,) = similarity_bars(["Rei", "Asuka", "Misato"], [0.8, 0.55, 0.1], match=0.6, unsure=0.5).data
    assert bars.x.tolist() == [0.1, 0.55, 0.8]
    assert bars.marker.color[2] == GENUINE
    assert len(set(bars.marker.color)) == 3


def test_both_thresholds_are_drawn_in():
    figure = similarity_bars(["Rei"], [0.8], match=0.6, unsure=0.5)
    assert [line.x0 for line in figure.layout.shapes] == [0.6, 0.5]
    assert [note.text for note in figure.layout.annotations] == ["match", "unsure"]


def test_the_words_of_thresholds_near_the_end_stand_one_above_the_other_inside_the_chart():
    match, unsure = similarity_bars(["Rei"], [0.8], match=0.97, unsure=0.95).layout.annotations
    assert (match.xanchor, unsure.xanchor) == ("right", "right")
    assert unsure.yshift - match.yshift >= match.font.size
    match, unsure = similarity_bars(["Rei"], [0.8], match=0.6, unsure=0.59).layout.annotations
    assert (match.xanchor, unsure.xanchor, match.yshift, unsure.yshift) == ("left", "right", 0, 0)


def test_a_name_with_markup_stays_text():
    figure = similarity_bars(["<a href='http://evil'>Rei</a>"], [0.8], match=0.6, unsure=0.5)
    assert "<a" not in figure.layout.yaxis.ticktext[0]


def test_histograms_are_shares_of_their_own_kind():
    figure = score_histograms(np.array([0.9, 0.8]), np.array([0.1, 0.2, 0.3]), threshold=0.5)
    assert [sum(bars.y) for bars in figure.data] == pytest.approx([1, 1])
    assert [line.x0 for line in figure.layout.shapes] == [0.5]


def test_one_and_the_same_score_can_be_drawn():
    assert len(score_histograms(np.array([0.5]), np.array([0.5])).data) == 2


def test_the_curve_of_many_scores_is_thinned():
    random = np.random.default_rng(0)
    curve = roc(random.normal(0.7, 0.2, 5000), random.normal(0.2, 0.2, 20000))
    line, point = roc_curve(curve, 0.11).data
    assert len(line.x) <= 2000
    assert line.x[-1] == curve.far[-1] == 1
    assert (point.x[0], point.y[0]) == (0.11, 0.89)


def test_a_perfect_encoder_has_its_point_and_readable_ticks():
    """No impostor passes: an equal error rate of 0, which a logarithmic axis cannot show, stands at its left end."""
    curve = roc(np.array([0.8, 0.9]), np.linspace(-0.3, 0.4, 41))
    figure = roc_curve(curve, 0.0)
    assert figure.data[1].x[0] == pytest.approx(1 / 41)
    assert list(figure.layout.xaxis.ticktext[-4:]) == ["10%", "20%", "50%", "100%"]


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it, of #rrggbb."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("page", ["#ffffff", "#0f1318"])
@pytest.mark.parametrize("colour", [GENUINE, IMPOSTOR, ACCENT, *COLOURS[:3]])
def test_lines_and_bars_stand_out_from_a_white_and_from_a_dark_page(colour, page):
    low, high = sorted((luminance(colour), luminance(page)))
    assert (high + 0.05) / (low + 0.05) > 3.3
