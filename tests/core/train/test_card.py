"""Which machine has a graphics card that can train."""

import pytest
import torch

from core.train import card


@pytest.fixture
def found(monkeypatch):
    """What is found out where torch sees a card, or none, and trying it out ends as given."""

    def find(seen, error=None):
        def try_out():
            if error is not None:
                raise error

        monkeypatch.setattr(torch.cuda, "is_available", lambda: seen)
        monkeypatch.setattr(card, "_try_out", try_out)
        return card.graphics_card.__wrapped__()

    return find


def test_a_card_that_computes_is_one(found):
    assert found(True) == "cuda"
    assert found(False) == ""


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might"),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB."),
    ],
)
def test_a_card_that_cannot_compute_is_none_and_the_log_says_why(found, caplog, error):
    assert found(True, error) == ""
    assert f"({str(error).splitlines()[0].rstrip('.')})" in caplog.text
    assert "might" not in caplog.text


@pytest.mark.parametrize(("usable", "count"), [("cuda", 3), ("", 0)])
def test_cards_that_cannot_be_used_do_not_count(monkeypatch, usable, count):
    monkeypatch.setattr(card, "graphics_card", lambda: usable)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    assert card.cards() == count


def test_cudnn_repeats_itself_inside_and_is_as_before_afterwards():
    before = torch.backends.cudnn.enabled, torch.backends.cudnn.deterministic, torch.backends.cudnn.allow_tf32
    with card.repeatable():
        assert torch.backends.cudnn.enabled
        assert torch.backends.cudnn.deterministic
        assert torch.backends.cudnn.allow_tf32 == before[2]
    assert (torch.backends.cudnn.enabled, torch.backends.cudnn.deterministic, torch.backends.cudnn.allow_tf32) == before
