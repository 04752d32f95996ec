import pytest
from streamlit.testing.v1 import AppTest

from core.collect.characters import Entry, add_list
from core.collect.config import CollectConfig
from core.collect.importing import import_pictures
from core.collect.pipeline import Wanted, collect
from core.collect.source import SourceOptions, open_source
from core.imaging.reading import encode_jpeg
from core.settings import ROOT
from tests.coloured_faces import add_face
from tests.conftest import noise


def run(tab: str = "") -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "collect.py"), default_timeout=60)
    if tab:
        app.session_state["shelf_tabs"] = tab
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def some(project):
    """Three pictures of Rei: one kept, one that looks like it, one too small."""
    first = noise(1, 200, 200)
    paler = (first * 0.98).astype(first.dtype)
    files = (("a.jpg", first), ("b.jpg", paler), ("c.jpg", noise(2, 20, 20)), ("d.jpg", noise(3, 200, 200)))
    uploads = tuple((name, encode_jpeg(rgb)) for name, rgb in files)
    source = open_source("upload", SourceOptions(uploads=uploads))
    done = collect(project, [Wanted("Rei")], [source], CollectConfig(min_side=32))
    assert (done.kept, done.sources[0].duplicates, done.sources[0].refused) == (2, 1, 1)
    return project


def test_the_list_begins_empty_and_takes_names_or_the_articles(workspace, catalogue):
    app = run()
    app.text_area(key="collect_text").input("Rei | Evangelion\nAsuka")
    next(b for b in app.button if b.label == "Add them").click().run()
    assert not app.exception
    assert [c.name for c in catalogue.characters()] == ["Asuka", "Rei"]
    app.button(key="collect_article").click().run()
    assert len(catalogue.characters()) == 42
    assert app.dataframe[0].value["pictures"].tolist() == [0] * 42
    assert "to go" not in app.dataframe[0].value, "nobody searches for pictures yet"
    app.segmented_control(key="collect_way").select("web").run()
    assert app.dataframe[0].value["to go"].tolist() == [50] * 42


def test_who_has_no_picture_is_said_with_what_helps(some):
    app = run()
    assert not app.warning
    assert {e.label: e.proto.expanded for e in app.expander} == {"Characters": False, "Add pictures": False}
    add_list(some, [Entry("Asuka"), Entry("Misato")])
    add_face(
        some, next(c for c in some.catalogue.characters() if c.name == "Misato"), "on another's picture", (0, 9, 9)
    )
    app = run()
    (said,) = app.warning
    assert said.value.startswith("No picture yet of **Asuka**.") and "search with other words" in said.value
    assert "Not kept" not in said.value
    assert {e.label: e.proto.expanded for e in app.expander} == {"Characters": False, "Add pictures": True}


def test_the_forms_are_folded_while_the_first_pictures_come(project):
    assert [h.value for h in run().header] == ["Characters", "Pictures"]
    folder = project.workspace.jobs / "20260101-000000-000000"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(
        '{"step": "import", "arguments": [], "started": "2026-01-01T00:00:00+00:00", "pid": 0}'
    )
    app = run()
    assert app.button(key="collect_job_cancel").label == "Cancel"
    assert [h.value for h in app.header] == []
    assert {e.label: e.proto.expanded for e in app.expander} == {"Characters": False, "Add pictures": False}


def test_what_was_found_and_refused_is_pointed_to(project):
    uploads = (("small.jpg", encode_jpeg(noise(2, 20, 20))),)
    collect(project, [Wanted("Asuka")], [open_source("upload", SourceOptions(uploads=uploads))], CollectConfig())
    add_face(project, project.catalogue.add_character("Rei"), "a", (200, 0, 20))
    (said,) = run().warning
    assert said.value.startswith("No picture yet of **Asuka**. What was found but not kept")


