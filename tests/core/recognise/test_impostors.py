"""The bank that a gallery is judged by: its encoder's, or the shipped one carried over."""

from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.recognise import impostors
from core.recognise.gallery import Gallery
from core.recognise.impostors import find_bank
from core.workspace.embeddings import encoder_digest
from core.workspace.impostors import load_impostors


@pytest.fixture
def bank(tmp_path):
    path = tmp_path / "impostors.safetensors"
    save_file({"vectors": np.array([[3, 4], [0, 2]], np.float16)}, path, {"encoder": "mine"})
    return path


@pytest.fixture
def trained(monkeypatch, bank, tmp_path):
    """What find_bank finds for a gallery of a trained encoder: `before` are its faces by the shipped one."""
    shipped = tmp_path / "encoder.safetensors"
    shipped.write_bytes(b"weights")
    digest = encoder_digest(shipped)
    bank.unlink()
    save_file({"vectors": np.eye(2, dtype=np.float16)}, bank, {"encoder": digest})
    monkeypatch.setattr(impostors, "shipped_path", lambda: shipped)
    monkeypatch.setattr(impostors, "load_impostors", lambda encoder, colourless: load_impostors(encoder, bank))

    def find(before, faces=("7", "9"), encoder="trained"):
        monkeypatch.setattr(impostors, "embed_faces", lambda *_, colourless: before)
        rows = [SimpleNamespace(id=7), SimpleNamespace(id=9)]
        project = SimpleNamespace(catalogue=SimpleNamespace(faces=lambda ids: rows))
        vectors = np.array([[0.6, 0.8], [1, 0]], np.float32)
        return find_bank(project, Gallery(vectors, ("a", "b"), faces, encoder), impostors.silent)

    find.digest = digest
    return find


def test_the_gallerys_own_bank_needs_no_faces_by_another_encoder(trained):
    found = trained(None, encoder=trained.digest)
    assert found.before is None
    assert len(found.vectors) == 2
    assert found.cohort.faces is found.vectors


def test_a_trained_encoder_takes_the_shipped_bank_with_its_faces_before_the_training(trained):
    before = np.array([[0.8, 0.6], [1, 0]], np.float32)
    found = trained(before)
    assert found.before is before
    assert found.cohort.faces is found.vectors, "as the shipped encoder sees them: they are carried over later"
    assert found.vectors == pytest.approx(np.eye(2))


def test_an_encoder_trained_before_the_shipped_one_had_colours_takes_the_bank_without_them(trained, bank, monkeypatch):
    monkeypatch.setattr(impostors, "read_encoder_header", lambda path: (SimpleNamespace(beginnings=(2, 3)), {}))
    coloured = np.array([[0.6, 0, 0.8], [0, 0.8, 0.6]], np.float16)
    save_file({"vectors": coloured}, bank, {"encoder": trained.digest})
    found = trained(np.array([[0.64, 0.48, 0.6], [0.6, 0, 0.8]], np.float32))
    assert found.vectors == pytest.approx(np.eye(2), abs=1e-3)
    assert found.before == pytest.approx(np.array([[0.8, 0.6], [1, 0]]))
    assert trained(np.array([[-0.64, 0.48, 0.6], [0, 0.6, 0.8]], np.float32)) is None, "it learned apart"


def test_an_encoder_that_learned_apart_has_no_bank(trained):
    assert trained(np.array([[0.8, -0.6], [0, 1]], np.float32)) is None


def test_faces_that_the_catalogue_does_not_know_carry_nothing_over(trained):
    assert trained(np.eye(2, dtype=np.float32), faces=("7", "10")) is None
