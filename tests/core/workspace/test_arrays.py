import numpy as np
import pytest

from core.workspace.arrays import load_arrays, save_arrays


def test_arrays_come_back_as_they_were_written(tmp_path):
    path = save_arrays(tmp_path / "new" / "a.npz", {"x": np.arange(3), "names": np.array(["Rei", "綾波"])})
    back = load_arrays(path)
    assert back["x"].tolist() == [0, 1, 2]
    assert back["names"].tolist() == ["Rei", "綾波"]
    assert [p.name for p in path.parent.iterdir()] == ["a.npz"]


def test_a_missing_or_broken_file_is_none(tmp_path):
    assert load_arrays(tmp_path / "none.npz") is None
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 cut short")
    assert load_arrays(tmp_path / "broken.npz") is None
    (tmp_path / "empty.npz").write_bytes(b"")
    assert load_arrays(tmp_path / "empty.npz") is None


def test_a_pickle_is_neither_written_nor_read(tmp_path):
    with pytest.raises(ValueError, match="Python objects"):
        save_arrays(tmp_path / "a.npz", {"x": np.array([{}])})
    np.savez(tmp_path / "pickled.npz", x=np.array([{}], dtype=object))
    assert load_arrays(tmp_path / "pickled.npz") is None
