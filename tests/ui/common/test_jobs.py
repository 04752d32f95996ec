import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import jobs
from core.commands import import_
from core.progress import Progress
from ui.common.jobs import command_line, progress_line


def test_the_line_says_how_far_how_fast_and_how_long():
    assert progress_line(Progress("crop", 37, 412, 10.0)) == "Crop: 37 of 412 · 3.7/s · about 1 min 41 s to go"
    assert progress_line(Progress("collect", 5)) == "Collect: 5"
    assert progress_line(Progress("train", 30, 30, 10.0)) == "Train: 30 of 30 · 3.0/s"


def test_the_twin_is_a_command_that_a_shell_understands(workspace):
    assert command_line(workspace, import_.Arguments(Path("/a b"), "faces")) == (
        "python -m core import --workspace test '/a b' --kind faces"
    )


def made(workspace, *, exit=None, progress=None, pid=0, log=""):
    """A job's folder as core.jobs leaves it."""
    folder = workspace.jobs / "20260101-000000-000000"
    folder.mkdir(parents=True)
    about = {"step": "crop", "arguments": [], "started": "2026-01-01T00:00:00+00:00", "pid": pid}
    (folder / "job.json").write_text(json.dumps(about))
    (folder / "log.txt").write_text(log)
    if progress:
        jobs.reporter(folder)(progress)
    if exit:
        jobs.finish(folder, *exit)
    return folder


def page():
    from core.commands import crop
    from core.crop.config import CropConfig
    from ui.common.header import open_page
    from ui.common.jobs import job_panel, start_button

    project = open_page("Test", "crop")
    job_panel(project.workspace, "crop", key="job")
    start_button(project, crop.Arguments(CropConfig(redo=True)), "Find", key="find")


def quiet_page():
    from ui.common.header import open_page
    from ui.common.jobs import job_panel

    job_panel(open_page("Test", "crop").workspace, "crop", key="job", quiet=True)


def run() -> AppTest:
    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    return app


def test_a_running_job_shows_its_progress_and_no_second_one_is_started(workspace):
    made(workspace, progress=Progress("crop", 3, 12, 1.0, "pictures/Rei/3.jpg"))
    app = run()
    assert app.button(key="find").disabled
    assert app.button(key="job_cancel").label == "Cancel"
    assert "pictures/Rei/3.jpg" in [c.value for c in app.caption]


def test_after_it_has_ended_the_page_is_whole_again(workspace):
    folder = made(workspace, progress=Progress("crop", 3, 12, 1.0))
    app = run()
    jobs.finish(folder, 0, "12 pictures looked at.")
    app.run()
    assert app.success[0].value == "12 pictures looked at."
    assert not app.button(key="find").disabled


@pytest.mark.parametrize(("exit", "title"), [(0, "Done: Crop · Who Am I?"), (1, "Failed: Crop · Who Am I?")])
def test_the_tabs_title_says_how_a_job_ended_that_it_saw_running(workspace, monkeypatch, exit, title):
    titles = []
    monkeypatch.setattr("streamlit.set_page_config", lambda page_title: titles.append(page_title))
    folder = made(workspace, progress=Progress("crop", 3, 12, 1.0))
    app = run()
    assert not titles
    jobs.finish(folder, exit, "So it ended.")
    app.run()
    assert titles[-1] == title


@pytest.mark.parametrize(
    ("exit", "kind", "words"),
    [
        ((1, "There are no pictures."), "error", "did not finish. There are no pictures."),
        ((3, "Stopped as you asked."), "info", "was stopped"),
        ((0, "All found."), "caption", "All found."),
    ],
)
def test_how_it_ended_is_said(workspace, exit, kind, words):
    made(workspace, exit=exit, log="line one\nline two")
    app = run()
    assert any(words in element.value for element in getattr(app, kind))
    assert ("Log (2 lines)" in [e.label for e in app.expander]) == (kind == "error")


@pytest.mark.parametrize("exit", [0, 3])
def test_a_quiet_panel_mentions_an_end_only_where_this_tab_saw_it(workspace, exit):
    folder = made(workspace, exit=(exit, "So it ended."))
    assert not loud(AppTest.from_function(quiet_page, default_timeout=30).run())
    (folder / "exit").unlink()
    app = AppTest.from_function(quiet_page, default_timeout=30).run()
    jobs.finish(folder, exit, "So it ended.")
    (word,) = loud(app.run())
    assert "So it ended." in word


def loud(app: AppTest) -> list[str]:
    assert not app.exception
    return [element.value for element in (*app.success, *app.info, *app.error, *app.caption)]


def test_the_button_starts_the_step_with_its_arguments(workspace, monkeypatch):
    started = []

    def start(where, step, arguments, *, settings):
        started.append((where.name, step, arguments, settings.data_dir == where.root.parent))
        return jobs.read_job(made(workspace, exit=(0, "done")))

    monkeypatch.setattr(jobs, "start", start)
    app = run()
    assert app.code[0].value == "python -m core crop --workspace test --redo"
    app.button(key="find").click().run()
    assert started == [("test", "crop", ["--redo"], True)]
