"""What the shipped networks were made for, and thresholds that were measured on real pictures (docs/detector.md,
docs/encoder.md): whoever changes one of them measures again."""

from __future__ import annotations

from core.vision import (
    agreement,
    cascade,
    cells,
    cnn,
    converted,
    encoder,
    matching,
    network,
    quality,
    reframing,
    second_look,
    specs,
    tiling,
)
from tests.values import other_defaults, other_values

VALUES = [
    (agreement, "SAME", 0.4),
    (cascade, "TIGHT_SIZE", 0.67),
    (cascade, "TIGHT_SHIFT", 0.01),
    (cells, "ALIGN", 64),
    (cells, "GREY", (128, 128, 128)),
    (cnn, "FLOOR", 0.02),
    (cnn, "BATCH", 8),
    (cnn, "SURE", 0.5),
    (cnn, "FIRST", 0.8),
    (cnn, "DOUBT", 0.2),
    (cnn, "NO_DOUBT", 0.6),
    (cnn, "TURNED", 0.6),
    (converted, "FORMAT", 1),
    (converted, "KEPT", 24),
    (converted, "OPSET", 18),
    (quality, "GOOD_SIDE", 96),
    (quality, "SHARP", 60.0),
    (reframing, "TIMES", 1.75),
    (reframing, "SIDE", 128),
    (reframing, "LEAST", 0.3),
    (reframing, "FORMAT", 1),
    (second_look, "BATCH", 16),
    (second_look, "LEAST", 0.15),
    (second_look, "SURE", 0.8),
    (specs, "LITE_SCALES", {"efficientnet_lite0": (1.0, 1.0), "efficientnet_lite2": (1.1, 1.2)}),
    (specs, "IMAGENET_MEAN", (0.485, 0.456, 0.406)),
    (specs, "IMAGENET_STD", (0.229, 0.224, 0.225)),
    (specs, "STRIDE", 8),
    (tiling, "STRIP", 3.0),
    (tiling, "LARGE", 3000),
    (tiling, "LARGE_CLOSELY", 2000),
    (tiling, "TILE", 1200),
    (tiling, "OVERLAP", 240),
    (tiling, "SMALL", 0.3),
    (tiling, "TILE_SCORE", 0.6),
]
DEFAULTS = [
    (
        cascade.CascadePreset,
        {"scale_factor": 1.1, "min_neighbours": 5, "min_size": 24, "mirrored": False, "tight": True},
    ),
    (cascade.merge, {"iou": 0.3}),
    (cells.tidy, {"iou": 0.4}),
    (cnn.CnnDetector, {"tiles": False}),
    (cnn.CnnDetector.of, {"tiles": False}),
    (cnn.CnnDetector.load, {"tiles": False}),
    (converted.converted, {"remake": False}),
    (encoder.Encoder, {"batch": 16}),
    (encoder.Encoder.of, {"mirror": True}),
    (matching.Matches.operating_point, {"precision": 0.95}),
    (network.build, {"imagenet": False}),
    (network.save_encoder, {"half": True}),
    (network.FaceNet.embed, {"mirror": True}),
    (
        specs.EncoderSpec,
        {
            "size": 96,
            "dim": 128,
            "width": 40,
            "mean": (0.5, 0.5, 0.5),
            "std": (0.25, 0.25, 0.25),
            "margin": 2.0,
            "shift": 0.1,
            "nearer": 1.0,
        },
    ),
    (
        specs.DetectorSpec,
        {
            "widths": (16, 32, 64, 96, 144, 128),
            "blocks": (0, 0, 1, 2, 2, 1),
            "neck": 64,
            "side": 320,
            "mirrored": True,
            "score": 0.5,
        },
    ),
    (tiling.Part, {"small": False}),
    (tiling.parts_of, {"closely": False}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
