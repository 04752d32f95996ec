"""Which of the pictures that could not be read have only moved."""

from __future__ import annotations

import pytest

from core.crop.looking import Unread
from core.crop.moved import sort_out
from core.workspace import characters
from core.workspace.states import ReviewState

WAITING = (ReviewState.NEW,)


@pytest.fixture
def picture(made):
    return made.picture([], review="new")[0]


def test_a_moved_picture_is_given_as_it_is_today(made, project, picture):
    characters.rename(project, made.rei, "Ayanami")
    moved, failed = sort_out(project, [Unread(picture, "why", missing=True)], WAITING)
    assert [p.path for p in moved] == ["pictures/Ayanami/001.jpg"]
    assert failed == []


def test_a_broken_picture_is_a_failure(project, picture):
    assert sort_out(project, [Unread(picture, "why")], WAITING) == ([], ["why"])


def test_a_file_that_was_not_there_yet_is_no_failure_and_one_that_never_comes_is(project, picture):
    unread = [Unread(picture, "why", missing=True)]
    assert sort_out(project, unread, WAITING) == ([picture], [])
    project.workspace.path(picture.path).unlink()
    assert sort_out(project, unread, WAITING) == ([], ["why"])


def test_what_is_deleted_or_decided_by_now_is_neither(made, project, picture):
    decided = made.picture([], character=made.asuka)[0]
    characters.delete(project, made.rei)
    assert sort_out(project, [Unread(picture, "why"), Unread(decided, "why")], WAITING) == ([], [])


def test_where_everything_could_be_read_nothing_is_asked(project):
    assert sort_out(project, [], WAITING) == ([], [])
