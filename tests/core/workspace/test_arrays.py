import numpy as np
import pytest

from core.workspace.arrays import kept_vectors, load_arrays, save_arrays


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


def test_vectors_are_made_once_again_where_the_file_is_broken_and_not_kept_where_nothing_can_be_written(tmp_path):
    made = []

    def make() -> np.ndarray:
        made.append(1)
        return np.eye(2, dtype=np.float32)

    path = tmp_path / "cache" / "v.npz"
    assert kept_vectors(path, make).tolist() == kept_vectors(path, make).tolist() == [[1, 0], [0, 1]]
    assert len(made) == 1
    path.write_bytes(b"PK\x03\x04 cut short")
    assert kept_vectors(path, make).tolist() == [[1, 0], [0, 1]]
    assert len(made) == 2
    (tmp_path / "file").write_bytes(b"")
    assert kept_vectors(tmp_path / "file" / "v.npz", make).tolist() == [[1, 0], [0, 1]], "no folder can be made there"
