"""The crop page: empty, new, in the middle of the review, done, and with a broken picture. (The canvas itself is
driven in tests/browser.)"""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.settings import ROOT
from core.workspace import faces
from tests.core.crop.conftest import Made


@pytest.fixture
def made(project):
    return Made(project)


def run() -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "crop.py"), default_timeout=60).run()
    assert not app.exception, app.exception
    return app


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.success, app.error, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_without_pictures_it_says_where_to_get_them(workspace):
    assert "no pictures to crop yet" in words(run())


def test_new_pictures_offer_the_detector_first(made):
    made.picture([], review="new")
    app = run()
    assert app.button(key="crop_start").label == "Find faces"
    assert "rv_keep" not in {b.key for b in app.button}


@pytest.mark.parametrize("ray", [True, False])
def test_the_number_of_workers_is_asked_where_the_packages_for_them_are_installed(made, monkeypatch, ray):
    monkeypatch.setattr("ui.crop.detect.is_installed", lambda: ray)
    made.picture([], review="new")
    app = run()
    assert ("crop_workers" in {field.key for field in app.number_input}) is ray
    if ray:
        app.number_input(key="crop_workers").set_value(2).run()
    assert ("--workers 2" in "".join(one.value for one in app.code)) is ray


def test_the_worst_picture_is_shown_first_with_its_place(made):
    made.picture([], review="nothing")
    made.picture([], review="nothing")
    app = run()
    assert "**1 of 2**" in words(app)
    assert "nothing found" in words(app)
    assert app.button(key="rv_keep").disabled
    made.picture()
    app = run()  # a face to decide comes before pictures without any
    assert "**1 of 3**" in words(app)
    assert not app.button(key="rv_keep").disabled


def test_a_field_beside_the_picture_does_not_take_back_what_was_said_elsewhere(made, project):
    _, (face,) = made.picture(scores=[0.3])
    app = run()
    assert "This face is" not in [box.label for box in app.selectbox], "drawn once the panel is opened"
    app.session_state["rv_details"] = True
    app.run()
    assert [box.value for box in app.selectbox if box.label == "This face is"] == ["Rei Ayanami"]
    faces.relabel(project, [face], "Asuka")  # by the window of a double click, a key, or an undo
    app.run()
    assert not app.exception, app.exception
    (again,) = [box for box in app.selectbox if box.label == "This face is"]
    assert again.value == "Asuka"
    assert project.catalogue.character(project.catalogue.face(face.id).character_id).name == "Asuka"


def test_keep_goes_on_to_the_next_and_undo_comes_back(made, catalogue):
    _, (one,) = made.picture(scores=[0.3])
    _, (two,) = made.picture(scores=[0.4])
    app = run()
    app.button(key="rv_keep").click().run()
    assert catalogue.face(one.id).state == "kept"
    assert "**2 of 2**" in words(app)
    app.button(key="rv_reject").click().run()
    assert catalogue.face(two.id).state == "rejected"
    app.button(key="rv_undo").click().run()
    assert catalogue.face(two.id).state == "proposed"
    app.button(key="rv_undo").click().run()
    assert catalogue.face(one.id).state == "proposed"
    assert "**1 of 2**" in words(app)
    app.button(key="rv_redo").click().run()
    assert catalogue.face(one.id).state == "kept"


def test_several_faces_in_one_key(made, catalogue):
    from core.imaging.boxes import Box

    _, faces = made.picture([Box(10, 10, 50, 50), Box(100, 100, 50, 50)])
    app = run()
    app.button(key="rv_face").click().run()
    app.button(key="rv_only").click().run()
    assert [catalogue.face(f.id).state for f in faces] == ["rejected", "kept"]


def test_setting_a_picture_aside(made, catalogue):
    picture, _ = made.picture([], review="nothing")
    app = run()
    app.button(key="rv_aside").click().run()
    assert catalogue.picture(picture.id).state == "rejected"


