import pytest
import torch

from core.vision.cnn_network import DetectorNet
from tests.core.vision.tiny_detector import TINY


@pytest.fixture
def net() -> DetectorNet:
    """A TINY network with weights from a seed, normalised for noise, that answers everywhere."""
    torch.manual_seed(0)
    net = DetectorNet(TINY)
    net.train()
    with torch.no_grad():
        for _ in range(3):
            net(torch.rand(2, 3, 128, 128) * 255)
        net.out.weight.normal_(std=0.5)
        net.out.bias[0] = 0.0
    return net.eval()
