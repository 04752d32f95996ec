"""A process of tests/scale/test_torchrun.py: one step on this rank's part of a batch, what came of it into a file."""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file

from core.scale.rank import Torchrun
from core.train.config import TrainConfig
from core.train.learner import Learner
from core.train.start import first_network

CONFIG = TrainConfig(image_size=32, embedding_dim=8, width=4, precision="float32", ema_decay=0.0)
CLASSES, EACH = 4, 4


def step(ranks, **changes):
    """Gradients, buffers and figures after a step on 4 characters with 4 faces each, of which `ranks` has its part."""
    config = replace(CONFIG, **changes)
    net = first_network(config)
    learner = Learner(
        net, CLASSES, replace(config, init="pretrained", freeze_batchnorm=True), torch.device("cpu"), ranks
    )
    torch.manual_seed(5)
    faces = torch.rand(CLASSES * EACH, 3, 4, 4).repeat_interleave(8, 2).repeat_interleave(8, 3)
    targets = torch.arange(CLASSES).repeat_interleave(EACH)
    torch.nn.init.normal_(learner.student.classifier.weight, std=0.1, generator=torch.Generator().manual_seed(1))
    learner.student.net.neck.eval()
    learner._set_modes = lambda frozen: learner.student.eval()  # batch normalisation would see a part alone
    part = slice(ranks.rank, None, ranks.size)
    figures = learner.step(faces[part], targets[part], 1.0)
    found = {name: p.grad.clone() for name, p in learner.student.named_parameters() if p.grad is not None}
    figured = [figures.loss, figures.triplet, figures.cross_entropy, figures.d_ap, figures.d_an, figures.active]
    return found | {"figures": torch.tensor(figured)}


if __name__ == "__main__":
    torch.set_num_threads(1)
    ranks = Torchrun(torch.device("cpu"))
    for mining, margin in (("batch_hard", None), ("batch_all", 0.2), ("semi_hard", 0.2), ("none", None)):
        found = step(ranks, mining=mining, margin=margin)
        save_file(
            {k: v.contiguous() for k, v in found.items()}, Path(sys.argv[1]) / f"{mining}-{ranks.rank}.safetensors"
        )
    torch.distributed.destroy_process_group()
