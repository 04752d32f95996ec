"""Who appears when, on drawn videos whose truth is known."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

pytest.importorskip("av")
pytest.importorskip("scenedetect")

from core.drawn import cast, draw
from core.errors import DataError
from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.recognise.gallery import Gallery
from core.recognise.recogniser import enrol, open_recogniser
from core.recognise.shipped_cast import Likeness
from core.recognise.threshold import Scores, Threshold
from core.recognise.timeline import Appearance, Timeline, TimelineConfig, join_appearances, judged_timeline, timeline
from core.recognise.verdict import MATCH, UNKNOWN, Identification
from core.recognise.watched_files import Watched
from core.settings import Settings
from core.video.tracks import Track
from core.workspace.project import open_project
from tests.core.video.videos import write_video

RATE = 8


def appearance(start, end, name="Rei", verdict=MATCH, similarity=0.8, looks=3):
    identification = Identification(verdict, name, similarity, (), (), "")
    return Appearance(start, end, identification, start, Box(0, 0, 9, 9), b"", looks)


def of(*appearances):
    return Timeline("a.mp4", 10.0, 2, 30, 0, tuple(appearances))


def test_matches_of_one_character_close_together_are_one_appearance():
    found = [appearance(0, 2), appearance(3, 4, similarity=0.9), appearance(3, 9, "Asuka"), appearance(8, 9)]
    joined = join_appearances(found, 2.0)
    assert [(a.answer.character, a.start, a.end, a.looks, a.tracks) for a in joined] == [
        ("Rei", 0, 4, 6, 2),
        ("Asuka", 3, 9, 3, 1),
        ("Rei", 8, 9, 3, 1),
    ]
    assert joined[0].answer.similarity == 0.9
    assert [a.start for a in join_appearances([appearance(0, 2), appearance(4, 5)], 2.0)] == [0], "exactly the gap"
    unknown = [appearance(0, 1, None, UNKNOWN), appearance(1, 2, None, UNKNOWN)]
    assert len(join_appearances(unknown, 9.0)) == 2, "two unknown faces may be two people"


def test_unknown_faces_that_look_like_one_of_the_shipped_cast_are_joined_as_matches_are():
    """And the surest of them is shown, however like one's own characters it is."""
    seen = [(0, ("A", "Sea", 0.9)), (3, ("A", "Sea", 0.95)), (4, ("A", "Sky", 0.9)), (5, ("A", "Sea", 0.9))]
    found = []
    for start, like in seen:
        one = appearance(start, start + 1, None, UNKNOWN, similarity=0.1 * (9 - start))
        found.append(replace(one, answer=replace(one.answer, looks_like=Likeness(*like))))
    joined = join_appearances(found, 2.0)
    assert [(a.whom, a.start, a.end, a.similarity) for a in joined] == [
        (("Sea", "A"), 0, 6, 0.95),
        (("Sky", "A"), 4, 5, 0.9),
    ]


def test_the_seconds_of_a_character_are_those_of_its_matches():
    told = of(appearance(0.5, 2.2), appearance(7, 7.5), appearance(4, 5, verdict="unsure"), appearance(1, 9, "Asuka"))
    assert told.seconds_of("Rei") == {0, 1, 2, 7}


@pytest.mark.parametrize("settings", [{"looks": 0}, {"looks": float("nan")}, {"least_looks": 0}, {"join": -1}])
def test_settings_have_a_range(settings):
    with pytest.raises(DataError):
        TimelineConfig(**settings)


def frontal(character, first):
    seed = first
    while True:
        picture = draw(character, seed)
        if [f.pose for f in picture.faces] == ["front"] and picture.faces[0].box.w > 70:
            return picture, seed + 1
        seed += 1


def shot(pixels, seconds, height=360, width=480):
    """A slow pan over a picture, scaled to fill the frame."""
    factor = max(height / pixels.shape[0], width / pixels.shape[1]) * 1.1
    large = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    n = round(seconds * RATE)
    for k in range(n):
        y = round((large.shape[0] - height) * 0.3)
        x = round((large.shape[1] - width) * k / max(n - 1, 1))
        yield large[y : y + height, x : x + width]


def film(path, people, shots, seconds):
    """Drawn shots of the people in turn; their truth: name -> whole seconds. The last of the people is a stranger."""
    rng, truth, frames, at, seeds = np.random.default_rng(0), {}, [], 0.0, [700 + 100 * i for i in range(len(people))]
    for _ in range(shots):
        who = int(rng.integers(len(people)))
        picture, seeds[who] = frontal(people[who], seeds[who])
        frames += shot(picture.pixels, seconds)
        truth.setdefault(people[who].name, set()).update(range(int(at), int(at + seconds)))
        at += seconds
    return write_video(path, frames, rate=RATE), truth


