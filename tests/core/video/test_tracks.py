import numpy as np

from core.imaging.boxes import Box
from core.video.tracks import PATIENCE, Tracker

A, B = np.array([1.0, 0.0, 0.0], np.float32), np.array([0.0, 1.0, 0.0], np.float32)
LEFT, RIGHT = Box(0, 0, 10, 10), Box(50, 0, 10, 10)


def look(tracker, shot, time, *seen):
    boxes, vectors = [box for box, _ in seen], np.array([v for _, v in seen]).reshape(-1, 3)
    tracker.look(shot, time, boxes, vectors, [0.9] * len(seen))


def spans(tracks):
    """First look, last look, how many: of each track."""
    return [(t.start, t.end, t.looks) for t in tracks]


def test_two_faces_side_by_side_are_two_tracks():
    tracker = Tracker()
    for n in range(3):
        look(tracker, 0, n, (LEFT.shift(n, 0), A), (RIGHT.shift(-n, 0), B))
    tracks = tracker.close()
    assert spans(tracks) == [(0, 2, 3), (0, 2, 3)]
    assert [t.box.x for t in tracks] == [2, 48], "each has its own boxes"
    assert np.allclose(tracks[0].mean, A)


def test_a_cut_ends_every_track_though_the_boxes_overlap():
    tracker = Tracker()
    look(tracker, 0, 0.0, (LEFT, A))
    look(tracker, 1, 0.5, (LEFT, A))
    assert [t.shot for t in tracker.close()] == [0, 1]


def test_a_face_that_jumps_is_known_by_its_looks_and_another_in_its_place_is_not():
    tracker = Tracker()
    look(tracker, 0, 0, (LEFT, A))
    look(tracker, 0, 1, (RIGHT, A))
    look(tracker, 0, 2, (LEFT, B))
    assert spans(tracker.close()) == [(0, 1, 2), (2, 2, 1)]


def test_a_face_may_be_hidden_for_a_while_but_not_longer():
    for hidden, expected in ((PATIENCE, 1), (PATIENCE + 1, 2)):
        tracker = Tracker()
        look(tracker, 0, 0, (LEFT, A))
        for n in range(hidden):
            look(tracker, 0, 1 + n)
        look(tracker, 0, 10, (LEFT, A))
        assert len(tracker.close()) == expected


def test_the_best_look_is_the_large_sure_one():
    tracker = Tracker()
    tracker.look(0, 0, [LEFT], A[None], [0.9])
    tracker.look(0, 1, [Box(0, 0, 12, 12)], A[None], [0.9])
    tracker.look(0, 2, [Box(0, 0, 13, 13)], A[None], [0.3])
    best = tracker.close()[0]
    assert (best.best_time, best.best_box.w, best.looks) == (1, 12, 3)


def test_of_two_boxes_that_fit_one_track_the_better_one_goes_on_with_it():
    tracker = Tracker()
    look(tracker, 0, 0, (LEFT, A))
    look(tracker, 0, 1, (LEFT.shift(3, 0), A), (LEFT.shift(1, 0), A))
    tracks = tracker.close()
    assert spans(tracks) == [(0, 1, 2), (1, 1, 1)] and [t.box.x for t in tracks] == [1, 3]


def test_a_box_takes_one_track_and_leaves_the_other():
    tracker = Tracker()
    look(tracker, 0, 0, (LEFT, A), (LEFT.shift(4, 0), A))
    look(tracker, 0, 1, (LEFT.shift(1, 0), A))
    assert spans(tracker.close()) == [(0, 1, 2), (0, 0, 1)]


def test_of_two_looks_that_are_as_good_the_first_is_the_best():
    tracker = Tracker()
    first = tracker.look(0, 0, [LEFT], A[None], [0.9])
    second = tracker.look(0, 1, [LEFT], A[None], [0.9])
    third = tracker.look(0, 2, [LEFT], A[None], [0.95])
    assert [best for ((_, best),) in (first, second, third)] == [True, False, True]
    assert tracker.close()[0].best_time == 2


def test_a_tracker_goes_on_where_another_stopped():
    whole, first = Tracker(), Tracker()
    for tracker in (whole, first):
        look(tracker, 0, 0, (LEFT, A))
        look(tracker, 1, 1, (LEFT, A), (RIGHT, B))
    second = Tracker(first.finished, first.open, 1)
    for tracker in (whole, second):
        look(tracker, 1, 2, (LEFT, A))
        look(tracker, 2, 3, (RIGHT, B))
    assert spans(second.close()) == spans(whole.close()) == [(0, 0, 1), (1, 2, 2), (1, 1, 1), (3, 3, 1)]
