"""The tree of errors: one root is caught where errors are told, and what stands in its docstring is what there is."""

from __future__ import annotations

import re

from core import errors
from core.errors import Cancelled, ConfirmationNeeded, DataError, WhoAmIError

ALL = {name: value for name, value in vars(errors).items() if isinstance(value, type) and value is not WhoAmIError}


def test_every_error_is_told_to_a_user_and_is_listed():
    assert all(issubclass(one, WhoAmIError) for one in ALL.values())
    listed = set(re.findall(r"── (\w+)", errors.__doc__))
    assert listed == {name for name, one in ALL.items() if one.__bases__ == (WhoAmIError,)}


def test_a_question_is_a_kind_of_wrong_data_and_a_stop_is_not():
    assert issubclass(ConfirmationNeeded, DataError)
    assert not issubclass(Cancelled, DataError)


def test_the_root_is_no_error_of_the_system():
    """What the program itself did wrong (ValueError, OSError) is never taken for a sentence to a user."""
    assert WhoAmIError.__bases__ == (Exception,)
