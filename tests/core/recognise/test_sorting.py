"""Pictures sorted by who is on them; nothing that lies there is overwritten."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from core.errors import DataError
from core.recognise.batch import Answered
from core.recognise.queries import find_queries
from core.recognise.sorting import COPY, LINK, Sorter, _made, begin_folder, folders_for, free_names, write_new
from tests.recognised import answered, recognised

REI, ASUKA = recognised("match", "Rei"), recognised("match", "Asuka")
UNSURE, UNKNOWN = recognised("unsure", "Rei"), recognised("unknown", None)


@pytest.mark.parametrize(
    ("faces", "folders"),
    [
        ((REI,), ["Rei"]),
        ((REI, ASUKA, UNKNOWN), ["Asuka", "Rei"]),
        ((UNKNOWN, UNSURE), ["_unsure"]),
        ((UNKNOWN,), ["_unknown"]),
        ((), ["_no_face"]),
    ],
)
def test_unknown_and_unsure_ones_lie_apart(tmp_path, faces, folders):
    assert folders_for(answered(tmp_path / "a.jpg", *faces), {}) == folders
    assert folders_for(answered(tmp_path / "a.jpg", error="damaged"), {}) == []


def test_a_character_s_folder_is_called_as_in_the_workspace(tmp_path):
    odd = recognised("match", "../Rei")
    assert folders_for(answered(tmp_path / "a.jpg", odd), {"../Rei": "Rei_2"}) == ["Rei_2"]
    assert folders_for(answered(tmp_path / "a.jpg", odd), {}) == ["Rei"]


@pytest.mark.parametrize("how", [COPY, LINK])
def test_nothing_is_overwritten_and_a_second_time_changes_nothing(tmp_path, how):
    out = tmp_path / "out"
    pictures = []
    for folder in ("1", "2"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jpg").write_bytes(folder.encode())
        pictures.append(answered(tmp_path / folder / "a.jpg", REI))
    (out / "Rei").mkdir(parents=True)
    (out / "Rei" / "a.jpg").write_bytes(b"mine")
    for _ in range(2):
        sorter = Sorter(out, how, {})
        for one in pictures:
            sorter.put(one)
        assert sorter.counts == {"Rei": 2}
    assert {p.name: p.read_bytes() for p in (out / "Rei").iterdir()} == {
        "a.jpg": b"mine",
        "a (2).jpg": b"1",
        "a (3).jpg": b"2",
    }
    assert (out / "Rei" / "a (2).jpg").samefile(tmp_path / "1" / "a.jpg") == (how == LINK)


def test_where_no_hard_link_is_possible_a_symbolic_one_is_made(tmp_path, monkeypatch):
    (tmp_path / "a.jpg").write_bytes(b"a")

    def refuse(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    (made,) = Sorter(tmp_path / "out", LINK, {}).put(answered(tmp_path / "a.jpg", REI))
    assert made.is_symlink()
    assert made.read_bytes() == b"a"
    assert Sorter(tmp_path / "out", LINK, {}).put(answered(tmp_path / "a.jpg", REI)) == []
    (copied,) = Sorter(tmp_path / "copies", COPY, {}).put(answered(tmp_path / "a.jpg", REI))
    assert not copied.is_symlink()


def test_a_picture_of_a_zip_is_copied_out_of_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b/c.jpg", b"pixels")
    (query,) = find_queries([tmp_path / "a.zip"])
    one = answered(tmp_path / "x", REI)
    (made,) = Sorter(tmp_path / "out", LINK, {}).put(Answered(query, one.pixels, one.faces))
    assert (made.name, made.read_bytes()) == ("c.jpg", b"pixels")


def test_a_dry_run_counts_and_makes_nothing(tmp_path):
    sorter = Sorter(tmp_path / "out", None, {})
    assert sorter.put(answered(tmp_path / "a.jpg", REI, ASUKA)) == []
    assert sorter.counts == {"Rei": 1, "Asuka": 1}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("how", [COPY, LINK])
def test_a_picture_that_is_gone_meanwhile_is_told_and_does_not_end_the_sorting(tmp_path, how):
    (tmp_path / "b.jpg").write_bytes(b"b")
    sorter = Sorter(tmp_path / "out", how, {})
    assert sorter.put(answered(tmp_path / "a.jpg", REI, ASUKA)) == []
    assert len(sorter.put(answered(tmp_path / "b.jpg", REI))) == 1
    assert ([Path(name).name for name in sorter.gone], sorter.counts) == (["a.jpg"], {"Rei": 1})


def test_what_killed_runs_left_is_cleared_and_what_a_living_one_writes_is_not(tmp_path):
    mine = f".0000000a.{os.getpid()}.part"
    for name in (".0000000a.999999999.part", mine, ".notes.part"):
        (tmp_path / name).write_bytes(b"half")
    begin_folder(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([mine, ".notes.part"])


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "out").write_bytes(b"a file")
    (tmp_path / "a.jpg").write_bytes(b"a")
    with pytest.raises(DataError, match=r"Rei cannot be written to: .*\. Name another place\."):
        Sorter(tmp_path / "out", COPY, {}).put(answered(tmp_path / "a.jpg", REI))


@pytest.mark.parametrize(
    ("name", "first", "second"), [("a/b.jpg", "a_b.jpg", "a_b (2).jpg"), ("", "picture", "picture (2)")]
)
def test_free_names_are_numbered_from_two(tmp_path, name, first, second):
    names = free_names(tmp_path, name)
    assert [next(names).name for _ in range(3)] == [first, second, second.replace("2", "3")]


@pytest.mark.parametrize(
    ("name", "first"),
    [("x" * 60_000 + ".jpg", "x" * 220 + ".jpg"), ("綾" * 100 + ".png", "綾" * 73 + ".png"), ("a." + "b" * 300, "a")],
)
def test_names_that_no_file_system_takes_are_cut(tmp_path, name, first):
    assert next(free_names(tmp_path, name)).name == first


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appeared_meanwhile_is_left_and_no_part_stays(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("no hard links here")))
    assert write_new(tmp_path / "a", b"new")
    assert not write_new(tmp_path / "a", b"other")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"new")]


def test_a_copy_keeps_the_time_of_its_original(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"a")
    os.utime(tmp_path / "a.jpg", (1_000_000, 1_000_000))
    (made,) = Sorter(tmp_path / "out", COPY, {}).put(answered(tmp_path / "a.jpg", REI))
    assert made.stat().st_mtime == 1_000_000


def test_files_of_one_size_and_time_are_compared_by_their_bytes(tmp_path):
    for folder, data in (("1", b"a"), ("2", b"b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jpg").write_bytes(data)
        os.utime(tmp_path / folder / "a.jpg", (1_000_000, 1_000_000))
    sorter = Sorter(tmp_path / "out", COPY, {})
    made = [sorter.put(answered(tmp_path / n / "a.jpg", REI))[0].name for n in "12"]
    assert made == ["a.jpg", "a (2).jpg"]


def test_a_picture_of_a_zip_that_is_there_is_not_copied_again(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("c.jpg", b"pixels")
    (query,) = find_queries([tmp_path / "a.zip"])
    one = answered(tmp_path / "x", REI)
    made = [Sorter(tmp_path / "out", COPY, {}).put(Answered(query, one.pixels, one.faces)) for _ in range(2)]
    assert [len(paths) for paths in made] == [1, 0]


def test_a_link_does_not_replace_what_appeared_meanwhile(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode())
    assert not _made(tmp_path / "b", tmp_path / "a", None, True)
    assert (tmp_path / "b").read_bytes() == b"b"
