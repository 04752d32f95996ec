"""A file of vectors that grows at its end, and what becomes of it when it is damaged."""

import numpy as np
import pytest

from core.workspace.vectors import VectorFile

X, Y, Z = np.eye(3, dtype=np.float32)
ROW = 32 + 3 * 4


def key(letter):
    return letter.encode() * 32


@pytest.fixture
def path(tmp_path):
    """A file that holds x and y."""
    path = tmp_path / "deeper" / "one.vectors"
    file = VectorFile(path)
    file.add([key("x"), key("y")], np.stack([X, Y]))
    file.save()
    return path


def held(path):
    file = VectorFile(path)
    return {letter: file.of([key(letter)])[0].tolist() for letter in "xyz" if key(letter) in file}


def test_rows_come_back_in_the_order_asked(path):
    assert VectorFile(path).of([key("y"), key("x")]).tolist() == [Y.tolist(), X.tolist()]


def test_new_rows_are_appended_and_nothing_else_is_written(path, monkeypatch):
    before, file_before = path.read_bytes(), path.stat().st_ino
    flushed = []
    monkeypatch.setattr("core.workspace.vectors.os.fsync", flushed.append)
    file = VectorFile(path)
    file.add([key("z")], Z[None])
    assert file.of([key("z"), key("x")]).tolist() == [Z.tolist(), X.tolist()]
    file.save()
    assert path.read_bytes()[: len(before)] == before
    assert path.stat().st_size == len(before) + ROW
    assert (path.stat().st_ino, len(flushed)) == (file_before, 1), "the same file, and it is on the disk"
    assert set(held(path)) == {"x", "y", "z"}


def test_what_two_processes_append_is_all_there(path):
    one, other = VectorFile(path), VectorFile(path)
    for file, letter in ((one, "z"), (other, "w")):
        file.add([key(letter)], Z[None])
        file.save()
    assert key("z") in VectorFile(path) and key("w") in VectorFile(path)


def test_of_two_rows_with_one_key_the_later_counts(path):
    file = VectorFile(path)
    file.add([key("x")], Z[None])
    file.save()
    assert held(path)["x"] == Z.tolist()


def test_a_torn_last_row_is_passed_over_and_written_again(path):
    path.write_bytes(path.read_bytes()[:-3])
    assert set(held(path)) == {"x"}
    file = VectorFile(path)
    file.add([key("z")], Z[None])
    file.save()
    assert held(path) == {"x": X.tolist(), "z": Z.tolist()}


def test_a_row_that_is_no_unit_vector_is_passed_over(path):
    data = bytearray(path.read_bytes())
    data[-12:] = np.float32([5, 0, 0]).tobytes()
    path.write_bytes(data)
    assert set(held(path)) == {"x"}


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"whoami-vectors-1"])
def test_a_file_that_is_something_else_is_replaced(path, rubbish):
    path.write_bytes(rubbish)
    assert held(path) == {}
    file = VectorFile(path)
    file.add([key("z")], Z[None])
    file.save()
    assert held(path) == {"z": Z.tolist()}


def test_what_is_to_be_left_is_not_written(path):
    file = VectorFile(path)
    file.add([key("z"), key("w")], np.stack([Z, Z]))
    file.save(leave=frozenset([key("z")]))
    assert key("z") not in VectorFile(path)
    assert key("w") in VectorFile(path)
    assert file.unsaved == 0


def test_a_file_of_a_head_alone_holds_nothing_and_grows(path):
    path.write_bytes(path.read_bytes()[:20])
    assert held(path) == {}
    assert VectorFile(path).dim == 3
    file = VectorFile(path)
    file.add([key("z")], Z[None])
    file.save()
    assert held(path) == {"z": Z.tolist()}


@pytest.mark.parametrize(("length", "kept"), [(1.009, True), (1.02, False), (0.995, True), (0.98, False)])
def test_a_vector_s_length_may_be_off_by_a_hundredth(path, length, kept):
    data = bytearray(path.read_bytes())
    data[-12:] = np.float32([length, 0, 0]).tobytes()
    path.write_bytes(data)
    assert ("y" in held(path)) is kept


def test_nothing_new_writes_nothing(path):
    before = path.stat().st_mtime_ns
    VectorFile(path).save()
    assert path.stat().st_mtime_ns == before


def test_rows_that_are_added_one_after_the_other_are_told_apart(path, tmp_path):
    for file, known in ((VectorFile(path), "x"), (VectorFile(tmp_path / "none"), "")):
        assert file.dim == (3 if known else 0)
        for letter, vector in (("z", Z), ("w", X), ("v", Y)):
            file.add([key(letter)], vector[None])
        assert file.of([key("v"), key("z"), key("w")]).tolist() == [Y.tolist(), Z.tolist(), X.tolist()]
