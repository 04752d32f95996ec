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

    exceptions = SimpleNamespace(RayActorError=Died, OutOfMemoryError=MemoryError, RayTaskError=TaskError)

    def __init__(self, deadly=None, cores=8, gpus=0, slow=0):
        self.deadly, self.cores, self.gpus, self.slow = dict(deadly or {}), cores, gpus, slow
        self.dead, self.killed, self.options = set(), [], []

    def cluster_resources(self):
        return {"CPU": self.cores, "GPU": self.gpus}

    def remote(self, **options):
        self.options.append(options)
        return lambda actor: SimpleNamespace(remote=lambda *arguments: self.made(actor(*arguments)))

    def made(self, worker):
        name = len(self.options)
        return SimpleNamespace(name=name, work=SimpleNamespace(remote=lambda n: (name, n, worker.work(n))))

    def wait(self, answers, *, num_returns, timeout):
        if self.slow:
            self.slow -= 1
            return [], answers
        return answers[:1], answers[1:]

    def get(self, answer):
        worker, number, found = answer
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
