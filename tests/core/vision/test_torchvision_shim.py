"""torchvision beside a build of torch that has not its operators."""

from __future__ import annotations

import pytest

from core.vision import torchvision_shim
from core.vision.torchvision_shim import load_torchvision


def test_the_shim_can_be_asked_twice():
    assert load_torchvision() is load_torchvision()


def test_missing_operators_are_declared_once_and_the_import_is_tried_again(monkeypatch):
    tries, declared = [], []

    def load(name):
        tries.append(name)
        if len(tries) == 1:
            raise RuntimeError("operator torchvision::nms does not exist")
        return "torchvision"

    monkeypatch.setattr(torchvision_shim, "import_module", load)
    monkeypatch.setattr(torchvision_shim, "_declare_schemas", lambda: declared.append(1))
    assert load_torchvision() == "torchvision"
    assert (tries, declared) == (["torchvision", "torchvision"], [1])


def test_any_other_trouble_is_not_hidden(monkeypatch):
    def load(name):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(torchvision_shim, "import_module", load)
    with pytest.raises(RuntimeError, match="out of memory"):
        load_torchvision()