def watched(tmp_path, people, shots, seconds):
    """The film's timeline with all but the last of the people enrolled, and its truth."""
    path, truth = film(tmp_path / "film.mp4", people, shots, seconds)
    with open_project("film", Settings(data_dir=tmp_path / "data"), create=True) as project:
        for person in people[:-1]:
            crops, seed = [], 0
            while len(crops) < 6:
                picture, seed = frontal(person, seed)
                crops.append(face_crop(picture.pixels, picture.faces[0].box))
            enrol(project, person.name, crops)
        return timeline(path, open_recogniser(project, far=0.01)), truth


def rates(told, truth, names):
    """Precision and recall of the seconds in which the characters are told to appear."""
    hits = sum(len(told.seconds_of(name) & truth.get(name, set())) for name in names)
    said = sum(len(told.seconds_of(name)) for name in names)
    return hits / max(said, 1), hits / max(sum(len(truth.get(name, ())) for name in names), 1)


def test_a_short_film_tells_who_appears_when(tmp_path):
    people = cast(4, 3)
    told, truth = watched(tmp_path, people, shots=6, seconds=2)
    assert told.shots == 6 and told.seconds == pytest.approx(12, abs=0.2)
    precision, recall = rates(told, truth, [p.name for p in people[:-1]])
    assert precision >= 0.9 and recall >= 0.6, (precision, recall)


@pytest.mark.long
def test_a_film_of_five_minutes_tells_who_appears_when(tmp_path, capsys):
    people = cast(8, 3)
    told, truth = watched(tmp_path, people, shots=100, seconds=3)
    precision, recall = rates(told, truth, [p.name for p in people[:-1]])
    with capsys.disabled():
        print(f"five minutes: precision {precision:.3f}, recall {recall:.3f}, {told.shots} shots, {told.looks} looks")  # noqa: T201
    assert precision >= 0.95 and recall >= 0.90


@pytest.mark.parametrize(
    ("settings", "beyond"),
    [
        ({"looks": 0.1}, {"looks": 0.09}),
        ({"looks": 60}, {"looks": 60.1}),
        ({"least_looks": 1}, {"least_looks": 0}),
        ({"least_looks": 1000}, {"least_looks": 1001}),
        ({"join": 0}, {"join": -0.1}),
        ({"join": 3600}, {"join": 3601}),
    ],
)
def test_the_ends_of_the_ranges_are_allowed_and_nothing_beyond(settings, beyond):
    assert TimelineConfig(**settings)
    with pytest.raises(DataError):
        TimelineConfig(**beyond)


def test_of_two_appearances_the_more_similar_is_shown_and_of_equals_the_first():
    first, second = appearance(0, 5), appearance(1, 3)
    (joined,) = join_appearances([second, first], 0.0)
    assert (joined.start, joined.end, joined.best_time) == (0, 5, 0)


def test_the_json_form_is_rounded_to_thousandths():
    told = appearance(0.12345, 2.98765).as_dict()
    assert (told["start"], told["end"], told["best_time"]) == (0.123, 2.988, 0.123)


X, Y, Z = np.eye(3, dtype=np.float32)


def track(shot, start, end, looks, vector):
    box = Box(0, 0, 9, 9)
    return Track(shot, start, end, looks, 0, box, start, box, 1.0, vector * looks, b"crop")


def test_a_track_is_named_once_and_was_there_half_the_time_between_two_looks_before_and_after_within_its_shot():
    """Two looks a second: a quarter of a second; shots begin at 0 and 2.1, and the video ends at 5."""
    gallery = Gallery(np.stack([X, X, Y, Y]), ("Rei", "Rei", "Asuka", "Asuka"), tuple("1234"), "e")
    rule = Threshold(0.6, 0.5, 0.1, 0.01, "", Scores(*[np.array([])] * 4))
    tracks = [track(0, 0.1, 0.1, 2, Z), track(0, 1.0, 2.0, 4, X), track(1, 2.2, 2.3, 2, Z)]
    tracks += [track(1, 3.0, 3.0, 1, Z), track(1, 4.0, 4.9, 1, Y)]
    watched = Watched("a.mp4", seconds=5.0, shots=[0.0, 2.1], looks=30, damaged=3, finished=tracks, whole=True)
    told = judged_timeline(watched, gallery, rule, TimelineConfig(looks=2.0))
    assert [(a.start, a.end, a.answer.character, a.looks) for a in told.appearances] == [
        (0.0, pytest.approx(0.35), None, 2),
        (0.75, 2.1, "Rei", 4),
        (2.1, pytest.approx(2.55), None, 2),
        (3.75, 5.0, "Asuka", 1),
    ], "a stranger seen at a single look is not told, a match is"
    assert (told.video, told.seconds, told.shots, told.looks, told.damaged) == ("a.mp4", 5.0, 2, 30, 3)
    assert judged_timeline(Watched("a.mp4"), gallery, rule).appearances == ()
