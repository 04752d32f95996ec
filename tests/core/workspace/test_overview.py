import pytest
from safetensors.numpy import save_file

from core.workspace.enrolment import set_enrolled
from core.workspace.history import Edit
from core.workspace.models import choose_encoder
from core.workspace.overview import DONE, ENOUGH, OPEN, STALE, TODO, next_page, next_step, overview, unnamed
from core.workspace.staleness import faces_fingerprint, split_fingerprint
from core.workspace.states import Kind
from tests.edits import change


@pytest.fixture
def nothing_shipped(monkeypatch, tmp_path):
    monkeypatch.setattr("core.workspace.models.PRETRAINED", tmp_path / "none")


def states(project) -> dict[str, str]:
    return {one.step: one.state for one in overview(project)}


def following(project) -> str:
    return next_step(overview(project)).step


def add(catalogue, name, faces, review="sure"):
    character = catalogue.add_character(name)
    for i in range(faces):
        picture = catalogue.add_picture(character.id, path=f"pictures/{name}/{i}.jpg", review=review)
        row = {"picture_id": picture.id, "character_id": character.id, "path": f"faces/{name}/{i}_1.jpg"}
        catalogue.add_faces([row | {"state": "kept", "sha256": f"{name}{i}", "split": "train"}], action="found")


def test_an_empty_workspace_begins_with_collect(project, nothing_shipped):
    assert set(states(project).values()) == {TODO}
    assert following(project) == "collect"


def test_new_pictures_are_looked_at_next(project, nothing_shipped):
    character = project.catalogue.add_character("Rei")
    project.catalogue.add_picture(character.id, path="pictures/Rei/1.jpg")
    assert states(project)["collect"] == DONE
    assert following(project) == "crop"


def test_pictures_to_check_do_not_block_where_there_are_enough_faces(project, nothing_shipped):
    add(project.catalogue, "Rei", 4)
    add(project.catalogue, "Asuka", 3)
    add(project.catalogue, "Misato", 1, review="look")
    assert (states(project)["crop"], following(project)) == (TODO, "crop")
    add(project.catalogue, "Ritsuko", 4)
    assert (states(project)["crop"], following(project)) == (OPEN, "balance")


def test_from_balance_to_recognise_and_back_when_faces_change(project, nothing_shipped):
    add(project.catalogue, "Rei", 4)
    add(project.catalogue, "Asuka", 4)
    project.catalogue.record_result("balance", "balance", faces_fingerprint(project.catalogue))
    assert following(project) == "train"
    run = project.workspace.models / "quick-1"
    run.mkdir(parents=True)
    (run / "encoder.safetensors").touch()
    (run / "metrics.json").write_text("{}")
    project.catalogue.record_result("run", "quick-1", split_fingerprint(project.catalogue))
    assert following(project) == "recognise"
    set_enrolled(project, project.catalogue.faces(state="kept"), True, "everybody enrolled")
    project.catalogue.record_result("gallery", "quick-1", faces_fingerprint(project.catalogue))
    assert states(project) == {
        "collect": DONE,
        "crop": DONE,
        "balance": DONE,
        "train": DONE,
        "visualise": TODO,
        "recognise": DONE,
    }
    assert following(project) == "recognise"
    add(project.catalogue, "Gendo", 4)
    found = states(project)
    assert (found["balance"], found["train"], found["recognise"]) == (STALE, STALE, STALE)
    assert following(project) == "balance"


def text_of(project, step: str) -> str:
    return next(one.text for one in overview(project) if one.step == step)


def test_cut_out_faces_and_pictures_of_nobody_are_counted_as_what_they_are(project, nothing_shipped):
    for i in range(2):
        project.catalogue.add_picture(None, path=f"pictures/unnamed/{i}.jpg")
    assert text_of(project, "collect") == "2 pictures without a character yet"
    rei = project.catalogue.add_character("Rei")
    project.catalogue.add_picture(rei.id, path="", kind=Kind.FACE)
    assert text_of(project, "collect") == "2 pictures and 1 cut-out face: 1 of 1 character, 2 of nobody yet"
    on_both = project.catalogue.add_picture(None, path="pictures/unnamed/3.jpg")
    asuka = project.catalogue.add_character("Asuka")
    rows = [
        {"picture_id": on_both.id, "character_id": one.id, "path": f"faces/{one.slug}/3_1.jpg"} for one in (rei, asuka)
    ]
    project.catalogue.add_faces(rows, action="named")
    assert text_of(project, "collect") == "3 pictures and 1 cut-out face: 2 of 2 characters, 2 of nobody yet"


