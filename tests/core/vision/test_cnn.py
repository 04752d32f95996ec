from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from core.errors import DetectorError
from core.imaging.boxes import Box, Detection
from core.vision.cells import decode, prepare, tidy
from core.vision.cnn import CnnDetector
from core.vision.cnn_network import DetectorNet, DetectorSpec, fused, read_detector, save_detector
from core.vision.detector import Detector
from core.vision.tiling import tiles_of

TINY = DetectorSpec(widths=(4, 4, 6, 8, 8, 8), blocks=(0, 0, 1, 1, 0, 0), neck=8, side=128, score=0.3)


@pytest.fixture
def net():
    torch.manual_seed(0)
    net = DetectorNet(TINY)
    net.train()
    with torch.no_grad():
        for _ in range(3):
            net(torch.rand(2, 3, 128, 128) * 255)
        net.out.weight.normal_(std=0.5)
        net.out.bias[0] = 0.0
    return net.eval()


def answer_with(cells):
    """An answer of 8 x 8 cells with faces of so many cells around: {(x, y): (logit, left, top, right, bottom)}."""
    answer = np.full((5, 8, 8), -9.0, np.float32)
    for (x, y), (logit, *edges) in cells.items():
        answer[:, y, x] = [logit, *np.log(edges)]
    return answer


def test_a_cell_becomes_the_box_around_its_centre():
    ((box, score),) = decode(answer_with({(3, 2): (0.0, 2, 1, 2, 1)}), 0.3)
    assert box.as_list() == [12.0, 12.0, 32.0, 16.0]  # the cell's centre is (28, 20)
    assert score == 0.5


def test_only_the_highest_of_neighbouring_cells_counts():
    cells = {(3, 2): (2.0, 2, 2, 2, 2), (4, 2): (1.0, 2, 2, 2, 2), (6, 6): (1.0, 1, 1, 1, 1)}
    assert len(decode(answer_with(cells), 0.3)) == 2


def test_low_scores_are_left_out():
    assert decode(answer_with({(3, 2): (0.0, 2, 2, 2, 2)}), 0.6) == []


def test_boxes_of_the_same_face_are_joined_and_clipped():
    found = [
        Detection(Box(-10, 0, 50, 50), 0.9),
        Detection(Box(0, 0, 40, 50), 0.8),
        Detection(Box(5, 5, 20, 20), 0.7),
        Detection(Box(100, 0, 50, 50), 0.6),
    ]
    kept = tidy(found, (60, 140, 3))
    assert [d.score for d in kept] == [0.9, 0.6]
    assert kept[0].box == Box(0, 0, 40, 50)
    assert kept[1].box == Box(100, 0, 40, 50)


@pytest.mark.parametrize(
    ("shape", "prepared", "factor"),
    [((100, 200), (64, 128), 0.64), ((32, 32), (128, 128), 4.0), ((1000, 10), (128, 64), 0.128)],
)
def test_any_size_fits_the_network(shape, prepared, factor):
    pixels, by = prepare(np.zeros((*shape, 3), np.uint8), 128)
    assert pixels.shape == (*prepared, 3)
    assert by == pytest.approx(factor)


def test_many_pictures_give_what_each_gives_alone(net):
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 256, (h, w, 3), dtype=np.uint8) for h, w in ((90, 120), (200, 80), (90, 120), (64, 64))]
    detector = CnnDetector.of(net, TINY)
    assert isinstance(detector, Detector)
    together = detector.detect_many(pictures, min_score=0.05)
    assert sum(map(len, together)) > 0
    for picture, boxes in zip(pictures, together, strict=True):
        alone = detector.detect(picture, min_score=0.05)
        assert [d.box.as_list() for d in alone] == [pytest.approx(d.box.as_list(), abs=0.1) for d in boxes]
        assert all(d.box.x >= 0 and d.box.right <= picture.shape[1] + 1e-6 for d in boxes)


def test_operating_point_is_the_specs_and_lower_brings_more(net):
    picture = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    detector = CnnDetector.of(net, TINY)
    assert all(d.score >= TINY.score for d in detector.detect(picture))
    assert len(detector.detect(picture, min_score=0.02)) >= len(detector.detect(picture))


def test_threads_share_one_detector(net):
    rng = np.random.default_rng(2)
    pictures = [rng.integers(0, 256, (100, 100, 3), dtype=np.uint8) for _ in range(6)]
    detector = CnnDetector.of(net, TINY)
    expected = [[d.box.as_list() for d in detector.detect(p, min_score=0.05)] for p in pictures]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda p: detector.detect(p, min_score=0.05), pictures))
    assert [[pytest.approx(d.box.as_list(), abs=0.1) for d in boxes] for boxes in found] == expected


def test_tiles_cover_a_very_large_picture_and_only_that():
    assert tiles_of(np.zeros((900, 2000, 3), np.uint8)) == []
    tiles = tiles_of(np.zeros((2200, 1200, 3), np.uint8))
    assert [(x, y) for x, y, _ in tiles] == [(0, 0), (0, 500), (0, 1000)]
    assert all(part.shape == (1200, 1200, 3) for _, _, part in tiles)


def test_tiles_bring_boxes_back_to_the_picture(net):
    picture = np.random.default_rng(3).integers(0, 256, (300, 2100, 3), dtype=np.uint8)
    found = CnnDetector.of(net, TINY, tiles=True).detect(picture, min_score=0.05)
    assert max(d.box.right for d in found) > 1200


def test_folding_the_normalisation_changes_nothing(net):
    x = torch.rand(1, 3, 128, 64) * 255
    with torch.no_grad():
        assert torch.allclose(net(x), fused(net)(x), atol=1e-3)


def test_weights_come_back_as_they_were_saved(net, tmp_path):
    path = tmp_path / "detector.safetensors"
    save_detector(path, net, TINY, {"seed": 0})
    back, spec, provenance = read_detector(path)
    assert (spec, provenance) == (TINY, {"seed": 0})
    x = torch.rand(1, 3, 128, 64) * 255
    with torch.no_grad():
        assert torch.allclose(net(x), back(x), atol=0.05)  # stored at half precision
    assert [p.name for p in tmp_path.iterdir()] == ["detector.safetensors"]


def test_absent_and_broken_weights_are_told(tmp_path):
    with pytest.raises(DetectorError, match="no detector weights"):
        CnnDetector.load(tmp_path / "none.safetensors")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not weights")
    with pytest.raises(DetectorError, match="does not hold"):
        CnnDetector.load(broken)


def test_wrong_pictures_are_refused(net):
    with pytest.raises(DetectorError, match=r"float64 \(8, 8\)"):
        CnnDetector.of(net, TINY).detect(np.zeros((8, 8)))


def test_onnx_says_the_same(net, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    from core.vision.cnn_export import export_detector

    session = onnxruntime.InferenceSession(export_detector(net, tmp_path / "detector.onnx"))
    for n, h, w in ((1, 64, 128), (3, 192, 64)):
        x = torch.rand(n, 3, h, w) * 255
        (cells,) = session.run(None, {"pixels": x.numpy()})
        with torch.no_grad():
            np.testing.assert_allclose(cells, net(x).numpy(), atol=2e-3)
