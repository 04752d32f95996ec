"""The time that a training needs, or in its place why it cannot begin."""

import pytest
import torch

from core.errors import DataError
from core.train.presets import preset
from ui.train import form


@pytest.fixture
def told(monkeypatch, tmp_path):
    """What is told where the estimate ends with an error."""

    def tell(error):
        def fail(*_args, **_options):
            raise error

        form.time_needed.clear()
        monkeypatch.setattr(form, "divided_faces", lambda catalogue: {})
        monkeypatch.setattr(form, "estimate", fail)
        return form.time_needed(None, "catalogue", "divided", preset("quick").as_dict(), tmp_path / "speed.json")

    return tell


def test_what_is_known_to_go_wrong_is_told_in_place_of_the_time(told):
    assert told(DataError("Collect and crop more.")) == "Collect and crop more."
    assert "The memory of the graphics card is full" in told(torch.OutOfMemoryError("CUDA out of memory. Tried to"))


def test_a_mistake_of_ours_is_not_told_as_if_it_were_known(told):
    with pytest.raises(ZeroDivisionError):
        told(ZeroDivisionError("division by zero"))
