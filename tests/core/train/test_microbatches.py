"""A batch in parts gives what the whole batch gives, whatever the number of cores."""

import copy

import pytest
import torch
from torch import nn

from core.train.microbatches import Cores, Microbatches, can_be_parted, torch_threads
from core.vision.network import EncoderSpec, build


def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return build(EncoderSpec(size=32, dim=6, width=4)).to(memory_format=torch.channels_last)


def batch(n):
    return torch.rand(n, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def pull(features):
    """A loss in which every face's feature meets every other's."""
    (torch.cdist(features, features) ** 2).sum().backward()


def in_parts(net, faces, size, threads=1):
    torch.set_num_threads(threads)
    parts = Microbatches(net, size, Cores(threads))
    features = parts.forward(faces)
    pull(features)
    parts.backward()
    return features.detach(), [weight.grad for weight in net.backbone.parameters()]


@pytest.mark.parametrize("size", [3, 4, 7, 8, 100])
def test_features_and_gradients_are_those_of_the_whole_batch(size):
    """Without statistics of the batch, parts differ from the whole in nothing; 7 faces do not fill parts of 3 or 4."""
    faces, whole, parted = batch(7), network().eval(), network().eval()
    features = whole.backbone((faces - whole.mean) / whole.std)
    pull(features)
    got, gradients = in_parts(parted, faces, size)
    torch.testing.assert_close(got, features.detach(), atol=1e-5, rtol=1e-4)
    for mine, weight in zip(gradients, whole.backbone.parameters(), strict=True):
        torch.testing.assert_close(mine, weight.grad, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("training", [True, False])
def test_the_number_of_cores_changes_nothing(training):
    nets = [network().train(training) for _ in range(3)]
    results = [in_parts(net, batch(8), 2, threads) for net, threads in zip(nets, (1, 2, 4), strict=True)]
    for features, gradients in results[1:]:
        assert torch.equal(features, results[0][0])
        assert all(torch.equal(a, b) for a, b in zip(gradients, results[0][1], strict=True))
    first, *others = (list(net.backbone.buffers()) for net in nets)
    assert all(torch.equal(a, b) for other in others for a, b in zip(first, other, strict=True))


def test_each_part_is_normalised_alone_and_holds_faces_from_all_over_the_batch():
    net, faces = network().train(), batch(6)
    features = Microbatches(net, 2, Cores(1)).forward(faces)
    alone = copy.deepcopy(net).backbone((faces[1::3] - net.mean) / net.std)
    torch.testing.assert_close(features[1::3].detach(), alone.detach())


def test_batch_normalisation_remembers_the_mean_of_the_parts():
    """Momentum 0.1 from 0: a tenth of the mean of both parts' means, which is the mean of the batch."""
    net, faces = network().train(), batch(8)
    Microbatches(net, 4, Cores(2)).forward(faces)
    normalised = net.backbone.stem[0]((faces - net.mean) / net.std)
    torch.testing.assert_close(net.backbone.stem[1].running_mean, 0.1 * normalised.mean((0, 2, 3)).detach())
    assert net.backbone.stem[1].num_batches_tracked == 1


def test_statistics_that_are_kept_are_kept_and_weights_that_do_not_learn_get_no_gradient():
    net = network().eval()
    before = [buffer.clone() for buffer in net.backbone.buffers()]
    net.backbone.requires_grad_(False)
    parts = Microbatches(net, 2, Cores(2))
    features = parts.forward(batch(4))
    assert not features.requires_grad
    parts.backward()
    assert all(weight.grad is None for weight in net.backbone.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, net.backbone.buffers(), strict=True))


def test_gradients_lie_in_memory_as_their_weights_do():
    net = network().eval()
    in_parts(net, batch(4), 2)
    assert all(weight.grad.stride() == weight.stride() for weight in net.backbone.parameters())


def test_an_error_in_a_part_is_raised():
    with pytest.raises(RuntimeError, match="must match"):
        Microbatches(network(), 2, Cores(2)).forward(torch.rand(4, 5, 32, 32))


def test_a_network_that_drops_at_random_and_a_gpu_take_the_batch_whole():
    assert can_be_parted(network(), torch.device("cpu"))
    assert not can_be_parted(network(), torch.device("cuda"))
    assert not can_be_parted(nn.Sequential(network(), nn.Dropout(0.1)), torch.device("cpu"))


@pytest.mark.parametrize(("asked", "inside"), [(1, 1), (None, 3)])
def test_torch_has_as_many_threads_afterwards_as_before(asked, inside):
    torch.set_num_threads(3)
    with pytest.raises(KeyError), torch_threads(asked):
        assert torch.get_num_threads() == inside
        raise KeyError
    assert torch.get_num_threads() == 3


def test_where_only_some_weights_learn_these_get_their_gradients():
    net = network().eval()
    first, *others = net.backbone.parameters()
    first.requires_grad_(False)
    _, gradients = in_parts(net, batch(4), 2)
    assert gradients[0] is None
    assert all(gradient is not None for gradient in gradients[1:]) and len(others) == len(gradients) - 1
