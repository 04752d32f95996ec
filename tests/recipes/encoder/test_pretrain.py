from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.vision import load_encoder
from recipes.encoder.batches import Batches, recolour_background
from recipes.encoder.faces import load_faces
from recipes.encoder.objective import common_part, supervised_contrastive
from recipes.encoder.pretrain import Training, run
from recipes.encoder.pretrain_config import Clock, PretrainConfig, rate_at


@pytest.fixture
def config(tmp_path: Path) -> PretrainConfig:
    rng = np.random.default_rng(0)
    for source in ("here", "there", "far"):
        for character in range(4):
            place = tmp_path / "faces" / source / f"c{character}"
            place.mkdir(parents=True)
            for number in range(6):
                face = rng.integers(0, 40, (32, 32, 3)).astype(np.uint8) + np.uint8(50 * character)
                cv2.imwrite(str(place / f"{number}.png"), face)
    return PretrainConfig(
        faces=str(tmp_path / "faces"),
        cache=str(tmp_path / "cache"),
        out=str(tmp_path / "out"),
        steps=4,
        width=8,
        size=48,
        small_size=32,
        sources=2,
        p=3,
        k=2,
        triplet=1.0,
        threads=torch.get_num_threads(),
    )


def test_a_run_writes_an_encoder_with_its_figures(config: PretrainConfig, capsys: pytest.CaptureFixture[str]):
    path = run(replace(config, hold_out=("far",)))
    encoder = load_encoder(path)
    assert encoder.spec.size == 48
    assert encoder.provenance["characters"] == 8
    assert encoder.provenance["held_out"]["far"]["characters"] == 4
    assert "EER" in capsys.readouterr().out


def test_a_resumed_training_gives_the_same_weights(config: PretrainConfig, tmp_path: Path):
    faces = load_faces(Path(config.faces), Path(config.cache))
    whole = Training(faces, config)
    for _ in range(4):
        whole.one_step()
    first = Training(faces, config)
    for _ in range(2):
        first.one_step()
    first.save(tmp_path / "checkpoint.pt")
    second = Training(faces, config)
    second.load(tmp_path / "checkpoint.pt")
    for _ in range(2):
        second.one_step()
    for a, b in zip(whole.average.state_dict().values(), second.average.state_dict().values(), strict=True):
        torch.testing.assert_close(a, b, atol=1e-6, rtol=1e-5)


def test_a_run_that_is_stopped_has_written_what_it_reached_and_goes_on(config: PretrainConfig):
    stopped = run(replace(config, measure_minutes=0), stop_at=1.0)  # long ago
    assert load_encoder(stopped).provenance["steps"] == 0
    assert load_encoder(run(replace(config, measure_minutes=0), resume=True)).provenance["steps"] == 4


def test_batch_normalisation_keeps_what_it_counted_once_it_is_settled(config: PretrainConfig):
    training = Training(load_faces(Path(config.faces), Path(config.cache)), replace(config, settled=0.5))
    counted = []
    for _ in range(4):
        training.one_step()
        counted.append(training.net.backbone.stem[1].running_mean.clone())
    assert not torch.equal(counted[0], counted[1])
    assert torch.equal(counted[1], counted[2]) and torch.equal(counted[2], counted[3])


def test_faces_are_drawn_at_another_side_than_the_network_sees(config: PretrainConfig):
    training = Training(load_faces(Path(config.faces), Path(config.cache)), replace(config, drawn=56, small_share=0.0))
    sides = []
    training.seen = lambda pixels: sides.append(pixels.shape[-1]) or pixels
    told = training.one_step()
    assert (sides, told["size"]) == ([56], 48)


def test_a_continued_training_knows_the_characters_it_had(config: PretrainConfig):
    first = run(replace(config, hold_out=("far",)))
    faces = load_faces(Path(config.faces), Path(config.cache))
    second = Training(faces, replace(config, start=str(first)))
    old = torch.load(first.parent / "checkpoint.pt", weights_only=True)["head"]["weight"].view(3, 8, -1)
    rows = second.head.weight.detach().view(3, 12, -1)
    known = [i for i, name in enumerate(faces.names) if not name.startswith("far/")]
    torch.testing.assert_close(rows[:, known], old)
    assert rows[0].norm(dim=1).min() > 0


def test_a_batch_holds_distinct_characters_of_a_few_sources(config: PretrainConfig):
    faces = load_faces(Path(config.faces), Path(config.cache))
    batches = Batches(faces, config)
    drawn = batches.draw(7)
    labels, hues = drawn.labels, drawn.hues
    assert len(drawn.faces) == 2 * 3 * 2
    assert (faces.labels[drawn.faces] == labels).all()
    assert not drawn.toned.any()
    assert len(set(batches.source_of[labels].tolist())) == 2
    assert np.unique(labels, return_counts=True)[1].tolist() == [2] * 6
    assert all(len(set(hues[labels == label].tolist())) == 1 for label in labels)
    np.testing.assert_array_equal(batches.draw(7).faces, drawn.faces)


def test_the_rate_warms_up_and_ends_at_zero():
    config = PretrainConfig(learning_rate=1.0, warmup_fraction=0.1)
    assert rate_at(0.05, config) == pytest.approx(0.5)
    assert rate_at(0.1, config) == pytest.approx(1.0)
    assert rate_at(0.55, config) == pytest.approx(0.5)
    assert rate_at(1.0, config) == pytest.approx(0.0)


def test_a_pause_costs_little_of_the_budget():
    clock = Clock(PretrainConfig(minutes=1))
    for _ in range(10):
        clock.tick(1.0)
    clock.tick(600.0)
    assert clock.share(11) == pytest.approx(18 / 60)


def test_contrastive_loss_of_two_pairs_by_hand():
    features = F.normalize(torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]]))
    loss = supervised_contrastive(features, torch.tensor([0, 0, 1, 1]), torch.zeros(4), temperature=1.0)
    assert loss.item() == pytest.approx(-np.log(np.e / (np.e + 2)), abs=1e-5)


def test_the_common_part_is_zero_where_other_characters_are_at_right_angles():
    labels, groups = torch.tensor([0, 0, 1, 1]), torch.zeros(4)
    features = F.normalize(torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]]))
    assert common_part(features, labels, groups).item() == 0
    assert common_part(torch.ones(4, 1), labels, groups).item() == 1
    assert common_part(torch.ones(4, 1), labels, labels.float()).item() == 0


def test_grey_backgrounds_are_recoloured_and_faces_without_are_left():
    generator = torch.Generator().manual_seed(0)
    pixels = torch.full((2, 3, 8, 8), 205, dtype=torch.uint8)
    pixels[1] = 90
    out = recolour_background(pixels.clone(), generator, share=1.0)
    assert (out[0] != 205).any()
    assert torch.equal(out[1], pixels[1])
