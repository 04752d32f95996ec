"""Weights are written whole or not at all, for everybody to read."""

import json

import pytest
import torch
from safetensors import safe_open

from core.vision.specs import DetectorSpec
from core.vision.weights import save_weights


def test_a_file_has_its_spec_and_provenance_and_all_may_read_it(tmp_path):
    path = tmp_path / "new" / "w.safetensors"
    save_weights(path, {"a": torch.ones(2)}, DetectorSpec(), {"source": "drawn"})
    with safe_open(path, "pt") as found:
        assert found.get_tensor("a").tolist() == [1, 1]
        assert json.loads(found.metadata()["provenance"]) == {"source": "drawn"} and "spec" in found.metadata()
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "w.safetensors"
    save_weights(path, {"a": torch.ones(2)}, DetectorSpec(), {})
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save_weights(path, {"a": torch.ones(3)}, DetectorSpec(), {"source": object()})
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
