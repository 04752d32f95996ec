import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import jobs
from core.recognise.enrolment import enrol_all
from core.settings import ROOT
from tests.coloured_faces import MeanColour, add_face

PAGE = str(ROOT / "pages" / "recognise.py")


def opened() -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    return app


def picture(*colour: int) -> bytes:
    return cv2.imencode(".png", np.full((64, 64, 3), colour, np.uint8)[..., ::-1])[1].tobytes()


def asked(app: AppTest, *pictures: tuple[str, bytes]) -> AppTest:
    app.toggle(key="is_face").set_value(True)
    app.file_uploader(key="files").set_value([(name, data, "image/png") for name, data in pictures]).run()
    assert not app.exception
    return app


@pytest.fixture
def encoder(workspace, monkeypatch):
    """A run whose encoder sees mean colours."""
    path = workspace.models / "run1" / "encoder.safetensors"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"weights")
    (path.parent / "metrics.json").write_text("{}")
    monkeypatch.setattr("core.workspace.embeddings.load_embedder", lambda path: MeanColour())
    for module in ("enrolment", "recogniser"):
        monkeypatch.setattr(f"core.recognise.{module}.load_encoder", lambda path: MeanColour())
    return path


@pytest.fixture
def cast(project, encoder):
    """Eight reddish faces of Rei and eight bluish of Asuka."""
    for name, colour in (("Rei", (200, 0, 20)), ("Asuka", (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for i in range(8):
            add_face(project, character, f"{name}{i}", (colour[0] + 4 * i, colour[1] + 3 * i, colour[2]))
    return project


@pytest.fixture
def enrolled(cast):
    enrol_all(cast)
    return cast


def test_without_an_encoder_the_page_points_to_train(workspace, monkeypatch, tmp_path):
    monkeypatch.setattr("core.workspace.models.PRETRAINED", tmp_path / "none")
    assert "Train one first" in opened().info[0].value


def test_without_faces_the_page_points_to_crop(workspace, encoder):
    app = opened()
    assert "no faces" in app.info[0].value
    assert len(app.markdown) == 1  # the introduction: a bare text in the page would be shown, too


def test_with_nobody_enrolled_one_button_enrols_all(cast, monkeypatch):
    project = cast
    started = []
    running = jobs.Job("1", "enrol", (), "", project.workspace.jobs / "1", jobs.RUNNING, None)
    monkeypatch.setattr(jobs, "start", lambda *given, settings: started.append(given[1]) or running)
    app = opened()
    assert "Nobody is enrolled yet" in app.info[0].value
    app.button(key="enrol_start").click().run()
    assert started == ["enrol"]


def test_after_an_encoder_changed_few_faces_are_embedded_at_once(enrolled, encoder):
    encoder.write_bytes(b"other weights")
    app = asked(opened(), ("red.png", picture(210, 5, 21)))
    assert any("match" in m.value and "Rei" in m.value for m in app.markdown)


def test_and_many_in_a_job_that_starts_by_itself(enrolled, encoder, monkeypatch):
    encoder.write_bytes(b"other weights")
    project, started = enrolled, []
    (project.workspace.jobs / "1").mkdir(parents=True)
    running = jobs.Job("1", "enrol", (), "", project.workspace.jobs / "1", jobs.RUNNING, None)
    monkeypatch.setattr("ui.common.jobs.is_running", lambda *_: bool(started))
    monkeypatch.setattr(jobs, "start", lambda *given, settings: started.append(given[1:]) or running)
    app = AppTest.from_file(str(ROOT / "pages" / "recognise.py"), default_timeout=60)
    monkeypatch.setattr("core.recognise.enrolment.waiting_faces", lambda *_: 101)
    app.run()
    assert not app.exception
    assert started == [("enrol", ["--again"])]
    assert "101 enrolled faces" in app.info[0].value
    assert not app.file_uploader


def test_a_known_face_is_a_match_with_its_name_and_a_stranger_has_none(enrolled):
    app = asked(opened(), ("red.png", picture(210, 5, 21)), ("green.png", picture(0, 200, 0)))
    words = [m.value for m in app.markdown]
    assert any("match" in text and "Rei" in text for text in words)
    assert any("unknown" in text and "Nobody who is enrolled" in text for text in words)


def test_an_unreadable_file_is_told_and_the_others_are_answered(enrolled):
    app = asked(opened(), ("broken.png", b"rubbish"), ("red.png", picture(210, 5, 21)))
    assert "broken" in app.error[0].value
    assert any("Rei" in m.value for m in app.markdown)


def test_the_false_accept_rate_moves_the_threshold(enrolled):
    app = opened()
    strict = next(c.value for c in app.caption if "Named from" in c.value)
    app.select_slider(key="far").set_value(0.1).run()
    assert not app.exception
    assert next(c.value for c in app.caption if "Named from" in c.value) != strict
    assert any("--far 0.1" in code.value for code in app.code)


def test_a_stranger_who_is_enrolled_answers_at_once(enrolled):
    project = enrolled
    app = asked(opened(), ("green.png", picture(0, 200, 0)))
    (name,) = [box for box in app.selectbox if box.key.startswith("enrol_name")]
    name.set_value("Asuka").run()  # AppTest can choose among the options only; a new name is tried in the browser
    (button,) = [b for b in app.button if b.label == "Enrol"]
    button.click().run()
    assert not app.exception
    assert len(project.catalogue.faces(character_id=project.catalogue.character("Asuka").id)) == 9
    assert any("17 faces of 2 characters enrolled" in c.value for c in app.caption)
    assert any("Asuka 1" in c.value for c in app.caption)  # the nearest face is the one just enrolled


def test_when_faces_changed_the_page_offers_to_enrol_again(enrolled):
    project = enrolled
    add_face(project, project.catalogue.character("Rei"), "new", (255, 0, 0))
    app = opened()
    assert any("changed since the gallery" in w.value for w in app.warning)
    assert app.button(key="enrol_again")
