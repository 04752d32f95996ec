"""What numba compiles is kept where it can be, and a map is made where it cannot."""

from __future__ import annotations

import errno
from types import SimpleNamespace

import pytest

from core.visualise import compiled

numba = pytest.importorskip("numba")


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """Makes functions that are cached in a folder of this test alone."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    compiled._forgive()

    def make():
        kept = SimpleNamespace(double=numba.njit(double), other=3)
        compiled.keep_compiled(kept)
        return kept.double

    return make


def double(number):
    return 2 * number


def test_what_is_compiled_is_kept_for_the_next_process(cached):
    first = cached()
    assert first(2) == 4
    again = cached()
    assert again(3) == 6
    assert (sum(first.stats.cache_hits.values()), sum(again.stats.cache_hits.values())) == (0, 1)


def test_a_full_disk_keeps_nothing_and_stops_nothing(cached, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile._save_data", full)
    assert cached()(2) == 4


def test_a_damaged_file_is_passed_over(cached, tmp_path):
    assert cached()(2) == 4
    damaged = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert damaged
    for path in damaged:
        path.write_bytes(b"cut")
    assert cached()(2) == 4


def test_where_numba_finds_no_place_nothing_is_kept_also_where_a_library_asks_for_it(cached, monkeypatch):
    monkeypatch.setattr("numba.core.caching.CacheImpl._locator_classes", [])
    assert cached().stats.cache_path is None
    assert numba.njit(cache=True)(double)(2) == 4
    assert numba.vectorize(cache=True)(double)(2) == 4
