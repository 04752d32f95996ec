"""Where candidates end: each picture once, the better of two, and a reason in words that names the other."""

from __future__ import annotations

import pytest

from core.collect.candidate import Candidate
from core.collect.intake import CollectedStore
from core.collect.request import Refusal
from core.collect.source import SearchHit
from core.collect.staging import Staging
from core.imaging.hashes import sha256
from core.imaging.reading import encode_jpeg
from core.workspace import characters, doctor, faces
from core.workspace.undo import undo
from tests.conftest import noise

PHASH = 0x0123456789ABCDEF


class Store:
    """A store of one workspace and what comes into it."""

    def __init__(self, project, **values):
        self.project, self.staging = project, Staging(project.workspace)
        self.store = CollectedStore(project, self.staging, **{"near": 6, "kind": "picture"} | values)
        self.rei, self.asuka = (project.catalogue.add_character(name) for name in ("Rei", "Asuka"))

    def put(self, data, character=None, *, bits=0, size=(100, 100), name="", url=""):
        """A candidate with these bytes, whose hash differs from PHASH in the lowest bits; its outcome."""
        hit = SearchHit("zip", "Rei", url or f"http://a/{len(self.project.catalogue.pictures())}.jpg", name=name)
        self.staging.put(hit.key, data)
        digest = sha256(data)
        one = Candidate(hit, digest, PHASH ^ bits, *size, name.split(".")[0] or "p", ".jpg", digest)
        return self.store.put(one, character or self.rei)

    def file(self, path):
        at = self.project.workspace.path(path)
        return at.read_bytes() if at.exists() else None


@pytest.fixture
def store(project):
    return Store(project)


def test_a_new_picture_is_kept_at_its_place_with_where_it_came_from(store):
    done = store.put(b"1", name="a.jpg", url="http://a/1.jpg")
    picture = store.project.catalogue.picture(done.picture.id)
    assert (done.outcome, picture.path, picture.review) == ("kept", "pictures/Rei/a.jpg", "new")
    assert store.file("pictures/Rei/a.jpg") == b"1"
    (fetch,) = store.project.catalogue.fetches()
    assert (fetch.url, fetch.outcome, fetch.picture_id) == ("http://a/1.jpg", "kept", picture.id)
    assert store.staging.get("http://a/1.jpg") is None


def test_the_same_bytes_are_set_aside_without_a_second_file(store):
    first = store.put(b"1")
    again = store.put(b"1", store.asuka, bits=0xFFFF)
    assert (again.outcome, again.reason) == ("duplicate", f"the same file as picture {first.picture.id} of Rei")
    assert again.picture.path == ""
    assert again.repeats == first.picture


@pytest.mark.parametrize(("bits", "outcome"), [(0b111111, "duplicate"), (0b1111111, "kept")])
def test_six_bits_of_sixty_four_are_alike_and_seven_are_not(store, bits, outcome):
    store.put(b"1")
    assert store.put(b"2", bits=bits).outcome == outcome


def test_near_minus_one_takes_only_the_same_file_for_a_duplicate(project):
    store = Store(project, near=-1)
    assert [store.put(data).outcome for data in (b"1", b"2", b"1")] == ["kept", "kept", "duplicate"]


def test_one_that_looks_alike_waits_in_the_bin(store):
    store.put(b"1", name="a.jpg")
    aside = store.put(b"2", name="b.jpg").picture
    assert (aside.state, aside.path, aside.duplicate_of) == ("duplicate", "bin/pictures/Rei/b.jpg", 1)
    assert store.file(aside.path) == b"2"


def test_chains_end_at_the_kept_one_and_reach_no_further_than_the_limit(store):
    store.put(b"1")
    store.put(b"2", bits=0b111111)
    third = store.put(b"3", bits=0b111111111)  # 3 from the second, 9 from the first
    assert third.outcome == "kept"


@pytest.mark.parametrize(("side", "outcome"), [(114, "duplicate"), (115, "kept")])
def test_one_with_1_3_times_the_pixels_takes_the_place(store, side, outcome):
    store.put(b"1", name="a.jpg")
    done = store.put(b"2", name="b.jpg", size=(side, side))
    assert done.outcome == outcome
    old = store.project.catalogue.picture(1)
    if outcome == "kept":
        assert (old.state, old.path, old.duplicate_of) == ("duplicate", "bin/pictures/Rei/a.jpg", 2)
        assert store.file("bin/pictures/Rei/a.jpg") == b"1"
        assert store.file("pictures/Rei/b.jpg") == b"2"
        assert done.reason == "larger than picture 1"


@pytest.mark.parametrize("values", [{"review": "done"}, {"review": "look"}, {"state": "rejected"}])
def test_a_picture_that_somebody_looked_at_keeps_its_place(project, values):
    Store(project).put(b"1")
    project.catalogue.set_values("pictures", {1: values})
    assert Store(project).put(b"2", size=(500, 500)).outcome == "duplicate"


