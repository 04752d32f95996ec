from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import save_file
from streamlit.testing.v1 import AppTest

from core import jobs
from core.progress import silent
from core.recognise.threshold import Threshold, leave_one_out
from core.settings import ROOT
from core.visualise.map_builder import prepare_map, ready_map
from core.visualise.map_settings import MapSettings
from core.workspace.models import encoder_path
from tests.coloured_faces import MeanColour, add_face

PAGE = str(ROOT / "pages" / "visualise.py")


def opened(tab: str = "") -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=60)
    if tab:
        app.session_state["visualise_tabs"] = tab
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def encoder(workspace):
    path = workspace.models / "run1" / "encoder.safetensors"
    path.parent.mkdir(parents=True)
    save_file({}, path, {"spec": "{}"})
    (path.parent / "metrics.json").write_text("{}")
    return path


@pytest.fixture
def cast(project):
    """Five reddish faces of Rei and five bluish of Asuka, the last of which is red: a wrong label."""
    for name, colour in (("Rei", (200, 0, 20)), ("Asuka", (0, 20, 200))):
        character = project.catalogue.add_character(name)
        for i in range(5):
            add_face(project, character, f"{name}{i}", (colour[0] + 8 * i, colour[1] + 3 * i, colour[2]))
    add_face(project, character, "wrong", (205, 1, 21))
    return project


@pytest.fixture
def mapped(cast, encoder):
    project = cast
    prepare_map(project, encoder, silent, MapSettings("pca"), load=lambda path: MeanColour())
    return project


def test_without_a_workspace_the_page_says_where_to_make_one(settings):
    assert "There is no workspace yet" in opened().info[0].value


def test_an_empty_workspace_points_to_collect(workspace):
    assert opened().info[0].value == "There are no faces in this workspace yet. Bring pictures in."


def test_pictures_without_faces_point_to_crop(workspace, catalogue):
    character = catalogue.add_character("Rei")
    catalogue.add_picture(character.id, path="pictures/Rei/1.jpg")
    assert opened().info[0].value == "There are no faces in this workspace yet. Find the faces on the pictures."


def test_without_faces_the_page_points_to_crop(workspace):
    assert "no faces" in opened().info[0].value


def test_without_an_encoder_the_page_points_to_train(cast, monkeypatch, tmp_path):
    monkeypatch.setattr("core.workspace.models.PRETRAINED", tmp_path / "none")
    assert "Train one first" in opened().info[0].value


def test_before_the_first_map_a_button_starts_the_job(cast, encoder, monkeypatch):
    project = cast
    started = []
    monkeypatch.setattr(jobs, "start", lambda *given, settings: started.append(given) or jobs_job(project.workspace))
    app = opened()
    assert "has not seen these 11 faces" in app.info[0].value
    app.button(key="map_start").click().run()
    _, step, arguments = started[0]
    assert step == "map"
    assert arguments == ["--out", str(project.workspace.cache / "map.html"), "--encoder", "run1"]


def jobs_job(workspace):
    return jobs.Job("1", "map", (), "", workspace.jobs / "1", jobs.RUNNING, None)


def test_the_pca_is_there_at_once_and_umap_is_offered(mapped):
    app = opened()
    assert any("This is the PCA" in info.value for info in app.info)
    app.segmented_control(key="method").set_value("pca").run()
    assert not app.exception
    assert not any("This is the PCA" in info.value for info in app.info)
    assert any("--method pca" in code.value for code in app.code)


def test_three_dimensions_are_drawn(mapped):
    app = opened()
    app.segmented_control(key="dimensions").set_value(3).run()
    assert not app.exception


def test_a_wrong_label_is_suspected_and_one_click_puts_it_right_and_undo_takes_it_back(mapped):
    project = mapped
    wrong = project.catalogue.faces()[-1]
    app = opened()
    app.button(key=f"suspect_{wrong.id}_relabel").click().run()
    assert not app.exception
    assert project.catalogue.face(wrong.id).character_id == project.catalogue.character("Rei").id
    assert not any(b.key == f"suspect_{wrong.id}_relabel" for b in app.button)
    app.button(key="undo_undo").click().run()
    assert project.catalogue.face(wrong.id).character_id == project.catalogue.character("Asuka").id


def test_a_label_said_to_be_right_is_not_asked_again(mapped):
    project = mapped
    wrong = project.catalogue.faces()[-1]
    app = opened()
    app.button(key=f"suspect_{wrong.id}_right").click().run()
    assert not app.exception
    assert not any(b.key == f"suspect_{wrong.id}_right" for b in app.button)
    assert project.catalogue.face(wrong.id).character_id == project.catalogue.character("Asuka").id


def test_rejecting_a_face_takes_it_off_the_map_and_says_that_the_map_is_older(mapped):
    project = mapped
    wrong = project.catalogue.faces()[-1]
    app = opened()
    app.button(key=f"suspect_{wrong.id}_reject").click().run()
    assert not app.exception
    assert project.catalogue.face(wrong.id).state == "rejected"
    assert any("changed since this map was made" in warning.value for warning in app.warning)


def test_a_name_with_markup_stays_text(mapped):
    project = mapped
    evil = project.catalogue.add_character("<script>alert(1)</script> **b** [x](http://evil)")
    for i in range(2):
        add_face(project, evil, f"{i}", (200 + 8 * i, 3 * i, 20))  # pixels that are embedded already
    app = opened()
    assert not app.exception
    shown = [b.label for b in app.button] + [c.value for c in app.caption] + [m.value for m in app.markdown]
    assert not any("[x](http" in text for text in shown)


