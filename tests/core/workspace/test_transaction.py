"""One write: rows, history and files together; a file follows the decision about it to the right place."""

from __future__ import annotations

import pytest

from core.errors import CatalogueError
from core.workspace.history import Edit
from core.workspace.moves import STAGING, Move, StagedFiles, record_moves
from core.workspace.transaction import StagedCrop, transaction
from tests.edits import change


def put(project, path, text):
    at = project.workspace.path(path)
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text(text)


def files(project):
    """Path -> text of every file of pictures, faces and the bin."""
    root = project.workspace.root
    return {
        p.relative_to(root).as_posix(): p.read_text()
        for top in ("pictures", "faces", "bin")
        for p in sorted((root / top).rglob("*"))
        if p.is_file()
    }


@pytest.fixture
def rei(catalogue):
    return catalogue.add_character("Rei")


@pytest.fixture
def face(project, rei):
    """A kept face with its file, on a picture with its own."""
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.jpg")
    put(project, picture.path, "picture")
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/a_1.jpg", "state": "kept"}
    (made,) = project.catalogue.add_faces([row], action="made")
    put(project, made.path, "face")
    return made


def now(project, face):
    return project.catalogue.face(face.id)


def test_an_edit_that_changes_nothing_is_no_edit_and_no_change(project, face):
    with transaction(project) as tx:
        assert tx.edit(Edit("faces", face.id, {"state": "kept"})) is False
        assert tx.record("nothing") is None
        assert tx.edit(Edit("faces", face.id, {"split": "train"})) is True
        assert tx.record("divided") is not None
    assert [c.action for c in project.catalogue.changes()] == ["divided", "made"]


@pytest.mark.parametrize("state", ["rejected", "removed"])
def test_a_face_goes_to_the_bin_and_comes_back(project, face, state):
    change(project, "away", Edit("faces", face.id, {"state": state}))
    assert files(project) == {"pictures/Rei/a.jpg": "picture", "bin/faces/Rei/a_1.jpg": "face"}
    change(project, "back", Edit("faces", face.id, {"state": "kept"}))
    assert files(project) == {"pictures/Rei/a.jpg": "picture", "faces/Rei/a_1.jpg": "face"}


def test_a_proposals_file_is_deleted_for_its_box_may_still_move(project, face):
    change(project, "open again", Edit("faces", face.id, {"state": "proposed"}))
    assert files(project) == {"pictures/Rei/a.jpg": "picture"}


def test_a_lone_faces_only_file_is_never_deleted(project, face):
    """There is no picture to cut it from again."""
    project.catalogue.set_values("pictures", {face.picture_id: {"kind": "face"}})
    change(project, "open again", Edit("faces", face.id, {"state": "proposed"}))
    assert files(project)["faces/Rei/a_1.jpg"] == "face"


def test_a_face_given_away_moves_to_the_folder_of_its_new_character(project, face):
    asuka = project.catalogue.add_character("Asuka")
    change(project, "relabel", Edit("faces", face.id, {"character_id": asuka.id}))
    assert now(project, face).path == "faces/Asuka/a_1.jpg"
    assert files(project) == {"pictures/Rei/a.jpg": "picture", "faces/Asuka/a_1.jpg": "face"}
    change(project, "nobody's", Edit("faces", face.id, {"character_id": None}))
    assert now(project, face).path == "faces/unnamed/a_1.jpg"


def test_an_edit_of_something_else_leaves_the_path_alone(project, face):
    change(project, "score", Edit("faces", face.id, {"score": 0.5, "character_id": face.character_id}))
    assert now(project, face).path == face.path


def test_two_faces_given_to_one_character_in_one_write_get_two_names(project, face):
    misato, asuka = project.catalogue.add_character("Misato"), project.catalogue.add_character("Asuka")
    row = {"picture_id": face.picture_id, "character_id": misato.id, "path": "faces/Misato/a_1.jpg", "state": "kept"}
    (other,) = project.catalogue.add_faces([row], action="made")
    put(project, other.path, "other")
    change(project, "both", *(Edit("faces", f.id, {"character_id": asuka.id}) for f in (face, other)))
    paths = [now(project, f).path for f in (face, other)]
    assert paths == ["faces/Asuka/a_1.jpg", "faces/Asuka/a_1_2.jpg"]
    assert [files(project)[p] for p in paths] == ["face", "other"]


def test_a_rejected_face_that_is_given_away_stays_in_the_bin(project, face):
    change(project, "reject", Edit("faces", face.id, {"state": "rejected"}))
    asuka = project.catalogue.add_character("Asuka")
    change(project, "relabel", Edit("faces", face.id, {"character_id": asuka.id}))
    assert files(project) == {"pictures/Rei/a.jpg": "picture", "bin/faces/Asuka/a_1.jpg": "face"}