def test_what_repeats_the_old_one_repeats_the_larger_one_from_then_on(store):
    store.put(b"1")
    store.put(b"2", bits=1)
    store.put(b"3", size=(500, 500))
    assert store.project.catalogue.picture(2).duplicate_of == 3
    far = store.put(b"4", bits=0b111111)
    assert far.picture.duplicate_of == 3


def test_a_larger_one_too_far_from_what_was_set_aside_does_not_take_the_place(store):
    store.put(b"1")
    store.put(b"2", bits=0b111)
    assert store.put(b"3", bits=0b1111000, size=(500, 500)).outcome == "duplicate"


def test_pictures_of_two_characters_repeat_each_other_only_pixel_by_pixel(store):
    """Figures of one game in one pose have nearly the same hash."""
    same, other = encode_jpeg(noise(1)), encode_jpeg(noise(2))
    store.put(same, name="a.jpg")
    assert store.put(other, store.asuka, bits=0b111).outcome == "kept"
    assert store.put(encode_jpeg(noise(1), 60), store.asuka, bits=0b1111000).reason == "looks like picture 1 of Rei"


@pytest.mark.parametrize(("state", "words"), [("rejected", "which was rejected"), ("removed", "which was removed")])
def test_what_a_person_took_out_does_not_come_back(project, state, words):
    Store(project).put(b"1")
    project.catalogue.set_values("pictures", {1: {"state": state}})
    assert words in Store(project).put(b"1").reason


def test_names_are_not_given_twice_whatever_the_ending_or_the_case(store):
    store.put(b"1", name="001.jpg")
    assert store.put(b"2", name="001.png", bits=0xFFFF).picture.path == "pictures/Rei/001_2.jpg"
    store.project.workspace.path("pictures/Rei/x.jpg").write_bytes(b"somebody's")
    assert store.put(b"3", name="x.jpg", bits=0xFFFF0000).picture.path == "pictures/Rei/x_2.jpg"
    assert store.file("pictures/Rei/x.jpg") == b"somebody's"


def test_a_face_is_kept_as_a_face_that_fills_its_picture(project):
    store = Store(project, kind="face")
    done = store.put(b"1", name="a.jpg", size=(80, 90))
    (face,) = project.catalogue.faces()
    assert (face.path, face.state, face.w, face.h) == ("faces/Rei/a_1.jpg", "kept", 80, 90)
    assert (done.picture.kind, done.picture.path, done.picture.review) == ("face", "", "done")
    assert store.put(b"2", name="b.jpg").outcome == "kept"  # faces of one character look alike: only bytes count


def test_an_address_is_never_asked_for_twice(store):
    first = store.put(b"1", url="http://a/1.jpg")
    hit = SearchHit("zip", "Asuka", "http://a/1.jpg")
    again = store.store.repeat(hit, store.asuka)
    assert (again.outcome, again.repeats) == ("duplicate", first.picture)
    assert store.store.repeat(SearchHit("zip", "", "http://a/new.jpg"), store.rei) is None


@pytest.mark.parametrize(("outcome", "again"), [("refused", True), ("failed", False)])
def test_a_refused_address_is_refused_again_and_a_failed_one_tried_again(store, outcome, again):
    hit = SearchHit("zip", "Rei", "http://a/1.jpg")
    store.staging.put(hit.key, b"half")
    store.store.refuse(hit, store.rei, Refusal(hit.key, "no picture", outcome))
    repeated = store.store.repeat(hit, store.asuka)
    assert (repeated is not None) is again
    assert (store.staging.get(hit.key) is None) is again  # what failed may be used by the next run
    if repeated:
        assert (repeated.outcome, repeated.reason) == ("refused", "no picture")


def test_a_larger_one_just_near_enough_to_what_was_set_aside_takes_the_place(store):
    store.put(b"1")
    store.put(b"2", bits=0b111)
    assert store.put(b"3", bits=0b111000, size=(500, 500)).outcome == "kept", "six bits from the second"


def test_what_was_set_aside_and_then_rejected_is_itself_what_is_repeated(project):
    store = Store(project)
    store.put(b"1")
    store.put(b"2", bits=1)
    project.catalogue.set_values("pictures", {2: {"state": "rejected"}})
    assert Store(project).put(b"2").reason == "the same file as picture 2, which was rejected"


def test_the_name_of_a_face_is_not_given_again_though_its_file_is_gone(project):
    Store(project, kind="face").put(b"1", name="a.jpg")
    project.workspace.path("faces/Rei/a_1.jpg").unlink()
    Store(project, kind="face").put(b"2", name="a.jpg")
    assert [face.path for face in project.catalogue.faces()] == ["faces/Rei/a_1.jpg", "faces/Rei/a_2_1.jpg"]


@pytest.mark.parametrize(("most", "outcome"), [(16, "duplicate"), (1, "kept")])
def test_a_candidate_is_compared_pixel_by_pixel_with_the_nearest_only(store, monkeypatch, most, outcome):
    """Nearer by its hash is Rei's picture, the same is Asuka's."""
    monkeypatch.setattr("core.collect.intake.MOST_COMPARED", most)
    same = encode_jpeg(noise(2))
    store.put(encode_jpeg(noise(1)))
    assert store.put(same, store.asuka, bits=0b11).outcome == "kept"
    misato = store.project.catalogue.add_character("Misato")
    assert store.put(same + b"again", misato).outcome == outcome


