"""Somebody who names a heap of faces: does what the page asks for, from labels, and counts actions."""

from __future__ import annotations

import re
from collections import Counter

from benchmarks.naming_user import about_group

FACE = re.compile(r"(\d+)$")


class Player:
    """truth: face id -> name; "" for a face of nobody in the cast, or no face. One action: a click, a key, a confirmed
    name."""

    def __init__(self, page, truth: dict[int, str]):
        self.page = page
        self.truth = truth
        self.actions = 0
        self.kinds: Counter[str] = Counter()

    def rest(self) -> None:
        """Until the script has run and the wall is drawn, and not the one that was just sent."""
        app = self.page.locator("[data-testid=stApp]")
        calm = 0
        for _ in range(1200):
            quiet = app.get_attribute("data-test-script-state") == "notRunning"
            drawn = not self.heading() or self.page.locator("#wall .tile").count()
            sent = self.page.locator("#wall[data-sent], #wall:empty").count()
            calm = calm + 1 if quiet and drawn and not sent else 0
            if calm == 2:
                return
            self.page.wait_for_timeout(40)
        sent = self.page.locator("#wall[data-sent]").count()
        shows = self.page.get_by_test_id("stMain").inner_text()[:2000]
        raise AssertionError(f"the page does not come to rest (walls that wait for an answer: {sent}): {shows}")

    def heading(self) -> str:
        """What is asked; "" where nothing is."""
        asked = self.page.get_by_test_id("stMain").locator("h2").all_inner_texts()  # at once: it may go meanwhile
        return asked[0] if asked else ""

    def step(self) -> bool:
        """One step of the app's lead; False where it has come to an end."""
        self.rest()
        asked = self.heading()
        if not asked:
            return False
        wall = self.page.locator("#wall")
        if wall.count() and wall.locator(".foot input").count():
            self._group(wall)
        else:
            known = asked == "Whom do you know here?"
            for title, face in self.tiles(wall):
                name = self.truth[face]
                if name != title and (name or not known):
                    self._give(wall, title, face, name)
            self.page.mouse.move(0, 0)
            self.page.keyboard.press("Enter")
            self._count("rest" if known else "page")
        return True

    def tiles(self, wall) -> list[tuple[str, int]]:
        """Row title ("face" without one) and face id of each tile."""
        found = wall.locator(".tile").evaluate_all("tiles => tiles.map(t => t.getAttribute('aria-label'))")
        return [(FACE.sub("", label).strip(), int(FACE.search(label).group(1))) for label in found]

    def _group(self, wall) -> None:
        ids = [face for _, face in self.tiles(wall)]
        name, answer = about_group([self.truth[i] or None for i in ids])
        if answer != "name":
            self._press(wall, {"split": "Two characters", "mixed": "Mixed"}[answer], answer)
            return
        for i in ids:
            if self.truth[i] != (name or "") and not self._choose(wall, "face", i, self.truth[i]):
                self._click(wall, f"face {i}")
        if name:
            wall.locator(".foot input").fill(name)
            these = wall.get_by_role("button", name="Only these")
            if these.count():  # a group of several pages: only what was looked at is named
                these.click()
            else:
                self._take(wall.locator(".chip"), name)
            self._count("name")
        else:
            self._press(wall, "Not in my cast", "ignore")

    def _spot(self, wall, title: str, face: int):
        return wall.locator(".spot", has=self.page.locator(f".tile[aria-label='{title} {face}']"))

    def _give(self, wall, title: str, face: int, name: str) -> None:
        """Another name for one face: from its menu, or typed while the pointer is on it."""
        if self._choose(wall, title, face, name):
            return
        spot = self._spot(wall, title, face)
        self._point(spot.locator(".tile"))
        if name.isascii():
            self.page.keyboard.type(name)
        else:  # as an input method does: the first key opens the field, what comes of the keys is put into it
            self.page.keyboard.press("a")
            spot.locator(".menu input").fill(name)
        self._take(spot.locator(".hit"), name)
        self._count("typed")

    def _take(self, offered, name: str) -> None:
        """Enter, where it takes this name and not a longer one that begins with it; else a click on the name."""
        words = offered.evaluate_all("all => all.map(one => one.firstChild.textContent)")
        place = next(i for i, word in enumerate(words) if word in (name, f"new: {name}"))
        if place:
            offered.nth(place).click()
        else:
            self.page.keyboard.press("Enter")

    def _choose(self, wall, title: str, face: int, name: str) -> bool:
        """Click the name, or "not in my cast", in the menu of a face, where it is there."""
        spot = self._spot(wall, title, face)
        if not spot.locator(".more").count():  # one of a group of several pages
            return False
        self._point(spot.locator(".tile"))
        spot.locator(".more").hover()
        labels = spot.locator(".item").evaluate_all("items => items.map(item => item.firstChild.textContent)")
        if (name or "not in my cast") not in labels:
            return False
        spot.locator(".item").nth(labels.index(name or "not in my cast")).click()
        self._count("menu")
        return True

    def _point(self, tile) -> None:
        """Put the pointer on a tile; first away from the last one, whose menu may lie over this one."""
        self.page.mouse.move(0, 0)
        tile.hover()

    def _click(self, wall, label: str) -> None:
        self.page.mouse.move(0, 0)
        wall.locator(f".tile[aria-label='{label}']").click()
        self._count("click")

    def _press(self, wall, label: str, kind: str) -> None:
        wall.get_by_role("button", name=label).first.click()
        self._count(kind)

    def _count(self, kind: str) -> None:
        self.actions += 1
        self.kinds[kind] += 1
