from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from core import jobs
from core.workspace.history import Edit
from core.workspace.undo import undo
from tests.edits import change


@pytest.fixture
def decisions(project):
    character = project.catalogue.add_character("Rei")
    pictures = [project.catalogue.add_picture(character.id, path=f"pictures/Rei/{i}.jpg") for i in range(2)]
    for n, picture in enumerate(pictures, 1):
        change(project, f"decision {n}", Edit("pictures", picture.id, {"state": "removed"}))
    return project.catalogue


def test_undo_takes_back_the_newest_and_redo_makes_the_oldest_undone_again(project, decisions):
    assert (decisions.next_undo().action, decisions.next_redo()) == ("decision 2", None)
    undo(project)
    undo(project)
    assert (decisions.next_undo(), decisions.next_redo().action) == (None, "decision 1")


def test_a_machines_change_is_passed_over_as_undo_passes_it_over(project, decisions):
    change(project, "looked at", Edit("pictures", 1, {"review": "sure"}), who="detector")
    assert decisions.next_undo().action == "decision 2"


def page():
    from ui.common.header import open_page
    from ui.common.undo import undo_buttons

    undo_buttons(open_page("Test", "crop"))


def test_the_buttons_say_what_they_will_do_and_do_it(decisions):
    app = AppTest.from_function(page, default_timeout=30).run()
    undo, redo = app.button(key="undo_undo"), app.button(key="undo_redo")
    assert undo.help == "Undo: decision 2" and redo.disabled
    undo.click().run()
    assert not app.exception
    assert decisions.pictures(state="kept")[0].path == "pictures/Rei/1.jpg"
    assert app.button(key="undo_redo").help == "Redo: decision 2"
    app.button(key="undo_redo").click().run()
    assert not decisions.pictures(state="kept")


def test_a_change_of_very_many_rows_is_undone_by_a_job_that_the_page_shows(decisions, workspace, monkeypatch):
    monkeypatch.setattr("core.workspace.undo.LONG", 1)
    monkeypatch.setattr("core.jobs.subprocess.Popen", lambda *_, **__: SimpleNamespace(pid=1, poll=lambda: None))
    app = AppTest.from_function(page, default_timeout=30).run()
    app.button(key="undo_undo").click().run()
    assert not app.exception
    assert decisions.next_undo().action == "decision 2", "the job does it, not the page"
    (job,) = jobs.jobs(workspace)
    assert (job.step, job.arguments) == ("undo", ())
    assert app.button(key="undo_panel_cancel").label == "Cancel"
    jobs.finish(job.folder, 0, "Undone: decision 2 (2026-01-01).")
    app.run()
    assert app.success[0].value == "Undone: decision 2 (2026-01-01)."
