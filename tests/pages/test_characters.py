import numpy as np
import pytest
from safetensors.numpy import save_file
from streamlit.testing.v1 import AppTest

from core.settings import ROOT
from core.similarity.questions import AskFace, Finished
from core.workspace.arrays import save_arrays
from core.workspace.embeddings import encoder_digest
from tests.coloured_faces import MeanColour, add_face
from ui.common.face_wall import Sent

PAGE = str(ROOT / "pages" / "characters.py")


NON_FACES = np.array([[0.6, 0.0, 0.8]], np.float32)
"""Instead of 200 drawn crops: something purple."""


def opened() -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    return app


@pytest.fixture(autouse=True)
def encoder(settings, workspace, monkeypatch):
    path = workspace.models / "run1" / "encoder.safetensors"
    path.parent.mkdir(parents=True)
    save_file({}, path, {"spec": "{}"})
    (path.parent / "metrics.json").write_text("{}")
    monkeypatch.setattr("core.workspace.embeddings.load_embedder", lambda path: MeanColour())
    for kind in ("non_faces", "drawn_strangers"):
        save_arrays(workspace.cache / kind / f"{encoder_digest(path)[:16]}.npz", {"vectors": NON_FACES})
    return path


@pytest.fixture
def rei(project):
    """Three reddish faces of Rei."""
    character = project.catalogue.add_character("Rei")
    return character, [add_face(project, character, f"rei{i}", (200 + 8 * i, 3 * i, 20)) for i in range(3)]


@pytest.fixture
def heap(project, rei):
    """Rei, and four bluish faces of nobody."""
    return [add_face(project, None, f"blue{i}", (0, 20 + 3 * i, 200 + 8 * i)) for i in range(4)]


@pytest.fixture
def asked(project, rei, monkeypatch):
    """A face of nobody, about which the page asks whether it is Rei, one question at a time."""
    face = add_face(project, None, "unlike", (0, 220, 10))

    def step(session):
        row = session.rows[face.id]
        if row in session.naming.skipped or row not in session.naming.unnamed:
            return Finished(session.unnamed, "Further answers would change nothing.")
        return AskFace(face.id, ("Rei",), 0.4)

    monkeypatch.setattr("core.characters.naming.Session.next_question", step)
    return face


def shown(app: AppTest) -> list[str]:
    return [item.value for item in (*app.header, *app.caption, *app.info, *app.success)]


def view(app: AppTest, name: str) -> AppTest:
    app.segmented_control(key="characters_view").set_value(name).run()
    assert not app.exception
    return app


def test_with_nothing_in_it_the_page_points_to_collect(workspace):
    assert opened().info[0].value.startswith("Nothing is here yet")


def test_pictures_without_faces_point_to_crop(workspace, catalogue):
    catalogue.add_picture(None, path="pictures/unnamed/1.jpg")
    assert "1 picture and no face yet" in opened().info[0].value


def test_a_list_without_pictures_points_to_collect(workspace, catalogue):
    catalogue.add_character("Rei")
    assert "1 character on the list, and no picture yet" in opened().info[0].value


def test_where_every_face_has_a_name_the_characters_are_shown(rei):
    app = opened()
    assert "Characters (1)" in shown(app)
    assert any(words.startswith("3\N{NO-BREAK SPACE}faces") for words in shown(app))


def test_unnamed_faces_are_asked_about_first(heap):
    app = opened()
    assert any("without a name" in words or "look alike" in words for words in shown(app))
    assert app.segmented_control(key="characters_view").value == "Name faces"


def test_only_where_a_face_has_a_menu_it_is_spoken_of(heap, monkeypatch):
    """Of a group of several pages a face can only be taken out."""
    assert any("that look alike" in words and "⋯" in words for words in shown(opened()))
    monkeypatch.setattr("ui.characters.lead.PAGE", 2)
    app = opened()
    assert any("This page has 2 faces of 4" in words for words in shown(app))
    assert not any("⋯" in words for words in shown(app))


