"""Labels that a person confirmed."""

from __future__ import annotations

from core.workspace.confirmed import confirm_labels, forget_confirmed, is_confirmed
from core.workspace.faces import relabel
from tests.faces import add_faces


def test_a_label_stays_confirmed_until_the_face_is_given_away(project):
    catalogue = project.catalogue
    one, two = (catalogue.face(i) for i in add_faces(project, {"Rei": 2, "Asuka": 1})["Rei"])
    confirm_labels(catalogue, [one])
    assert is_confirmed(catalogue, [one, two]) == [True, False]
    confirm_labels(catalogue, [two])
    assert is_confirmed(catalogue, [one, two]) == [True, True]
    relabel(project, [one], catalogue.character("Asuka"))
    assert is_confirmed(catalogue, [catalogue.face(one.id), two]) == [False, True]


def test_all_can_be_asked_about_again(project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    face = project.catalogue.face(face_id)
    confirm_labels(project.catalogue, [face])
    forget_confirmed(project.catalogue)
    assert is_confirmed(project.catalogue, [face]) == [False]
