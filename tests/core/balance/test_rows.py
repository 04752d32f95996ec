"""Faces and pictures as arrays, a row each, however many are read at once."""

from __future__ import annotations

import pytest

from core.balance import rows
from core.balance.rows import PARTS, all_pictures, kept_rows, named_rows
from tests.faces import add_faces


@pytest.fixture(params=[2, 50_000])
def made(project, request, monkeypatch):
    monkeypatch.setattr(rows, "AT_ONCE", request.param)
    return add_faces(project, {"Rei": 3, "Asuka": 2})


def test_a_row_holds_what_the_catalogue_says(project, made):
    first, second = project.catalogue.faces(ids=made["Rei"][:2])
    project.catalogue.set_values("faces", {first.id: {"split": "validation", "sha256": "", "phash": ""}})
    found = kept_rows(project.catalogue)
    assert found.ids.tolist() == [*made["Rei"], *made["Asuka"]]
    assert found.pictures.tolist() == [face.picture_id for face in project.catalogue.faces()]
    assert found.characters.tolist() == [first.character_id] * 3 + [first.character_id + 1] * 2
    assert [PARTS[part] for part in found.parts] == ["validation", "", "", "", ""]
    assert found.contents[:2].tolist() == [str(first.id).encode(), second.sha256.encode()]
    assert found.hashed.tolist() == found.known.tolist() == [False, True, True, True, True]
    assert [int(value) for value in found.hashes[:2]] == [0, int(second.phash, 16)]


def test_only_originals_of_somebody_are_divided_and_all_kept_ones_are_checked(project, made):
    rei = made["Rei"]
    values = {rei[0]: {"ignored": True}, rei[1]: {"copy_of": rei[2]}, made["Asuka"][0]: {"character_id": None}}
    project.catalogue.set_values("faces", values)
    assert named_rows(project.catalogue).ids.tolist() == [rei[2], made["Asuka"][1]]
    assert kept_rows(project.catalogue).ids.tolist() == [*rei, *made["Asuka"]]
    assert kept_rows(project.catalogue).characters.tolist()[3] == rows.NOBODY
    project.catalogue.set_values("faces", {rei[2]: {"state": "rejected"}})
    assert len(kept_rows(project.catalogue)) == 4


def test_pictures_with_one_key_have_one_number_and_repeat_themselves_or_another(project, made):
    ids = [picture.id for picture in project.catalogue.pictures()]
    keys = {ids[0]: "post 1", ids[1]: "post 2", ids[4]: "post 1"}
    project.catalogue.set_values("pictures", {i: {"group_key": key} for i, key in keys.items()})
    project.catalogue.set_values("pictures", {ids[3]: {"duplicate_of": ids[0], "phash": ""}})
    found = all_pictures(project.catalogue)
    assert found.ids.tolist() == ids
    assert found.groups.tolist() == [1, 2, rows.NOBODY, rows.NOBODY, 1]
    assert found.originals.tolist() == [*ids[:3], ids[0], ids[4]]
    assert found.known.tolist() == [True, True, True, False, True]


def test_nothing_is_nothing(catalogue):
    assert len(named_rows(catalogue)) == len(all_pictures(catalogue).ids) == 0
