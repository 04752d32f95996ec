"""A very small detector, for tests of what surrounds a network."""

from core.vision.cnn_network import DetectorSpec

TINY = DetectorSpec(widths=(4, 4, 6, 8, 8, 8), blocks=(0, 0, 1, 1, 0, 0), neck=8, side=128, score=0.3)
