"""Every error becomes one sentence; what is nobody's fault but ours is called an internal error."""

from __future__ import annotations

import errno
import json
import sqlite3
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from sqlalchemy.exc import DatabaseError, OperationalError
from torch import OutOfMemoryError

from core.errors import DataError
from core.failures import LOG, explain, is_expected, log_failure, naming
from core.settings import Settings


def caught(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "no space", "/a/b.jpg"), "The disk is full: /a/b.jpg could not be written."),
        (OSError(errno.EFBIG, "large", "/a"), "/a could not be written: no file may be so large here. Choose another"),
        (PermissionError(errno.EACCES, "no", "/a"), "/a may not be read or written: permission denied."),
        (OSError(errno.EROFS, "ro", "/a"), "/a is read-only and cannot be written."),
        (FileNotFoundError(errno.ENOENT, "gone", "/a"), "/a does not exist."),
        (IsADirectoryError(errno.EISDIR, "dir", "/a"), "/a is a folder where a file is needed."),
        (OSError(errno.EIO, "input/output error", "/a"), "/a could not be read or written: input/output error."),
        (sqlite3.DatabaseError("file is not a database"), "The catalogue is damaged (file is not a database)."),
        (OperationalError("x", {}, sqlite3.OperationalError("database is locked")), "Another process is writing"),
        (OperationalError("x", {}, sqlite3.OperationalError("attempt to write a readonly database")), "is read-only"),
        (OperationalError("x", {}, sqlite3.OperationalError("database or disk is full")), "The disk is full"),
        (OperationalError("x", {}, sqlite3.OperationalError("disk I/O error")), "or its disk is full, failing or gone"),
        (caught(lambda: save_file({"a": np.zeros(9)}, "/dev/full/x")), "/dev/full"),
        (DatabaseError("x", {}, sqlite3.DatabaseError("database disk image is malformed")), "The catalogue is damaged"),
        (caught(lambda: json.loads("{")), "A file is not valid JSON"),
        (caught(lambda: tomllib.loads("= 1")), "A settings file is not valid TOML"),
        (zipfile.BadZipFile("File is not a zip file"), "The zip file is damaged"),
        (caught(lambda: b"\xff".decode()), "A file is not text in UTF-8"),
        (caught(lambda: "綾".encode("ascii")), "The encoding of this system (ascii) has no '\\u7dbe'"),
        (caught(lambda: Settings(request_pause=-1)), "A setting is not valid (request_pause"),
        (MemoryError(), "There is not enough memory"),
        (OutOfMemoryError("CUDA out of memory. Tried to allocate 20 MiB."), "The memory of the graphics card is full."),
        (RuntimeError("CUDA error: out of memory\nCUDA kernel errors might be"), "The memory of the graphics card is"),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "The memory of the graphics card is full."),
        (
            RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel"),
            "(CUDA error: unspecified launch failure)",
        ),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_an_error_of_the_system_or_of_a_file_becomes_a_sentence(error, words):
    assert words in explain(error)
    assert explain(error).endswith((".", ")."))
    assert is_expected(error)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
def test_a_log_on_a_full_disk_costs_nothing(tmp_path):
    (tmp_path / LOG).symlink_to("/dev/full")
    assert log_failure(tmp_path, "crop", DataError("Too few.")) is None


def test_an_error_of_no_file_in_particular_is_a_sentence():
    assert explain(OSError(errno.ENOSPC, "no space")).startswith("The disk is full: a file could not be written.")
    assert explain(OSError(errno.EIO, "broken")).startswith("A file could not be read or written: broken.")


def test_a_write_that_fails_names_its_file_and_other_errors_stay_what_they_are():
    for error, name in ((OSError(errno.ENOSPC, "full"), "/a"), (OSError(errno.ENOSPC, "full", "/b"), "/b")):
        with pytest.raises(OSError, match="full") as told, naming(Path("/a")):
            raise error
        assert (told.value.errno, told.value.filename) == (errno.ENOSPC, name)
    with pytest.raises(OSError, match="no number") as told, naming(Path("/a")):
        raise OSError("no number")
    assert told.value.filename is None


def test_a_link_that_leads_nowhere_is_told(tmp_path):
    (tmp_path / "data").symlink_to(tmp_path / "gone")
    error = caught(lambda: (tmp_path / "data").mkdir(parents=True, exist_ok=True))
    assert explain(error).startswith(f"{tmp_path / 'data'} is a link that leads nowhere.")
    assert "is there already" in explain(caught(lambda: tmp_path.mkdir()))


def test_our_errors_speak_for_themselves_and_mistakes_of_the_program_are_called_internal():
    assert explain(DataError("Too few faces. Add some.")) == "Too few faces. Add some."
    assert explain(KeyError("x")) == "Internal error: KeyError: 'x'."
    assert not is_expected(KeyError("x"))
    assert not is_expected(sqlite3.IntegrityError("UNIQUE constraint failed"))


def test_the_traceback_goes_to_the_log(tmp_path):
    log = log_failure(tmp_path, "crop", caught(lambda: {}["gone"]))
    text = log.read_text()
    assert log == tmp_path / "log.txt"
    assert "ERROR crop: Internal error: KeyError: 'gone'." in text
    assert "Traceback (most recent call last)" in text


def test_the_log_does_not_grow_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr("core.failures.LOG_BYTES", 500)
    for _ in range(20):
        log_failure(tmp_path, "crop", KeyError("x" * 100))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log.txt", "log.txt.1", "log.txt.2", "log.txt.3"]
    assert (tmp_path / "log.txt").stat().st_size <= 500


def test_without_a_folder_nothing_is_logged(tmp_path):
    assert log_failure(None, "crop", KeyError("x")) is None
    assert log_failure(tmp_path / "gone", "crop", KeyError("x")) is None
    assert log_failure(tmp_path / ("x" * 300), "crop", KeyError("x")) is None, "no file system has such a name"


def test_a_catalogue_that_cannot_be_opened_and_a_log_that_cannot_be_written(tmp_path):
    error = sqlite3.OperationalError("unable to open database file")
    assert explain(error) == "The catalogue cannot be opened. Check that its folder exists and may be read."
    (tmp_path / "log.txt").mkdir()
    (tmp_path / LOG).mkdir(exist_ok=True)
    assert log_failure(tmp_path, "crop", error) is None
    assert log_failure(tmp_path / "gone", "crop", error) is None


def test_of_many_settings_that_are_not_valid_three_are_told():
    class ValidationError(ValueError):
        def errors(self):
            return [{"loc": ("a", n), "msg": "is no number", "input": "x"} for n in range(4)]

    assert explain(ValidationError()) == (
        "A setting is not valid (a.0: is no number, got 'x'; a.1: is no number, got 'x'; a.2: is no number, got 'x'). "
        "Correct it in settings.toml, or its WHOAMI_* variable."
    )
