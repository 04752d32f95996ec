"""What a person gave becomes pictures that are asked about: few at once, many in a job; a zip as what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import streamlit as st

from core.errors import PictureError
from core.recognise.batches import Batch, keep_batch, name_of, new_batch
from core.recognise.config import RecogniseConfig
from core.recognise.queries import find_queries, unpacked
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.recognise.asked import Asking, Unread
from ui.recognise.batch import begin, show_now

AT_ONCE = 100
"""Pictures that are asked about while the page waits; more are asked about in a job."""
BYTES_AT_ONCE = 500_000_000
"""The same in bytes, for a small zip may hold much."""


def take_in(project: Project, asking: Asking, given: Sequence[tuple[str, bytes]], config: RecogniseConfig) -> None:
    """Take what was given in this run, and run the page again with the fields empty."""
    if not given:
        return
    with show_errors():
        few: list[tuple[str, bytes | Unread]] = []
        size = 0
        for one in (one for name, data in given for one in _pictures(name, data)):
            few.append(one)
            size += len(one[1]) if isinstance(one[1], bytes) else 0
            if len(few) > AT_ONCE or size > BYTES_AT_ONCE:
                break
        if len(few) > AT_ONCE or size > BYTES_AT_ONCE:
            asking.added += 1
            _ask_many(project, keep_batch(project.workspace, given, config, name_of([name for name, _ in given])))
        asking.add(few)
        show_now("")
        st.rerun()


def take_path(project: Project, asking: Asking, path: str, config: RecogniseConfig) -> None:
    """Take what lies at a path of this machine: a folder, a zip or a picture."""
    if not path:
        return
    with show_errors():
        source = Path(path).expanduser().absolute()
        queries = find_queries([source])
        asking.added += 1
        if len(queries) > AT_ONCE:
            _ask_many(project, new_batch(project.workspace, source, config))
        asking.add([(query.name, query) for query in queries])
        show_now("")
        st.rerun()


def _ask_many(project: Project, batch: Batch) -> None:
    show_now(batch.id)
    begin(project, batch)
    st.rerun()


def _pictures(name: str, data: bytes) -> Iterator[tuple[str, bytes | Unread]]:
    for one, found in unpacked(Path(name).name, data):
        yield one, Unread(f"{name}/{one}", str(found)) if isinstance(found, PictureError) else found
