import io
import json
import zipfile
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from safetensors.numpy import save_file
from streamlit.testing.v1 import AppTest

from core import jobs
from core.cli import main
from core.commands.arguments import words
from core.recognise.answer_index import AnswerIndex
from core.recognise.batches import batches
from core.settings import ROOT
from core.workspace.characters import rename
from core.workspace.embeddings import encoder_digest
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
    (field,) = app.file_uploader
    field.set_value([(name, data, "image/png") for name, data in pictures]).run()
    assert not app.exception
    return app


def asking(app: AppTest):
    """What the tab remembers: AppTest cannot click in the table, so rows are opened and picked in here."""
    (mine,) = app.session_state["asking"].values()
    return mine


def rows(app: AppTest) -> list[tuple[str, str]]:
    """Verdict and name of each row of the table."""
    return [(row.verdict, row.character) for one in asking(app).pictures.values() for row in one.rows()]


def row_id(app: AppTest, number: int) -> str:
    return f"{list(asking(app).pictures)[number]}:1"


def opened_row(app: AppTest, number: int) -> AppTest:
    asking(app).chosen = row_id(app, number)
    app.run()
    assert not app.exception
    return app


def picked(app: AppTest, *numbers: int) -> AppTest:
    asking(app).picked = {row_id(app, n) for n in numbers}
    return app.run()


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


RED, BLUE, GREEN = ("red.png", (210, 5, 21)), ("blue.png", (10, 25, 200)), ("green.png", (0, 200, 0))


def three(app: AppTest) -> AppTest:
    return asked(app, *((name, picture(*colour)) for name, colour in (RED, BLUE, GREEN)))


def names_of(app: AppTest):
    """The field for whose the open face is."""
    (field,) = [box for box in app.selectbox if box.key.startswith("who_")]
    return field


def test_without_an_encoder_the_page_points_to_train(workspace, monkeypatch, tmp_path):
    monkeypatch.setattr("core.workspace.models.PRETRAINED", tmp_path / "none")
    assert "Train one first" in opened().info[0].value


def test_without_faces_the_page_points_to_crop(workspace, encoder):
    app = opened()
    assert "no faces" in app.info[0].value
    assert len(app.markdown) == 1  # the introduction: a bare text in the page would be shown, too


@pytest.fixture
def shipped(encoder, monkeypatch, tmp_path):
    """A shipped cast of three colours, by the encoder in use."""
    about = {"encoder": encoder_digest(encoder), "match": "0.8", "lead": "0.05"}
    about["characters"] = json.dumps([("Paint", "Crimson"), ("Paint", "Leaf"), ("Paint", "Sky")])
    save_file({"prototypes": np.eye(3, dtype=np.float16)}, tmp_path / "cast.safetensors", about)
    monkeypatch.setattr("core.recognise.shipped_cast.CAST", tmp_path / "cast.safetensors")


def test_the_shipped_cast_answers_in_an_empty_workspace_once_it_is_switched_on(workspace, shipped):
    app = opened()
    assert any("comes with a cast of 3 characters" in m.value for m in app.markdown)
    assert "no faces" in app.info[0].value, "off until somebody wants it"
    app.toggle(key="shipped_cast").set_value(True).run()
    asked(app, ("red.png", picture(210, 5, 21)))
    assert rows(app) == [("unknown", "")]
    assert any("Looks like **Crimson** from Paint (shipped cast)" in m.value for m in app.markdown)


def test_ones_own_characters_come_before_the_shipped_cast(enrolled, shipped):
    app = three(opened())
    assert not any("shipped cast)" in m.value for m in app.markdown)
    app.toggle(key="shipped_cast").set_value(True).run()
    assert not app.exception
    found = [row for one in asking(app).pictures.values() for row in one.rows()]
    assert [row.character for row in found] == ["Rei", "Asuka", ""]
    assert ["(shipped cast)" in row.reason for row in found] == [False, False, True]


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
    save_file({}, encoder, {"spec": "{}", "other": "weights"})
    app = asked(opened(), ("red.png", picture(210, 5, 21)))
    assert any("match" in m.value and "Rei" in m.value for m in app.markdown)


def test_and_many_in_a_job_that_starts_by_itself(enrolled, encoder, monkeypatch):
    save_file({}, encoder, {"spec": "{}", "other": "weights"})
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
    assert any("101 enrolled faces" in info.value for info in app.info)
    assert not app.file_uploader


