"""The bank of strangers on disk: of one encoder, never used with another."""

from types import SimpleNamespace

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from core.recognise import impostors
from core.recognise.gallery import Gallery
from core.recognise.impostors import BANK, find_bank, load_impostors
from core.settings import PRETRAINED
from core.workspace.embeddings import encoder_digest

ENCODER = PRETRAINED / "encoder.safetensors"


@pytest.fixture
def bank(tmp_path):
    path = tmp_path / "impostors.safetensors"
    save_file({"vectors": np.array([[3, 4], [0, 2]], np.float16)}, path, {"encoder": "mine"})
    return path


def test_vectors_come_back_with_length_1(bank):
    assert load_impostors("mine", bank) == pytest.approx(np.array([[0.6, 0.8], [0, 1]], np.float32))


def test_another_encoders_bank_is_not_used(bank):
    assert load_impostors("other", bank) is None


def test_a_bank_made_anew_is_read_anew(bank):
    load_impostors("mine", bank)
    bank.unlink()
    save_file({"vectors": np.array([[5, 0]], np.float16)}, bank, {"encoder": "other"})
    assert load_impostors("mine", bank) is None
    assert load_impostors("other", bank) == pytest.approx(np.array([[1, 0]], np.float32))


def test_no_bank_or_a_broken_one_is_none(tmp_path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not tensors")
    assert load_impostors("mine", tmp_path / "missing.safetensors") is None
    assert load_impostors("mine", broken) is None


@pytest.mark.skipif(not (BANK.is_file() and ENCODER.is_file()), reason="no encoder is shipped with this copy")
def test_the_shipped_bank_belongs_to_the_shipped_encoder_and_holds_vectors_only():
    vectors = load_impostors(encoder_digest(ENCODER))
    assert vectors is not None, "run python -m recipes.encoder.impostors after new weights"
    assert len(vectors) > 2000
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    colourless = load_impostors(encoder_digest(ENCODER), colourless=True)
    assert colourless.shape == vectors.shape
    alike = np.sum(colourless * vectors, axis=1)
    assert 0.2 < alike.mean() < 0.9, "the same faces, but without their colours"
    assert alike.mean() > np.sum(colourless[1:] * vectors[:-1], axis=1).mean() + 0.2
    with safe_open(BANK, "np") as file:
        assert sorted(file.keys()) == ["colourless", "vectors"]
    assert BANK.stat().st_size < 4_000_000


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
