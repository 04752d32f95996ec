import threading

import pytest

from core.server.batching import Batcher, Full


class Held:
    """Work that waits until it is let go, so that a test decides what waits."""

    def __init__(self):
        self.go, self.began, self.batches = threading.Event(), threading.Event(), []

    def __call__(self, items):
        self.began.set()
        assert self.go.wait(10)
        self.batches.append(list(items))
        return [10 * item for item in items]


def test_what_waits_is_answered_together_and_everyone_gets_their_own():
    work = Held()
    batcher = Batcher(work, size=3)
    first = batcher.submit(1)
    assert work.began.wait(10)
    others = [batcher.submit(n) for n in range(2, 7)]
    work.go.set()
    assert [f.result(10) for f in (first, *others)] == [10, 20, 30, 40, 50, 60]
    assert work.batches == [[1], [2, 3, 4], [5, 6]]
    batcher.close()


def test_one_bad_item_spoils_no_other():
    def work(items):
        if 0 in items:
            raise ZeroDivisionError
        return [60 // item for item in items]

    held = Held()
    batcher = Batcher(lambda items: held(items) and work(items), size=4)
    futures = [batcher.submit(5)]
    assert held.began.wait(10)
    futures += [batcher.submit(n) for n in (1, 0, 3)]
    held.go.set()
    assert [futures[i].result(10) for i in (0, 1, 3)] == [12, 60, 20]
    with pytest.raises(ZeroDivisionError):
        futures[2].result(10)
    batcher.close()


def test_more_than_may_wait_is_refused():
    work = Held()
    batcher = Batcher(work, size=1, waiting=2)
    kept = [batcher.submit(1)]
    assert work.began.wait(10)
    kept += [batcher.submit(2), batcher.submit(3)]
    with pytest.raises(Full):
        batcher.submit(4)
    work.go.set()
    assert [f.result(10) for f in kept] == [10, 20, 30]
    batcher.close()


def test_closing_answers_what_waits():
    work = Held()
    batcher = Batcher(work, size=2, waiting=8)
    futures = [batcher.submit(n) for n in range(4)]
    work.go.set()
    batcher.close()
    assert [f.result(0) for f in futures] == [0, 10, 20, 30]


def test_what_waits_is_answered_before_it_ends():
    work = Held()
    batcher = Batcher(work, size=3)
    first = batcher.submit(1)
    assert work.began.wait(10)
    second = batcher.submit(2)
    ending = threading.Thread(target=batcher.close)
    ending.start()
    work.go.set()
    ending.join(10)
    assert not ending.is_alive()
    assert [first.result(0), second.result(0)] == [10, 20]
