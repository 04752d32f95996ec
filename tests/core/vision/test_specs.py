"""What stands beside weights: specs within their ranges, read without torch, refused in words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.errors import DetectorError, EncoderError
from core.settings import PRETRAINED
from core.vision.specs import (
    ARCHITECTURES,
    DetectorSpec,
    EncoderSpec,
    detector_spec_of,
    encoder_spec_of,
    read_detector_header,
    read_encoder_header,
)


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("size", (32, 512), (31, 513)),
        ("dim", (2, 2048), (1, 2049)),
        ("width", (4, 256), (3, 257)),
        ("nearer", (0.5, 1.0), (0.49, 1.01)),
        ("colours", (0, 512), (-1, 513)),
        ("colour_share", (0.0, 0.99), (-0.01, 1.0)),
        ("margin", (1, 4.0), (0.99, 4.01)),
        ("shift", (-1.0, 1.0), (-1.01, 1.01)),
        ("mean", ((-10, 0, 10.0),), ((0, 0), (0, 0, 0, 0), (0, 0, 10.1), (0, "0", 0), 0.5, [0, 0, 0])),
        ("std", ((0.001, 1, 1000.0),), ((0.0, 1, 1), (1, 1, -1), (1, 1, 1001))),
        ("architecture", ARCHITECTURES, ("vgg",)),
    ],
)
def test_the_ends_of_each_range(name, allowed, refused):
    for value in allowed:
        assert getattr(EncoderSpec(**{name: value}), name) == value
    for value in refused:
        with pytest.raises(EncoderError, match=name):
            EncoderSpec(**{name: value})


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("widths", ((1,) * 6, (512,) * 6), ((1,) * 5, (1,) * 7, (0,) * 6, (513,) * 6, (1.5,) * 6, 6)),
        ("blocks", ((0,) * 6, (16,) * 6), ((0,) * 5, (-1,) * 6, (17,) * 6, (True,) * 6)),
        ("neck", (1, 512), (0, 513)),
        ("side", (64, 4096), (63, 4097)),
        ("mirrored", (True, False), (1, "yes", None)),
        ("score", (0, 1.0), (-0.01, 1.01)),
    ],
)
def test_the_ends_of_each_range_of_a_detector(name, allowed, refused):
    for value in allowed:
        assert getattr(DetectorSpec(**{name: value}), name) == value
    for value in refused:
        with pytest.raises(DetectorError, match=f"A detector's {name} "):
            DetectorSpec(**{name: value})


NO_NUMBERS = (
    '"2"',
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "null",
    "true",
    "[2]",
    '{"a": 2}',
    "-3e8",
    "1" + "0" * 400,
)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda text: text[:12])
@pytest.mark.parametrize("name", ["size", "dim", "width", "margin", "shift", "nearer", "colours", "colour_share"])
def test_no_value_of_json_passes_for_a_number_of_an_encoder(tmp_path, name, value):
    path = tmp_path / "a.safetensors"
    save_file({"a": np.zeros(2, np.float32)}, path, {"spec": f'{{"{name}": {value}}}'})
    with pytest.raises(EncoderError, match=rf"is broken \(An encoder's {name} .*, got .*\)\. Train or choose another"):
        read_encoder_header(path)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda text: text[:12])
@pytest.mark.parametrize("name", ["widths", "neck", "side", "score"])
def test_no_value_of_json_passes_for_a_number_of_a_detector(tmp_path, name, value):
    path = tmp_path / "a.safetensors"
    save_file({"a": np.zeros(2, np.float32)}, path, {"spec": f'{{"{name}": {value}}}'})
    with pytest.raises(DetectorError, match=rf"detector's weights: A detector's {name} .*, got .*\.$"):
        read_detector_header(path)


def test_files_without_a_value_mean_these():
    """Old files name only what differed when they were written."""
    assert EncoderSpec() == EncoderSpec("small", 96, 128, 40, (0.5,) * 3, (0.25,) * 3, 2.0, 0.1, 1.0, 0, 0.0)
    assert DetectorSpec() == DetectorSpec(
        (16, 32, 64, 96, 144, 128), (0, 0, 1, 2, 2, 1), 64, side=320, mirrored=True, score=0.5
    )


def test_lists_of_json_become_tuples_and_the_provenance_comes_along():
    spec, provenance = encoder_spec_of({"spec": '{"mean": [0, 0, 1]}', "provenance": '{"recipe": "x"}'})
    assert (spec.mean, provenance) == ((0, 0, 1), {"recipe": "x"})
    assert detector_spec_of({"spec": "{}"}) == (DetectorSpec(), {})


def test_the_shipped_files_say_what_they_are():
    assert read_encoder_header(PRETRAINED / "encoder.safetensors")[0].architecture in ARCHITECTURES
    spec, provenance = read_detector_header(PRETRAINED / "detector.safetensors")
    assert len(spec.widths) == len(spec.blocks) == 6
    assert provenance


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {"spec": "{"},
        {"spec": '{"colour": 1}'},
        {"spec": "[1]"},
        *({"spec": "{}", "provenance": text} for text in ("null", "[]", "NaN", '"a note"', "{")),
    ],
)
def test_a_file_without_a_spec_that_can_be_used_is_refused_in_words(tmp_path, metadata):
    path = tmp_path / "a.safetensors"
    save_file({"a": np.zeros(2, np.float32)}, path, metadata)
    with pytest.raises(EncoderError, match="is not an encoder's file"):
        read_encoder_header(path)
    with pytest.raises(DetectorError, match="does not hold a detector's weights"):
        read_detector_header(path)


def test_a_file_that_is_not_there_is_told_with_what_else_there_is(tmp_path):
    with pytest.raises(DetectorError, match=r"no detector weights at .* Choose the detector `cascade`"):
        read_detector_header(tmp_path / "none")
    with pytest.raises(EncoderError, match="none is not an encoder's file"):
        read_encoder_header(tmp_path / "none")


def test_a_spec_survives_its_json():
    spec = EncoderSpec(mean=(0.1, 0.2, 0.3), nearer=0.8)
    text = json.dumps({"mean": list(spec.mean), "nearer": spec.nearer})
    assert encoder_spec_of({"spec": text})[0] == spec
