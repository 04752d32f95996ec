from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from recipes.encoder.styles import StyleConfig, restyle

OFF = StyleConfig(1.0, 0.0, 0.0, 0.0, (1.0, 1.0), (0.0, 0.0), 0.0, 1_000_000, 0.0)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def faces() -> torch.Tensor:
    return torch.rand(40, 3, 16, 16, generator=seeded(9)) * 0.6 + 0.2


def test_the_same_generator_gives_the_same_styles_within_range(faces: torch.Tensor):
    groups = torch.arange(40) // 20
    styled = restyle(faces.clone(), groups, StyleConfig(share=1.0), seeded())
    assert styled.shape == faces.shape
    assert styled.min() >= 0 and styled.max() <= 1
    assert (styled - faces).abs().mean() > 0.03
    torch.testing.assert_close(restyle(faces.clone(), groups, StyleConfig(share=1.0), seeded()), styled)


def test_no_share_and_no_strength_leave_the_faces_alone(faces: torch.Tensor):
    groups = torch.zeros(40)
    torch.testing.assert_close(restyle(faces.clone(), groups, StyleConfig(share=0.0), seeded()), faces)
    torch.testing.assert_close(restyle(faces.clone(), groups, OFF, seeded()), faces, atol=1e-4, rtol=0)


def test_a_group_shares_the_larger_part_of_its_style():
    faces, groups = torch.full((200, 3, 4, 4), 0.5), torch.arange(200) // 50
    tinted = restyle(faces, groups, replace(OFF, cast=0.2), seeded())[:, :, 0, 0].view(4, 50, 3)
    assert tinted.mean(1).var(0).mean() > tinted.var(1).mean()


def test_lines_grow_thicker_or_thinner():
    faces = torch.ones(60, 3, 9, 9)
    faces[:, :, :, 4] = 0.0
    styled = restyle(faces.clone(), torch.arange(60), replace(OFF, stroke=1.0), seeded())
    dark = 1 - styled.mean((1, 2, 3))
    line = 1 / 9
    assert dark.min() < 0.8 * line and dark.max() > 1.5 * line