def test_but_not_again_where_that_job_failed(enrolled, encoder, monkeypatch):
    save_file({}, encoder, {"spec": "{}", "other": "weights"})
    folder = enrolled.workspace.jobs / "1"
    folder.mkdir(parents=True)
    about = {"step": "enrol", "arguments": [], "started": "2026-01-01T00:00:00+00:00", "pid": 0}
    (folder / "job.json").write_text(json.dumps(about))
    jobs.finish(folder, 1, "The weights are damaged.")
    monkeypatch.setattr("core.recognise.enrolment.waiting_faces", lambda *_: 101)
    monkeypatch.setattr(jobs, "start", lambda *_, **__: pytest.fail("started again"))
    app = opened()
    assert "The weights are damaged." in app.error[0].value
    assert app.button(key="enrol_waiting").label == "Enrol again"


def test_a_known_face_is_a_match_with_its_name_and_a_stranger_has_none(enrolled):
    app = three(opened())
    assert rows(app) == [("match", "Rei"), ("match", "Asuka"), ("unknown", "")]
    assert "answers_verdict" not in {group.key for group in app.button_group}, "of three rows nothing is filtered"
    assert any("match" in m.value and "Rei" in m.value for m in app.markdown)
    opened_row(app, 2)
    assert any("unknown" in m.value and "Nobody who is enrolled" in m.value for m in app.markdown)


def test_home_is_told_the_last_answers_the_newest_first(enrolled):
    app = three(opened())
    (last,) = app.session_state["whoami"].answered.values()
    told = [(one.verdict, one.character) for one in last]
    expected = [("unknown", ""), ("match", "Asuka"), ("match", "Rei")]
    assert told == expected
    pressed(app, "answers_clear")
    assert list(app.session_state["whoami"].answered.values()) == [()]


def test_an_unreadable_file_is_told_and_the_others_are_answered(enrolled):
    app = asked(opened(), ("broken.png", b"rubbish"), ("red.png", picture(210, 5, 21)))
    assert rows(app) == [("not readable", ""), ("match", "Rei")]
    assert "broken" in app.error[0].value


def test_the_false_accept_rate_moves_the_threshold_and_nothing_is_embedded_again(enrolled, monkeypatch):
    app = three(opened())
    before = dict(asking(app).pictures)
    monkeypatch.setattr(MeanColour, "embed", lambda *_: pytest.fail("embedded again"))
    app.select_slider(key="far").set_value(0.1).run()
    assert not app.exception
    assert list(asking(app).pictures) == list(before)
    assert any("--far 0.1" in code.value for code in app.code)


def test_one_picture_needs_no_table(enrolled):
    app = asked(opened(), ("red.png", picture(210, 5, 21)))
    assert "answers_verdict" not in {group.key for group in app.button_group}
    assert any("red.png" in m.value for m in app.markdown)
    (options,) = [one for one in app.expander if one.label == "Options"]
    assert [one.key for one in options.toggle] == ["is_face", "repeated"]
    assert not options.proto.expanded, "the answer comes first"


@pytest.fixture
def filters(monkeypatch):
    """Three rows are enough to be filtered."""
    monkeypatch.setattr("ui.recognise.table.FEW", 2)


def test_filters_leave_rows_and_open_the_first_of_them(enrolled, filters):
    app = three(opened())
    app.button_group(key="answers_verdict").set_value(["unknown"]).run()
    assert asking(app).chosen == row_id(app, 2)
    app.button_group(key="answers_verdict").set_value([])
    app.text_input(key="answers_text").set_value("nothing is called that").run()
    assert any("No answer fits these filters" in i.value for i in app.info)
    app.text_input(key="answers_text").set_value("").run()
    app.selectbox(key="answers_name").set_value("Asuka").run()
    assert asking(app).chosen == row_id(app, 1)


def test_what_was_asked_is_still_there_after_another_page(enrolled, monkeypatch):
    app = three(opened())
    before = rows(app)
    again = AppTest.from_file(PAGE, default_timeout=60)  # as on coming back: what widgets held is gone
    again.session_state["asking"] = app.session_state["asking"]
    monkeypatch.setattr(MeanColour, "embed", lambda *_: pytest.fail("embedded again"))
    assert rows(again.run()) == before
    assert not again.exception