def test_a_decision_in_another_tab_is_told_and_stands(made, project):
    from core.workspace.faces import reject

    _, (face,) = made.picture()
    app = run()
    reject(project, [face], "logo")
    app.button(key="rv_keep").click().run()
    assert "changed elsewhere" in words(app)
    assert project.catalogue.face(face.id).state == "rejected"


def test_a_broken_picture_is_told_and_the_next_can_be_reached(made, workspace, catalogue):
    broken, _ = made.picture(scores=[0.1])
    made.picture(scores=[0.4])
    workspace.path(broken.path).write_bytes(b"no picture")
    app = run()
    assert "not a picture that can be read" in words(app)
    app.button(key="rv_next").click().run()
    assert "**2 of 2**" in words(app)


def test_a_picture_that_is_gone_is_told(made, workspace, catalogue):
    gone, _ = made.picture()
    workspace.path(gone.path).unlink()
    assert "is gone from the folder" in words(run())


def test_nothing_left_to_review(made):
    made.picture(review="sure", states=["kept"], scores=[0.9])
    assert "No picture is waiting for review" in words(run())


def test_the_recount_follows_the_slider(made, cascade):
    made.picture(review="sure", states=["kept"], scores=[0.9])
    made.picture(scores=[0.55])
    app = AppTest.from_file(str(ROOT / "pages" / "crop.py"), default_timeout=60)
    app.session_state["crop_find"] = True
    app.run()
    app.selectbox(key="detector").select("cascade-sensitive").run()
    slider = app.slider(key="accept_cascade-sensitive")
    slider.set_value(0.5).run()
    assert "**2** pictures sure" in words(app)
    slider.set_value(0.8).run()
    assert "**1** pictures sure" in words(app)


def test_the_grid_keeps_what_is_picked(made, catalogue):
    faces = [made.picture()[1][0] for _ in range(3)]
    app = run()
    app.segmented_control(key="crop_view").select("Grid").run()
    pick(app, faces[1])
    app.button(key="rg_keep").click().run()
    assert [catalogue.face(f.id).state for f in faces] == ["proposed", "kept", "proposed"]
    assert "Kept a face. Undo takes it back" in words(app)
    app.button(key="rg_keep").click().run()
    assert "Pick some faces first" in words(app)


def pick(app, *faces):
    """As the browser does (tests/browser drives the grid itself)."""
    app.session_state["review_of_test"].picked |= {f.id for f in faces}
    app.run()


def test_what_is_picked_on_one_page_is_not_lost_on_the_next(made, catalogue):
    faces = [made.picture(scores=[0.3 + n / 1000])[1][0] for n in range(42)]
    app = run()
    app.segmented_control(key="crop_view").select("Grid").run()
    pick(app, faces[0], faces[1])
    app.session_state["rg_page"] = 2
    app.run()
    pick(app, faces[41])
    app.button(key="rg_reject").click().run()
    assert [f.id for f in catalogue.faces(state="rejected")] == [faces[0].id, faces[1].id, faces[41].id]


def test_the_best_face_of_each_picture_is_kept_and_one_undo_takes_it_back(made, catalogue):
    from core.imaging.boxes import Box

    boxes = [Box(10, 10, 50, 50), Box(100, 100, 50, 50)]
    _, two = made.picture(boxes, scores=[0.3, 0.6])
    _, one = made.picture(scores=[0.4])
    app = run()
    app.segmented_control(key="crop_view").select("Grid").run()
    assert "2 pictures" in app.button(key="rg_best").label
    app.button(key="rg_best").click().run()
    assert [catalogue.face(f.id).state for f in (*two, *one)] == ["rejected", "kept", "kept"]
    app.button(key="rg_undo_undo").click().run()
    assert {catalogue.face(f.id).state for f in (*two, *one)} == {"proposed"}


def test_a_filter_takes_the_picks_that_it_hides(made, catalogue):
    _, (rei,) = made.picture()
    _, (asuka,) = made.picture(character=made.asuka)
    app = run()
    app.segmented_control(key="crop_view").select("Grid").run()
    pick(app, rei, asuka)
    app.multiselect(key="rg_names").select(made.asuka.id).run()
    app.button(key="rg_reject").click().run()
    assert [catalogue.face(f.id).state for f in (rei, asuka)] == ["proposed", "rejected"]


