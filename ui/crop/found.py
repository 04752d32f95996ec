"""Who found a face, and how sure the detector was, in words that need no manual."""

from __future__ import annotations

from core.workspace.tables import Face
from ui.common.language import N_, _
from ui.common.text import plain

BY_HAND = N_("drawn by hand")
WITHOUT_DETECTOR = {"person": BY_HAND, "by hand": BY_HAND, "import": N_("brought in as a face")}
"""How a face came that no detector found, by what the catalogue has in a detector's place."""


def found_words(face: Face) -> str:
    """The detector's score, or how the face came without one.

    >>> found_words(Face(1, 1, None, detector="cnn", score=0.83)), found_words(Face(1, 1, None, detector="person"))
    ('score 0.83', 'drawn by hand')
    """
    came = WITHOUT_DETECTOR.get(face.detector)
    return _("score {score:.2f}", score=face.score) if came is None else _(came)


def found_help(face: Face) -> str | None:
    """What the score is and whose; None where there is none."""
    if face.detector in WITHOUT_DETECTOR:
        return None
    return _("How sure the detector {name} is that this is a face, from 0 to 1.", name=plain(face.detector))


def size_words(face: Face) -> str:
    """Width and height of the box, in pixels of the picture.

    >>> size_words(Face(1, 1, None, w=84.2, h=90))
    '84 x 90 px'
    """
    return f"{round(face.w)} x {round(face.h)} px"
