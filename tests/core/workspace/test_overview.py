import pytest

from core.workspace.enrolment import set_enrolled
from core.workspace.overview import DONE, OPEN, STALE, TODO, next_step, overview
from core.workspace.staleness import faces_fingerprint, split_fingerprint
from core.workspace.states import Kind


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
    assert text_of(project, "collect") == "2 pictures of nobody yet"
    rei = project.catalogue.add_character("Rei")
    project.catalogue.add_picture(rei.id, path="", kind=Kind.FACE)
    assert text_of(project, "collect") == "2 pictures and 1 cut-out face of 1 character"


def finished(project, name: str) -> None:
    run = project.workspace.models / name
    run.mkdir(parents=True)
    (run / "encoder.safetensors").touch()
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
