"""All faces in one file, and the training that needs nothing else."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.drawn import cast
from core.drawn.picture import draw_face
from core.errors import DataError
from core.vision.network import EncoderSpec, build, read_encoder, save_encoder
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


def test_the_script_checks_trains_teachers_and_a_student(
    packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    start = tmp_path / "start.safetensors"
    spec = EncoderSpec(width=4, size=40)
    net = build(spec)
    for _ in range(40):  # batch normalisation gets to know what faces look like
        net(F.interpolate(torch.from_numpy(load_pack(packed).pixels).permute(0, 3, 1, 2) / 255.0, (40, 40)))
    save_encoder(start, net, spec, {})
    small = ["--size", "40", "--small-size", "32", "--width", "4", "--sources", "2", "--p", "2", "--k", "2"]
    small += ["--threads", "1", "--steps", "2"]
    places = ["--pack", str(packed), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    teachers = ["--teacher", f"a={start}", "--teacher", f"b={start},neighbours=1.0,size=48"]
    arguments = ["gpu_run", *places, *small, *teachers, "--student-minutes", "1"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--check-only"])
    gpu_run.main()
    assert not list((tmp_path / "out").iterdir())
    monkeypatch.setattr(sys, "argv", arguments)
    gpu_run.main()
    sizes = {path.stem: read_encoder(path)[1].size for path in (tmp_path / "out").glob("*.safetensors")}
    assert sizes == {"a": 40, "b": 48, "student": 40}
    provenance = read_encoder(tmp_path / "out" / "b.safetensors")[2]
    assert (provenance["steps"], provenance["characters"], provenance["whitened"]) == (2, 6, {"ridge": 0.3})
    assert "b\n  ended with 0" in capsys.readouterr().out


def test_a_teacher_is_named_with_its_start_and_what_is_different(tmp_path: Path):
    base = PretrainConfig(p=11)
    name, config = gpu_run.teacher_config("b=start.safetensors,neighbours=0.5,seed=3", base, tmp_path)
    assert name == "b"
    assert (config.start, config.neighbours, config.seed, config.p) == ("start.safetensors", 0.5, 3, 11)
    assert config.out == str(tmp_path / "b")


def test_a_teachers_unknown_field_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="neighbors"):
        gpu_run.teacher_config("b=start.safetensors,neighbors=0.5", PretrainConfig(), tmp_path)