def test_pictures_add_up_and_clear_forgets_them(enrolled):
    app = asked(opened(), ("red.png", picture(210, 5, 21)))
    asked(app, ("red again.png", picture(210, 5, 21)), ("blue.png", picture(10, 25, 200)))
    assert rows(app) == [("match", "Rei"), ("match", "Asuka")]  # the same bytes are one picture
    pressed(app, "answers_clear")
    assert rows(app) == []
    assert not app.error


def test_a_zip_is_what_it_holds(enrolled):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("sub/red.png", picture(210, 5, 21))
        archive.writestr("sub/blue.png", picture(10, 25, 200))
        archive.writestr("__MACOSX/._red.png", b"rubbish")
        archive.writestr("notes.txt", b"1girl")
    app = asked(opened(), ("cast.zip", data.getvalue()))
    assert rows(app) == [("match", "Asuka"), ("match", "Rei")]
    assert [one.name for one in asking(app).pictures.values()] == ["blue.png", "red.png"]


def test_a_zip_without_pictures_is_told(enrolled):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("notes.txt", b"1girl")
    app = asked(opened(), ("cast.zip", data.getvalue()))
    assert "no picture in cast.zip" in app.error[0].value


def test_a_stranger_who_is_enrolled_answers_at_once_and_undo_takes_it_back(enrolled):
    project = enrolled
    app = asked(opened(), ("green.png", picture(0, 200, 0)))
    names_of(app).set_value("Asuka").run()  # AppTest can choose among the options only; a new name: in the browser
    pressed(app, "answer_enrol")
    assert len(project.catalogue.faces(character_id=project.catalogue.character("Asuka").id)) == 9
    assert any("17 faces of 2 characters enrolled" in c.value for c in app.caption)
    assert any("Asuka 1" in c.value for c in app.caption)  # the nearest face is the one just enrolled
    assert any("Enrolled as Asuka" in m.value for m in app.markdown)
    pressed(app, "answer_undo")
    assert any("16 faces of 2 characters enrolled" in c.value for c in app.caption)
    assert rows(app) == [("unknown", "")]
    assert "answer_undo" not in {b.key for b in app.button}


def test_not_this_one_is_heard_at_once_and_undone(enrolled):
    app = asked(opened(), ("red.png", picture(210, 5, 21)))
    assert app.button(key="answer_not").label == "Not Rei"
    pressed(app, "answer_not")
    assert rows(app)[0][1] != "Rei"
    assert any("Not Rei" in m.value for m in app.markdown)
    pressed(app, "answer_undo")
    assert rows(app) == [("match", "Rei")]


@pytest.mark.parametrize(("key", "says"), [("answer_stranger", "not in your cast"), ("answer_no_face", "not a face")])
def test_nobody_and_no_face_are_heard_at_once_and_undone(enrolled, key, says):
    app = asked(opened(), ("red.png", picture(210, 5, 21)))
    pressed(app, key)
    assert rows(app) == [("unknown", "")]
    assert any(says in c.value for c in app.caption)
    pressed(app, "answer_undo")
    assert rows(app) == [("match", "Rei")]


def test_many_are_enrolled_as_one_change(enrolled):
    project = enrolled
    app = asked(opened(), *((f"{n}.png", picture(10, 25, 200 - n)) for n in range(3)))
    picked(app, 1, 2)
    (field,) = [box for box in app.selectbox if box.key.startswith("many_name")]
    field.set_value("Asuka").run()
    pressed(app, "many_enrol")
    assert len(project.catalogue.faces(character_id=project.catalogue.character("Asuka").id)) == 10
    assert any("2 faces enrolled as Asuka" in m.value for m in app.markdown)
    assert not asking(app).picked
    pressed(app, "answer_undo")
    assert len(project.catalogue.faces(character_id=project.catalogue.character("Asuka").id, state="kept")) == 8


def test_many_are_each_not_the_name_they_got_and_one_undo_takes_all_back(enrolled):
    app = picked(three(opened()), 0, 1)
    assert app.button(key="many_not").label == "Not this one"
    pressed(app, "many_not")
    assert rows(app)[0][1] != "Rei"
    assert rows(app)[1][1] != "Asuka"
    pressed(app, "answer_undo")
    assert rows(app) == [("match", "Rei"), ("match", "Asuka"), ("unknown", "")]