def test_each_way_names_its_command(some):
    app = run()
    app.segmented_control(key="collect_way").select("web").run()
    assert app.code[0].value == "python -m core collect --workspace test --source safebooru"
    assert app.button(key="collect_start").label == "Collect for 1 character"
    app.segmented_control(key="collect_way").select("folder").run()
    assert app.button(key="collect_import").disabled
    app.text_input(key="collect_path").input(str(ROOT)).run()
    assert app.code[0].value == f"python -m core import --workspace test {ROOT} --kind pictures"
    app.segmented_control(key="collect_way").select("drawn").run()
    assert app.code[0].value.startswith("python -m core demo --workspace test")
    app.segmented_control(key="collect_way").select("urls").run()
    assert app.button(key="collect_start").disabled


def test_the_rating_is_asked_for_where_a_site_has_others_than_safe_pictures(some):
    app = run()
    app.segmented_control(key="collect_way").select("web").run()
    assert "collect_any_rating" not in {box.key for box in app.checkbox}, "safebooru has safe pictures only"
    app.multiselect(key="collect_sources").select("danbooru").run()
    assert "--any-rating" not in app.code[0].value
    app.checkbox(key="collect_any_rating").check().run()
    assert app.code[0].value.endswith("--source safebooru --source danbooru --any-rating")
    app.checkbox(key="collect_web_unnamed").check().run()
    app.text_input(key="collect_words").input("hat").run()
    assert "--any-rating" in app.code[0].value and "--query hat" in app.code[0].value


def test_of_a_video_of_nobody_the_page_says_that_names_are_proposed_where_somebody_is_enrolled(project, tmp_path):
    video = tmp_path / "a.mp4"
    video.write_bytes(b"\x00\x00\x00\x18ftypmp42....")

    def captions():
        app = run()
        app.segmented_control(key="collect_way").select("folder").run()
        app.checkbox(key="collect_folder_unnamed").check().run()
        app.text_input(key="collect_path").input(str(video)).run()
        assert not app.exception
        assert app.code[0].value == f"python -m core import --workspace test {video} --kind pictures --unnamed"
        return " ".join(c.value for c in app.caption)

    assert "recognised" not in captions()
    add_face(project, project.catalogue.add_character("Rei"), "a", (200, 0, 20), enrolled=True)
    assert "Faces that are recognised get the name as a proposal" in captions()


def test_uploaded_pictures_are_taken_in_for_a_character(workspace, catalogue):
    catalogue.add_character("Rei")
    app = run()
    app.file_uploader[0].set_value(("a.jpg", encode_jpeg(noise(5, 100, 100)), "image/jpeg")).run()
    app.selectbox(key="collect_who").select("Rei").run()
    app.button(key="collect_upload").click().run()
    assert not app.exception
    assert [p.source for p in catalogue.pictures()] == ["upload"]
    assert catalogue.characters()[0].name == "Rei"


def test_uploaded_pictures_may_be_nobodys_yet(workspace, catalogue):
    app = run()
    app.file_uploader[0].set_value(("a.jpg", encode_jpeg(noise(5, 100, 100)), "image/jpeg")).run()
    app.checkbox(key="collect_upload_unnamed").check().run()
    app.button(key="collect_upload").click().run()
    assert not app.exception
    assert [(p.character_id, p.path) for p in catalogue.pictures()] == [(None, "pictures/unnamed/a.jpg")]
    assert catalogue.characters() == []


def test_the_folders_of_an_uploaded_folder_say_whose_the_pictures_are(project):
    app = run()
    names = ("cast/Rei/1.jpg", "cast/Rei/2.jpg", "cast/Asuka/1.jpg")
    files = [(name, encode_jpeg(noise(n, 100, 100)), "image/jpeg") for n, name in enumerate(names)]
    for _ in range(2):
        app.file_uploader[0].set_value(files).run()
        assert not app.exception
        assert "3 pictures of 2 characters" in " ".join(m.value for m in app.markdown)
    (place,) = (project.workspace.cache / "uploads").iterdir()
    assert app.code[0].value == f"python -m core import --workspace test {place} --kind pictures"


