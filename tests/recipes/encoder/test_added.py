"""Something behind an encoder's embedding: from whom it is learned, and what the file then says."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from core.vision.network import EncoderSpec, build, read_encoder, save_encoder
from recipes.encoder import added
from recipes.encoder.added import run, some_faces, with_projection
from recipes.encoder.faces import Faces

SPEC = EncoderSpec(width=8, size=32, dim=4)


@dataclass(frozen=True)
class Half:
    share: float = 0.5


@pytest.fixture
def faces() -> Faces:
    """Three faces of a/one, one of a/two, two of b/three."""
    pixels = np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), np.uint8)
    return Faces(pixels, ("a/one", "a/two", "b/three"), np.array([0, 0, 0, 1, 2, 2]), ("f",) * 6)


def test_a_character_of_many_faces_gives_no_more_than_asked_for(faces):
    pixels, labels, sources = some_faces(faces, 48, most=2, seed=0)
    assert pixels.shape == (5, 48, 48, 3)
    assert labels.tolist() == [0, 0, 1, 2, 2]
    assert sources.tolist() == [0, 0, 0, 1, 1]


def test_all_else_of_the_network_stays_as_it_was():
    torch.manual_seed(0)
    net = build(SPEC).eval()
    middle, basis = np.full(3630, 0.5), np.ones((3630, 2))
    found = with_projection(net, "colours", middle, basis, colours=2, colour_share=0.3)
    assert (found.spec.colours, found.spec.colour_share) == (2, 0.3)
    assert float(found.colours.middle[0]) == 0.5
    kept = {name: value for name, value in found.state_dict().items() if not name.startswith("colours.")}
    torch.testing.assert_close(kept, dict(net.state_dict()))


def test_the_command_learns_from_those_named_and_not_held_out_and_says_what_was_chosen(faces, tmp_path, monkeypatch):
    torch.manual_seed(0)
    net = build(SPEC)
    save_encoder(tmp_path / "old.safetensors", net, SPEC, {"version": 7})
    (tmp_path / "names.json").write_text(json.dumps({"seen": ["a/one", "b/three"]}), encoding="utf-8")
    monkeypatch.setattr(added, "load_faces", lambda folder, cache: faces)
    words = f"added --encoder {tmp_path}/old.safetensors --out {tmp_path}/new.safetensors"
    words += f" --names {tmp_path}/names.json --hold-out b --share 0.2"
    monkeypatch.setattr(sys, "argv", words.split())
    asked = []
    run("About.", "part", Half(), lambda net, faces, choice: asked.append((faces.names, choice)) or net)
    assert asked == [(("a/one",), Half(0.2))]
    _, spec, provenance = read_encoder(tmp_path / "new.safetensors")
    assert spec == SPEC
    assert provenance == {"version": 8, "part": {"share": 0.2, "characters": 1}}
