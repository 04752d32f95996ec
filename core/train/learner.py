"""All that changes while learning: the network, a classifier behind its BNNeck, their average, the optimiser."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.batchnorm import _BatchNorm

from core.train import losses
from core.train.config import TrainConfig
from core.train.microbatches import Cores, Microbatches, can_be_parted
from core.train.ranks import ALONE, Ranks
from core.vision.lite import LiteNet
from core.vision.network import FaceNet


@dataclass(frozen=True, slots=True)
class StepFigures:
    """What one step tells. loss: weighted sum of triplet and cross_entropy. active: share of active triplets.

    d_ap, d_an: mean distances to positives and negatives. spread: 0 = all embeddings equal, 1 = all around. lr: the
    rate of the new layers.
    """

    loss: float
    triplet: float
    cross_entropy: float
    active: float
    d_ap: float
    d_an: float
    spread: float
    lr: float


class EncoderWithClassifier(nn.Module):
    """A FaceNet and a linear classifier without bias behind its BNNeck; the classifier is thrown away afterwards."""

    def __init__(self, net: FaceNet, classes: int):
        super().__init__()
        self.net = net
        self.classifier = nn.Linear(net.spec.dim, classes, bias=False)
        nn.init.zeros_(self.classifier.weight)  # all characters equally likely at first

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Faces (n, 3, s, s) in 0..1 -> what triplets are mined from (n, dim), and logits (n, classes)."""
        return self.heads(self.net.backbone((faces - self.net.mean) / self.net.std))

    def heads(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """The same from the backbone's features (n, f)."""
        feature = self.net.embedding(features)
        return feature.float(), self.classifier(self.net.neck(feature)).float()


class Learner:
    """Takes steps. With several ranks each takes its part of a batch: triplets are mined over the features of all, and
    the gradients are those of the whole batch. Batch normalisation in training mode sees a rank's part alone, as it
    sees a microbatch; its statistics are those of rank 0."""

    def __init__(self, net: FaceNet, classes: int, config: TrainConfig, device: torch.device, ranks: Ranks = ALONE):
        self.config, self.device, self.ranks = config, device, ranks
        self.student = EncoderWithClassifier(net, classes)
        self.student.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch leaves it out
        self.averaged: EncoderWithClassifier
        self.averaged = copy.deepcopy(self.student).requires_grad_(False) if config.ema_decay else self.student
        self.optimiser = self._optimiser()
        self.microbatches: Microbatches | None = None
        batch = min(config.classes_per_batch, classes) * config.samples_per_class
        if ranks.size == 1 and 0 < config.microbatch < batch and can_be_parted(net, device):
            self.microbatches = Microbatches(net, config.microbatch, Cores(-(-batch // config.microbatch)))
        self._frozen_stages().requires_grad_(False)  # before the ranks agree on whose gradients they wait for
        self.model = ranks.wrap(self.student, partly=bool(config.frozen_epochs))
        self.steps = 0

    @property
    def weights(self) -> EncoderWithClassifier:
        """The student to use: the running average where there is one."""
        return self.averaged

    def step(self, faces: Tensor, targets: Tensor, rate: float, *, frozen: bool = False) -> StepFigures:
        """One step on float faces (n, 3, s, s) in 0..1 and int64 targets (n,). frozen: the backbone does not change."""
        c = self.config
        self._set_modes(frozen)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * c.learning_rate * group["share"]
        faces, targets = faces.to(self.device, memory_format=torch.channels_last), targets.to(self.device)
        half, parts = c.precision == "bfloat16", self.microbatches
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            feature, logits = self.student.heads(parts.forward(faces, half=half)) if parts else self.model(faces)
        features, everyone = self.ranks.gather(feature, targets)
        triplet = self._triplet(features, everyone)
        loss = c.triplet_weight * triplet.loss
        if self.ranks.size > 1:
            loss = loss + 0.0 * logits.sum()  # every rank waits for the classifier's gradient, wanted or not
        entropy = torch.zeros(())
        if c.cross_entropy:
            entropy = F.cross_entropy(logits, targets, label_smoothing=c.label_smoothing)
            loss = loss + c.cross_entropy * entropy
            entropy = self.ranks.mean(entropy)
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        if self.microbatches:
            self.microbatches.backward()
        self.optimiser.step()
        self.steps += 1
        self._average()
        spread = (1 - F.normalize(features.detach()).mean(0).square().sum()).clamp_min(0).sqrt()
        return StepFigures(
            loss=float(c.triplet_weight * triplet.loss.detach() + c.cross_entropy * entropy.detach()),
            triplet=float(triplet.loss.detach()),
            cross_entropy=float(entropy.detach()),
            active=triplet.active,
            d_ap=triplet.positive,
            d_an=triplet.negative,
            spread=float(spread),
            lr=rate * c.learning_rate,
        )

    def state_dict(self) -> dict[str, Tensor]:
        """Everything to go on from, by name: weights, their average, the optimiser's memory."""
        found = {f"student.{k}": v for k, v in self.student.state_dict().items()}
        if self.averaged is not self.student:
            found |= {f"averaged.{k}": v for k, v in self.averaged.state_dict().items()}
        for number, memory in self.optimiser.state_dict()["state"].items():
            found |= {f"optimiser.{number}.{k}": v for k, v in memory.items() if isinstance(v, Tensor)}
        return found | {"steps": torch.tensor(self.steps)}

    def load_state_dict(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what `state_dict` gave."""
        self.student.load_state_dict(_under(tensors, "student."))
        if self.averaged is not self.student:
            self.averaged.load_state_dict(_under(tensors, "averaged."))
        memory: dict[int, dict[str, Tensor]] = {}
        weights = [weight for group in self.optimiser.param_groups for weight in group["params"]]
        for name, value in _under(tensors, "optimiser.").items():
            number, key = name.split(".", 1)
            weight = weights[int(number)]
            if value.shape == weight.shape:  # the fused optimiser wants the layout in memory of the weight
                value = torch.empty_like(weight).copy_(value)
            memory.setdefault(int(number), {})[key] = value
        groups = self.optimiser.state_dict()["param_groups"]
        self.optimiser.load_state_dict({"state": memory, "param_groups": groups})
        self.steps = int(tensors["steps"])

    def warm_classifier(self, prototypes: Tensor) -> None:
        """Begin with a classifier that points at each class's mean feature, unit vectors (classes, dim).

        With weights that know faces already, the first steps then teach instead of unlearning a random classifier.
        """
        for student in {self.student, self.averaged}:
            student.classifier.weight.data.copy_(prototypes)

    def begin_again(self, weights: dict[str, Tensor]) -> None:
        """Go on from these weights of a student, with a fresh average and optimiser."""
        self.student.load_state_dict(weights)
        self.averaged.load_state_dict(weights)
        self.optimiser = self._optimiser()
        self.steps = 0

    def _set_modes(self, frozen: bool) -> None:
        self.student.train()
        self.student.net.backbone.requires_grad_(not frozen).train(not frozen)
        self._frozen_stages().requires_grad_(False).eval()
        if self.config.freeze_batchnorm:
            for layer in self.student.net.backbone.modules():
                if isinstance(layer, _BatchNorm):
                    layer.eval()

    def _frozen_stages(self) -> nn.Module:
        """The first layers, which know lines and colours already; an empty module where all learn."""
        backbone, count = self.student.net.backbone, self.config.frozen_stages
        return backbone.first_stages(count) if isinstance(backbone, LiteNet) else nn.Sequential()

    def _triplet(self, features: Tensor, targets: Tensor) -> losses.TripletResult:
        c = self.config
        if c.mining == "semi_hard" and c.margin is not None:
            return losses.semi_hard(features, targets, margin=c.margin)
        if c.mining == "batch_all":
            return losses.batch_all(features, targets, margin=c.margin)
        result = losses.batch_hard(features, targets, margin=c.margin)
        if c.mining == "none":  # measured, not learned from
            result = losses.TripletResult(features.sum() * 0.0, result.active, result.positive, result.negative)
        return result

    def _optimiser(self) -> torch.optim.Optimizer:
        """Four groups: backbone or not, decayed or not (norms and biases are not)."""
        c = self.config
        backbone = {id(p) for p in self.student.net.backbone.parameters()}
        groups: dict[tuple[float, float], list[nn.Parameter]] = {}
        for p in self.student.parameters():
            share = c.backbone_lr_scale if id(p) in backbone else 1.0
            groups.setdefault((share, c.weight_decay if p.ndim > 1 else 0.0), []).append(p)
        kind = torch.optim.AdamW if c.optimiser == "adamw" else torch.optim.Adam
        return kind(
            [{"params": ps, "share": s, "weight_decay": d} for (s, d), ps in groups.items()],
            lr=c.learning_rate,
            fused=True,
        )

    @torch.no_grad()
    def _average(self) -> None:
        if self.averaged is self.student:
            return
        keep = min(self.config.ema_decay, (1 + self.steps) / (10 + self.steps))  # young averages forget faster
        both = list(zip(self.averaged.state_dict().values(), self.student.state_dict().values(), strict=True))
        means, values = zip(*(pair for pair in both if pair[0].is_floating_point()), strict=True)
        torch._foreach_lerp_(means, values, 1 - keep)
        for mean, now in both:
            if not mean.is_floating_point():
                mean.copy_(now)


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def copied_weights(module: nn.Module) -> dict[str, Tensor]:
    """The weights and statistics as they are now, on the processor."""
    return {name: value.detach().cpu().clone() for name, value in module.state_dict().items()}