def test_an_undo_is_offered_only_while_nothing_else_was_decided(enrolled):
    app = asked(opened(), ("red.png", picture(210, 5, 21)))
    pressed(app, "answer_not")
    rename(enrolled, enrolled.catalogue.character("Asuka"), "Soryu")
    app.run()
    assert "answer_undo" not in {b.key for b in app.button}


def test_a_box_drawn_by_hand_is_asked_about_and_undone(enrolled, monkeypatch):
    """Red on the left, blue on the right: the whole is neither, the left half is Rei."""
    rgb = np.zeros((64, 128, 3), np.uint8)
    rgb[:, :64], rgb[:, 64:] = (210, 5, 21), (10, 25, 200)
    app = asked(opened(), ("both.png", cv2.imencode(".png", rgb[..., ::-1])[1].tobytes()))
    before = rows(app)
    rectangle = {"type": "Rect", "left": 8, "top": 20, "width": 80, "height": 80}
    drawn = SimpleNamespace(json_data={"objects": [rectangle]})
    monkeypatch.setattr("ui.recognise.drawing.st_canvas", lambda **_: drawn)
    (toggle,) = [t for t in app.toggle if t.key.startswith("redraw_")]
    toggle.set_value(True).run()
    assert not app.exception
    assert rows(app) == [("match", "Rei")] != before
    assert any("Box drawn anew" in m.value for m in app.markdown)
    pressed(app, "answer_undo")
    assert rows(app) == before


def test_when_faces_changed_the_page_offers_to_enrol_again(enrolled):
    project = enrolled
    add_face(project, project.catalogue.character("Rei"), "new", (255, 0, 0))
    app = opened()
    assert any("changed since the gallery" in w.value for w in app.warning)
    assert app.button(key="enrol_again")


def test_an_example_is_asked_about_by_one_click_and_its_truth_is_told(enrolled):
    folder = enrolled.workspace.root / "examples"
    folder.mkdir()
    (folder / "example_1.jpg").write_bytes(picture(250, 10, 10))
    (folder / "examples.json").write_text('{"example_1.jpg": "Rei"}')
    app = opened()
    assert rows(app) == []
    app.toggle(key="is_face").set_value(True)
    app = pressed(app, f"example_{enrolled.name}_1")
    assert len(asking(app).pictures) == 1
    assert any("The right answer" in c.value and "**Rei**" in c.value for c in app.caption)


@pytest.fixture
def many(enrolled, monkeypatch):
    """Three pictures are many, and a job is done at once, in this process; how often one was started."""
    started = []

    def at_once(project, arguments):
        started.append(arguments)
        assert main(["recognise", "--workspace", project.name, *words(arguments)]) == 0

    monkeypatch.setattr("ui.recognise.intake.AT_ONCE", 2)
    monkeypatch.setattr("ui.recognise.batch.start_job", at_once)
    return started


def rows_of(project):
    (batch,) = batches(project.workspace)
    with AnswerIndex.of_batch(batch) as index:
        return index.page()


def lines_of(project):
    return [(row.picture, row.verdict, row.character) for row in rows_of(project)]


ANSWERED = [("red.png", "match", "Rei"), ("blue.png", "match", "Asuka"), ("green.png", "unknown", "")]


def test_many_pictures_are_asked_about_in_a_job_that_resumes_and_their_table_is_the_same(enrolled, many, filters):
    app = three(opened())
    (arguments,) = many
    assert (arguments.resume, arguments.totals) == (True, True)
    assert arguments.config.faces
    assert sorted(lines_of(enrolled)) == sorted(ANSWERED)
    assert any("3 pictures answered" in m.value for m in app.markdown)
    assert any("1 unknown" in c.value for c in app.caption)
    app.button_group(key="answers_verdict").set_value(["unknown"]).run()
    assert any("green.png" in m.value for m in app.markdown)
    assert any("unknown" in m.value and "Nobody who is enrolled" in m.value for m in app.markdown)
    assert sorted(lines_of(enrolled)) == sorted(ANSWERED)
    again = opened()  # another tab: what was answered is on the disk
    assert any("3 pictures answered" in m.value for m in again.markdown)
    assert len(many) == 1


