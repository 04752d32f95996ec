"""The bank of strangers on disk: of one encoder, never used with another."""

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from core.settings import PRETRAINED
from core.workspace.embeddings import encoder_digest
from core.workspace.impostors import BANK, load_impostors

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
