"""The next step as a page's last button: there when the page's own work is done, and only then."""

from __future__ import annotations

from core import jobs
from core.workspace.staleness import faces_fingerprint
from tests.core.workspace.test_overview import add
from ui.common.next import after, is_due


def test_a_page_whose_own_work_is_due_leads_nowhere_else(project):
    assert is_due(project, "collect")
    assert after(project, "collect") is None
    project.catalogue.add_picture(project.catalogue.add_character("Rei").id, path="pictures/Rei/1.jpg")
    assert not is_due(project, "collect")
    following = after(project, "collect")
    assert following is not None
    assert (following.step, following.advice) == ("crop", "Find the faces on the pictures.")
    assert after(project, "crop") is None


def test_after_balancing_comes_training_and_the_map_is_never_in_the_way(project):
    add(project.catalogue, "Rei", 4)
    add(project.catalogue, "Asuka", 4)
    assert is_due(project, "balance")
    project.catalogue.record_result("balance", "balance", faces_fingerprint(project.catalogue))
    for step in ("collect", "crop", "balance", "visualise"):
        following = after(project, step)
        assert following is not None
        assert following.step == "train", step
    assert after(project, "train") is None


def test_while_a_job_is_at_work_nothing_is_next(project):
    add(project.catalogue, "Rei", 4)
    add(project.catalogue, "Asuka", 4)
    assert after(project, "crop") is not None
    folder = project.workspace.jobs / "20260101-000000-000000"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text('{"step": "crop", "arguments": [], "started": "", "pid": 0}')
    assert not jobs.read_job(folder).over
    assert after(project, "crop") is None
