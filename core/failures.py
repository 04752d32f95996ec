"""What went wrong, as one sentence, for every error that can reach a terminal or a page; the traceback goes to a log.

Our own errors (core.errors) are sentences already. Those of the system, the database and the readers of files are put
into words here and nowhere else. Whatever is left is an internal error.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import sqlite3
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from core.errors import WhoAmIError

LOG = "log.txt"
"""The log of a workspace: data/<workspace>/log.txt, and log.txt.1 to .3 before it."""
LOG_BYTES = 1_000_000

_SYSTEM = {
    errno.ENOSPC: "The disk is full: {place} could not be written. Free some space, then do it again.",
    errno.EDQUOT: "The disk quota is used up: {place} could not be written. Free some space, then do it again.",
    errno.EFBIG: "{place} could not be written: no file may be so large here. Choose another disk, or raise the limit "
    "(ulimit -f), then do it again.",
    errno.EACCES: "{place} may not be read or written: permission denied. Allow it, or choose another place.",
    errno.EPERM: "{place} may not be changed: permission denied. Allow it, or choose another place.",
    errno.EROFS: "{place} is read-only and cannot be written. Choose another place, or allow writing.",
    errno.ENOENT: "{place} does not exist. Check the path; it may have been moved or deleted.",
    errno.EEXIST: "{place} is there already. Choose another name, or move it away.",
    errno.EISDIR: "{place} is a folder where a file is needed. Name a file.",
    errno.ENOTDIR: "{place} is not inside a folder. Check the path.",
    errno.ENAMETOOLONG: "The name {place} is too long for the file system. Choose a shorter one.",
    errno.EMFILE: "Too many files are open. Close other programs, or raise the limit (ulimit -n), then do it again.",
}


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What only writing ends with, whichever file the system names: copying names the one that it read from."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Errors of the system inside that name no file name this one: a write that fails does not say where."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def explain(error: BaseException) -> str:
    """The error as a sentence that says what to do next; `Internal error: ...` for one that should not happen."""
    if isinstance(error, WhoAmIError):
        return str(error)
    return _explained(error) or f"Internal error: {type(error).__name__}: {str(error).rstrip('.')}."


def is_expected(error: BaseException) -> bool:
    """Whether the error says all there is to know, so that nobody needs the traceback."""
    return isinstance(error, WhoAmIError) or bool(_explained(error))


def _explained(error: BaseException) -> str:
    found = _of_database(error) or _of_settings(error) or _of_weights(error) or _of_card(error)
    if found:
        return found
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"A settings file is not valid TOML: {error}. Correct settings.toml, or remove it to use the defaults."
    if isinstance(error, json.JSONDecodeError):
        return f"A file is not valid JSON: {error}. It may be damaged: make it again, or restore a backup."
    if isinstance(error, zipfile.BadZipFile | zipfile.LargeZipFile):
        return f"The zip file is damaged, or it is not a zip file: {error}. Get it again."
    if isinstance(error, UnicodeEncodeError):
        letters = ascii(error.object[error.start : error.end])
        advice = "Set the environment variable PYTHONUTF8=1, then do it again."
        return f"The encoding of this system ({error.encoding}) has no {letters}, which cannot be written. {advice}"
    if isinstance(error, UnicodeError):
        return f"A file is not text in UTF-8: {error}. Save it as UTF-8, then do it again."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Close other programs, or ask for less at once."
    if isinstance(error, OSError):
        return _of_system(error)
    return ""


def _of_system(error: OSError) -> str:
    named = error.filename2 or error.filename
    place = str(named or "a file")
    if error.errno == errno.EEXIST and Path(place).is_symlink() and not Path(place).exists():
        return f"{place} is a link that leads nowhere. Make the folder that it leads to, or remove it."
    if error.errno in _SYSTEM:
        words = _SYSTEM[error.errno].format(place=place)
        return words if named else words[:1].upper() + words[1:]
    words = f"{place if named else 'A file'} could not be read or written: {error.strerror or error}."
    return f"{words} Check the disk, then do it again."


def _of_database(error: BaseException) -> str:
    """SQLite's errors, bare or wrapped by SQLAlchemy."""
    inner = getattr(error, "orig", None)
    found = inner if isinstance(inner, sqlite3.Error) else error
    if not isinstance(found, sqlite3.Error):
        return ""
    words = str(found)
    if "locked" in words or "busy" in words:
        return "Another process is writing to the catalogue. Wait for it to finish, then do it again."
    if "readonly" in words or "read-only" in words:
        return "The catalogue is read-only: nothing can be changed. Copy the workspace, or allow writing."
    if "disk I/O" in words:
        return (
            "The catalogue is damaged, or its disk is full, failing or gone. Free some space, then do it again; else "
            "restore a backup with `restore`."
        )
    if "full" in words:
        return "The disk is full: the catalogue could not be written. Free some space, then do it again."
    if "unable to open" in words:
        return "The catalogue cannot be opened. Check that its folder exists and may be read."
    if isinstance(found, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InterfaceError):
        return ""  # a mistake in the program, not in the file
    return f"The catalogue is damaged ({words}). Restore a backup with `restore`, or open another workspace."


def _of_settings(error: BaseException) -> str:
    """pydantic's complaint about settings.toml or a WHOAMI_* variable."""
    errors = getattr(error, "errors", None)
    if type(error).__name__ != "ValidationError" or not callable(errors):
        return ""
    told: list[dict[str, Any]] = errors()
    parts = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}, got {one.get('input')!r}" for one in told[:3]]
    return f"A setting is not valid ({'; '.join(parts)}). Correct it in settings.toml, or its WHOAMI_* variable."


def _of_weights(error: BaseException) -> str:
    """What safetensors says of the system's errors, which it wraps in words of its own."""
    if type(error).__name__ != "SafetensorError":
        return ""
    found = re.search(r'\(os error (\d+)\)(?: at path "(.+)")?', str(error))
    return _of_system(OSError(int(found[1]), os.strerror(int(found[1])), found[2])) if found else ""


def _of_card(error: BaseException) -> str:
    """What torch says of a graphics card."""
    if not isinstance(error, RuntimeError):
        return ""
    words = str(error)
    if re.search(r"CUDA (error: )?out of memory|CUDNN_STATUS_ALLOC_FAILED|CUBLAS_STATUS_ALLOC_FAILED", words):
        return (
            "The memory of the graphics card is full. Close other programs that use it, train with smaller batches "
            "(`--set classes_per_batch=8`), or set CUDA_VISIBLE_DEVICES=-1 to compute on the processor."
        )
    if words.startswith(("CUDA error", "CUDA driver", "cuDNN error", "cuBLAS error")):
        advice = "Restart this, renew the card's driver, or set CUDA_VISIBLE_DEVICES=-1 to compute on the processor."
        return f"The graphics card failed ({words.splitlines()[0].rstrip('.')}). {advice}"
    return ""


def log_failure(folder: Path | None, what: str, error: BaseException) -> Path | None:
    """Write the error with its traceback to the log of a workspace's folder; the log, or None where none can be had."""
    if folder is None:
        return None
    path = folder / LOG
    try:
        if not folder.is_dir():
            return None
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    except OSError:
        return None  # a read-only workspace keeps no log, and a name may be longer than a file system takes
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    handler.handleError = lambda record: None  # type: ignore[method-assign]  # a full disk is told already
    record = logging.LogRecord(
        "whoami", logging.ERROR, "", 0, "%s: %s", (what, explain(error)), (type(error), error, error.__traceback__)
    )
    try:
        handler.emit(record)
        handler.close()  # what a full disk did not take comes up again here
    except OSError:
        return None
    return path
