"""The time of a step: measured once for what it depends on; which precision it decides for."""

from dataclasses import replace

import pytest
import torch

from core.train import speed
from core.train.speed import resolve_precision, resumed_config, seconds_per_step

CPU = torch.device("cpu")


@pytest.fixture
def clock(monkeypatch):
    """Stands in for the steps: bfloat16 takes as long as asked, float32 one second; tells what was measured."""

    class Clock:
        def __init__(self):
            self.bfloat16, self.measured = 1.0, []

        def __call__(self, config, device):
            self.measured.append(config.precision)
            return self.bfloat16 if config.precision == "bfloat16" else 1.0

    one = Clock()
    monkeypatch.setattr(speed, "_measure", one)
    return one


def test_a_step_takes_time_and_leaves_the_global_generator_alone(tiny):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    assert seconds_per_step(tiny, CPU) > 0
    assert torch.equal(torch.rand(1), expected)


def test_what_was_measured_is_kept_for_the_next_time(tiny, clock, tmp_path):
    cache = tmp_path / "models" / "speed.json"
    assert [seconds_per_step(tiny, CPU, cache=cache) for _ in range(3)] == [1.0] * 3
    assert len(clock.measured) == 1


@pytest.mark.parametrize(
    "changes", [{"seed": 5}, {"epochs": 9}, {"learning_rate": 0.1}, {"max_steps": 3}, {"validate_every": 2}]
)
def test_what_does_not_change_a_step_is_not_measured_again(tiny, clock, tmp_path, changes):
    for config in (tiny, replace(tiny, **changes)):
        seconds_per_step(config, CPU, cache=tmp_path / "speed.json")
    assert len(clock.measured) == 1


@pytest.mark.parametrize(
    "changes",
    [{"image_size": 64}, {"width": 8}, {"samples_per_class": 3}, {"microbatch": 2}, {"precision": "bfloat16"}],
)
def test_what_changes_a_step_is_measured_again(tiny, clock, tmp_path, changes):
    for config in (tiny, replace(tiny, **changes)):
        seconds_per_step(config, CPU, cache=tmp_path / "speed.json")
    assert len(clock.measured) == 2


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": "b"}', '{"a": null}'])
def test_a_broken_file_is_replaced(tiny, clock, tmp_path, content):
    cache = tmp_path / "speed.json"
    cache.write_text(content)
    for _ in range(2):
        assert seconds_per_step(tiny, CPU, cache=cache) == 1.0
    assert len(clock.measured) == 1


def test_a_place_that_cannot_be_written_is_done_without(tiny, clock, tmp_path):
    (tmp_path / "file").write_text("")
    assert seconds_per_step(tiny, CPU, cache=tmp_path / "file" / "speed.json") == 1.0


def test_a_processor_computes_in_float32_whatever_is_faster(tiny, clock):
    clock.bfloat16 = 0.1
    assert resolve_precision(replace(tiny, precision="auto"), CPU).precision == "float32"
    assert clock.measured == []


@pytest.mark.parametrize(("seconds", "precision"), [(0.9, "bfloat16"), (0.91, "float32"), (2.0, "float32")])
def test_fastest_is_bfloat16_only_where_it_is_clearly_faster(tiny, clock, seconds, precision):
    clock.bfloat16 = seconds
    assert resolve_precision(replace(tiny, precision="fastest"), CPU).precision == precision


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_precision_that_was_asked_for_is_taken(tiny, clock, precision):
    assert resolve_precision(replace(tiny, precision=precision), CPU).precision == precision
    assert clock.measured == []


@pytest.mark.parametrize(("able", "precision"), [(True, "bfloat16"), (False, "float32")])
def test_a_gpu_that_cannot_do_bfloat16_computes_in_float32(tiny, clock, monkeypatch, able, precision):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: able)
    monkeypatch.setattr(speed, "_key", lambda config, device: config.precision)
    clock.bfloat16 = 0.5
    assert resolve_precision(replace(tiny, precision="auto"), torch.device("cuda")).precision == precision
    assert bool(clock.measured) is able


