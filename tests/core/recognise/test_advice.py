"""What keeps faces from being named, and what would help."""

from dataclasses import replace

import numpy as np
import pytest

from core.recognise.advice import Chances, advice, chances, hardly_any, outlooks
from core.recognise.gallery import Gallery
from core.recognise.threshold import Scores, Threshold, choose_threshold
from core.similarity.cohort import Cohort
from core.similarity.prototypes import l2_normalize
from core.similarity.scorer import CharacterScorer

AXES = np.eye(4, dtype=np.float32)
X, Y, Z, W = AXES


def gallery(**faces):
    vectors = np.stack([l2_normalize(v) for some in faces.values() for v in some])
    names = [name for name, some in faces.items() for _ in some]
    return Gallery(vectors, names, range(len(names)), "e")


def threshold(match):
    return Threshold(match, match - 0.1, 0.02, 0.01, "", Scores(*[np.array([])] * 4))


def test_close_faces_far_from_all_others_need_nothing():
    assert advice(chances(gallery(a=[X, X + 0.1 * Y], b=[-X, -X + 0.1 * Y])), threshold(0.6)) == ()


def test_a_character_with_few_scattered_faces_is_asked_for_more():
    (sentence,) = advice(chances(gallery(a=[X, X], b=[Y, -Y, Z], c=[-X, -X])), threshold(0.6))
    assert "b (5 more)" in sentence
    assert "1.0%" in sentence


def test_a_character_with_one_face_is_asked_for_more():
    rows = outlooks(chances(gallery(a=[X], b=[Y, Y])), 0.6)
    assert rows[0].character == "a"
    assert np.isnan(rows[0].named)
    assert "a (7 more)" in advice(chances(gallery(a=[X], b=[Y, Y])), threshold(0.6))[0]


def test_many_scattered_faces_are_better_split():
    scattered = [Y, -Y, Z, -Z, W, -W, Y + Z, -Y - Z]
    sentences = advice(chances(gallery(a=[X, X], b=scattered)), threshold(0.95))
    assert any("b differ more among themselves" in one for one in sentences)


def test_look_alikes_are_told_with_both_names():
    twins = gallery(a=[X, X], b=[X + 0.05 * Y, X + 0.05 * Y], c=[-X, -X], d=[Z, Z])
    rows = {row.character: row for row in outlooks(chances(twins), 0.6)}
    assert (rows["a"].rival, rows["a"].taken) == ("b", 2)
    assert any("a like b" in one for one in advice(chances(twins), threshold(0.6)))


def test_nobody_enrolled_needs_no_advice():
    assert advice(chances(Gallery.empty("e", 4)), threshold(0.6)) == ()


def test_one_scoring_serves_every_threshold():
    found = chances(gallery(a=[X, X], b=[X + Y, Y], c=[-X, -X], d=[Z, -Z]))
    named = {match: {row.character: row.named for row in outlooks(found, match)} for match in (-1, 0.99)}
    assert named[-1] == {"a": 1, "b": 1, "c": 1, "d": 1}
    assert named[0.99] == {"a": 1, "b": 0, "c": 1, "d": 0}


def test_no_more_than_three_characters_are_listed():
    lonely = gallery(a=[X], b=[Y], c=[Z], d=[W], e=[-X])
    assert "and 2 more characters" in advice(chances(lonely), threshold(0.9))[0]


def test_of_a_large_gallery_a_few_faces_of_each_character_are_judged(monkeypatch):
    rng = np.random.default_rng(0)
    centres = np.repeat(rng.normal(size=(6, 16)), 10, axis=0)
    names = np.repeat([f"c{k}" for k in range(6)], 10)
    large = Gallery(l2_normalize(centres + 0.3 * rng.normal(size=(60, 16))), names, range(60), "e")
    asked = []
    judged = CharacterScorer.leave_one_out
    monkeypatch.setattr(CharacterScorer, "leave_one_out", lambda one, at: asked.append(len(at)) or judged(one, at))
    monkeypatch.setattr("core.recognise.advice.ASKED", 24)
    some = outlooks(chances(large), 0.4)
    assert sum(asked) == 24
    assert [row.faces for row in some] == [10] * 6
    assert sorted(row.character for row in some) == ["c0", "c1", "c2", "c3", "c4", "c5"]
    monkeypatch.setattr("core.recognise.advice.ASKED", 6)
    assert [row.character for row in outlooks(chances(large), 2.0)] == ["c0", "c2", "c4"], (
        "two faces of every second one"
    )


def test_characters_are_judged_whole_whatever_is_judged_together(monkeypatch):
    some = gallery(a=[X, X, Y], b=[Y, -Y, Z], c=[-X, -X], d=[Z], e=[W, W])
    together = outlooks(chances(some), 0.6)
    monkeypatch.setattr("core.recognise.advice.TOGETHER", 2)
    assert outlooks(chances(some), 0.6)[1:] == together[1:]
    assert outlooks(chances(some), 0.6)[0].character == together[0].character == "d"


def test_chances_are_less_what_each_face_needs_beyond_the_threshold():
    """Strangers at X, of a usual level of 0.4: a face there needs 0.6 of 0.6 more, one at right angles 0.24 less."""
    faces = gallery(a=[X, X], b=[Y, Y], c=[-X, -X])
    cohort = Cohort(X[None], np.zeros(1, np.float32), 0.4)
    for plain, found, needed in zip(chances(faces), chances(faces, cohort), (0.36, -0.24, -0.84), strict=True):
        assert found.own == pytest.approx(plain.own - needed)
        assert found.to_rival == pytest.approx(plain.to_rival - needed)


def test_where_hardly_any_face_is_named_no_more_pictures_are_asked_for_but_a_higher_rate_is_told():
    """Twenty characters with two faces each; of strangers 1 % reach .99, 5 % .95: two faces of 40 do, or ten."""
    near = np.array([0.995] * 1 + [0.97] * 4 + [0.5] * 15)
    found = [Chances(f"c{k}", 2, np.full(2, s, np.float32), "", np.empty(0, np.float32)) for k, s in enumerate(near)]
    strangers = np.arange(1000) / 1000
    at_1 = choose_threshold(Scores(np.array([]), strangers, np.array([]), np.array([], bool)), 0.01)
    assert hardly_any(found, at_1.match)
    cannot, higher = advice(found, at_1)
    assert cannot.startswith("At 1.0% hardly any face can be named: 5 of 100 enrolled ones")
    assert higher == "At 5.0% it would be 25 of 100."
    at_5 = choose_threshold(at_1.scores, 0.05)
    assert not hardly_any(found, at_5.match), "a quarter"
    assert "more pictures would help" in advice(found, at_5)[0]
    assert not hardly_any(found[:19], at_1.match), "38 faces tell too little"
    tenth = [*found[:2], *found[5:]]
    tenth[1] = replace(tenth[1], own=np.full(2, 0.995, np.float32))
    tenth += tenth[-3:]
    lonely = Chances("one", 1, np.full(1, -np.inf, np.float32), "", np.empty(0, np.float32))
    assert not hardly_any([*tenth, lonely], at_1.match), "exactly a tenth, and a face that nothing is known of"
    (alone,) = advice([*found[:1], *found[5:], *found[-4:]], at_1)
    assert "hardly any face can be named: 5 of 100" in alone, "5 % would name no more"
    at_10 = choose_threshold(Scores(np.array([]), strangers + 0.2, np.array([]), np.array([], bool)), 0.1)
    assert len(advice(found, at_10)) == 1, "no rate of 50 % is told"
