import torch

from core.train.blend import blend
from core.vision.network import EncoderSpec, FaceNet, build


def filled(value: float) -> FaceNet:
    net = build(EncoderSpec(width=4, size=32, dim=8))
    for tensor in net.state_dict().values():
        tensor.fill_(value)
    return net


def test_a_quarter_of_the_start_is_kept():
    start, trained = filled(4.0), filled(8.0)
    values = [v for v in blend(trained, start, 0.25).state_dict().values() if v.is_floating_point()]
    assert all((v == 7.0).all() for v in values)
    assert float(trained.embedding.weight.detach()[0, 0]) == 8.0, "the trained network itself is left alone"


def test_counters_are_not_mixed():
    state = blend(filled(8.0), filled(4.0), 0.5).state_dict()
    assert {int(v) for v in state.values() if v.dtype == torch.int64} == {8}
