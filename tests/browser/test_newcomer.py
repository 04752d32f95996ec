"""From the empty app to a recognised drawn character in a few clicks, as somebody does who sees it first."""

from __future__ import annotations

import os
import re
import shutil
import time

import pytest

from core.drawn import cast
from tests.conftest import SHARED

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_CLICKS, MOST_SECONDS = 4, 180


class Newcomer:
    """Clicks what is seen, counts the clicks, and waits until the page has come to rest."""

    def __init__(self, page):
        self.page = page
        self.clicks = 0
        self.began = time.monotonic()

    def rest(self, seconds: float = 60) -> None:
        """The script has run and nothing is a placeholder any more."""
        app = self.page.locator("[data-testid=stApp]")
        calm, end = 0, time.monotonic() + seconds
        while calm < 3:
            assert time.monotonic() < end, "the page does not come to rest"
            quiet = app.count() and app.get_attribute("data-test-script-state") == "notRunning"
            calm = calm + 1 if quiet and not self.page.locator("[data-testid=stSkeleton]").count() else 0
            self.page.wait_for_timeout(100)

    def click(self, name: str, nth: int = 0) -> None:
        self.clicks += 1
        self.page.get_by_role("button", name=name, exact=True).nth(nth).click()

    def drop(self, files: list[str]) -> None:
        """Into the zone of the first page; as much work as a click."""
        self.clicks += 1
        self.page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(files)

    def on(self, heading: str, seconds: float = 60) -> None:
        self.page.get_by_role("heading", name=heading).first.wait_for(timeout=seconds * 1000)
        self.rest()

    def wait_for_job(self, seconds: float) -> None:
        """Until the panel's Cancel has come and gone."""
        cancel = self.page.get_by_role("button", name="Cancel", exact=True)
        cancel.first.wait_for(timeout=20_000)
        cancel.first.wait_for(state="detached", timeout=seconds * 1000)
        self.rest()
        assert not self.page.get_by_text("did not finish").count(), self.words()

    def words(self) -> str:
        return self.page.inner_text("[data-testid=stMain]")

    def seconds(self) -> float:
        return time.monotonic() - self.began


@pytest.mark.timeout(900)
def test_from_nothing_to_a_recognised_example(app, page, settings, record_property):
    share = max(1.0, os.getloadavg()[0] / 1.5)  # how many times as long it may take beside other work
    page.goto(app.url)
    me = Newcomer(page)
    me.rest(120)
    me.click("Try it with drawn characters")
    page.get_by_text("Draw pictures").first.wait_for()
    page.wait_for_function("document.querySelectorAll('[data-testid=stMain] img').length > 3", timeout=60_000)
    me.on("Recognise", 600)  # the demo goes there by itself
    me.click("Who is it?")
    me.rest(60)
    name = cast(8, 0)[0].name
    page.get_by_test_id("stMain").get_by_text(re.compile(rf"match.*{name}", re.DOTALL)).first.wait_for()
    spent, clicks = me.seconds(), me.clicks
    record_property("seconds", round(spent))
    assert clicks <= MOST_CLICKS
    assert spent < MOST_SECONDS * share

    me.click("Who is it?", 4)
    page.get_by_text("Nobody who is enrolled").first.wait_for()
    every_page_is_full(me)


def every_page_is_full(me: Newcomer) -> None:
    """No page of a demo that is done asks for what is done already, and none is empty."""
    for step, refusal in (
        ("Home", "Go to Collect"),
        ("Collect", "No picture yet"),
        ("Crop", "no pictures to crop"),
        ("Balance", "no faces to divide"),
        ("Train", "not divided yet"),
        ("Visualise", "has not seen these"),
    ):
        me.page.get_by_test_id("stSidebar").get_by_role("link", name=step, exact=True).click()
        me.on("demo" if step == "Home" else step)
        said = me.words()
        assert refusal not in said, said
        assert "out of date" not in said, said
        assert "to go" not in said, said


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_from_a_folder_of_real_faces_to_a_name(app, page, settings, shared, tmp_path, record_property):
    """40 characters with 30 faces each, dropped as they are; a face that was not among them gets its name."""
    files, asked = real_faces(tmp_path)
    page.goto(app.url)
    me = Newcomer(page)
    me.rest(120)
    page.get_by_text("Choose a folder", exact=True).click()
    me.clicks += 2  # opening the field, and choosing in the system's own window
    page.locator("[data-testid=stFileUploaderDropzoneInput][webkitdirectory]").set_input_files(str(files))
    me.on("Collect", 300)
    page.get_by_role("button", name=re.compile("Go to Balance")).first.wait_for(timeout=600_000)
    for step, act, seconds in (("Balance", "Balance", 300), ("Train", "Train", 2400)):
        me.page.get_by_role("button", name=f"Go to {step}").first.click()
        me.clicks += 1
        me.on(step)
        me.click(act)
        me.wait_for_job(seconds)
    me.click("Go to Recognise")
    me.on("Recognise")
    me.click("Enrol all faces")
    me.wait_for_job(600)
    me.drop([str(path) for path in asked.values()])
    me.rest(300)
    page.get_by_text("3 pictures").first.wait_for(timeout=120_000)
    record_property("clicks", me.clicks)
    record_property("seconds", round(me.seconds()))
    right = sum(bool(page.get_by_test_id("stMain").get_by_text(name, exact=True).count()) for name in asked)
    assert me.clicks <= 10
    assert right >= 2, me.words()


def real_faces(folder):
    """A folder of 40 characters with 30 faces each, and a further face of three of them. Copies: a browser passes over
    links in a folder that is chosen."""
    many = [path for path in sorted((SHARED / "faces").glob("*/*")) if len(list(path.glob("*"))) >= 30][:40]
    assert len(many) == 40
    asked = {}
    for place in many:
        (folder / "cast" / place.name).mkdir(parents=True)
        faces = sorted(place.glob("*"))
        for face in faces[:30]:
            shutil.copyfile(face, folder / "cast" / place.name / face.name)
        if len(faces) > 30 and len(asked) < 3:
            asked[place.name] = faces[30]
    return folder / "cast", asked