def finished(project, name: str) -> None:
    run = project.workspace.models / name
    run.mkdir(parents=True)
    save_file({}, run / "encoder.safetensors", {"spec": "{}"})
    (run / "metrics.json").write_text("{}")


def test_a_map_by_an_encoder_that_is_not_in_use_any_more_is_out_of_date(project, nothing_shipped):
    add(project.catalogue, "Rei", 4)
    finished(project, "quick-1")
    made_from = faces_fingerprint(project.catalogue)
    project.catalogue.record_result("map", "umap-2d", made_from, {"encoder": "quick-0"})
    assert states(project)["visualise"] == STALE
    project.catalogue.record_result("map", "umap-2d", made_from, {"encoder": "quick-1"})
    assert states(project)["visualise"] == DONE


def test_a_training_is_not_done_where_its_page_would_ask_for_a_division(project, nothing_shipped):
    add(project.catalogue, "Rei", 4)
    finished(project, "quick-1")
    project.catalogue.record_result("run", "quick-1", split_fingerprint(project.catalogue))
    assert states(project)["train"] == DONE
    project.catalogue.set_values("faces", {face.id: {"split": ""} for face in project.catalogue.faces()})
    project.catalogue.record_result("run", "quick-1", split_fingerprint(project.catalogue))
    assert states(project)["train"] == TODO


def test_recognising_is_not_done_without_an_encoder(project, nothing_shipped):
    add(project.catalogue, "Rei", 4)
    set_enrolled(project, project.catalogue.faces(state="kept"), True, "everybody enrolled")
    project.catalogue.record_result("gallery", "quick-1", faces_fingerprint(project.catalogue))
    assert states(project)["recognise"] == TODO


def told(project, step: str) -> tuple[str, str, str]:
    return next((one.state, one.text, one.advice) for one in overview(project) if one.step == step)


def test_collect_tells_what_is_kept_and_what_is_set_aside(project, nothing_shipped):
    assert told(project, "collect") == (TODO, "no picture yet", "Bring pictures in.")
    rei = project.catalogue.add_character("Rei")
    assert told(project, "collect")[1] == "1 character on the list, no picture yet"
    project.catalogue.add_picture(rei.id, path="pictures/Rei/1.jpg")
    assert told(project, "collect") == (DONE, "1 picture of 1 character", "")
    project.catalogue.add_character("Asuka")
    for name in "23":
        project.catalogue.add_picture(rei.id, path=f"pictures/Rei/{name}.jpg", state="duplicate")
    assert told(project, "collect")[1] == "1 picture of 2 characters, 2 set aside"


def test_crop_asks_for_two_characters_with_enough_faces(project, nothing_shipped):
    assert told(project, "crop") == (TODO, "no face yet", "Find the faces on the pictures.")
    add(project.catalogue, "Rei", ENOUGH)
    add(project.catalogue, "Asuka", ENOUGH - 1)
    assert told(project, "crop") == (TODO, f"{2 * ENOUGH - 1} faces", "More faces are needed.")
    add(project.catalogue, "Misato", ENOUGH)
    assert told(project, "crop") == (DONE, f"{3 * ENOUGH - 1} faces", "")
    asuka = project.catalogue.character("Asuka")
    project.catalogue.add_picture(asuka.id, path="pictures/Asuka/look.jpg", review="nothing")
    assert told(project, "crop") == (OPEN, f"{3 * ENOUGH - 1} faces, 1 picture to check", "Check what was found.")
    project.catalogue.add_picture(asuka.id, path="pictures/Asuka/new.jpg")
    state, text, _ = told(project, "crop")
    assert (state, text) == (TODO, f"{3 * ENOUGH - 1} faces, 1 picture not looked at")


