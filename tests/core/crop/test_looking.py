"""What a look brings: crops of what is kept, and embeddings of the very pixels that are read back later."""

import numpy as np

from core.crop.findings import Finding, Proposal
from core.crop.looking import cut_faces, embedded
from core.imaging.boxes import Box, Detection
from core.imaging.framing import face_crop
from core.imaging.reading import read_picture

RGB = np.random.default_rng(0).integers(0, 256, (120, 160, 3)).astype(np.uint8)
KEPT = Proposal(Detection(Box(20, 30, 40, 40), 0.9), True)
FAINT = Proposal(Detection(Box(90, 30, 40, 40), 0.4), False)


def test_a_kept_face_has_its_crop_and_a_proposal_has_none():
    seen = cut_faces(RGB, Finding("look", (KEPT, FAINT)))
    assert (seen.review, [one.proposal for one in seen.faces]) == ("look", [KEPT, FAINT])
    assert read_picture(seen.faces[0].crop.data).shape == face_crop(RGB, Box(20, 30, 40, 40)).shape
    assert seen.faces[1].crop is None


def test_each_face_is_embedded_from_what_is_read_back_later():
    got = []

    def embed(crops):
        got.extend(crops)
        return np.arange(3, dtype=np.float32)[:, None]

    seen = [cut_faces(RGB, Finding("look", (KEPT, FAINT))), cut_faces(RGB, Finding("nothing", ()))]
    seen.append(cut_faces(RGB[::-1], Finding("look", (FAINT,))))
    found = embedded([RGB, RGB, RGB[::-1]], seen, embed)
    assert [[float(face.vector[0]) for face in one.faces] for one in found] == [[0, 1], [], [2]]
    assert np.array_equal(got[0], read_picture(seen[0].faces[0].crop.data)), "of the file's bytes"
    assert np.array_equal(got[1], face_crop(RGB, Box(90, 30, 40, 40))), "cut from the picture"
    assert np.array_equal(got[2], face_crop(RGB[::-1], Box(90, 30, 40, 40)))


def test_nothing_found_asks_no_encoder():
    nothing = [cut_faces(RGB, Finding("nothing", ()))]
    assert embedded([RGB], nothing, lambda crops: 1 / 0) == nothing
