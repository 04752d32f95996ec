"""A step shared by two processes is the step of one."""

import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from core.settings import ROOT
from core.train.ranks import ALONE
from tests.scale.one_step import step

MINING = {"batch_hard": None, "batch_all": 0.2, "semi_hard": 0.2, "none": None}


@pytest.fixture(scope="module")
def two_ranks(tmp_path_factory):
    """What each of two processes has after one step, by mining and rank."""
    folder = tmp_path_factory.mktemp("ranks")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    subprocess.run([*command, "-m", "tests.scale.one_step", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return {path.stem: load_file(path) for path in folder.iterdir()}


@pytest.mark.parametrize("mining", MINING)
def test_loss_and_gradients_of_two_ranks_are_those_of_the_whole_batch(two_ranks, mining):
    alone = step(ALONE, mining=mining, margin=MINING[mining])
    for rank in (0, 1):
        found = two_ranks[f"{mining}-{rank}"]
        assert found.keys() == alone.keys()
        for name, value in alone.items():
            assert torch.allclose(found[name], value, atol=1e-5, rtol=1e-5), name
    assert alone["figures"][0] > 0.1
    assert max(float(v.abs().max()) for k, v in alone.items() if k != "figures") > 1e-3
