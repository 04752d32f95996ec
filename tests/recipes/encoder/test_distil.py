"""Several networks taught to one: the common space keeps the cosines, and the student comes near the ensemble."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.drawn import cast
from core.drawn.picture import draw_face
from core.vision.network import EncoderSpec, build, read_encoder, save_encoder
from recipes.encoder.distil import (
    Distillation,
    Ensemble,
    common_space,
    distil,
    folded,
    mixed,
    other_order,
    student_config,
)
from recipes.encoder.faces import load_faces
from recipes.encoder.pretrain_config import PretrainConfig


@pytest.fixture
def teachers(tmp_path: Path) -> list[Path]:
    """Two networks of random weights, one of them asked at another size."""
    paths = []
    for seed, size in ((0, 40), (1, 32)):
        torch.manual_seed(seed)
        spec = EncoderSpec(width=4, size=size, dim=8)
        net = build(spec)
        faces = [cv2.resize(draw_face(one, 1000), (size, size)) for one in cast(8, 11)]
        pixels = torch.from_numpy(np.stack(faces)).permute(0, 3, 1, 2) / 255.0
        for _ in range(40):  # batch normalisation gets to know what faces look like
            net(pixels)
        paths.append(tmp_path / f"{seed}.safetensors")
        save_encoder(paths[-1], net, spec, {})
    return paths


@pytest.fixture
def config(tmp_path: Path, teachers: list[Path]) -> PretrainConfig:
    for number, one in enumerate(cast(4, 11)):
        folder = tmp_path / "faces" / ("here", "there")[number % 2] / f"c{number}"
        folder.mkdir(parents=True)
        for k in range(3):
            cv2.imwrite(str(folder / f"{k}.png"), draw_face(one, 1000 + k)[:, :, ::-1])
    return PretrainConfig(
        faces=str(tmp_path / "faces"), cache=str(tmp_path / "cache"), out=str(tmp_path / "student"), steps=30,
        start=str(teachers[0]), size=40, small_size=40, sources=2, p=2, k=3, threads=1, measure_minutes=0,
        learning_rate=3e-3,
    )  # fmt: skip


def test_an_ensembles_cosines_are_the_mean_of_its_members(teachers: list[Path]):
    nets = [read_encoder(path)[0] for path in teachers]
    pixels = torch.rand(5, 3, 40, 40, generator=torch.Generator().manual_seed(0))
    together = Ensemble(nets, torch.device("cpu"))(pixels)
    small = F.interpolate(pixels, (32, 32), mode="bilinear")
    with torch.no_grad():
        first, second = nets[0].embed(pixels), nets[1].embed(small)
    torch.testing.assert_close(together @ together.T, (first @ first.T + second @ second.T) / 2)


def test_a_teacher_of_more_weight_counts_more(teachers: list[Path]):
    nets = [read_encoder(path)[0] for path in teachers]
    pixels = torch.rand(5, 3, 40, 40, generator=torch.Generator().manual_seed(0))
    first, second = (Ensemble([net], torch.device("cpu"))(pixels) for net in nets)
    together = Ensemble(nets, torch.device("cpu"), [1, 3])(pixels)
    torch.testing.assert_close(together @ together.T, first @ first.T / 4 + second @ second.T * 3 / 4)


def test_a_network_with_its_normalisation_folded_in_answers_as_before():
    torch.manual_seed(0)
    net = build(EncoderSpec("efficientnet_lite0", size=32, dim=8)).eval()
    for layer in net.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(layer.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(layer.running_var, 0.5, 2.0)
    pixels = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        fewer = folded(net)
        torch.testing.assert_close(fewer.embed(pixels), net.embed(pixels), atol=1e-4, rtol=1e-3)
    assert not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in fewer.modules())


def test_order_is_the_same_where_cosines_are_and_differs_where_the_nearest_do():
    theirs = torch.tensor([[1.0, 0.9, 0.1], [0.9, 1.0, 0.1], [0.1, 0.1, 1.0]])
    swapped = torch.tensor([[1.0, 0.1, 0.9], [0.9, 1.0, 0.1], [0.1, 0.1, 1.0]])
    assert other_order(theirs, theirs) == pytest.approx(0.0, abs=1e-6)
    # the first face's nearest is another one: a share of almost 1 at a likeness 8 temperatures lower; mean of three
    assert other_order(swapped, theirs) == pytest.approx(8 / 3, abs=0.01)


def test_a_common_space_keeps_cosines_and_lies_as_the_reference_does():
    generator = torch.Generator().manual_seed(0)
    reference = F.normalize(torch.randn(50, 4, generator=generator))
    turn = torch.linalg.qr(torch.randn(10, 4, generator=generator))[0]
    space = common_space(reference @ turn.T, reference)
    torch.testing.assert_close(reference @ turn.T @ space, reference, atol=1e-5, rtol=1e-4)


def test_a_student_comes_nearer_to_what_its_teachers_say(config: PretrainConfig, teachers: list[Path]):
    faces = load_faces(Path(config.faces), Path(config.cache))
    training = Distillation(faces, config, [read_encoder(path)[0] for path in teachers])
    batch = training._prepare(0, 40)
    training.ahead.take = lambda step, size: batch  # the same faces again and again
    training.seen = lambda pixels: pixels
    parts = [training.one_step()["vectors"] for _ in range(30)]
    assert parts[-1] < 0.7 * parts[0]


def test_two_faces_in_five_are_shown_with_a_part_of_another_one():
    """Black and white faces: grey all over where one shines through, in parts black and white where two are joined."""
    pixels = (torch.arange(2000) % 2.0).view(2000, 1, 1, 1).expand(-1, 3, 16, 16).contiguous()
    shown = mixed(pixels, torch.Generator().manual_seed(0))
    spread = (shown.amax((1, 2, 3)) - shown.amin((1, 2, 3))).numpy()
    joined = spread > 0.5
    through = (spread < 1e-6) & ((shown - pixels).abs().amax((1, 2, 3)).numpy() > 0)
    # every other partner has the same colour, and nothing is to be seen of it
    assert joined.mean() == pytest.approx(0.1, abs=0.02)
    assert through.mean() == pytest.approx(0.1, abs=0.02)
    assert ((shown - pixels).abs().mean((1, 2, 3)) < 0.55).all()  # a face stays at least half of itself


def test_a_distilled_encoder_is_written_as_any_other(config: PretrainConfig, teachers: list[Path]):
    path = distil(replace(config, steps=2, drawn=48), teachers, weights=[1, 2])
    assert read_encoder(path)[1].size == 40


def test_a_student_learns_gently_and_from_more_hues():
    student = student_config(PretrainConfig(learning_rate=0.002, neighbours=0.5))
    assert (student.learning_rate, student.neighbours, student.hue_share) == (0.001, 0.0, 0.5)
    assert (student.drawn, student.small_share) == (112, 0.0)
