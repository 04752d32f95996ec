import pytest

from core.characters.groups import find_groups, group_called, last_groups, left_of, ready_groups
from core.characters.heap import faces_to_embed
from core.characters.values import Group, Groups
from core.errors import DataError
from core.workspace import characters
from core.workspace.undo import undo
from tests.heaps import NO_FACE


def groups_of(scene, **options):
    return find_groups(scene.project, encoder=scene.encoder, load=scene.load, **options)


def test_unnamed_faces_come_in_groups_largest_first_and_everybody_else_alone(scene):
    five, four = scene.add(1, range(5)), scene.add(2, range(4))
    alone, named = scene.add(3, range(1)), scene.add(4, range(4), "Rei")
    found = groups_of(scene)
    assert [set(group.faces) for group in found.groups] == [set(five), set(four)]
    assert [*found.singles, *found.non_faces] == alone and found.faces == 10
    assert [group.id for group in found.groups] == [f"g{five[0]}", f"g{four[0]}"]
    assert all(group.cover in group.faces and group.cohesion > 0.5 for group in found.groups)
    assert not {*named} & {face for group in found.groups for face in group.faces}


def test_a_group_that_looks_like_a_character_says_so(scene):
    scene.add(1, range(5))
    scene.add(2, range(5))
    scene.add(2, range(10, 14), "Asuka")
    found = groups_of(scene)
    assert {scene.truth[group.cover]: group.suggestion for group in found.groups} == {1: "", 2: "Asuka"}


def test_what_is_probably_no_face_stands_apart(scene):
    scene.add(1, range(8))
    hands = scene.add(NO_FACE, range(3))
    found = groups_of(scene)
    assert found.non_faces == tuple(hands) and found.singles == () and len(found) == 1


def test_faces_that_are_ignored_rejected_or_copies_are_not_in_the_heap(scene):
    faces = scene.add(1, range(4))
    scene.add(1, (10,), ignored=True)
    scene.add(1, (11,), state="rejected")
    scene.add(1, (12,), copy_of=faces[0])
    assert groups_of(scene).faces == 4


def test_two_faces_of_one_picture_are_two_people(scene):
    faces = scene.add(1, range(5))
    picture = scene.project.catalogue.face(faces[0]).picture_id
    scene.add(1, (9,), picture_id=picture)
    assert all(len({faces[0], faces[-1] + 1} & set(group.faces)) < 2 for group in groups_of(scene).groups)


def test_groups_are_made_once_and_anew_when_a_face_was_decided(scene):
    faces = scene.add(1, range(5))
    assert ready_groups(scene.project, encoder=scene.encoder) is None
    assert faces_to_embed(scene.project, scene.encoder) == 5
    first = groups_of(scene)
    assert faces_to_embed(scene.project, scene.encoder) == 0
    assert ready_groups(scene.project, encoder=scene.encoder) == first
    assert ready_groups(scene.project, 0.2, encoder=scene.encoder) is None
    characters.ignore(scene.project, [scene.project.catalogue.face(faces[0])])
    assert ready_groups(scene.project, encoder=scene.encoder) is None
    undo(scene.project)
    assert ready_groups(scene.project, encoder=scene.encoder) == first


def test_an_id_means_what_was_shown_whatever_was_decided_since(scene):
    faces = scene.add(1, range(5))
    groups_of(scene)
    characters.ignore(scene.project, [scene.project.catalogue.face(faces[0])])
    assert set(group_called(scene.project, f"g{faces[0]}").faces) == set(faces[1:])
    assert last_groups(scene.project).groups[0].cover in faces[1:]


def test_an_unknown_group_is_refused_with_those_there_are(scene):
    with pytest.raises(DataError, match="groups` makes them"):
        group_called(scene.project, "g1")
    faces = scene.add(1, range(5))
    groups_of(scene)
    with pytest.raises(DataError, match=f"There are: g{faces[0]}"):
        group_called(scene.project, "g999")


def test_granularity_has_its_limits(scene):
    with pytest.raises(DataError, match="between 0"):
        groups_of(scene, granularity=1.5)


def test_an_empty_heap_has_no_groups(scene):
    scene.add(1, range(3), "Rei")
    assert groups_of(scene).faces == 0


def test_the_grouping_is_reported_and_both_ends_of_granularity_are_allowed(scene):
    scene.add(1, range(5))
    told = []
    for granularity in (0, 1):
        groups_of(scene, granularity=granularity, report=told.append)
    assert [(p.n, p.total) for p in told if p.stage == "group"] == [(0, 5), (5, 5)] * 2
    with pytest.raises(DataError, match="between 0"):
        groups_of(scene, granularity=-0.1)


def test_what_is_left_of_groups_once_some_have_a_name():
    groups = Groups((Group("g1", (1, 2, 3), 1, 0.9), Group("g4", (4, 5), 4, 0.8)), (6, 7), (8, 9))
    left = left_of(groups, {2, 3, 6, 9})
    assert left == Groups((Group("g1", (2, 3), 2, 0.9),), (6,), (9,))
    assert left_of(groups, {1, 2}).groups[0].cover == 1


def test_twenty_groups_at_most_are_listed_and_none_where_all_have_a_name(scene, monkeypatch):
    many = Groups(tuple(Group(f"g{n}", (n,), n, 0.9) for n in range(1, 22)), (), ())
    monkeypatch.setattr("core.characters.groups.last_groups", lambda project: many)
    assert group_called(scene.project, " g21 ").faces == (21,)
    with pytest.raises(DataError, match=r"g19, g20\. Look"):
        group_called(scene.project, "g22")
    monkeypatch.setattr("core.characters.groups.last_groups", lambda project: Groups((), (1,), ()))
    with pytest.raises(DataError, match=r"There are: none\."):
        group_called(scene.project, "g22")
