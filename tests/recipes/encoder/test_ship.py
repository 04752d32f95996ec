"""Shipping an encoder: what belongs to it is made with it, and nothing is touched by a file that is none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from safetensors import safe_open

from core.drawn import cast as drawn_cast
from core.drawn.picture import draw_face
from core.errors import DataError, EncoderError
from core.vision.network import EncoderSpec, build, save_encoder
from core.vision.second_look import Regression, digest, read_regression
from core.workspace.embeddings import encoder_digest
from recipes.detector.second_look import write
from recipes.encoder import ship
from recipes.encoder.ship import BEGIN, END, install, table, write_figures


@pytest.fixture
def models(tmp_path):
    """A models folder with an encoder and its second look, one beside it that sees the same, and faces."""
    torch.manual_seed(0)
    net = build(EncoderSpec(width=8, size=32, dim=4))
    folder = tmp_path / "models"
    folder.mkdir()
    save_encoder(folder / "encoder.safetensors", net, net.spec, {})
    net.embedding.weight.data *= 2
    save_encoder(tmp_path / "new.safetensors", net, net.spec, {})
    look = Regression(np.arange(3, dtype=np.float32), 0.5, -1.0)
    write(folder / "second_look.safetensors", look, folder / "encoder.safetensors", {})
    for i, one in enumerate(drawn_cast(2, 0)):
        place = tmp_path / "faces" / "here" / f"c{i}"
        place.mkdir(parents=True)
        cv2.imwrite(str(place / "a.png"), draw_face(one, 0))
    return folder


def test_all_that_belongs_to_an_encoder_is_made_with_it(models, tmp_path):
    install(tmp_path / "new.safetensors", tmp_path / "faces", models / "encoder.safetensors")
    shipped = encoder_digest(models / "encoder.safetensors")
    assert shipped == encoder_digest(tmp_path / "new.safetensors")
    for name in ("impostors", "non_faces", "cast"):
        with safe_open(models / f"{name}.safetensors", "np") as file:
            assert file.metadata()["encoder"] == shipped, name
    assert read_regression(models / "second_look.safetensors")[1]["encoder"] == digest(models / "encoder.safetensors")


def test_a_second_look_at_other_features_is_left_and_said_so(models, tmp_path, capsys, monkeypatch):
    for recipe in (ship.impostors, ship.non_faces, ship.cast):  # they draw for seconds, and are tested above
        monkeypatch.setattr(recipe, "make", lambda *_: "made")
    torch.manual_seed(1)
    net = build(EncoderSpec(width=8, size=32, dim=4))
    save_encoder(tmp_path / "other.safetensors", net, net.spec, {})
    before = (models / "second_look.safetensors").read_bytes()
    install(tmp_path / "other.safetensors", tmp_path / "faces", models / "encoder.safetensors")
    assert (models / "second_look.safetensors").read_bytes() == before
    assert "was not handed on" in capsys.readouterr().out


def test_a_file_that_is_no_encoder_touches_nothing(models, tmp_path):
    (tmp_path / "no.safetensors").write_bytes(b"no encoder")
    before = {path.name: path.read_bytes() for path in models.iterdir()}
    with pytest.raises(EncoderError):
        install(tmp_path / "no.safetensors", tmp_path / "faces", models / "encoder.safetensors")
    assert {path.name: path.read_bytes() for path in models.iterdir()} == before


FIGURES = {"web": {"shots": 5, "characters": 3, "faces": 1159, "top1": 0.9861, "eer": 0.1211}}


def test_the_card_s_figures_are_replaced_and_nothing_else(tmp_path):
    card = tmp_path / "encoder.md"
    card.write_text(f"# Card\n{BEGIN}\nold\n{END}\nLimits\n", encoding="utf-8")
    for _ in range(2):
        write_figures(card, FIGURES)
        assert card.read_text(encoding="utf-8") == f"# Card\n{BEGIN}\n{table(FIGURES)}\n{END}\nLimits\n"
    assert table(FIGURES).endswith("| web | 5 | 3 (1,159) | 0.986 | 0.121 |")


def test_a_card_without_a_place_for_them_is_refused(tmp_path):
    card = tmp_path / "encoder.md"
    card.write_text("# Card\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no lines"):
        write_figures(card, FIGURES)


def test_the_shipped_card_has_a_place_for_figures():
    card = ship.shipped_path().with_suffix(".md").read_text(encoding="utf-8")
    assert BEGIN in card
    assert END in card
