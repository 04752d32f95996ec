"""What may be chosen about an export for the training of image models."""

from __future__ import annotations

import pytest

from core.datasets.config import ExportConfig
from core.errors import DataError


def test_a_square_around_the_figure_ten_times_from_256_pixels_on():
    assert ExportConfig() == ExportConfig("figure", 256, 10)


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("crop", ("whole", "figure", "face"), ("half",)),
        ("min_side", (1, 100_000), (0, 100_001)),
        ("repeats", (1, 10_000), (0, 10_001)),
    ],
)
def test_the_ends_of_each_range(name, allowed, refused):
    for value in allowed:
        assert getattr(ExportConfig(**{name: value}), name) == value
    for value in refused:
        with pytest.raises(DataError, match=f"^{name} is "):
            ExportConfig(**{name: value})
