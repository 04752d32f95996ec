"""A dropped heap: names that stay in their folder, and how it is best taken in."""

from __future__ import annotations

import zipfile

import pytest

from core.collect.dropped import _are_faces, lay_out, look_at
from core.errors import SourceError
from core.imaging.reading import encode_jpeg
from tests.conftest import noise


def jpeg(seed: int, height: int = 300, width: int = 400) -> bytes:
    return encode_jpeg(noise(seed, height, width))


def test_folders_keep_their_names_and_none_leads_out(tmp_path):
    place = tmp_path / "heap"
    files = [("cast/Kirimine Toma/1.jpg", b"a"), ("../../out.jpg", b"b"), ("/etc/x.png", b"c"), ("a\\b\x00.gif", b"d")]
    lay_out(files, place)
    found = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    assert found == ["a/b.gif", "cast/Kirimine Toma/1.jpg", "etc/x.png", "out.jpg"]
    assert not (tmp_path / "out.jpg").exists()


def test_two_files_of_one_name_are_both_kept(tmp_path):
    lay_out([("1.jpg", b"a"), ("1.JPG", b"b"), ("dir/1.jpg", b"c")], tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.jpg")) == ["1.jpg", "1_2.jpg"]
    assert (tmp_path / "dir" / "1.jpg").read_bytes() == b"c"


def test_a_flat_heap_is_nobodys_yet(tmp_path):
    lay_out([(f"{i}.jpg", jpeg(i)) for i in range(4)], tmp_path)
    found = look_at(tmp_path)
    assert (found.kind, found.unnamed, found.pictures, found.characters) == ("pictures", True, 4, 0)


def test_a_folder_for_each_character_names_them_and_small_squares_are_faces(tmp_path):
    files = [(f"cast/{who}/{i}.jpg", jpeg(7 * i + len(who), 120, 128)) for who in ("Rei", "Asuka") for i in range(3)]
    found = look_at(lay_out(files, tmp_path))
    assert (found.kind, found.unnamed, found.pictures, found.characters) == ("faces", False, 6, 2)


@pytest.mark.parametrize(("height", "width"), [(257, 257), (100, 126)])
def test_larger_or_longer_ones_are_whole_pictures(tmp_path, height, width):
    assert look_at(lay_out([(f"Rei/{i}.jpg", jpeg(i, height, width)) for i in range(3)], tmp_path)).kind == "pictures"


def test_a_zip_is_looked_into(tmp_path):
    path = tmp_path / "cast.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for who in ("Rei", "Asuka"):
            archive.writestr(f"{who}/1.jpg", jpeg(len(who)))
    found = look_at(path)
    assert (found.unnamed, found.pictures, found.characters) == (False, 2, 2)


def test_folders_that_do_not_name_anybody_are_taken_in_for_nobody_yet(tmp_path):
    found = look_at(lay_out([(f"images/{i}.jpg", jpeg(i)) for i in range(2)], tmp_path))
    assert found.unnamed


def test_a_heap_without_a_picture_is_refused_in_words(tmp_path):
    with pytest.raises(SourceError, match="no picture"):
        look_at(lay_out([("notes.txt", b"hello")], tmp_path))


@pytest.mark.parametrize(("height", "width"), [(256, 256), (205, 256), (256, 205)])
def test_a_face_has_256_pixels_at_most_and_is_a_quarter_longer_at_most(tmp_path, height, width):
    assert look_at(lay_out([(f"Rei/{i}.jpg", jpeg(i, height, width)) for i in range(3)], tmp_path)).kind == "faces"


@pytest.mark.parametrize(("faces", "kind"), [(9, "faces"), (8, "pictures")])
def test_nine_of_ten_that_look_like_faces_are_enough(tmp_path, faces, kind):
    files = [(f"Rei/{i}.jpg", jpeg(i, 64, 64)) for i in range(faces)]
    files += [(f"Rei/{i}.jpg", jpeg(i, 60, 128)) for i in range(faces, 10)]
    assert look_at(lay_out(files, tmp_path)).kind == kind


def test_of_a_large_heap_twenty_four_all_over_it_are_looked_at(tmp_path, monkeypatch):
    seen = []

    def read(path):
        seen.append(int(path.stem))
        return noise(1, 64, 64)

    monkeypatch.setattr("core.collect.dropped.read_picture", read)
    files = lay_out([(f"Rei/{i:03d}.jpg", b"x") for i in range(100)], tmp_path)
    assert _are_faces(files)
    assert len(seen) == 24
    assert sorted(seen) == list(range(0, 96, 4))
    (tmp_path / "none").mkdir()
    assert not _are_faces(tmp_path / "none")


def test_what_cannot_be_read_says_nothing_about_the_others(tmp_path):
    files = [(f"Rei/{i}.jpg", jpeg(i, 64, 64)) for i in range(3)] + [("Rei/9.jpg", jpeg(9, 64, 64)[:300])]
    assert _are_faces(lay_out(files, tmp_path))


@pytest.mark.parametrize(("name", "file"), [("a.JPEGXL", "a.jpegx"), ("a.j!g", "a"), ("a", "a"), ("", "picture")])
def test_an_ending_is_short_and_of_letters_and_digits(tmp_path, name, file):
    lay_out([(name, b"x")], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [file]
