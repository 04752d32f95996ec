"""What goes over the wire: a misspelt field is refused, ranges hold, defaults are as documented."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from core.server.schemas import Correction, DetectRequest, EnrolRequest, FoundFaces, RecogniseRequest

PICTURES = [{"data": "aGk="}]


def test_a_misspelt_option_is_not_passed_over():
    asked = RecogniseRequest(pictures=PICTURES)
    assert (asked.faces, asked.shipped_cast) == (False, False)
    with pytest.raises(ValidationError, match="face"):
        RecogniseRequest(pictures=PICTURES, face=True)


@pytest.mark.parametrize(
    ("model", "good", "bad"),
    [
        (DetectRequest, {"min_score": 0}, {"min_score": -0.1}),
        (DetectRequest, {"min_score": 1}, {"min_score": 1.1}),
        (EnrolRequest, {"character": "x" * 200}, {"character": "x" * 201}),
        (EnrolRequest, {"character": "x"}, {"character": ""}),
    ],
)
def test_the_ends_of_each_range(model, good, bad):
    model(pictures=PICTURES, **good)
    with pytest.raises(ValidationError):
        model(pictures=PICTURES, **bad)


def test_a_request_needs_a_picture():
    with pytest.raises(ValidationError):
        RecogniseRequest(pictures=[])


@pytest.mark.parametrize("bad", [{"face": 0}, {"face": 2**53 + 1}, {"action": "delete"}, {"reason": "x" * 201}])
def test_a_correction_names_a_face_and_one_of_three_acts(bad):
    good = {"face": 1, "action": "keep"}
    assert Correction(**good) == Correction(face=1, action="keep", character=None, reason="")
    assert Correction(**good | {"face": 2**53}).face == 2**53
    with pytest.raises(ValidationError):
        Correction(**good | bad)


def test_an_answer_may_hold_more_than_is_promised():
    assert FoundFaces(picture="a", faces=[], extra=1).model_dump()["error"] is None


@pytest.mark.parametrize(
    ("model", "field", "bad", "good"),
    [
        (RecogniseRequest, "faces", 1, "1"),  # a form has only text
        (RecogniseRequest, "shipped_cast", 0.0, True),
        (DetectRequest, "min_score", True, "0.5"),
        (Correction, "face", True, 1),
    ],
)
def test_true_is_no_number_and_a_number_is_not_true(model, field, bad, good):
    more = {"action": "keep"} if model is Correction else {"pictures": [{"data": ""}]}
    model.model_validate(more | {field: good})
    with pytest.raises(ValidationError, match=r"is needed here, not"):
        model.model_validate(more | {field: bad})
