"""What numba compiles of UMAP, kept on disk where that can be written, so that only the first map ever waits for it.

Where nothing can be kept (a full disk, a folder that is read-only) or what was kept is damaged, each process compiles
again: that is no reason not to make the map.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any


def load_umap() -> ModuleType:
    """UMAP's module, whatever becomes of its cache."""
    _forgive()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # it regrets that TensorFlow is not there; we do not
        import umap
    keep_compiled(umap.umap_, umap.layouts, umap.utils)
    module: ModuleType = umap
    return module


def keep_compiled(*modules: ModuleType) -> None:
    """Let numba keep on disk what it compiles of these modules: beside them, or in the user's cache where that may not
    be written."""
    from numba.core.dispatcher import Dispatcher

    for module in modules:
        for function in vars(module).values():
            if isinstance(function, Dispatcher) and function.stats.cache_path is None:
                with suppress(RuntimeError):  # numba found no place for it
                    function.enable_caching()


def _forgive() -> None:
    """Make errors of numba's cache none of the functions that it caches, which it does for some on Windows alone.

    UMAP's own libraries ask for the cache when they are imported, so whoever loads them cannot catch its errors.
    """
    from numba.core.caching import Cache
    from numba.core.dispatcher import Dispatcher
    from numba.np.ufunc.ufuncbuilder import UFuncDispatcher

    cache: Any = Cache
    if cache._guard_against_spurious_io_errors is _unless_it_fails:
        return
    cache._guard_against_spurious_io_errors = _unless_it_fails
    kinds: tuple[Any, ...] = (Dispatcher, UFuncDispatcher)
    for kind in kinds:
        kind.enable_caching = _where_there_is_a_place(kind.enable_caching)


def _where_there_is_a_place(enable: Callable[[Any], None]) -> Callable[[Any], None]:
    def enable_caching(function: Any) -> None:
        with suppress(RuntimeError):
            enable(function)

    return enable_caching


@contextmanager
def _unless_it_fails(_cache: object) -> Iterator[None]:
    with suppress(Exception):  # of the system, or of whatever a damaged file unpickles to
        yield
