import pytest

from core.workspace.overview import DONE, OPEN, STALE, TODO, next_step, overview
from core.workspace.staleness import faces_fingerprint, split_fingerprint


@pytest.fixture
def nothing_shipped(monkeypatch, tmp_path):
    monkeypatch.setattr("core.workspace.models.PRETRAINED", tmp_path / "none")


def states(workspace, catalogue) -> dict[str, str]:
    return {one.step: one.state for one in overview(workspace, catalogue)}


def following(workspace, catalogue) -> str:
    return next_step(overview(workspace, catalogue)).step


def add(catalogue, name, faces, review="sure"):
    character = catalogue.add_character(name)
    for i in range(faces):
        picture = catalogue.add_picture(character.id, path=f"pictures/{name}/{i}.jpg", review=review)
        row = {"picture_id": picture.id, "character_id": character.id, "path": f"faces/{name}/{i}_1.jpg"}
        catalogue.add_faces([row | {"state": "kept", "sha256": f"{name}{i}", "split": "train"}], action="found")


def test_an_empty_workspace_begins_with_collect(workspace, catalogue, nothing_shipped):
    assert set(states(workspace, catalogue).values()) == {TODO}
    assert following(workspace, catalogue) == "collect"


def test_new_pictures_are_looked_at_next(workspace, catalogue, nothing_shipped):
    character = catalogue.add_character("Rei")
    catalogue.add_picture(character.id, path="pictures/Rei/1.jpg")
    assert states(workspace, catalogue)["collect"] == DONE
    assert following(workspace, catalogue) == "crop"


def test_pictures_to_check_do_not_block_where_there_are_enough_faces(workspace, catalogue, nothing_shipped):
    add(catalogue, "Rei", 4)
    add(catalogue, "Asuka", 3)
    add(catalogue, "Misato", 1, review="look")
    assert (states(workspace, catalogue)["crop"], following(workspace, catalogue)) == (TODO, "crop")
    add(catalogue, "Ritsuko", 4)
    assert (states(workspace, catalogue)["crop"], following(workspace, catalogue)) == (OPEN, "balance")


def test_from_balance_to_recognise_and_back_when_faces_change(workspace, catalogue, nothing_shipped):
    add(catalogue, "Rei", 4)
    add(catalogue, "Asuka", 4)
    catalogue.record_result("balance", "balance", faces_fingerprint(catalogue))
    assert following(workspace, catalogue) == "train"
    run = workspace.models / "quick-1"
    run.mkdir(parents=True)
    (run / "encoder.safetensors").touch()
    (run / "metrics.json").write_text("{}")
    catalogue.record_result("run", "quick-1", split_fingerprint(catalogue))
    assert following(workspace, catalogue) == "recognise"
    catalogue.record_result("gallery", "quick-1", faces_fingerprint(catalogue))
    assert states(workspace, catalogue) == {
        "collect": DONE,
        "crop": DONE,
        "balance": DONE,
        "train": DONE,
        "visualise": TODO,
        "recognise": DONE,
    }
    assert following(workspace, catalogue) == "recognise"
    add(catalogue, "Gendo", 4)
    found = states(workspace, catalogue)
    assert (found["balance"], found["train"], found["recognise"]) == (STALE, STALE, STALE)
    assert following(workspace, catalogue) == "balance"