def test_a_face_of_many_is_corrected_and_its_row_follows(enrolled, many, filters):
    app = three(opened())
    app.text_input(key="answers_text").set_value("red").run()
    assert app.button(key="answer_not").label == "Not Rei"
    pressed(app, "answer_not")
    assert {name: who for name, _, who in lines_of(enrolled)}["red.png"] != "Rei"
    pressed(app, "answer_undo")
    assert sorted(lines_of(enrolled)) == sorted(ANSWERED)


def test_picked_faces_of_many_are_corrected_at_once(enrolled, many):
    app = three(opened())
    (mine,) = [one for (_, batch), one in app.session_state["asking"].items() if batch]
    mine.picked = {row.id for row in rows_of(enrolled) if row.picture in ("red.png", "blue.png")}
    app.run()
    pressed(app, "many_not")
    now = {name: who for name, _, who in lines_of(enrolled)}
    assert now["red.png"] != "Rei"
    assert now["blue.png"] != "Asuka"
    pressed(app, "answer_undo")
    assert sorted(lines_of(enrolled)) == sorted(ANSWERED)


def test_a_job_that_was_stopped_goes_on_and_an_encoder_that_changed_begins_anew(enrolled, many, encoder):
    app = three(opened())
    (file,) = enrolled.workspace.cache.glob("asked/*/answers.jsonl")
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    app = opened()
    assert app.button(key="batch_on").label == "Continue with 2 pictures"
    pressed(app, "batch_on")
    assert sorted(lines_of(enrolled)) == sorted(ANSWERED)
    assert len(many) == 2
    assert "batch_on" not in {b.key for b in app.button}
    save_file({}, encoder, {"spec": "{}", "other": "weights"})
    app = opened()
    pressed(app, "batch_again")
    assert sorted(lines_of(enrolled)) == sorted(ANSWERED)


def test_a_path_is_asked_about_without_a_copy_and_forgotten_without_loss(enrolled, many, tmp_path):
    heap = tmp_path / "heap"
    heap.mkdir()
    for name, colour in (RED, BLUE, GREEN):
        (heap / name).write_bytes(picture(*colour))
    app = opened()
    app.toggle(key="is_face").set_value(True)
    app.button_group(key="way").set_value("folder").run()
    (field,) = [f for f in app.text_input if f.key.startswith("path_")]
    field.set_value(str(heap))
    (button,) = [b for b in app.button if b.label == "Ask about all"]
    button.click().run()
    assert not app.exception
    assert many[0].pictures == (heap,)
    assert sorted(lines_of(enrolled)) == sorted(ANSWERED)
    pressed(app, "batch_forget")
    assert not list(enrolled.workspace.cache.glob("asked/*"))
    assert len(list(heap.iterdir())) == 3


def test_a_path_that_is_not_there_is_told(enrolled):
    app = opened()
    app.button_group(key="way").set_value("folder").run()
    (field,) = [f for f in app.text_input if f.key.startswith("path_")]
    field.set_value("/nowhere/at/all")
    (button,) = [b for b in app.button if b.label == "Ask about all"]
    button.click().run()
    assert "/nowhere/at/all does not exist" in app.error[0].value


@pytest.mark.parametrize("way", ["here", "many"])
def test_unknown_faces_are_taken_to_characters_without_a_name_and_undo_takes_them_back(enrolled, way, request):
    if way == "many":
        request.getfixturevalue("many")
    app = three(opened())
    assert app.button(key="answers_group").label == "Name 1 unknown face in groups"
    pressed(app, "answers_group")
    (face,) = enrolled.catalogue.faces(character_id=None, state="kept")
    green = cv2.imread(str(enrolled.workspace.path(face.path)))[32, 32]
    assert green[1] > 150 > 60 > max(green[0], green[2])
    assert any("1 unknown face to be named on Characters" in m.value for m in app.markdown)
    pressed(app, "answer_undo")
    assert enrolled.catalogue.faces(character_id=None, state="kept") == []


def test_a_picture_that_is_enrolled_itself_is_said_to_prove_little(enrolled):
    told = "enrolled already"
    app = asked(opened(), ("green.png", picture(0, 200, 0)))
    assert not any(told in c.value for c in app.caption)
    names_of(app).set_value("Asuka").run()
    pressed(app, "answer_enrol")
    assert any(told in c.value for c in app.caption), "the nearest face is this one now"
