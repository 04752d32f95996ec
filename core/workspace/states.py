"""The words that the catalogue stores: states of characters, pictures and faces, review states, parts of the split.

Each is a str, so that it is stored, compared, sorted and written as JSON like the word that it is.
"""

from __future__ import annotations

from enum import StrEnum


class CharacterState(StrEnum):
    """active, or removed: deleted or merged into another, and back by undo."""

    ACTIVE = "active"
    REMOVED = "removed"


class Kind(StrEnum):
    """A picture with faces on it, or an image that is itself a face."""

    PICTURE = "picture"
    FACE = "face"


class PictureState(StrEnum):
    """kept; a duplicate of another; rejected by a person; removed with its source, author or character."""

    KEPT = "kept"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    REMOVED = "removed"


class ReviewState(StrEnum):
    """How far the review of a picture is: new (no detector has seen it), sure, look, nothing (found), or done (decided
    by a person)."""

    NEW = "new"
    SURE = "sure"
    LOOK = "look"
    NOTHING = "nothing"
    DONE = "done"


class FaceState(StrEnum):
    """proposed by a detector, kept, rejected by a person, or removed (taken back)."""

    PROPOSED = "proposed"
    KEPT = "kept"
    REJECTED = "rejected"
    REMOVED = "removed"


class Part(StrEnum):
    """What a kept face is used for. A face that was not divided yet has "" instead."""

    TRAIN = "train"
    VALIDATION = "validation"
    STRANGER = "stranger"
    SPARE = "spare"


class FetchOutcome(StrEnum):
    """What became of an address: kept, a duplicate, refused for ever, or failed (it is tried again)."""

    KEPT = "kept"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    FAILED = "failed"


LIVE_FACES = (FaceState.PROPOSED, FaceState.KEPT)
"""The states in which a face is shown on its picture."""

OPEN_REVIEWS = (ReviewState.NOTHING, ReviewState.LOOK, ReviewState.SURE)
"""A detector has looked, a person has not decided."""