def test_a_search_without_a_character_names_its_command(some):
    app = run()
    app.segmented_control(key="collect_way").select("web").run()
    app.checkbox(key="collect_web_unnamed").check().run()
    assert app.button(key="collect_start").disabled
    app.text_input(key="collect_words").input("red hair").run()
    assert "--unnamed --query 'red hair'" in app.code[0].value


def test_repeats_stand_side_by_side_and_can_be_taken_back(some):
    project = some
    app = run("Duplicates (1)")
    assert [t.label for t in app.tabs] == ["Kept (2)", "Duplicates (1)", "Not kept (1)", "Sources"]
    aside = project.catalogue.pictures(state="duplicate")[0]
    app.button(key=f"not_{aside.id}").click().run()
    assert not app.exception
    assert project.catalogue.picture(aside.id).state == "kept"
    app.button(key="collect_undo").click().run()
    assert project.catalogue.picture(aside.id).state == "duplicate"


def test_what_was_refused_is_listed_with_its_reason(some):
    reasons = [t for frame in run("Not kept (1)").dataframe for t in frame.value.get("why", [])]
    assert any("too small" in reason for reason in reasons)


def test_picked_pictures_are_rejected_and_brought_back(some):
    project = some
    app = run()
    assert app.button(key="shelf_reject").disabled
    app.session_state["shelf_kept_picked"].add(project.catalogue.pictures(state="kept")[0].id)  # as a click does
    app.run()
    app.button(key="shelf_reject").click().run()
    assert not app.exception
    assert len(project.catalogue.pictures(state="kept")) == 1
    app.button(key="collect_undo").click().run()
    assert len(project.catalogue.pictures(state="kept")) == 2


def test_everything_of_a_source_can_be_taken_out(some):
    project = some
    app = run("Sources")
    app.selectbox(key="shelf_remove_what").select_index(0).run()
    app.button(key="shelf_remove").click().run()
    assert not app.exception
    assert not project.catalogue.pictures(state="kept")


def test_a_folder_is_looked_into_before_it_is_imported(workspace, catalogue, tmp_path):
    for name in ("Rei", "Asuka"):
        (tmp_path / "cast" / name).mkdir(parents=True)
        (tmp_path / "cast" / name / "1.jpg").write_bytes(encode_jpeg(noise(len(name), 100, 100)))
    (tmp_path / "cast" / "Rei" / "a.jxl").write_bytes(b"\xff\x0a" + bytes(90))
    app = run()
    app.segmented_control(key="collect_way").select("folder").run()
    app.text_input(key="collect_path").input(str(tmp_path / "cast")).run()
    app.button(key="collect_preview").click().run()
    assert not app.exception
    assert "**2 pictures of 2 characters**. Nothing is imported yet." in [m.value for m in app.markdown]
    assert "1 file left out" in [e.label for e in app.expander]
    assert catalogue.characters() == []
    app.text_input(key="collect_path").input(str(tmp_path / "cast" / "Rei")).run()
    app.button(key="collect_preview").click().run()
    assert "has no folder for each character" in app.warning[0].value
    app.text_input(key="collect_flat").input("Rei").run()
    assert app.code[0].value.endswith("--kind pictures --character Rei")


def test_imported_faces_are_shown_and_nothing_is_to_go(project, tmp_path):
    for i in range(3):
        path = tmp_path / "cast" / "Rei" / f"{i}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_jpeg(noise(i, 90, 90)))
    assert import_pictures(project, tmp_path / "cast", kind="faces").kept == 3
    app = run()
    assert "Kept (3)" in [tab.label for tab in app.tabs]
    assert "No picture yet." not in [c.value for c in app.caption]
    assert [c.value for c in app.caption].count("cannot be read") == 0
    assert list(app.dataframe[0].value) == ["character", "series", "pictures"]
    app.button(key="shelf_kept_all").click().run()
    assert app.button(key="shelf_reject").label == "Reject 3 pictures"
