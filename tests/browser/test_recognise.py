"""A drawn character from upload to unknown to enrolled to match to "not this one" to undo, in a real Chromium."""

from __future__ import annotations

import time

import pytest

from core.drawn import cast, draw
from core.imaging.framing import FACE_CROP
from core.imaging.reading import encode_jpeg
from core.vision import face_crop
from core.workspace.enrolment import enrol_as
from core.workspace.lone import LoneFace

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def portraits(who, n: int, first: int) -> list:
    """Pictures of a character alone, from the front, a large face on each."""
    found = []
    for seed in range(first, first + 300):
        picture = draw(who, seed)
        if len(picture.faces) == 1 and picture.faces[0].pose == "front" and picture.faces[0].box.w > 70:
            found.append(picture)
        if len(found) == n:
            return found
    raise AssertionError("too few portraits")


@pytest.fixture
def stranger(project, tmp_path):
    """Two characters are enrolled; three pictures of a third."""
    *known, other = cast(3, 0)
    for who in known:
        crops = [face_crop(p.pixels, p.faces[0].box) for p in portraits(who, 4, 1000)]
        enrol_as(project, who.name, [LoneFace(crop, framing=FACE_CROP) for crop in crops])
    files = []
    for n, picture in enumerate(portraits(other, 3, 5000)):
        files.append(tmp_path / f"who_{n}.jpg")
        files[-1].write_bytes(encode_jpeg(picture.pixels))
    return files


class Answers:
    """The page as a person uses it."""

    def __init__(self, page):
        self.page = page

    def rest(self) -> None:
        app = self.page.locator("[data-testid=stApp]")
        calm, end = 0, time.monotonic() + 60
        while calm < 3:
            assert time.monotonic() < end, "the page does not come to rest"
            calm = calm + 1 if app.get_attribute("data-test-script-state") == "notRunning" else 0
            self.page.wait_for_timeout(80)

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def verdicts(self) -> list[str]:
        return self.page.locator("tbody td.verdict").all_inner_texts()

    def names(self) -> list[str]:
        return self.page.locator("tbody td.character").all_inner_texts()

    def said(self, words: str) -> None:
        """Wait until the page says that this was done, and shows what follows from it."""
        self.page.locator(".st-key-answers_done").filter(has_text=words).wait_for()
        self.rest()

    def enrol(self, name: str) -> None:
        self.page.get_by_role("combobox", name="Who is it?").fill(name)
        self.page.keyboard.press("Enter")
        self.rest()
        self.click("Enrol")  # waits until it is enabled: the name is taken
        self.said(f"Enrolled as {name}")

    def until(self, true, what: str) -> None:
        end = time.monotonic() + 30
        while not true():
            assert time.monotonic() < end, f"It did not happen: {what}"
            self.page.wait_for_timeout(80)


@pytest.mark.timeout(300)
def test_from_unknown_to_enrolled_to_not_this_one_to_undo(stranger, app, page):
    answers = Answers(page)
    page.goto(f"{app.url}/recognise")
    page.locator("input[type=file]").first.wait_for(state="attached")
    page.locator("input[type=file]").first.set_input_files(stranger)
    page.locator("tbody tr").nth(2).wait_for()
    answers.rest()
    assert answers.verdicts() == ["unknown"] * 3

    answers.enrol("Kaede")
    assert answers.names()[0] == "Kaede"

    # the map, and back: pictures and answers are still there
    side = page.get_by_test_id("stSidebar")
    side.get_by_role("link", name="Visualise").click()
    page.get_by_role("heading", name="Visualise").first.wait_for()
    answers.rest()
    side.get_by_role("link", name="Recognise").click()
    page.locator("tbody tr").nth(2).wait_for()
    answers.until(lambda: answers.verdicts()[:1] == ["match"], "the answer is still there")
    assert answers.names()[0] == "Kaede"

    page.get_by_role("button", name="Open who_1.jpg").click()
    page.locator(".st-key-answer_face").filter(has_text="who_1.jpg").wait_for()
    answers.rest()
    if answers.verdicts()[1] == "unknown":  # another encoder may want two
        answers.enrol("Kaede")
    assert answers.names()[1].rstrip("?") == "Kaede"

    before = answers.verdicts(), answers.names()
    answers.click("Not Kaede")
    answers.said("Not Kaede")
    answers.until(lambda: answers.names()[1].rstrip("?") != "Kaede", "it is not Kaede any more")
    answers.click("Undo")
    answers.until(lambda: (answers.verdicts(), answers.names()) == before, "everything is as before")

    page.set_viewport_size({"width": 1000, "height": 900})
    face, table = (page.locator(place) for place in (".st-key-answer_face", "tbody"))
    answers.until(lambda: face.bounding_box()["width"] > 260, "in a small window too the answer has room to be read")
    assert face.bounding_box()["x"] > table.bounding_box()["x"] + table.bounding_box()["width"], "beside the table"
