"""A training laid down and taken up."""

import pytest
import torch

from core.errors import DataError
from core.train.checkpoint import computed_on, load_checkpoint, save_checkpoint, taken_from


def test_tensors_and_numbers_come_back(tmp_path):
    save_checkpoint(tmp_path, {"a": torch.arange(3), "b": torch.rand(2, 2)[:, 0]}, {"step": 3, "rows": [{"x": 0.5}]})
    tensors, state = load_checkpoint(tmp_path)
    assert tensors["a"].tolist() == [0, 1, 2]
    assert state == {"step": 3, "rows": [{"x": 0.5}]}
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint.safetensors"]


def test_a_missing_one_is_said(tmp_path):
    with pytest.raises(DataError, match="no checkpoint"):
        load_checkpoint(tmp_path)


def test_a_broken_one_is_said_and_no_pickle_is_opened(tmp_path):
    torch.save({"a": 1}, tmp_path / "checkpoint.safetensors")
    with pytest.raises(DataError, match="broken"):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("state", [{}, {"steps": "many"}, []])
def test_one_that_holds_something_else_is_said(tmp_path, state):
    with pytest.raises(DataError, match=r"does not fit this training .* Start the training anew"), taken_from(tmp_path):
        int(state["steps"])
    with pytest.raises(DataError, match="changed since"), taken_from(tmp_path):
        raise DataError("The faces have changed since.")


@pytest.mark.parametrize(
    ("state", "device"), [({"device": "cuda"}, "cuda"), ({"device": "cpu"}, "cpu"), ({"step": 3}, "cpu"), ([], "cpu")]
)
def test_it_says_what_computed_it_and_an_older_one_was_computed_here(tmp_path, state, device):
    assert computed_on(tmp_path) == "cpu"
    save_checkpoint(tmp_path, {"a": torch.zeros(1)}, state)
    assert computed_on(tmp_path) == device


def test_a_broken_one_is_told_where_it_is_read_and_not_before(tmp_path):
    (tmp_path / "checkpoint.safetensors").write_bytes(b"nothing")
    assert computed_on(tmp_path) == "cpu"
