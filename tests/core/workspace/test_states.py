"""The stored words: other programs and old catalogues rely on them."""

from __future__ import annotations

import json

from core.workspace import states
from core.workspace.states import LIVE_FACES, OPEN_REVIEWS, FaceState, FetchOutcome, Part, PictureState, ReviewState


def test_the_words_that_catalogues_hold_do_not_change():
    assert [*FaceState] == ["proposed", "kept", "rejected", "removed"]
    assert [*PictureState] == ["kept", "duplicate", "rejected", "removed"]
    assert [*ReviewState] == ["new", "sure", "look", "nothing", "done"]
    assert [*Part] == ["train", "validation", "stranger", "spare"]
    assert [*FetchOutcome] == ["kept", "duplicate", "refused", "failed"]
    assert [*states.CharacterState] == ["active", "removed"]
    assert [*states.Kind] == ["picture", "face"]


def test_a_state_is_the_word_in_sql_json_and_text():
    assert FaceState.KEPT == "kept"
    assert json.dumps({FaceState.KEPT: Part.TRAIN}) == '{"kept": "train"}'
    assert f"{ReviewState.DONE}" == "done"


def test_a_face_is_shown_while_it_is_proposed_or_kept():
    assert set(LIVE_FACES) == {"proposed", "kept"}


def test_a_review_is_open_once_a_detector_has_looked_until_a_person_decides():
    assert set(OPEN_REVIEWS) == set(ReviewState) - {"new", "done"}
