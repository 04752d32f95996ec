"""The gallery follows the catalogue: whoever is enrolled, under today's name, and nobody else."""

import numpy as np
import pytest

from core.errors import DataError
from core.recognise.enrolment import enrol_all, enrolled_faces, gallery_key, open_gallery, waiting_faces
from core.recognise.recogniser import enrol
from core.recognise.synthetic_impostors import synthetic_impostors
from core.recognise.threshold import Scores, Threshold
from core.recognise.verdict import answer
from core.workspace.characters import rename, set_values
from core.workspace.corrections import not_a_face, not_in_cast, not_this
from core.workspace.faces import reject
from core.workspace.lone import LoneFace
from core.workspace.models import EncoderChoice
from core.workspace.undo import redo, undo
from tests.coloured_faces import MeanColour, add_face


@pytest.fixture
def choice(tmp_path, monkeypatch):
    path = tmp_path / "encoder.safetensors"
    path.write_bytes(b"weights")
    monkeypatch.setattr("core.workspace.embeddings.load_embedder", lambda path: MeanColour())
    monkeypatch.setattr("core.recognise.enrolment.load_encoder", lambda path: MeanColour())
    made = EncoderChoice("run-1", path, "for this test")
    monkeypatch.setattr("core.recognise.enrolment.encoder_in_use", lambda project: made)
    return made


@pytest.fixture
def cast(project, choice):
    """Two faces of Rei, one of Asuka."""
    rei, asuka = project.catalogue.add_character("Rei"), project.catalogue.add_character("Asuka")
    faces = [add_face(project, rei, "r1", (200, 0, 0)), add_face(project, rei, "r2", (220, 0, 0))]
    return project, [*faces, add_face(project, asuka, "a1", (0, 0, 200))]


def names(project, choice):
    gallery = open_gallery(project, choice)
    return {name: gallery.count(name) for name in gallery.names}


def test_before_anybody_is_enrolled_it_says_what_to_do(cast, choice):
    with pytest.raises(DataError, match="Nobody is enrolled yet"):
        open_gallery(cast[0], choice)


def test_enrolling_everybody_is_one_change_and_undo_takes_it_back(cast, choice):
    project, _ = cast
    enrol_all(project)
    assert names(project, choice) == {"Rei": 2, "Asuka": 1}
    assert undo(project).action == "3 faces enrolled"
    assert enrolled_faces(project.catalogue) == ([], [])
    redo(project)
    assert names(project, choice) == {"Rei": 2, "Asuka": 1}


def test_enrolling_a_face_as_somebody_else_is_one_change_and_after_undo_it_does_not_answer(cast, choice):
    project, (first, _, _) = cast
    enrol_all(project)
    before = len(project.catalogue.changes())
    enrol(project, "Kaworu", [first.id])
    assert names(project, choice) == {"Rei": 1, "Asuka": 1, "Kaworu": 1}
    assert len(project.catalogue.changes()) == before + 1
    undo(project)
    assert names(project, choice) == {"Rei": 2, "Asuka": 1}


def test_another_name_and_a_rejected_face_reach_the_gallery_by_themselves(cast, choice):
    project, (first, _, _) = cast
    enrol_all(project)
    key = gallery_key(project, "x")
    rename(project, project.catalogue.character("Asuka"), "Asuka Langley")
    reject(project, [project.catalogue.face(first.id)])
    assert names(project, choice) == {"Rei": 1, "Asuka Langley": 1}
    assert gallery_key(project, "x") != key


def test_a_face_whose_file_is_gone_does_not_end_the_others(cast, choice):
    project, (first, _, _) = cast
    project.workspace.path(first.path).unlink()
    enrol_all(project)
    assert names(project, choice) == {"Rei": 1, "Asuka": 1}


def test_another_encoder_has_seen_nobody_yet_and_embeds_them_when_asked(cast, choice):
    project, _ = cast
    enrol_all(project)
    assert waiting_faces(project, choice) == 0
    choice.path.write_bytes(b"other weights")
    assert waiting_faces(project, choice) == 3
    assert names(project, choice) == {"Rei": 2, "Asuka": 1}
    assert waiting_faces(project, choice) == 0


