"""Somebody who names a heap of faces: does what the page asks for, from labels, and counts actions."""

from __future__ import annotations

import re
from collections import Counter

from benchmarks.naming_user import about_group, by_title

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
            calm = calm + 1 if quiet and not self.page.locator("#wall[data-sent], #wall:empty").count() else 0
            if calm == 2:
                return
            self.page.wait_for_timeout(40)
        sent = self.page.locator("#wall[data-sent]").count()
        shows = self.page.get_by_test_id("stMain").inner_text()[:2000]
        raise AssertionError(f"the page does not come to rest (walls that wait for an answer: {sent}): {shows}")

    def heading(self) -> str:
        """What is asked; "" where nothing is."""
        asked = self.page.get_by_test_id("stMain").locator("h2")
        return asked.first.inner_text() if asked.count() else ""

    def step(self) -> bool:
        """One step of the app's lead; False where it has come to an end."""
        self.rest()
        asked = self.heading()
        if not asked:
            return False
        wall = self.page.locator("#wall")
        if wall.count() and wall.locator("input").count():
            self._group(wall)
        elif wall.count():
            self._confirm(wall)
        else:
            self._question(asked)
        return True

    def tiles(self, wall) -> list[tuple[str, int]]:
        """Row title and face id of each tile."""
        found = wall.locator(".tile").evaluate_all("tiles => tiles.map(t => t.getAttribute('aria-label'))")
        return [(FACE.sub("", label).strip(), int(FACE.search(label).group(1))) for label in found]

    def _group(self, wall) -> None:
        ids = [face for _, face in self.tiles(wall)]
        name, answer = about_group([self.truth[i] or None for i in ids])
        if answer != "name":
            self._press(wall, {"split": "Two characters", "mixed": "Mixed"}[answer], answer)
            return
        for i in ids:
            if self.truth[i] != (name or ""):
                self._click(wall, f"face {i}")
        if name:
            wall.locator("input").fill(name)
            these = wall.get_by_role("button", name="Only these")
            if these.count():  # a group of several pages: only what was looked at is named
                these.click()
            else:
                wall.locator("input").press("Enter")
            self._count("name")
        else:
            self._press(wall, "Not in my cast", "ignore")

    def _confirm(self, wall) -> None:
        rows: dict[str, list[int]] = {}
        for title, face in self.tiles(wall):
            rows.setdefault(title, []).append(face)
        assert all(rows)
        for title, faces in rows.items():
            right = [i for i in faces if self.truth[i] == title]
            places = {i: self._place(wall, title, i) for i in faces if i not in right}
            out = [i for i, place in places.items() if place < 0]
            if by_title(len(out), len(right)):
                wall.get_by_role("button", name=title, exact=True).click()
                self._count("title")
                out = right
            for i in out:
                self._click(wall, f"{title} {i}")
            for i, place in places.items():
                if place >= 0:
                    self._point(self._spot(wall, title, i).locator(".tile"))
                    self._spot(wall, title, i).locator(".more").hover()
                    self._spot(wall, title, i).locator(".item").nth(place).click()
                    self._count("menu")
        self.page.keyboard.press("Enter")
        self._count("page")

    def _spot(self, wall, title: str, face: int):
        return wall.locator(".spot", has=self.page.locator(f".tile[aria-label='{title} {face}']"))

    def _place(self, wall, title: str, face: int) -> int:
        """Where in the menu under a wrong face the right answer stands; -1 where it does not."""
        spot = self._spot(wall, title, face)
        self._point(spot.locator(".tile"))
        labels = spot.locator(".item").evaluate_all("items => items.map(item => item.firstChild.textContent)")
        name = self.truth[face] or "not in my cast"
        return labels.index(name) if name in labels else -1

    def _question(self, asked: str) -> None:
        alt = self.page.locator("[data-testid=stMain] [class*=st-key-asked_]").first.get_attribute("class")
        face = int(re.search(r"st-key-asked_(\d+)", alt).group(1))
        name = self.truth[face]
        candidates = {asked.removeprefix("Is this ").rstrip("?"): "y"}
        for text in self.page.locator("[class*=st-key-q_other_] button").all_inner_texts():
            words, key = text.split("\n")[0].strip(), len(candidates) + 1
            candidates[words] = str(key)
        if not name:
            self.page.keyboard.press("x")
            self._count("nobody")
        elif name in candidates:
            self.page.keyboard.press(candidates[name])
            self._count("yes")
        else:
            field = self.page.locator("[class*=st-key-q_name] input").first
            field.fill(name)
            field.press("Enter")
            self._count("name")

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
