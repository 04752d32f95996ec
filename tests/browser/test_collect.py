"""Collect on a telephone: pictures come soon, and what is opened has room."""

from __future__ import annotations

import pytest

from tests.coloured_faces import add_face

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.timeout(180)
def test_on_a_telephone_closed_folds_share_a_line_undo_is_beside_the_filter_and_an_open_fold_is_wide(
    project, app, page
):
    add_face(project, project.catalogue.add_character("Rei"), "1", (200, 0, 20))
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{app.url}/collect?workspace={project.workspace.name}")
    folds = page.locator(".st-key-collect_folds details")
    undo = page.get_by_role("button", name="Undo", exact=False)
    undo.wait_for(timeout=60_000)

    def box(found):
        return found.bounding_box()

    assert box(folds.first)["y"] == box(folds.last)["y"]
    assert abs(box(undo)["y"] - box(page.locator(".st-key-shelf_who input"))["y"]) < 20
    folds.last.locator("summary").click()
    page.wait_for_function("() => document.querySelector('.st-key-collect_folds').querySelector('details[open]')")
    assert box(folds.last)["width"] > 350
    assert box(folds.last)["y"] > box(folds.first)["y"]