def test_a_picture_follows_its_character_and_one_in_the_bin_stays_there(project, face, rei):
    asuka = project.catalogue.add_character("Asuka")
    binned = project.catalogue.add_picture(rei.id, path="bin/pictures/Rei/b.jpg", state="rejected")
    put(project, binned.path, "binned")
    change(project, "both", *(Edit("pictures", p, {"character_id": asuka.id}) for p in (face.picture_id, binned.id)))
    assert files(project) == {
        "faces/Rei/a_1.jpg": "face",
        "pictures/Asuka/a.jpg": "picture",
        "bin/pictures/Asuka/b.jpg": "binned",
    }


@pytest.mark.parametrize("revision", [0, 3])
def test_a_fresh_crop_replaces_the_file_unless_the_face_changed_since_it_was_cut(project, face, revision):
    with StagedFiles(project.workspace) as staged:
        crop = StagedCrop(staged.add(b"new"), {"sha256": "cafe"}, revision)
        if revision != face.revision:
            with (
                pytest.raises(CatalogueError, match=f"Face {face.id} was changed elsewhere"),
                transaction(project) as tx,
            ):
                tx.edit(Edit("faces", face.id, {"w": 5.0}), crop)
        else:
            with transaction(project) as tx:
                tx.edit(Edit("faces", face.id, {"w": 5.0}), crop)
    fresh = revision == face.revision
    assert now(project, face).sha256 == ("cafe" if fresh else "")
    assert files(project)["faces/Rei/a_1.jpg"] == ("new" if fresh else "face")


def test_a_box_that_moves_without_a_crop_leaves_no_stale_file(project, face):
    change(project, "moved", Edit("faces", face.id, {"x": 9.0}))
    assert "faces/Rei/a_1.jpg" not in files(project)


def test_new_faces_count_up_past_every_name_that_was_ever_given(project, face, rei):
    change(project, "reject", Edit("faces", face.id, {"state": "rejected"}))
    values = {"picture_id": face.picture_id, "character_id": rei.id}
    with transaction(project) as tx:
        made = [tx.add_face(values, "A") for _ in range(2)]
    assert [project.catalogue.face(i).path for i in made] == ["faces/Rei/A_2.jpg", "faces/Rei/A_3.jpg"]


def test_a_new_faces_crop_lies_where_its_state_says(project, face, rei):
    values = {"picture_id": face.picture_id, "character_id": rei.id}
    with StagedFiles(project.workspace) as staged, transaction(project, "import") as tx:
        for state in ("kept", "rejected", "proposed"):
            tx.add_face(values | {"state": state}, state, StagedCrop(staged.add(state.encode()), {"sha256": state}))
    assert {k: v for k, v in files(project).items() if "a" not in k.rsplit("/")[-1].split("_")[0]} == {
        "faces/Rei/kept_1.jpg": "kept",
        "bin/faces/Rei/rejected_1.jpg": "rejected",
    }
    (kept,) = project.catalogue.faces(sha256="kept")
    assert (kept.decided_by, kept.decided_at) == ("import", kept.created_at)


def test_characters_names_are_true_names_and_folders_are_never_shared(project, rei):
    with transaction(project) as tx:
        assert tx.add_character(" Rei ").id == rei.id
        assert tx.add_character("REI", series="Eva").slug == "REI_2"
        assert tx.add_character("unnamed").slug == "unnamed_2"  # not the folder of faces without a character
        with pytest.raises(CatalogueError, match="needs a name"):
            tx.add_character(" ")
    assert project.catalogue.character("REI").series == "Eva"


def test_a_removed_character_comes_back_with_what_was_not_given_anew(project, rei):
    project.catalogue.set_values("characters", {rei.id: {"state": "removed", "series": "Eva", "wanted": 5}})
    with transaction(project) as tx:
        again = tx.add_character("Rei", series="", wanted=9)
    assert (again.id, again.state, again.series, again.wanted) == (rei.id, "active", "Eva", 9)


def test_a_picture_is_done_once_no_proposal_on_it_is_open(project, face):
    row = {"picture_id": face.picture_id, "character_id": face.character_id, "path": "faces/Rei/a_2.jpg"}
    (open_,) = project.catalogue.add_faces([row], action="found")
    copy = row | {"path": "faces/Rei/a_1_balancing.jpg", "copy_of": face.id}
    project.catalogue.add_faces([copy], action="balanced")  # a copy is not reviewed
    reviews = []
    for edits in ({"split": "train"}, {"state": "rejected"}):
        with transaction(project) as tx:
            tx.edit(Edit("faces", open_.id, edits))
            tx.settle([face.picture_id, face.picture_id])
        reviews.append(project.catalogue.picture(face.picture_id).review)
    assert reviews == ["new", "done"]