def test_a_picture_whose_file_is_gone_is_not_repeated(store):
    store.put(encode_jpeg(noise(1)), name="a.jpg")
    store.project.workspace.path("pictures/Rei/a.jpg").unlink()
    assert store.put(encode_jpeg(noise(1), 60), store.asuka, bits=1).outcome == "kept"


FAR = 0xFFFF
"""Bits by which a candidate looks like no other."""


def of_today(store, outcome):
    """Whose a picture that came in is, and where it lies, by the catalogue and by the disk."""
    picture = store.project.catalogue.picture(outcome.picture.id)
    assert store.project.workspace.path(picture.path).is_file()
    assert doctor.inspect(store.project) == []
    return picture.character_id, picture.path


def test_after_a_merge_pictures_go_to_the_one_merged_into_and_stay_tried_for_whom_they_were_asked(store):
    store.put(b"1", name="a.jpg")
    store.put(b"2", store.asuka, bits=FAR, name="a.jpg")
    characters.merge(store.project, store.rei, store.asuka)
    late = store.put(b"3", bits=FAR << 16, name="a.jpg", url="http://a/late.jpg")
    assert of_today(store, late) == (store.asuka.id, "pictures/Asuka/a_3.jpg")
    assert late.character == "Asuka"
    assert [f.url for f in store.project.catalogue.fetches(store.rei.id)][-1] == "http://a/late.jpg"


def test_a_character_merged_before_it_had_a_picture_and_twice_is_followed(store):
    misato = store.project.catalogue.add_character("Misato")
    characters.merge(store.project, store.rei, misato)
    characters.merge(store.project, misato, store.asuka)
    assert of_today(store, store.put(b"1", name="a.jpg")) == (store.asuka.id, "pictures/Asuka/a.jpg")
    undo(store.project)
    assert of_today(store, store.put(b"2", bits=FAR, name="b.jpg")) == (misato.id, "pictures/Misato/b.jpg")


def test_after_a_deletion_pictures_are_nobodys(store):
    store.put(b"1", name="a.jpg")
    characters.delete(store.project, store.rei)
    assert of_today(store, store.put(b"2", bits=FAR, name="a.jpg")) == (None, "pictures/unnamed/a.jpg")


def test_after_a_rename_pictures_lie_in_the_new_folder_under_free_names(store):
    store.put(b"1", name="a.jpg")
    characters.rename(store.project, store.rei, "Ayanami")
    late = store.put(b"2", bits=FAR, name="a.png")
    assert of_today(store, late) == (store.rei.id, "pictures/Ayanami/a_2.jpg")
    aside = store.put(b"3", bits=FAR ^ 1, name="b.jpg")
    assert of_today(store, aside) == (store.rei.id, "bin/pictures/Ayanami/b.jpg")


@pytest.mark.parametrize("merged", [True, False])
def test_faces_follow_their_character_too(project, merged):
    store = Store(project, kind="face")
    if merged:
        characters.merge(project, store.rei, store.asuka)
    else:
        characters.rename(project, store.rei, "Ayanami")
    store.put(b"1", name="a.jpg")
    (face,) = project.catalogue.faces()
    expected = (store.asuka.id, "faces/Asuka/a_1.jpg") if merged else (store.rei.id, "faces/Ayanami/a_1.jpg")
    assert (face.character_id, face.path) == expected
    assert store.file(face.path) == b"1"


@pytest.mark.parametrize("act", ["rename", "merge"])
def test_a_larger_one_sets_the_old_one_aside_where_that_lies_by_now(store, act):
    store.put(b"1", name="a.jpg")
    if act == "rename":
        characters.rename(store.project, store.rei, "Asuka 2")
    else:
        characters.merge(store.project, store.rei, store.asuka)
    folder = "Asuka_2" if act == "rename" else "Asuka"
    larger = store.put(b"2", name="b.jpg", size=(500, 500))
    assert of_today(store, larger)[1] == f"pictures/{folder}/b.jpg"
    old = store.project.catalogue.picture(1)
    assert (old.state, old.path, old.duplicate_of) == ("duplicate", f"bin/pictures/{folder}/a.jpg", 2)
    assert store.file(old.path) == b"1"


def test_a_picture_that_a_person_decided_about_meanwhile_keeps_its_place(store):
    store.put(b"1", name="a.jpg")
    faces.reject_picture(store.project, store.project.catalogue.picture(1))
    assert store.put(b"2", size=(500, 500)).reason == "looks like picture 1, which was rejected"
    assert store.project.catalogue.picture(1).state == "rejected"


def test_the_same_picture_of_somebody_who_was_renamed_is_still_found(store):
    store.put(encode_jpeg(noise(1)), name="a.jpg")
    characters.rename(store.project, store.rei, "Ayanami")
    again = store.put(encode_jpeg(noise(1), 60), store.asuka, bits=1)
    assert again.reason == "looks like picture 1 of Ayanami"
