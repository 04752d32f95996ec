"""What an answer to the app's lead means, and what a group that is larger than a page says about itself."""

from __future__ import annotations

from core.characters.naming import Answer
from core.similarity.questions import ConfirmFaces, NameFaces, NameGroup
from ui.characters.lead import _pointing, group_actions, group_answer, known_answer, page_answer
from ui.common.face_wall import Sent
from ui.common.look import STYLE

GROUP = NameGroup((1, 2, 3, 4), ())


def parts(said: Answer) -> dict:
    """What an answer says, without what it does not."""
    return {name: value if isinstance(value, dict) else list(value) for name, value in vars(said).items() if value}


def test_a_name_goes_to_the_whole_group_without_the_clicked_faces():
    said, _ = group_answer(GROUP, Sent("name", "Rei", {3: 2}), shown=(1, 2))
    assert parts(said) == {"named": {"Rei": [1, 2, 4]}, "wrong": {"Rei": [3]}}


def test_a_face_of_a_group_goes_to_the_name_that_was_chosen_or_typed_for_it():
    """Face 2 is Asuka by its menu, 3 is not in the cast, for 4 a name was typed."""
    step = NameGroup((1, 2, 3, 4), (), {2: ("Asuka",), 3: ("Asuka",)})
    said, _ = group_answer(step, Sent("name", "Rei", {2: 1, 3: 2, 4: 3}, {4: "Misato"}))
    assert parts(said) == {
        "named": {"Asuka": [2], "Misato": [4], "Rei": [1]},
        "wrong": {"Rei": [2, 3, 4]},
        "ignored": [3],
    }


def test_a_name_for_these_only_leaves_the_other_pages_alone():
    said, _ = group_answer(GROUP, Sent("these", "Rei", {2: 2, 4: 2}), shown=(1, 2))
    assert parts(said) == {"named": {"Rei": [1]}, "wrong": {"Rei": [2]}}


def test_where_every_face_was_clicked_nobody_is_denied():
    said, _ = group_answer(GROUP, Sent("name", "Rei", dict.fromkeys((1, 2, 3, 4), 2)))
    assert parts(said) == {"named": {"Rei": []}}


def test_left_out_and_split_are_without_the_clicked_faces():
    assert parts(group_answer(GROUP, Sent("ignore", "", {1: 2}))[0]) == {"ignored": [2, 3, 4], "loose": [1]}
    assert parts(group_answer(GROUP, Sent("split", "", {1: 2}))[0]) == {"split": [2, 3, 4], "loose": [1]}
    assert parts(group_answer(GROUP, Sent("mixed"))[0]) == {"loose": [1, 2, 3, 4]}
    assert parts(group_answer(GROUP, Sent("later"))[0]) == {"skipped": [1, 2, 3, 4]}


def test_a_group_on_several_pages_says_how_many_a_name_goes_to():
    labels = [action.label for action in group_actions(96, 1200)]
    assert labels[:2] == ["Name all 1,200: {name}", "Only these 96"]
    assert [action.id for action in group_actions(4, 4)] == ["name", "ignore", "split", "mixed", "later"]


def test_a_face_on_a_page_goes_to_the_name_that_was_chosen_for_it():
    """Face 1 is right; 2 is Asuka; 3 is not in the cast; 4, which was clicked, is only not Rei."""
    step = ConfirmFaces((("Rei", (1, 2, 3, 4)),), dict.fromkeys((2, 3, 4), ("Asuka",)), 2.0)
    said, _ = page_answer(step, Sent("confirm", "", {2: 1, 3: 2, 4: 3}))
    assert parts(said) == {"named": {"Rei": [1], "Asuka": [2]}, "wrong": {"Rei": [2, 3, 4]}, "ignored": [3]}


def test_a_name_that_was_typed_for_a_face_on_a_page_is_its_name():
    step = ConfirmFaces((("Rei", (1, 2)),), {1: ("Asuka",), 2: ("Asuka",)}, 2.0)
    said, _ = page_answer(step, Sent("confirm", "", {2: 4}, {2: "Misato"}))
    assert parts(said) == {"named": {"Rei": [1], "Misato": [2]}, "wrong": {"Rei": [2]}}


def test_whoever_was_not_known_is_set_aside_or_left_for_later():
    """Face 1 is Rei by its menu, 2 by a typed name, 3 was clicked: not sure."""
    step, states = NameFaces((1, 2, 3, 4), {1: ("Rei",)}), {1: 1, 2: 3, 3: 2}
    said, _ = known_answer(step, Sent("rest", "", states, {2: "Rei"}))
    assert parts(said) == {"named": {"Rei": [1, 2]}, "ignored": [4], "skipped": [3]}
    said, words = known_answer(step, Sent("later", "", states, {2: "Rei"}))
    assert parts(said) == {"named": {"Rei": [1, 2]}, "skipped": [3, 4]}
    assert words.startswith("2")


def test_a_telephone_is_not_told_to_point_at_a_face():
    """The class is hidden where there is no pointer and no keyboard (ui/common/look.py)."""
    assert 'class="for-keys"' in _pointing()
    assert ".for-keys" in STYLE.split("@media (hover: none)")[1]