def test_without_a_split_the_figures_point_to_balance(mapped):
    assert any("Balance first" in info.value for info in opened("Figures").info)


def test_figures_are_offered_and_then_shown(mapped, encoder):
    project = mapped
    project.catalogue.set_values(
        "faces", {f.id: {"split": "validation" if i % 2 else "train"} for i, f in enumerate(project.catalogue.faces())}
    )
    app = opened("Figures")  # the embeddings of the map serve the figures too
    assert any(metric.label == "Top-1" for metric in app.metric)
    encoder.with_name("chosen.safetensors").write_bytes(b"what validation chose")
    assert any("not been measured" in info.value for info in opened("Figures").info)


def test_a_search_counts_what_it_found_and_says_where_it_found_nothing(mapped):
    app = opened()
    app.text_input(key="map_find").input("rei").run()
    assert any("**5 faces found**" in m.value for m in app.markdown)
    app.text_input(key="map_find").input("wrong.png").run()
    assert any("**1 face found**" in m.value for m in app.markdown)
    app.text_input(key="map_find").input("Misato").run()
    assert any("No face found" in m.value for m in app.markdown)
    assert not app.exception


def test_the_points_take_the_colours_of_whatever_is_asked_for(mapped):
    app = opened()
    for colour in ("series", "split", "source"):
        app.selectbox(key="map_colour").set_value(colour).run()
        assert not app.exception
        _, figure = app.session_state["map_drawn"]
        (expected,) = {"series": ["no series"], "split": ["not divided"], "source": ["test"]}[colour]
        assert [trace.name for trace in figure.data] == [expected]


def test_by_verdict_a_wrong_label_is_a_match_with_another_character(mapped, monkeypatch):
    threshold = Threshold(0.5, 0.4, 0.0, 0.01, "", leave_one_out(np.empty((0, 3), np.float32), []))
    monkeypatch.setattr("ui.visualise.tools.open_recogniser", lambda *_, **__: SimpleNamespace(threshold=threshold))
    faces = mapped.catalogue.faces()
    mapped.catalogue.set_values("faces", {face.id: {"enrolled": True} for face in faces})
    wrong = faces[-1].id
    app = opened()
    app.selectbox(key="map_colour").set_value("verdict").run()
    assert not app.exception
    _, figure = app.session_state["map_drawn"]
    assert {t.name: list(t.customdata) for t in figure.data}["match with another character"] == [wrong]


def test_where_recognise_cannot_say_the_page_says_why_and_draws_the_points(mapped):
    app = opened()
    app.selectbox(key="map_colour").set_value("verdict").run()
    assert not app.exception
    assert any("Nobody is enrolled yet" in info.value for info in app.info)
    assert [trace.name for trace in app.session_state["map_drawn"][1].data] == ["no verdict"]


def picked(project, *faces) -> AppTest:
    """The page after these faces were picked: a test cannot click a point of the chart."""
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.session_state["map_picks"] = [face.id for face in faces]
    app.run()
    assert not app.exception
    return app


def test_of_a_picked_face_the_nearest_are_shown_with_their_similarity(mapped):
    wrong = mapped.catalogue.faces()[-1]
    app = picked(mapped, wrong)
    near = [c.value for c in app.caption if c.value[:2] in ("0.", "1.")]
    assert len(near) == 10
    assert near[0] == "1.00 Rei"
    app.segmented_control(key="map_neighbours").set_value(5).run()
    assert len([c for c in app.caption if c.value[:2] in ("0.", "1.")]) == 5
    assert any("Distances on a map are not distances between faces" in c.value for c in app.caption)


def test_a_new_name_leaves_the_faces_picked_and_they_can_be_let_go(mapped):
    project = mapped
    wrong = project.catalogue.faces()[-1]
    app = picked(project, wrong)
    app.selectbox(key="picked_name").set_value("Rei").run()
    app.button(key="picked_relabel").click().run()
    assert not app.exception
    assert project.catalogue.face(wrong.id).character_id == project.catalogue.character("Rei").id
    assert any("1 face picked on the map" in m.value for m in app.markdown)
    app.button(key="map_clear").click().run()
    assert not any("picked on the map" in m.value for m in app.markdown)


def test_what_was_in_view_is_in_view_in_other_colours_and_not_on_another_map(mapped):
    app = opened()
    app.segmented_control(key="method").set_value("pca").run()
    seen = ((0.0, 0.5), (-0.25, 0.25))
    place = f"{ready_map(mapped, encoder_path(mapped.workspace, 'run1'), MapSettings('pca')).key.split('-')[0]} pca 2"
    app.session_state["map_faces_seen"] = place, seen
    app.selectbox(key="map_colour").set_value("split").run()
    assert (app.session_state["map_drawn"][1].layout.xaxis.range) == (0.0, 0.5)
    app.segmented_control(key="dimensions").set_value(3).run()
    assert not app.exception


def test_only_the_open_tab_is_worked_out_and_it_stays_open_when_the_count_in_its_label_changes(mapped):
    wrong = mapped.catalogue.faces()[-1]
    app = opened()
    assert not app.metric and not any("Below each pair" in c.value for c in app.caption)
    app.session_state["visualise_tabs"] = app.tabs[1].label
    app.run()
    assert any(c.value.startswith("Faces far from all others") for c in app.caption)
    app.session_state["visualise_tabs"] = app.tabs[0].label
    app.run()
    app.button(key=f"suspect_{wrong.id}_right").click().run()
    assert app.session_state["visualise_tabs"] == "Possible label errors (0)"
    assert any("No label is contradicted" in s.value for s in app.success)