def test_a_correction_reaches_the_next_answer_and_undo_takes_it_back(cast, choice):
    """The query is the crop that was corrected; without the correction it is Rei."""
    project, _ = cast
    enrol_all(project)
    red = LoneFace(np.full((80, 80, 3), (210, 5, 0), np.uint8))
    query = MeanColour().embed([red.rgb])
    rule = Threshold(0.5, 0.4, 0.0, 0.01, "", Scores(*[np.array([])] * 4))

    def asked():
        (found,) = answer(query, open_gallery(project, choice), rule)
        return found.verdict, found.character, found.reason

    key = gallery_key(project, "digest")
    assert asked()[:2] == ("match", "Rei")
    not_this(project, [red], "Rei")
    assert gallery_key(project, "digest") != key
    assert asked()[1] is None
    undo(project)
    assert asked()[:2] == ("match", "Rei")
    assert gallery_key(project, "digest") == key
    not_in_cast(project, [red])
    assert asked()[0] == "unknown"
    assert "not in your cast" in asked()[2]
    undo(project)
    not_a_face(project, [red])
    assert asked()[0] == "unknown"
    assert "not a face" in asked()[2]


def test_the_series_of_a_character_is_in_the_answer(cast, choice):
    project, _ = cast
    enrol_all(project)
    key = gallery_key(project, "digest")
    set_values(project, project.catalogue.character("Rei"), "series", series="Eva")
    assert open_gallery(project, choice).series == {"Rei": "Eva"}
    assert gallery_key(project, "digest") != key


def test_held_out_strangers_are_not_enrolled_and_one_face_is_one(cast, choice):
    project, (first, second, _) = cast
    project.catalogue.set_values("faces", {face.id: {"split": "stranger"} for face in (first, second)})
    enrol_all(project)
    assert names(project, choice) == {"Asuka": 1}
    assert undo(project).action == "1 face enrolled"


def test_without_a_bank_enrolled_faces_play_the_stranger_and_are_embedded_once(cast, choice, monkeypatch):
    project, (_, _, third) = cast
    monkeypatch.setattr("core.recognise.enrolment.find_bank", lambda *_: None)
    monkeypatch.setattr("core.recognise.enrolment.drawn_stranger_vectors", lambda *_: np.eye(3, dtype=np.float32))
    enrol_all(project)
    assert len(open_gallery(project, choice).drawn) == 3
    played = open_gallery(project, choice).pretended
    crops = [np.full((8, 8, 3), colour, np.uint8) for colour in ((200, 0, 0), (220, 0, 0), (0, 0, 200))]
    assert np.allclose(played, MeanColour().embed(synthetic_impostors(crops)))
    assert len(played) == 9, "three faces with three turns each"
    monkeypatch.setattr("core.recognise.enrolment.load_encoder", lambda path: pytest.fail("they are kept"))
    assert np.array_equal(open_gallery(project, choice).pretended, played)
    reject(project, [project.catalogue.face(third.id)])
    monkeypatch.setattr("core.recognise.enrolment.load_encoder", lambda path: MeanColour())
    assert len(open_gallery(project, choice).pretended) == 6
    assert len(list((project.workspace.cache / "impostors").iterdir())) == 1, "the old ones are deleted"


def test_without_a_kept_face_there_is_nobody_to_enrol(project, choice):
    with pytest.raises(DataError, match="There is no kept face in test to enrol"):
        enrol_all(project)


def test_a_corrected_face_whose_file_is_gone_says_nothing(cast, choice):
    project, _ = cast
    enrol_all(project)
    not_in_cast(project, [LoneFace(np.full((80, 80, 3), (210, 5, 0), np.uint8))])
    assert open_gallery(project, choice).corrections is not None
    (lone,) = project.catalogue.faces(ignored=True)
    project.workspace.path(lone.path).unlink()
    choice.path.write_bytes(b"other weights")
    assert open_gallery(project, choice).corrections is None
