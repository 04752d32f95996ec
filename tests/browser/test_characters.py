"""A heap of faces without names, named by somebody who does what the page asks for."""

from __future__ import annotations

import json
import random

import pytest

from core.drawn import cast, draw
from core.drawn.non_faces import non_face_crops
from core.imaging.framing import face_crop
from core.imaging.reading import read_picture
from core.workspace.crops import Crop
from core.workspace.lone import add_lone_face
from core.workspace.moves import StagedFiles
from core.workspace.transaction import StagedCrop, transaction
from tests.browser.naming_player import Player

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def fill(project, faces) -> dict[int, str]:
    """Unnamed faces (name, pixels) as if they had come without names; face id -> name."""
    truth = {}
    with StagedFiles(project.workspace) as staged, transaction(project, "import") as tx:
        for n, (name, rgb) in enumerate(faces):
            crop = Crop.of(rgb)
            where = StagedCrop(staged.add(crop.data), crop.hashes)
            truth[add_lone_face(tx, None, where, rgb.shape, f"{n:05d}", "test")] = name
        tx.record("imported")
    return truth


def drawn_faces(characters: int, each: int):
    for character in cast(characters, 0):
        made, seed = 0, 700_000
        while made < each:
            seed += 1
            picture = draw(character, seed)
            if len(picture.faces) == 1 and picture.faces[0].box.w > 50:
                made += 1
                yield character.name, face_crop(picture.pixels, picture.faces[0].box)


def names_now(project) -> dict[int, str]:
    names = {c.id: c.name for c in project.catalogue.characters()}
    return {f.id: names.get(f.character_id, "") for f in project.catalogue.faces(state="kept")}


def test_a_heap_is_named_by_following_the_lead_and_undo_takes_a_name_back(app, page, project):
    truth = fill(project, drawn_faces(3, 6))
    page.goto(f"{app.url}/characters?workspace=test")
    page.get_by_role("heading", name="Who is this?").wait_for()
    player = Player(page, truth)
    player.step()
    player.rest()
    named = sum(map(bool, names_now(project).values()))
    assert named
    page.locator(".st-key-undo button").first.click()
    page.get_by_text("Undone:").first.wait_for()
    assert not any(names_now(project).values())
    for _ in range(40):
        if not player.step():
            break
    assert names_now(project) == truth
    assert player.actions <= 3 * 3 + 10, player.kinds


SETS = {
    "web": ("pictures/web", 3),
    "shiny_colors": ("faces/shiny_colors", 19),
    "twisted_wonderland": ("faces/twisted_wonderland", 15),
}


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("source", SETS)
def test_real_faces_are_named_within_the_allowed_actions(app, page, project, shared, source, record_property):
    rng = random.Random(0)
    own = real_faces(shared, source)
    others = [("", rgb) for _, rgb in rng.sample(real_faces(shared, "other"), round(0.1 * len(own)))]
    odd = [("", rgb) for rgb in non_face_crops()[: round(0.05 * len(own))]]
    heap = [*own, *others, *odd]
    rng.shuffle(heap)
    truth = fill(project, heap)
    allowed = 3 * len({name for name, _ in own}) + 10
    page.goto(f"{app.url}/characters?workspace=test")
    page.get_by_role("heading", name="Who is this?").wait_for(timeout=1_200_000)
    player = Player(page, truth)
    report = []
    for _ in range(3000):
        going = player.step()
        player.rest()
        now = names_now(project)
        right = sum(bool(name) and now.get(i) == name for i, name in truth.items()) / len(own)
        report.append((player.actions, round(right, 3)))
        if not going or right >= 0.95:
            break
    within = max(right for actions, right in report if actions <= allowed)
    wrong = sum(bool(name) and name != truth[i] for i, name in names_now(project).items())
    found = {"source": source, "allowed": allowed, "actions": report[-1], "within": within, "wrong": wrong}
    record_property("found", json.dumps(found | {"kinds": player.kinds}))
    assert wrong == 0


def real_faces(shared, source: str) -> list[tuple[str, object]]:
    """(name, pixels) of a source of the issue; `other`: faces of casts that are in none of them."""
    if source == "other":
        files = sorted((shared / "faces" / "kancolle").rglob("*"))[:400]
        return [("", read_picture(f)) for f in files if f.is_file()]
    folder = shared / SETS[source][0]
    if source != "web":
        return [(f.parent.name, read_picture(f)) for f in sorted(folder.rglob("*")) if f.is_file()]
    found = []
    for line in (folder / "boxes.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        pixels = read_picture(folder / row["picture"])
        found += [(row["picture"].split("/")[0], face_crop(pixels, box_of(face["box"]))) for face in row["faces"]]
    return found


def box_of(values):
    from core.imaging.boxes import Box

    return Box(*values)
