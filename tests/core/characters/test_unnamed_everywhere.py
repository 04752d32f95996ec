"""Faces without a name go through every other step as what they are: nobody's."""

import pytest

from core.balance.balancing import balance
from core.balance.config import BalanceConfig
from core.balance.plan import plan
from core.errors import DataError
from core.recognise.enrolment import enrolled_faces
from core.train.training import face_set
from core.visualise.map_builder import mapped_faces
from core.workspace import characters
from core.workspace.doctor import inspect
from core.workspace.enrolment import set_enrolled
from core.workspace.overview import next_page, overview
from core.workspace.staleness import faces_fingerprint, split_fingerprint
from core.workspace.sync import sync
from core.workspace.undo import redo, undo
from tests.faces import add_faces


@pytest.fixture
def mixed(scene):
    """Two characters of six faces, and seven faces of nobody."""
    add_faces(scene.project, {"Rei": 6, "Asuka": 6})
    scene.unnamed = scene.add(1, range(7))
    return scene


def test_they_are_not_divided_trained_on_mapped_or_enrolled(mixed):
    project = mixed.project
    before = faces_fingerprint(project.catalogue), split_fingerprint(project.catalogue)
    balance(project, BalanceConfig(per_character=6))
    assert not set(mixed.unnamed) & set(plan(project.catalogue).faces.ids.tolist())
    assert not set(mixed.unnamed) & set(face_set(project).ids)
    assert not set(mixed.unnamed) & {face.id for face in mapped_faces(project.catalogue)[0]}
    faces = project.catalogue.faces()
    set_enrolled(project, [f for f in faces if f.character_id], True, "enrolled")
    assert not set(mixed.unnamed) & {face.id for face in enrolled_faces(project.catalogue)[0]}
    mixed.add(2, range(3))
    assert faces_fingerprint(project.catalogue) == before[0]


def test_a_heap_alone_is_nothing_to_balance(scene):
    scene.add(1, range(7))
    with pytest.raises(DataError, match="have a name"):
        plan(scene.project.catalogue)


def test_they_are_no_character_of_their_own(scene):
    scene.add(1, range(20))
    states = overview(scene.project)
    assert next_page(scene.project, states).step == "characters", "named first: nobody can be balanced yet"
    assert {step.step: step.state for step in states}["balance"] != "done"


def test_sync_and_doctor_find_nothing_wrong(mixed):
    assert inspect(mixed.project) == []
    report = sync(mixed.project)
    assert not (report.vanished or report.relabelled or report.faces_taken_in or report.replaced)
    assert mixed.project.catalogue.face(mixed.unnamed[0]).character_id is None


def test_naming_moves_the_files_and_undo_moves_them_back(mixed):
    project = mixed.project
    faces = project.catalogue.faces(ids=mixed.unnamed)
    characters.name_faces(project, {"Rei": faces[:3], "Misato": faces[3:]})
    for face in project.catalogue.faces(ids=mixed.unnamed):
        owner = project.catalogue.character(face.character_id)
        assert face.path.startswith(f"faces/{owner.slug}/") and project.workspace.path(face.path).exists()
    undo(project)
    for face in project.catalogue.faces(ids=mixed.unnamed):
        assert face.path.startswith("faces/unnamed/") and project.workspace.path(face.path).exists()
    assert [c.name for c in project.catalogue.characters()] == ["Asuka", "Rei"]
    redo(project)
    assert project.catalogue.character("Misato").state == "active"


def test_a_picture_goes_with_its_faces_when_all_are_one_characters(mixed):
    project = mixed.project
    one, two = project.catalogue.faces(ids=mixed.unnamed[:2])
    (extra,) = mixed.add(3, range(1), picture_id=two.picture_id)
    characters.name_faces(project, {"Rei": [one, two]})
    rei = project.catalogue.character("Rei").id
    assert project.catalogue.picture(one.picture_id).character_id == rei
    assert project.catalogue.picture(two.picture_id).character_id is None
    characters.name_faces(project, {"Rei": [project.catalogue.face(extra)]})
    assert project.catalogue.picture(two.picture_id).character_id == rei
