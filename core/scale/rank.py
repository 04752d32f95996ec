"""One process of a training by torchrun: `torchrun ... -m core.scale.rank RUN_FOLDER`, one such process a rank.

core.scale.torchrun starts them, on one machine, and lays down what they need; by itself a run's folder lacks it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, distributed, nn
from torch.distributed.nn.functional import all_gather
from torch.nn.parallel import DistributedDataParallel

from core.errors import Cancelled
from core.failures import explain, is_expected
from core.progress import Progress, Reporter
from core.scale.torchrun import STOP, read_faces
from core.train.config import TrainConfig
from core.train.ranks import Ranks
from core.train.run import run_training
from core.train.runs import CONFIG

STOPPED = 3


class Torchrun(Ranks):
    """The processes that torchrun started; they must all call the same methods in the same order."""

    def __init__(self, device: torch.device):
        self.device = device
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
        self.rank, self.size = distributed.get_rank(), distributed.get_world_size()

    def gather(self, features: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Backwards, each rank's features get the sum of what all ranks' losses say of them. All ranks compute the same
        loss, so that is `size` times its gradient, and the mean over the ranks makes it once."""
        everyone = [torch.empty_like(targets) for _ in range(self.size)]
        distributed.all_gather(everyone, targets.contiguous())
        rows = all_gather(features)  # type: ignore[no-untyped-call]
        return torch.cat(rows), torch.cat(everyone)

    def wrap(self, module: nn.Module, *, partly: bool) -> nn.Module:
        own = [self.device.index] if self.device.type == "cuda" else None
        return DistributedDataParallel(module, device_ids=own, find_unused_parameters=partly)

    def mean(self, value: Tensor) -> Tensor:
        total = value.detach().clone()
        distributed.all_reduce(total)
        return total / self.size

    def agree(self, value: bool) -> bool:
        said = torch.tensor(int(value), device=self.device)
        distributed.broadcast(said, 0)
        return bool(said)

    def share(self, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        shared = {}
        for name in sorted(tensors):
            value = tensors[name].to(self.device, copy=True).contiguous()
            distributed.broadcast(value, 0)
            shared[name] = value.to(tensors[name].device)
        return shared


def own_device() -> torch.device:
    """A GPU for each process of a machine where there are GPUs, else the processor."""
    if not torch.cuda.is_available():
        return torch.device("cpu")
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    torch.cuda.set_device(device)
    return device


def main(arguments: Sequence[str]) -> int:
    """Train as one rank; the exit code. Rank 0 prints progress and, at last, an error in words."""
    folder = Path(arguments[0])
    ranks = Torchrun(device := own_device())
    try:
        faces, seconds = read_faces(folder)
        config = TrainConfig.load(folder / CONFIG)
        run_training(faces, config, folder, _reporter(folder), device, ranks, checkpoint_seconds=seconds)
    except Exception as error:
        if isinstance(error, Cancelled):
            return STOPPED
        if is_expected(error):
            _say({"error": explain(error)})
            return 1
        raise
    distributed.barrier()
    distributed.destroy_process_group()
    return 0


def _reporter(folder: Path) -> Reporter:
    def report(progress: Progress) -> None:
        _say(asdict(progress))
        if (folder / STOP).exists():
            raise Cancelled("Stopped as you asked. What was done so far is kept.")

    return report


def _say(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # the other ranks may be gone: nothing is waited for