def test_a_group_card_takes_a_name_and_undo_takes_it_back(project, heap):
    asuka = project.catalogue.add_character("Asuka")
    app = view(opened(), "Everyone")
    (field,) = [box for box in app.selectbox if box.key.startswith("group_name_")]
    field.set_value("Asuka").run()
    assert not app.exception
    assert {project.catalogue.face(f.id).character_id for f in heap} == {asuka.id}
    app.button(key="undo").click().run()
    assert {project.catalogue.face(f.id).character_id for f in heap} == {None}


def test_a_character_is_renamed_and_its_folder_follows(project, rei):
    character, faces = rei
    app = opened()
    app.button(key=f"open_{character.id}").click().run()
    (field,) = [box for box in app.text_input if box.key.startswith("rename_")]
    field.set_value("Rei Ayanami").run()
    assert not app.exception
    assert project.catalogue.character(character.id).name == "Rei Ayanami"
    assert project.workspace.path(project.catalogue.face(faces[0].id).path).exists()
    assert project.catalogue.face(faces[0].id).path != faces[0].path


def test_two_picked_characters_become_one(project, rei):
    asuka = project.catalogue.add_character("Asuka")
    face = add_face(project, asuka, "asuka", (0, 20, 200))
    app = opened()
    for character in (rei[0], asuka):
        (box,) = [b for b in app.checkbox if b.key.startswith(f"pick_character_{character.id}_")]
        box.check().run()
    (field,) = [box for box in app.selectbox if box.key.startswith("cs_into_")]
    field.set_value("Rei").run()
    assert not app.exception
    assert project.catalogue.face(face.id).character_id == rei[0].id
    assert [c.name for c in project.catalogue.characters()] == ["Rei"]


@pytest.mark.parametrize(("key", "owner", "state"), [("delete_release", None, "kept"), ("delete_bin", 1, "removed")])
def test_a_deleted_characters_faces_become_unnamed_or_go_to_the_bin(project, rei, key, owner, state):
    character, faces = rei
    app = opened()
    app.button(key=f"open_{character.id}").click().run()
    app.button(key=key).click().run()
    assert not app.exception
    left = project.catalogue.face(faces[0].id)
    assert (left.character_id, left.state) == (owner, state)
    app.button(key="undo" if owner is None else "undo_undo").click().run()
    assert project.catalogue.face(faces[0].id).state == "kept"
    assert project.workspace.path(faces[0].path).exists()


def test_a_question_is_answered_with_another_name(project, asked):
    misato = project.catalogue.add_character("Misato")
    app = view(opened(), "Is this …?")
    (field,) = [box for box in app.selectbox if box.key.startswith("q_name_")]
    field.set_value("Misato").run()
    assert not app.exception
    assert project.catalogue.face(asked.id).character_id == misato.id


def test_a_face_that_is_in_nobodys_cast_is_remembered_and_not_asked_again(project, asked):
    app = view(opened(), "Is this …?")
    app.button(key=f"q_nobody_{asked.id}").click().run()
    assert not app.exception
    assert project.catalogue.face(asked.id).ignored
    assert any("would change nothing" in words for words in shown(app))


def test_leaving_a_face_for_later_writes_nothing_and_can_be_undone(project, asked):
    """The buttons are the face's own: a press that comes late must not answer the next question."""
    before = project.catalogue.changes(1)[0].id
    app = view(opened(), "Is this …?")
    app.button(key=f"q_later_{asked.id}").click().run()
    assert any("would change nothing" in words for words in shown(app))
    assert project.catalogue.changes(1)[0].id == before
    app.button(key="undo").click().run()
    assert not app.exception
    assert any(b.key == f"q_later_{asked.id}" for b in app.button)


@pytest.fixture
def two_groups(project, heap):
    """The bluish faces, and four greenish ones of nobody."""
    green = [add_face(project, None, f"green{i}", (0, 200 + 8 * i, 20 + 3 * i)) for i in range(4)]
    return heap, green