def test_a_missing_file_is_completed_from_the_bin_or_with_a_crop(project, face):
    project.workspace.path(face.path).unlink()
    with transaction(project) as tx:
        assert tx.complete(face, None) is False
    put(project, f"bin/{face.path}", "from the bin")
    with transaction(project) as tx:
        assert tx.complete(face, None) is True
    assert files(project)[face.path] == "from the bin"
    with StagedFiles(project.workspace) as staged, transaction(project) as tx:
        assert tx.complete(face, StagedCrop(staged.add(b"cut"), {"sha256": "cafe"})) is True
    assert (files(project)[face.path], now(project, face).sha256) == ("cut", "cafe")


def test_a_row_that_is_not_there_is_named(project):
    with pytest.raises(CatalogueError, match="no row 5 in pictures"), transaction(project) as tx:
        tx.edit(Edit("pictures", 5, {"state": "kept"}))


def test_what_was_made_is_remembered_with_what_it_was_made_from(project):
    with transaction(project) as tx:
        tx.record_result("balance", "N = 5", "fingerprint", {"n": 5})
    (result,) = project.catalogue.results("balance")
    assert (result.name, result.made_from, result.detail) == ("N = 5", "fingerprint", {"n": 5})


def test_what_an_earlier_write_left_is_finished_before_the_next(project, face):
    with project.catalogue.writing() as db:
        record_moves(db, [Move(face.path, "faces/Rei/b.jpg")])
    put(project, f"{STAGING}/0123/000001.jpg", "left behind")
    with transaction(project):
        assert files(project) == {"pictures/Rei/a.jpg": "picture", "faces/Rei/b.jpg": "face"}
        assert list((project.workspace.root / STAGING).iterdir()) == []


def test_a_fresh_crop_of_a_face_in_the_bin_leaves_nothing_there(project, face):
    change(project, "away", Edit("faces", face.id, {"state": "rejected"}))
    with StagedFiles(project.workspace) as staged, transaction(project) as tx:
        crop = StagedCrop(staged.add(b"new"), {"sha256": "cafe"}, face.revision + 1)
        tx.edit(Edit("faces", face.id, {"state": "kept", "w": 5.0}), crop)
    assert files(project) == {"pictures/Rei/a.jpg": "picture", "faces/Rei/a_1.jpg": "new"}


@pytest.mark.parametrize("revision", [0, 3])
def test_values_are_put_back_with_a_crop_only_where_the_face_is_as_it_was(project, face, revision):
    def put_back():
        with StagedFiles(project.workspace) as staged, transaction(project) as tx:
            crop = StagedCrop(staged.add(b"new"), {"sha256": "cafe"}, revision)
            tx.restore("faces", face.id, {"w": 5.0}, crop)

    if revision == face.revision:
        put_back()
        assert (now(project, face).w, now(project, face).sha256) == (5.0, "cafe")
        assert files(project)["faces/Rei/a_1.jpg"] == "new"
    else:
        with pytest.raises(CatalogueError, match=f"Face {face.id} was changed elsewhere"):
            put_back()
        assert files(project)["faces/Rei/a_1.jpg"] == "face"


def test_a_picture_without_a_file_gets_no_path_when_it_is_given_away(project, rei):
    lone = project.catalogue.add_picture(rei.id, kind="face")
    asuka = project.catalogue.add_character("Asuka")
    change(project, "relabel", Edit("pictures", lone.id, {"character_id": asuka.id}))
    assert (project.catalogue.picture(lone.id).path, project.catalogue.picture(lone.id).character_id) == ("", asuka.id)


def test_a_new_pictures_file_comes_to_its_place(project, rei):
    with StagedFiles(project.workspace) as staged, transaction(project) as tx:
        tx.add_picture({"character_id": rei.id, "path": "pictures/Rei/a.jpg"}, staged.add(b"new"))
        tx.add_picture({"character_id": rei.id, "path": ""}, staged.add(b"of a lone face"))
    assert files(project) == {"pictures/Rei/a.jpg": "new"}


def test_a_face_whose_file_lies_in_the_bin_takes_it_along(project, face):
    project.workspace.path(face.path).unlink()
    put(project, f"bin/{face.path}", "from the bin")
    asuka = project.catalogue.add_character("Asuka")
    change(project, "relabel", Edit("faces", face.id, {"character_id": asuka.id}))
    assert files(project) == {"pictures/Rei/a.jpg": "picture", "faces/Asuka/a_1.jpg": "from the bin"}
