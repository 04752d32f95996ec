"""What an answer to the app's lead means, and what a group that is larger than a page says about itself."""

from __future__ import annotations

from core.characters.naming import Answer
from core.similarity.questions import ConfirmFaces, NameGroup
from ui.characters.lead import group_actions, group_answer, page_answer
from ui.common.face_wall import Sent

GROUP = NameGroup((1, 2, 3, 4), ())


def test_a_name_goes_to_the_whole_group_without_the_clicked_faces():
    said, _ = group_answer(GROUP, Sent("name", "Rei", {3: 1}), shown=(1, 2))
    assert said == Answer(named={"Rei": [1, 2, 4]}, wrong={"Rei": [3]})


def test_a_name_for_these_only_leaves_the_other_pages_alone():
    said, _ = group_answer(GROUP, Sent("these", "Rei", {2: 1, 4: 1}), shown=(1, 2))
    assert said == Answer(named={"Rei": [1]}, wrong={"Rei": [2]})


def test_where_every_face_was_clicked_nobody_is_denied():
    said, _ = group_answer(GROUP, Sent("name", "Rei", dict.fromkeys((1, 2, 3, 4), 1)))
    assert said == Answer(named={"Rei": []}, wrong={})


def test_left_out_and_split_are_without_the_clicked_faces():
    assert group_answer(GROUP, Sent("ignore", "", {1: 1}))[0] == Answer(ignored=[2, 3, 4], loose=[1])
    assert group_answer(GROUP, Sent("split", "", {1: 1}))[0] == Answer(split=[2, 3, 4], loose=[1])
    assert group_answer(GROUP, Sent("mixed"))[0] == Answer(loose=(1, 2, 3, 4))
    assert group_answer(GROUP, Sent("later"))[0] == Answer(skipped=(1, 2, 3, 4))


def test_a_group_on_several_pages_says_how_many_a_name_goes_to():
    labels = [action.label for action in group_actions(96, 1200)]
    assert labels[:2] == ["Name all 1,200: {name}", "Only these 96"]
    assert [action.id for action in group_actions(4, 4)] == ["name", "ignore", "split", "mixed", "later"]


def test_a_face_on_a_page_goes_to_the_name_that_was_chosen_for_it():
    """Face 1 is right; 2 is Asuka; 3 is not in the cast; 4, which was clicked, is only not Rei."""
    step = ConfirmFaces((("Rei", (1, 2, 3, 4)),), dict.fromkeys((2, 3, 4), ("Asuka",)), 2.0)
    said, _ = page_answer(step, Sent("confirm", "", {2: 1, 3: 2, 4: 3}))
    assert said == Answer(named={"Rei": [1], "Asuka": [2]}, wrong={"Rei": [2, 3, 4]}, ignored=[3])
