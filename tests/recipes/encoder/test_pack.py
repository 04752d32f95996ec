"""All faces in one file, and the training that needs nothing else."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.drawn import cast
from core.drawn.picture import draw_face
from core.errors import DataError
from core.vision.network import read_encoder
from recipes.encoder import gpu_run
from recipes.encoder.faces import SOURCES, held_out
from recipes.encoder.gpu_run import check, some_identities
from recipes.encoder.pack import SIDE, load_pack, pack
from recipes.encoder.pretrain_config import PretrainConfig


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources with three characters of two drawn faces each."""
    place = tmp_path_factory.mktemp("pack")
    for number, one in enumerate(cast(6, 11)):
        folder = place / "faces" / ("touhou", "sekai")[number % 2] / f"c{number}"
        folder.mkdir(parents=True)
        for k in range(2):
            cv2.imwrite(str(folder / f"{k}.png"), draw_face(one, 1000 + k)[:, :, ::-1])
    assert pack(place / "faces", place / "faces.pack") == 12
    return place / "faces.pack"


def tiny(packed: Path, **changes) -> PretrainConfig:
    values = {"minutes": 1.0, "steps": 3, "width": 4, "size": 40, "small_size": 32, "sources": 2, "p": 2, "k": 2}
    return PretrainConfig(pack=str(packed), threads=1, **(values | changes))


def test_a_pack_gives_the_faces_back_with_their_names_and_where_each_face_lies(packed: Path):
    faces = load_pack(packed)
    assert faces.names == ("sekai/c1", "sekai/c3", "sekai/c5", "touhou/c0", "touhou/c2", "touhou/c4")
    assert faces.files == ("0", "1") * 6
    assert faces.pixels.shape == (12, SIDE, SIDE, 3)
    drawn = cv2.resize(draw_face(cast(6, 11)[0], 1000), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    whole = np.flatnonzero(faces.labels == 3)[0]
    if np.allclose(faces.framing[whole], [SOURCES["touhou"].face, SOURCES["touhou"].low, 0]):
        assert np.abs(faces.pixels[whole].astype(int) - drawn).mean() < 12, "WebP changes a pixel a little"
    assert faces.framing.shape == (12, 3)
    assert (faces.framing[:, 0] > 0.3).all()


def test_some_of_the_faces_can_be_packed(packed: Path, tmp_path: Path):
    assert pack(packed.parent / "faces", tmp_path / "few.pack", limit=1) == 6


def test_a_part_of_the_faces_keeps_its_framing(packed: Path):
    faces = load_pack(packed)
    few = faces.keep(~held_out(faces, ["touhou"], 0.0))
    np.testing.assert_array_equal(few.framing, faces.framing[:6])


@pytest.mark.parametrize("content", [b"", b"PK"])
def test_a_broken_pack_is_said(tmp_path: Path, content: bytes):
    (tmp_path / "x.pack").write_bytes(content)
    with pytest.raises(DataError, match="not a pack of faces"):
        load_pack(tmp_path / "x.pack")
    with pytest.raises(DataError, match="not a pack of faces"):
        load_pack(tmp_path / "missing.pack")


def test_an_empty_folder_is_said(tmp_path: Path):
    with pytest.raises(DataError, match="No faces under"):
        pack(tmp_path, tmp_path / "x.pack")


@pytest.mark.parametrize(
    "changes",
    [{}, {"neighbours": 1.0, "tones": 1.0, "nearest": 1.2, "farthest": 3.0, "shift": 0.2, "subcentres": 3, "ahead": 3}],
)
def test_the_check_goes_through_with_every_option(packed: Path, changes, capsys: pytest.CaptureFixture[str]):
    check(load_pack(packed), tiny(packed, **changes))
    assert "Checked on a processor" in capsys.readouterr().out


def test_the_check_refuses_weights_that_are_too_large(packed: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gpu_run, "LARGEST", 1000)
    with pytest.raises(DataError, match=r"more than 16"):
        check(load_pack(packed), tiny(packed))


def test_some_identities_of_every_source_take_part_in_the_check(packed: Path):
    assert some_identities(load_pack(packed), 2).tolist() == [True, True, False, True, True, False]


def test_the_script_checks_trains_and_resumes(packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    options = [
        "--size",
        "40",
        "--small-size",
        "32",
        "--width",
        "4",
        "--sources",
        "2",
        "--p",
        "2",
        "--k",
        "2",
        "--threads",
        "1",
        "--steps",
        "2",
        "--neighbours",
        "1",
    ]
    arguments = ["gpu_run", "--pack", str(packed), "--out", str(tmp_path / "out"), *options]
    monkeypatch.setattr(sys, "argv", [*arguments, "--check-only"])
    gpu_run.main()
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr(sys, "argv", arguments)
    gpu_run.main()
    monkeypatch.setattr(sys, "argv", [*arguments, "--steps", "3", "--resume"])
    gpu_run.main()
    provenance = read_encoder(tmp_path / "out" / "last.safetensors")[2]
    assert provenance["steps"] == 3
    assert provenance["characters"] == 6