def test_what_skipping_costs_is_said(made):
    made.picture()
    made.picture(review="sure", states=["kept"], scores=[0.9])
    text = words(run())
    assert "This picture may wait" in text
    assert "1 proposed face is left out of training and recognition, and 1 kept face is used" in text
    assert "Rei Ayanami (1)" in text


def test_a_click_rejects_in_the_quick_grid(made, catalogue):
    _, (face,) = made.picture(states=["kept"], review="sure")
    app = run()
    app.segmented_control(key="crop_view").select("Grid").run()
    app.segmented_control(key="rg_state").select("kept").run()
    app.toggle(key="rg_quick").set_value(True).run()
    app.button(key=f"rg_click_{face.id}").click().run()
    assert (catalogue.face(face.id).state, catalogue.face(face.id).reason) == ("rejected", "other character")


class ByColour:
    """An encoder whose vector is a face's mean colour: what looks alike to a person with half-closed eyes."""

    dim = 3

    def embed(self, faces, *, framing):
        import numpy as np

        vectors = np.array([face.reshape(-1, 3).mean(axis=0) for face in faces], np.float32)
        vectors -= vectors.mean(axis=1, keepdims=True)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


@pytest.fixture
def coloured(made, workspace, catalogue, monkeypatch, tmp_path):
    """Rei's faces are blue, Asuka's red, one of Rei's is red too; and a red proposal in a picture of Rei."""
    from core.atomic import write_bytes
    from core.imaging.reading import encode_jpeg
    from core.workspace.models import EncoderChoice
    from tests.conftest import noise
    from tests.edits import write_crop

    weights = tmp_path / "encoder.safetensors"
    weights.write_bytes(b"by colour")
    choice = EncoderChoice("by colour", weights, "for this test")
    monkeypatch.setattr("ui.crop.suggestions.encoder_in_use", lambda *_: choice)
    monkeypatch.setattr("ui.crop.suggestions._encoder", lambda *_: ByColour())
    monkeypatch.setattr("core.workspace.embeddings.load_embedder", lambda path: ByColour())

    def face(character, colour, number, state="kept"):
        picture, (face,) = made.picture(character=character, states=["proposed"], review="sure")
        pixels = (noise(number, 200, 200) // 6 + colour).clip(0, 255).astype("uint8")
        write_bytes(workspace.path(picture.path), encode_jpeg(pixels))
        catalogue.set_values("faces", {face.id: {"state": state}})
        if state == "kept":
            write_crop(made.project, catalogue.face(face.id))
        else:
            catalogue.set_values("pictures", {picture.id: {"review": "look"}})
        return face

    blue, red = (0, 40, 200), (200, 40, 0)
    for i in range(7):
        face(made.rei, blue, i)
        face(made.asuka, red, 50 + i)
    return face(made.rei, red, 99), face(made.rei, red, 100, "proposed")


def test_names_are_suggested_and_odd_ones_listed(coloured, made, catalogue):
    odd, proposal = coloured
    app = run()
    app.button(key="rf_compare").click().run()
    assert not app.exception
    assert "1 outlier" in words(app)
    like = app.button(key="rv_like_1")
    assert like.label.startswith("Asuka 0.9") or like.label.startswith("Asuka 1.0")
    like.click().run()
    named = catalogue.face(proposal.id)
    assert (named.character_id, named.state) == (made.asuka.id, "kept")
    assert "outlier" in words(app)
    app.segmented_control(key="crop_view").select("Grid").run()
    app.segmented_control(key="rg_state").select("kept").run()
    app.toggle(key="rg_odd").set_value(True).run()
    assert "0 of 1 face picked" in words(app)
    pick(app, odd)
    app.button(key="rg_reject").click().run()
    assert catalogue.face(odd.id).state == "rejected"