def test_balance_counts_its_parts(project, nothing_shipped):
    assert told(project, "balance")[:2] == (TODO, "not divided yet")
    add(project.catalogue, "Rei", 4)
    project.catalogue.record_result("balance", "balance", faces_fingerprint(project.catalogue))
    assert told(project, "balance") == (DONE, "4 training faces, 0 validation faces", "")
    add(project.catalogue, "Asuka", 1)
    advice = "The faces have changed since: divide them again."
    assert told(project, "balance") == (STALE, "5 training faces, 0 validation faces", advice)


def test_faces_without_a_name_come_first_once_all_pictures_are_looked_at(project, nothing_shipped):
    def goes():
        states = overview(project)
        return next_page(project, states).step

    rei = project.catalogue.add_character("Rei")
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/1.jpg")
    project.catalogue.add_faces([{"picture_id": picture.id, "state": "kept", "path": "faces/_/1.jpg"}], action="found")
    assert (unnamed(project.catalogue), goes()) == (1, "crop"), "a picture waits for the detector"
    (face,) = project.catalogue.faces()
    change(project, "looked at", Edit("pictures", picture.id, {"review": "sure"}))
    assert goes() == "characters"
    page = next_page(project, overview(project))
    assert (page.state, page.text) == (OPEN, "1 face without a name")
    change(project, "ignored", Edit("faces", face.id, {"ignored": True}))
    assert (unnamed(project.catalogue), goes()) == (0, "crop")


def test_finding_faces_is_done_where_only_their_names_are_missing(project, nothing_shipped):
    add(project.catalogue, "Rei", 2 * ENOUGH)
    assert told(project, "crop")[0] == TODO
    change(project, "nobody's", *[Edit("faces", face.id, {"character_id": None}) for face in project.catalogue.faces()])
    assert told(project, "crop") == (DONE, f"{2 * ENOUGH} faces", "")
    assert next_page(project, overview(project)).step == "characters"


@pytest.mark.parametrize(("unnamed_faces", "page"), [(1, "crop"), (2, "characters")])
def test_one_face_of_twenty_may_stay_without_a_name(project, nothing_shipped, unnamed_faces, page):
    add(project.catalogue, "Rei", 20)
    nobody = [Edit("faces", face.id, {"character_id": None}) for face in project.catalogue.faces()[:unnamed_faces]]
    change(project, "nobody's", *nobody)
    assert unnamed(project.catalogue) == unnamed_faces
    assert next_page(project, overview(project)).step == page


def test_cut_out_faces_alone_are_no_pictures(project, nothing_shipped):
    rei = project.catalogue.add_character("Rei")
    for _ in range(2):
        project.catalogue.add_picture(rei.id, kind=Kind.FACE)
    assert text_of(project, "collect") == "2 cut-out faces of 1 character"


def test_copies_are_counted_apart_from_the_faces(project, nothing_shipped):
    add(project.catalogue, "Rei", 4)
    (face, *_) = project.catalogue.faces()
    row = {"picture_id": face.picture_id, "character_id": face.character_id, "state": "kept", "copy_of": face.id}
    for n, words in enumerate((", 1 copy", ", 2 copies"), 1):
        project.catalogue.add_faces([row | {"path": f"faces/Rei/0_1_balancing_{n}.jpg"}], action="balanced")
        project.catalogue.record_result("balance", "balance", faces_fingerprint(project.catalogue))
        assert text_of(project, "balance") == "4 training faces, 0 validation faces" + words
    assert text_of(project, "crop") == "4 faces"


def test_runs_and_the_encoder_in_use_are_told(project, nothing_shipped, monkeypatch, tmp_path):
    assert told(project, "train") == (TODO, "no encoder yet", "Train an encoder.")
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "encoder.safetensors").touch()
    monkeypatch.setattr("core.workspace.models.PRETRAINED", tmp_path / "shipped")
    assert told(project, "train")[1] == "the shipped encoder is in use"
    add(project.catalogue, "Rei", 4)
    finished(project, "quick-1")
    assert told(project, "train")[1] == "1 run, in use: quick-1"
    finished(project, "quick-2")
    choose_encoder(project, "pretrained")
    assert told(project, "train")[1] == "2 runs, in use: the shipped encoder"
