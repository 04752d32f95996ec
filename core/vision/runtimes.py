"""What computes a network: ONNX Runtime on the processor, or torch where ONNX Runtime cannot be had.

A graphics card is for training: pictures of many sizes, a few at a time, leave it waiting, and torch prepares anew for
each size; it finds faces more slowly than the cores beside it (docs/performance.md). Both runtimes answer in float32
and agree to 1e-3, so what is said about a face does not depend on the machine. A network is converted once, at its
first use, and kept under the digest of its weights; after that torch is not even imported. Each core works on a part
of its own with a single thread, so no thread ever spins while it waits for another.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from core.errors import WhoAmIError
from core.vision.converted import Source, converted

if TYPE_CHECKING:
    import torch
    from torch import nn

Item = TypeVar("Item")
log = logging.getLogger(__name__)
Prepare = Callable[[Any], np.ndarray]
"""From one part of the work to its pixels, uint8 (n, h, w, 3)."""


class Runtime(Protocol):
    """Runs one network. Safe to use from several threads at once."""

    name: str

    def run(self, parts: Sequence[Any], prepare: Prepare) -> list[np.ndarray]:
        """What the network says to each part, float32, in their order; each part is prepared where it is run."""
        ...


class OnnxRuntime:
    """A converted network. A part that comes alone gets all cores, several get one core each."""

    name = "onnxruntime"

    def __init__(self, model: bytes):
        self._model = model
        self._lock = threading.Lock()
        self._sessions: dict[int, Any] = {}
        self._session(cores())

    def run(self, parts: Sequence[Any], prepare: Prepare) -> list[np.ndarray]:
        if len(parts) < 2 or cores() == 1:
            session = self._session(cores())
            return [_ask(session, prepare(part)) for part in parts]
        session = self._session(1)
        return list(_pool().map(lambda part: _ask(session, prepare(part)), parts))

    def _session(self, threads: int) -> Any:
        """The session with so many threads, made when it is first needed."""
        with self._lock:
            if threads not in self._sessions:
                self._sessions[threads] = _open(self._model, threads)
            return self._sessions[threads]


class TorchRuntime:
    """A network as torch runs it: module takes uint8 (n, h, w, 3) on its device and returns float32."""

    name = "torch"

    def __init__(self, module: nn.Module, device: torch.device | str = "cpu"):
        import torch

        self.device = torch.device(device)
        module = module.eval().to(self.device)
        self.module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def run(self, parts: Sequence[Any], prepare: Prepare) -> list[np.ndarray]:
        if self.device.type == "cpu":
            return list(_torch_pool().map(lambda part: self._answer(prepare(part)), parts))
        return [self._answer(prepare(part)) for part in parts]

    def _answer(self, pixels: np.ndarray) -> np.ndarray:
        import torch

        # TensorFloat-32 keeps ten bits: too few for answers that agree to 1e-3 everywhere.
        exact = torch.backends.cudnn.flags(enabled=True, allow_tf32=False)
        with torch.inference_mode(), nullcontext() if self.device.type == "cpu" else exact:
            answer: np.ndarray = self.module(torch.from_numpy(pixels).to(self.device)).float().cpu().numpy()
        return answer


def open_runtime(source: Source) -> Runtime:
    """The fastest runtime for a network. Errors of `source.build` that are told in words pass through."""
    try:
        import onnxruntime  # noqa: F401

        try:
            return OnnxRuntime(converted(source))
        except WhoAmIError:
            raise
        except Exception:  # kept by another version of the packages, perhaps
            return OnnxRuntime(converted(source, remake=True))
    except WhoAmIError:
        raise
    except Exception as error:  # whatever keeps a network from being converted, torch still runs it
        log.warning("%s runs in torch: ONNX Runtime could not take it (%s).", source.weights, error)
    return TorchRuntime(source.build())


def use_cores(count: int) -> None:
    """Let this process compute on so many cores, where others beside it have theirs; before a network is opened."""
    global _allowed
    _allowed = count


def cores() -> int:
    """How many cores this process may use."""
    return _allowed or _there()


def divided(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """Items in parts for the cores to share, none of more than `most`."""
    size = min(most, -(-len(items) // cores())) or 1
    return [items[start : start + size] for start in range(0, len(items), size)]


_allowed = 0


@cache
def _there() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="vision")


@cache
def _torch_pool() -> ThreadPoolExecutor:
    """One thread a core, in each of which torch uses no further ones: it has no team of threads that could spin."""
    import torch

    return ThreadPoolExecutor(cores(), "vision", initializer=torch.set_num_threads, initargs=(1,))


def _open(model: bytes, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _ask(session: Any, pixels: np.ndarray) -> np.ndarray:
    answer: np.ndarray = session.run(None, {session.get_inputs()[0].name: pixels})[0]
    return answer
