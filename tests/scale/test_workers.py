"""Shards given to workers, with a stand-in for Ray whose workers die when told to (test_cropping has the real one)."""

from types import SimpleNamespace

import pytest

from core.errors import DataError
from core.scale import workers
from core.scale.workers import AHEAD, Workers


class Died(Exception):
    pass


class TaskError(Exception):
    def __init__(self, cause):
        self.cause = cause


class StandIn:
    """As much of Ray as is used. Answers come in the order of the calls; a `deadly` number kills so many workers."""

    exceptions = SimpleNamespace(
        RayActorError=Died, OutOfMemoryError=MemoryError, RayTaskError=TaskError, ObjectLostError=KeyError
    )

    def __init__(self, deadly=None, cores=8, gpus=0, slow=0, homeless=(), stillborn=()):
        self.deadly, self.cores, self.gpus, self.slow = dict(deadly or {}), cores, gpus, slow
        self.dead, self.killed, self.options = set(), [], []
        self.homeless, self.stillborn = homeless, stillborn

    def cluster_resources(self):
        return {"CPU": self.cores, "GPU": self.gpus}

    def remote(self, **options):
        self.options.append(options)
        return lambda actor: SimpleNamespace(remote=lambda *arguments: self.made(actor(*arguments)))

    def made(self, worker):
        name = len(self.options)
        there = SimpleNamespace(remote=lambda: (name, "there", None))
        return SimpleNamespace(
            name=name, work=SimpleNamespace(remote=lambda n: (name, n, worker.work(n))), __ray_ready__=there
        )

    def wait(self, answers, *, num_returns, timeout):
        if self.slow:
            self.slow -= 1
            return [], answers
        ready = [answer for answer in answers if answer[0] not in self.homeless][:1]
        return ready, [answer for answer in answers if answer not in ready]

    def get(self, answer):
        worker, number, found = answer
        if number == "there" and worker in self.stillborn:
            raise Died(f"worker {worker} did not start")
        if self.deadly.get(number, 0) > 0:
            self.deadly[number] -= 1
            self.dead.add(worker)
        if worker in self.dead:
            raise Died(f"worker {worker}")
        if isinstance(found, Exception):
            raise TaskError(found)
        return found

    def kill(self, actor):
        self.killed.append(actor.name)
        self.dead.add(actor.name)


class Doubles:
    def work(self, number):
        return DataError("seven is not liked") if number == 7 else 2 * number


def started(monkeypatch, ray, count=2):
    monkeypatch.setattr(workers, "started", lambda wanted: ray)
    return Workers(Doubles, (), count, lambda given: f"number {given[0]}")


def numbers(upto, taken=None):
    for n in range(upto):
        if taken is not None:
            taken.append(n)
        yield n, (n,)


def test_every_shard_is_answered_once_and_few_are_taken_ahead(monkeypatch):
    at_work, taken, found = started(monkeypatch, StandIn()), [], {}
    for number, answer in at_work.work(numbers(7, taken)):
        assert len(taken) <= len(found) + 2 * AHEAD + 1
        assert number not in found
        found[number] = answer
    assert found == {n: 2 * n for n in range(7)}
    at_work.close()
    assert at_work.ray.killed == [1, 2]


def test_all_that_a_dead_worker_had_is_given_to_another(monkeypatch):
    at_work = started(monkeypatch, StandIn(deadly={2: 1}))
    found = [one[0] for one in at_work.work(numbers(6))]
    assert sorted(found) == list(range(6))
    assert at_work.again == 2  # 2, and the other one that waited for that worker
    assert len(at_work.ray.options) == 3


def test_where_no_new_worker_finds_a_core_the_others_do_its_work(monkeypatch):
    at_work = started(monkeypatch, StandIn(deadly={2: 1}, homeless={3}))
    assert dict(at_work.work(numbers(7))) == {n: 2 * n for n in range(7)}
    assert at_work.actors[0].name == 3 and list(at_work.coming.values()) == [0], "it waits"


def test_a_new_worker_that_does_not_start_is_started_again_and_in_the_end_given_up(monkeypatch):
    at_work = started(monkeypatch, StandIn(deadly={2: 1}, stillborn={3, 4}))
    assert sorted(one[0] for one in at_work.work(numbers(6))) == list(range(6))
    at_work = started(monkeypatch, StandIn(deadly={2: 1}, stillborn={2, 3, 4}), 1)
    with pytest.raises(DataError, match="No new worker can be started"):
        list(at_work.work(numbers(6)))


def test_an_answer_that_was_lost_with_its_node_is_made_again(monkeypatch):
    ray, get, lost = StandIn(), StandIn.get, [3]

    def loses(answer):
        if answer[1] in lost:
            lost.clear()
            raise KeyError("the node is gone")
        return get(ray, answer)

    ray.get = loses
    at_work = started(monkeypatch, ray)
    assert sorted(one[0] for one in at_work.work(numbers(6))) == list(range(6))
    assert len(ray.killed) == 1 and len(ray.options) == 3


def test_a_shard_that_ends_three_workers_is_named(monkeypatch):
    at_work = started(monkeypatch, StandIn(deadly={2: 3}))
    with pytest.raises(DataError, match="died 3 times on number 2"):
        list(at_work.work(numbers(6)))
    assert 2 not in [one[0] for one in started(monkeypatch, StandIn(deadly={2: 2})).work(numbers(2))]


def test_an_error_of_the_work_is_raised_as_it_was(monkeypatch):
    with pytest.raises(DataError, match="seven is not liked"):
        list(started(monkeypatch, StandIn()).work(numbers(9)))


def test_the_caller_hears_each_second_that_there_is_no_answer_yet(monkeypatch):
    found = list(started(monkeypatch, StandIn(slow=2)).work(numbers(1)))
    assert found == [None, None, (0, 0)]


def test_more_workers_than_cores_are_refused_and_a_gpu_is_shared(monkeypatch):
    with pytest.raises(DataError, match="Take at most 4 workers"):
        started(monkeypatch, StandIn(cores=4), 5)
    assert started(monkeypatch, StandIn(gpus=1), 3).ray.options[0]["num_gpus"] == 0.33
    assert started(monkeypatch, StandIn(gpus=8), 3).ray.options[0]["num_gpus"] == 1
    assert started(monkeypatch, StandIn(), 3).ray.options[0]["num_gpus"] == 0