def pick_groups(app: AppTest) -> AppTest:
    for key in [box.key for box in app.checkbox if box.key.startswith("pick_group_")]:
        app.checkbox(key=key).check().run()
    assert not app.exception
    return app


def test_after_a_name_in_a_card_the_keyboard_is_in_the_card_that_takes_its_place(project, two_groups, monkeypatch):
    project.catalogue.add_character("Asuka")
    went: list[str] = []
    monkeypatch.setattr("ui.characters.groups.focus", lambda field, *, key: went.append(field))
    app = view(opened(), "Everyone")
    first, second = [box for box in app.selectbox if box.key.startswith("group_name_")]
    assert not any(went), "nothing was named yet: the keyboard stays where it is"
    first.set_value("Asuka").run()
    (left,) = [box.key for box in app.selectbox if box.key.startswith("group_name_")]
    assert left.rsplit("_", 1)[0] == second.key.rsplit("_", 1)[0]
    assert went[-1] == left
    app.button(key="undo").click().run()
    assert went[-1] == ""


def test_faces_that_are_another_characters_by_now_are_told_in_a_sentence(project, rei, heap, monkeypatch):
    app = view(opened(), "Everyone")
    sent = Sent("cover", states={heap[0].id: 1})
    monkeypatch.setattr("ui.characters.character.face_wall", lambda *args, **options: sent)
    (card,) = [b for b in app.button if b.key == f"open_{rei[0].id}"]
    card.click().run()
    assert not app.exception
    assert [error.value for error in app.error] == ["None of the picked faces is one of Rei any more. Look again."]


def test_a_face_whose_file_is_gone_is_said_to_be_unreadable(project, two_groups):
    heap, _green = two_groups
    app = opened()
    for face in heap:
        (project.workspace.root / face.path).unlink()
    app = view(app, "Everyone")
    assert not app.exception
    assert "cannot be read" in shown(app)


def test_two_picked_groups_are_joined_and_undo_parts_them(two_groups):
    app = pick_groups(view(opened(), "Everyone"))
    assert "Who are these? (2)" in shown(app)
    assert any("2 groups picked" in box.label for box in app.selectbox)
    app.button(key="gs_join").click().run()
    assert "Who are these? (1)" in shown(app)
    app.button(key="undo").click().run()
    assert "Who are these? (2)" in shown(app)


def test_picked_groups_get_one_name_together_though_they_are_on_different_pages(project, two_groups, monkeypatch):
    monkeypatch.setattr("ui.characters.groups.PAGE", 1)
    misato = project.catalogue.add_character("Misato")
    app = pick_groups(view(opened(), "Everyone"))
    app.session_state["groups_page"] = 2
    app = pick_groups(app.run())
    (field,) = [box for box in app.selectbox if box.key.startswith("gs_") and "2 groups" in box.label]
    field.set_value("Misato").run()
    assert not app.exception
    named = {f.id for f in project.catalogue.faces(character_id=misato.id)}
    assert named == {f.id for group in two_groups for f in group}


def test_the_slider_groups_anew(two_groups):
    app = view(opened(), "Everyone")
    app.slider(key="granularity").set_value(0.2).run()
    assert not app.exception
    assert any(words.startswith("Who are these?") for words in shown(app))
    desk = app.session_state["naming_of_test"]
    assert desk.granularity == 0.2


def test_a_first_opening_that_would_take_long_is_a_job(heap, workspace, encoder, monkeypatch):
    (workspace.cache / "non_faces" / f"{encoder_digest(encoder)[:16]}.npz").unlink()
    asked = []
    monkeypatch.setattr("ui.characters.start.start_job", lambda project, arguments: asked.append(arguments.groups))
    monkeypatch.setattr("streamlit.rerun", lambda: None)
    app = opened()
    assert asked == [True]
    assert any("compared before they can be grouped" in words for words in shown(app))
