"""What a network sees of a face: its pixels, normalised by the spec's mean and standard deviation."""

from __future__ import annotations

import torch
from torch import nn

from core.vision.network import FaceNet, FaceVectors
from core.vision.specs import EncoderSpec


class Seen(nn.Module):
    """A backbone that remembers its input and answers with the mean of each channel."""

    def forward(self, x):
        self.input = x
        return x.mean((2, 3))


def net(**spec) -> FaceNet:
    return FaceNet(EncoderSpec(size=32, dim=4, mean=(0.5, 0.5, 0.5), std=(0.25, 0.5, 1.0), **spec), Seen(), 3).eval()


def test_pixels_are_normalised_inside():
    one = net()
    one(torch.ones(1, 3, 32, 32))
    assert one.backbone.input[0, :, 0, 0].tolist() == [2.0, 1.0, 0.5]


def test_programs_hand_over_bytes():
    one = net()
    vectors = FaceVectors(one, mirror=False)(torch.full((2, 32, 32, 3), 255, dtype=torch.uint8))
    assert one.backbone.input[0, :, 0, 0].tolist() == [2.0, 1.0, 0.5]
    assert vectors.norm(dim=1).tolist() == [1.0, 1.0] or torch.allclose(vectors.norm(dim=1), torch.ones(2))


def test_the_mirrored_view_is_mirrored_left_to_right():
    one = net(nearer=1.0)
    face = torch.zeros(1, 3, 32, 32)
    face[..., :4] = 1.0
    mirrored = one.mirrored(face)
    assert mirrored[0, 0, 0].tolist() == [0.0] * 28 + [1.0] * 4


def test_the_nearer_view_shows_the_middle():
    one = net(nearer=0.5)
    face = torch.zeros(1, 3, 32, 32)
    face[:, :, 8:24, 8:24] = 1.0
    assert one.mirrored(face).min() == 1.0
