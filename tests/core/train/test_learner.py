"""What changes while learning: modes, rates, the average, and going on from what was saved."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch.nn.modules.batchnorm import _BatchNorm

from core.train.config import TrainConfig
from core.train.learner import Learner
from core.train.ranks import Ranks
from core.train.start import first_network
from core.vision.network import EncoderSpec, build

CONFIG = TrainConfig(
    classes_per_batch=3, samples_per_class=2, image_size=32, width=4, embedding_dim=4, precision="float32"
)
CPU = torch.device("cpu")
TARGETS = torch.tensor([0, 0, 1, 1])


def learner(**values):
    config = replace(CONFIG, **values)
    return Learner(first_network(config), 2, config, CPU)


def batch(seed=0):
    return torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(seed)), TARGETS


def test_a_frozen_backbone_stays_as_it_is_and_the_head_does_not():
    config = replace(CONFIG, width=4, embedding_dim=4, precision="float32")
    learner = Learner(first_network(config), 2, config, torch.device("cpu"))
    before = {k: v.clone() for k, v in learner.student.state_dict().items()}
    for _ in range(2):
        learner.step(torch.rand(4, 3, 32, 32), torch.tensor([0, 0, 1, 1]), 1.0, frozen=True)
    changed = {k for k, v in learner.student.state_dict().items() if not torch.equal(v, before[k])}
    assert not any(k.startswith("net.backbone") for k in changed)
    assert {"classifier.weight", "net.embedding.weight"} <= changed


@pytest.mark.parametrize("parts", [0, 2])
def test_frozen_stages_keep_their_weights_and_statistics_and_the_others_learn(parts):
    config = replace(CONFIG, init="pretrained", frozen_stages=2, microbatch=parts)
    net = build(EncoderSpec("efficientnet_lite2", size=32, dim=4))
    learner = Learner(net, 2, config, CPU)
    before = {k: v.clone() for k, v in learner.student.state_dict().items()}
    learner.step(*batch(), 1.0)
    changed = {k for k, v in learner.student.state_dict().items() if not torch.equal(v, before[k])}
    layers = {int(k.split(".")[3]) for k in changed if k.startswith("net.backbone.layers.")}
    assert layers == {*range(7, 24), 24, 25}  # stem, 1 and 3 blocks before; the head's activation has no weights behind


def test_the_average_follows_slowly_and_the_optimiser_starts_anew():
    config = replace(CONFIG, width=4, embedding_dim=4, ema_decay=0.9, precision="float32")
    learner = Learner(first_network(config), 2, config, torch.device("cpu"))
    learner.step(torch.rand(4, 3, 32, 32), torch.tensor([0, 0, 1, 1]), 1.0)
    name = "net.embedding.weight"
    mean, now = learner.weights.state_dict()[name], learner.student.state_dict()[name]
    assert not torch.equal(mean, now)
    learner.begin_again({k: v.clone() for k, v in learner.weights.state_dict().items()})
    assert torch.equal(learner.student.state_dict()[name], learner.weights.state_dict()[name])
    assert learner.optimiser.state_dict()["state"] == {}


def test_a_learner_taken_up_goes_on_exactly():
    """Weights, their average and the optimiser's memory: the third step is the same whether it was stopped or not."""
    whole = learner(ema_decay=0.9)
    for step in range(2):
        whole.step(*batch(step), 1.0)
    other = learner(ema_decay=0.9, seed=1)
    other.load_state_dict({k: v.clone() for k, v in whole.state_dict().items()})
    assert other.steps == 2
    assert whole.step(*batch(2), 1.0) == other.step(*batch(2), 1.0)
    for mine, theirs in zip(whole.weights.state_dict().values(), other.weights.state_dict().values(), strict=True):
        assert torch.equal(mine, theirs)


def test_without_an_average_the_weights_are_the_students():
    one = learner(ema_decay=0.0)
    assert one.weights is one.student
    assert not any(name.startswith("averaged.") for name in one.state_dict())


def test_the_average_of_the_first_step_is_a_young_one():
    """(1 + 1) / (10 + 1) of the old weights stay after the first step, whatever the decay; later at most the decay."""
    one = learner(ema_decay=0.99)
    name = "net.embedding.weight"
    before = one.student.state_dict()[name].clone()
    one.step(*batch(), 1.0)
    now = one.student.state_dict()[name]
    torch.testing.assert_close(one.weights.state_dict()[name], before * 2 / 11 + now * 9 / 11)


def test_batch_statistics_are_averaged_and_counts_copied():
    one = learner(ema_decay=0.9)
    one.step(*batch(), 1.0)
    counts = [v for k, v in one.weights.state_dict().items() if k.endswith("num_batches_tracked")]
    assert counts and all(int(v) == 1 for v in counts)