@pytest.mark.parametrize("content", ['{"k": 0}', '{"k": -1}', '{"k": 2.5}'])
def test_only_a_time_above_nothing_is_believed(tiny, clock, monkeypatch, tmp_path, content):
    monkeypatch.setattr(speed, "_key", lambda config, device: "k")
    (tmp_path / "speed.json").write_text(content)
    assert seconds_per_step(tiny, CPU, cache=tmp_path / "speed.json") == (2.5 if "2.5" in content else 1.0)


@pytest.mark.parametrize(
    ("began_on", "device", "began_in", "precision"),
    [
        ("cuda", "cpu", "bfloat16", "float32"),
        ("cuda", "cuda", "bfloat16", "bfloat16"),
        ("cpu", "cpu", "bfloat16", "bfloat16"),
        ("cuda", "cpu", "float32", "float32"),
        ("cpu", "cuda", "float32", "float32"),
    ],
)
def test_a_precision_is_kept_unless_it_was_chosen_for_a_card(tiny, began_on, device, began_in, precision):
    resumed = resumed_config(replace(tiny, precision=began_in), began_on, torch.device(device))
    assert resumed == replace(tiny, precision=precision)


def test_a_cards_steps_are_measured_more_often_and_single_slow_ones_do_not_count(tiny, monkeypatch):
    """A clock that every step moves on: the first three prepare the card, and of the next twelve two were disturbed."""
    seconds = iter([9.0, 5.0, 4.0, 2.0, 7.0, *[2.0] * 6, 8.0, *[2.0] * 3])
    now = [0.0]

    class Steps:
        microbatches = None

        def __init__(self, net, classes, config, device):
            pass

        def step(self, pixels, targets, rate):
            now[0] += next(seconds)

    monkeypatch.setattr(speed, "first_network", lambda config: config)
    monkeypatch.setattr(speed, "Learner", Steps)
    monkeypatch.setattr(speed.time, "perf_counter", lambda: now[0])
    assert speed._measure(tiny, torch.device("cuda")) == 2.0
    assert list(seconds) == []


@pytest.mark.parametrize(
    ("asked", "card", "device"), [(None, "", "cpu"), (None, "cuda", "cuda"), ("cpu", "cuda", "cpu")]
)
def test_a_card_trains_where_one_can_be_used_and_nothing_else_is_asked_for(monkeypatch, asked, card, device):
    monkeypatch.setattr(speed, "graphics_card", lambda: card)
    assert speed.default_device(asked).type == device


@pytest.mark.parametrize(
    ("asked", "init", "batchnorm"),
    [("imagenet", "random", False), ("random", "random", False), ("pretrained",) * 2 + (True,)],
)
def test_the_middle_of_two_steps_after_one_is_measured_and_nothing_is_downloaded(
    tiny, monkeypatch, asked, init, batchnorm
):
    """A clock that every step moves on by 3 seconds, and the first by 100."""
    seen, now = [], [0.0]

    class Steps:
        microbatches = None

        def __init__(self, net, classes, config, device):
            seen.append((net.init, net.freeze_batchnorm, classes))

        def step(self, pixels, targets, rate):
            now[0] += 3.0 if len(seen) > 1 else 100.0
            seen.append((tuple(pixels.shape), targets.tolist(), rate))

    monkeypatch.setattr(speed, "first_network", lambda config: config)
    monkeypatch.setattr(speed, "Learner", Steps)
    monkeypatch.setattr(speed.time, "perf_counter", lambda: now[0])
    config = replace(tiny, init=asked, freeze_batchnorm=asked != "random")
    assert seconds_per_step(config, CPU) == 3.0
    assert seen == [(init, batchnorm, 3), *[((6, 3, 32, 32), [0, 0, 1, 1, 2, 2], 0.0)] * 3]