def test_the_backbone_has_its_own_rate_and_norms_and_biases_do_not_decay():
    one = learner(backbone_lr_scale=0.1, learning_rate=0.01, weight_decay=0.02)
    figures = one.step(*batch(), 0.5)
    assert figures.lr == 0.005
    groups = {(g["share"], g["weight_decay"]): g for g in one.optimiser.param_groups}
    assert set(groups) == {(0.1, 0.02), (0.1, 0.0), (1.0, 0.02), (1.0, 0.0)}
    assert {round(g["lr"], 6) for key, g in groups.items() if key[0] == 0.1} == {0.0005}
    assert all(p.ndim > 1 for key, g in groups.items() if key[1] for p in g["params"])
    assert all(p.ndim <= 1 for key, g in groups.items() if not key[1] for p in g["params"])


@pytest.mark.parametrize("frozen", [True, False])
def test_frozen_statistics_stay_as_they_came(frozen):
    config = replace(CONFIG, init="imagenet", freeze_batchnorm=frozen)
    one = Learner(first_network(CONFIG), 2, config, CPU)
    one.step(*batch(), 1.0)
    layers = [m for m in one.student.net.backbone.modules() if isinstance(m, _BatchNorm)]
    assert all(m.training is not frozen for m in layers)
    assert all(int(m.num_batches_tracked) == (0 if frozen else 1) for m in layers)
    assert one.student.net.neck.training


def test_the_first_classifier_finds_all_characters_equally_likely():
    one = learner(label_smoothing=0.0, triplet_weight=0.0)
    assert one.step(*batch(), 0.0).cross_entropy == pytest.approx(0.6931, abs=1e-4)  # ln 2


def test_the_loss_is_the_weighted_sum():
    figures = learner(triplet_weight=0.5, cross_entropy=2.0).step(*batch(), 1.0)
    assert figures.loss == pytest.approx(0.5 * figures.triplet + 2.0 * figures.cross_entropy, rel=1e-5)
    without = learner(cross_entropy=0.0).step(*batch(), 1.0)
    assert (without.cross_entropy, without.loss) == (0.0, pytest.approx(without.triplet))


@pytest.mark.parametrize(
    ("mining", "margin", "positive"),
    [("batch_hard", None, True), ("batch_all", 0.2, True), ("semi_hard", 2.0, True), ("none", None, False)],
)
def test_each_mining_learns_from_its_triplets_and_none_only_measures(mining, margin, positive):
    figures = learner(mining=mining, margin=margin).step(*batch(), 1.0)
    assert (figures.triplet > 0) is positive
    assert figures.d_an > 0


class Together(Ranks):
    """Stands in for one of two processes: the other's features are this one's plus 1, of two other characters."""

    size = 2

    def __init__(self):
        self.seen = []

    def gather(self, features, targets):
        self.seen.append(tuple(features.shape))
        return torch.cat([features, features + 1]), torch.cat([targets, targets + 2])


def test_features_of_all_processes_are_mined_together():
    together = Together()
    one = Learner(first_network(CONFIG), 2, CONFIG, CPU, together)
    one.step(*batch(), 1.0)
    assert together.seen == [(4, 4)]


def test_a_classifier_can_begin_at_the_characters():
    one = learner(ema_decay=0.9)
    prototypes = torch.eye(2, 4)
    one.warm_classifier(prototypes)
    assert torch.equal(one.student.classifier.weight, prototypes)
    assert torch.equal(one.weights.classifier.weight, prototypes)


def test_a_classifier_that_nobody_asked_to_learn_stays_as_it_is_though_every_process_waits_for_its_gradient():
    config = replace(CONFIG, cross_entropy=0.0)
    one = Learner(first_network(config), 2, config, CPU, Together())
    one.step(*batch(), 1.0)
    assert one.student.classifier.weight.grad is not None
    assert not one.student.classifier.weight.any()


def test_the_spread_is_nothing_for_one_point_and_one_all_around():
    one = learner()
    faces = torch.rand(1, 3, 32, 32).expand(4, -1, -1, -1)
    assert one.step(faces, TARGETS, 0.0).spread == pytest.approx(0, abs=0.01)
    features = torch.eye(4).repeat(2, 1) * torch.tensor([1.0] * 4 + [-1.0] * 4)[:, None]
    one.model = lambda faces: (features.requires_grad_(), torch.zeros(8, 2, requires_grad=True))
    targets = torch.tensor([0] * 4 + [1] * 4)
    assert one.step(torch.rand(8, 3, 32, 32), targets, 0.0).spread == pytest.approx(1)


@pytest.mark.parametrize(
    ("microbatch", "parts"), [(0, False), (1, True), (3, True), (4, False), (6, False)]
)  # two characters with two faces each: a batch of four
def test_only_a_batch_that_is_larger_than_a_part_is_parted(microbatch, parts):
    assert (learner(microbatch=microbatch).microbatches is not None) is parts


@pytest.mark.parametrize(("kind", "name"), [("adamw", torch.optim.AdamW), ("adam", torch.optim.Adam)])
def test_the_optimiser_is_the_one_that_was_named(kind, name):
    assert type(learner(optimiser=kind).optimiser) is name
