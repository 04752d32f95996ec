import io
import os
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from core import jobs
from core.imaging.reading import encode_jpeg
from core.settings import ROOT
from core.train.config import TrainConfig
from core.workspace.workspaces import create_workspace, workspace_names
from tests.conftest import noise
from tests.core.crop.conftest import Made
from ui.common.state import LastAnswer, State


def run() -> AppTest:
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run()
    assert not app.exception
    return app


@pytest.fixture
def started(monkeypatch):
    """Jobs that are asked for, not started."""
    asked = []

    def start(workspace, step, arguments=(), *, settings=None):
        asked.append((workspace.name, step, list(arguments)))
        folder = workspace.jobs / f"2026010{len(asked)}-000000-000000"
        folder.mkdir(parents=True)
        (folder / "job.json").write_text(
            f'{{"step": "{step}", "arguments": [], "started": "2026-01-01T00:00:00+00:00", "pid": 0}}'
        )
        return jobs.read_job(folder)

    monkeypatch.setattr(jobs, "start", start)
    return asked


def test_the_first_button_makes_a_workspace_of_drawn_characters(settings, started):
    app = run()
    assert app.title[0].value == "Who Am I?"
    app.button(key="demo").click().run()
    assert not app.exception
    assert started == [("demo", "tour", [])]
    assert app.title[0].value == "demo"
    assert app.button(key="home_cancel").label == "Cancel"
    app.button(key="demo").click().run()
    assert workspace_names() == ["demo", "demo_2"]


def test_a_workspace_of_ones_own_is_made_by_name(settings):
    app = run()
    app.text_input(key="new_name").input("my cast!")
    next(b for b in app.button if b.label == "Create").click().run()
    assert not app.exception
    assert app.title[0].value == r"my\_cast"
    assert [b.label for b in app.button if b.key == "next"] == ["Go to Collect"]


def test_a_name_that_is_taken_is_said_in_words(workspace):
    app = run()
    app.text_input(key="new_name").input("test")
    next(b for b in app.button if b.label == "Create").click().run()
    assert not app.exception
    assert "already" in app.error[0].value


def test_the_six_steps_are_told_with_their_counts(workspace, catalogue):
    character = catalogue.add_character("Rei")
    catalogue.add_picture(character.id, path="pictures/Rei/1.jpg")
    app = run()
    words = " ".join(m.value for m in app.markdown)
    assert "1 picture of 1 character" in words
    assert all(f"{n}. {step}" in words for n, step in enumerate(("Collect", "Crop", "Balance", "Train"), 1))
    assert app.button(key="next").label == "Go to Crop"
    assert app.code[0].value == "python -m core crop --workspace test"
    assert "The newest pictures" in [h.value for h in app.header], "as long as no face is found"


def dialog(name: str):
    """A page that shows one dialog's inside: AppTest closes real ones at the next run."""
    from ui.common.state import current
    from ui.home import workspaces

    getattr(workspaces, name)(current().workspace)


def shown(name: str) -> AppTest:
    app = AppTest.from_function(dialog, default_timeout=60, args=(name,)).run()
    assert not app.exception
    return app


def test_rename_copy_and_delete_to_the_bin_and_back(settings):
    create_workspace("one")
    app = shown("_rename")
    app.text_input(key="rename_to").input("two")
    app.button(key="rename_do").click().run()
    assert workspace_names() == ["two"]
    shown("_copy").button(key="copy_do").click().run()
    assert workspace_names() == ["two", "two_copy"]
    shown("_delete").button(key="delete_do").click().run()
    assert len(workspace_names()) == 1
    app = run()
    back = next(b for b in app.button if b.key and b.key.startswith("unbin_"))
    back.click().run()
    assert not app.exception
    assert workspace_names() == ["two", "two_copy"]


def test_disk_use_is_told_by_part(workspace):
    assert "Pictures: **0 bytes**" in [m.value for m in shown("_disk").markdown]


def test_uploads_that_were_read_can_be_deleted_where_the_disk_use_is_told(workspace):
    old = workspace.cache / "uploads" / "old.zip"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"x" * 2000)
    assert not [b for b in shown("_disk").button if b.key == "clean_do"], "it may be about to be used"
    os.utime(old, (0, 0))
    app = shown("_disk")
    assert any("**2.0 kB** of this can go: uploads" in m.value for m in app.markdown)
    app.button(key="clean_do").click().run()
    assert not app.exception
    assert not old.exists()


def test_the_characters_look_at_you_from_the_first_page(project):
    made = Made(project)
    made.picture(states=["kept"])
    made.picture(character=made.asuka, states=["kept"])
    made.picture(character=made.asuka, states=["proposed"])
    app = run()
    captions = [c.value for c in app.caption if c.value in ("Rei Ayanami", "Asuka")]
    assert sorted(captions) == ["Asuka", "Rei Ayanami"], "one face each, and none for what was only proposed"


def test_the_last_answers_of_this_tab_stand_on_home(workspace):
    face = encode_jpeg(noise(1, 40, 40))
    mine = State()
    mine.answered[str(workspace.root)] = (
        LastAnswer("match", "Rei", face),
        LastAnswer("unsure", "Asuka", face),
        LastAnswer("unknown", "", face),
    )
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    app.session_state["whoami"] = mine
    app.run()
    assert not app.exception
    assert "The last answers" in [h.value for h in app.header]
    assert [c.value for c in app.caption if c.value in ("Rei", "Asuka?", "unknown")] == ["Rei", "Asuka?", "unknown"]


def test_without_a_map_and_answers_home_shows_neither(workspace):
    assert not {"The last answers", "The last map"} & {h.value for h in run().header}


def pictures(n: int) -> list[tuple[str, bytes, str]]:
    return [(f"{i}.jpg", encode_jpeg(noise(i, 300, 400)), "image/jpeg") for i in range(n)]


def test_a_dropped_heap_becomes_a_workspace_and_is_taken_in_for_nobody_yet(settings, started):
    app = run()
    app.file_uploader[0].set_value(pictures(3)).run()
    assert not app.exception
    (name, step, arguments), *others = started
    assert (name, step, others) == ("my_pictures", "import", [])
    assert arguments[1:] == ["--kind", "pictures", "--unnamed"]
    assert len(list((settings.data_dir / "my_pictures" / "cache" / "uploads").glob("*/*.jpg"))) == 3


def test_a_zip_among_other_files_is_refused_before_anything_is_taken_in(settings, started):
    app = run()
    app.file_uploader[0].set_value([("cast.zip", b"PK", "application/zip"), *pictures(2)]).run()
    assert not app.exception
    assert "cast.zip was dropped together with 2 other files" in app.error[0].value
    assert (started, workspace_names()) == ([], [])


BAD_ZIPS = {
    "torn": ("cast.zip", b"PK\x03\x04", "cannot be opened as a zip"),
    "a picture": ("cast.zip", b"\x89PNG\r\n\x1a\n", "is PNG, not a zip"),
    "without a picture": ("cast.zip", b"PK\x05\x06" + bytes(18), "holds no picture"),
    "called like nothing": (".zip", b"PK\x05\x06" + bytes(18), "holds no picture"),
}


@pytest.mark.parametrize("kind", BAD_ZIPS)
def test_a_zip_that_holds_no_picture_is_told_and_makes_no_workspace(kind, settings, started):
    name, data, words = BAD_ZIPS[kind]
    app = run()
    app.file_uploader[0].set_value((name, data, "application/zip")).run()
    assert not app.exception
    assert words in app.error[0].value
    assert (started, workspace_names()) == ([], [])
    assert not list(settings.data_dir.iterdir())


def test_a_zip_behind_a_program_is_imported_as_any_zip(settings, started):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("Rei/1.jpg", pictures(1)[0][1])
    app = run()
    app.file_uploader[0].set_value(("cast.zip", b"MZ" + bytes(900) + sink.getvalue(), "application/zip")).run()
    assert not app.exception
    ((name, step, arguments),) = started
    assert (name, step, arguments[1:]) == ("cast", "import", ["--kind", "pictures"])


def test_a_single_picture_without_anybody_known_says_what_is_needed_first(settings, started):
    app = run()
    app.file_uploader[0].set_value(pictures(1)).run()
    assert not app.exception
    assert "must know somebody first" in app.info[0].value
    assert (started, workspace_names()) == ([], [])


def test_a_single_picture_can_be_added_where_nobody_is_known(workspace, started):
    app = run()
    app.file_uploader[0].set_value(pictures(1)).run()
    app.button(key="drop_add").click().run()
    assert not app.exception
    assert [step for _, step, _ in started] == ["import"]


def test_a_training_that_was_stopped_goes_on_from_home(workspace, started):
    run_folder = workspace.models / "quick-1"
    run_folder.mkdir(parents=True)
    TrainConfig(epochs=9).save(run_folder / "config.json")
    (run_folder / "checkpoint.safetensors").touch()
    (run_folder / "history.jsonl").write_text('{"epoch": 1}\n{"epoch": 2}\n')
    app = run()
    assert any(r"**quick-1 was stopped after 2 of 9 epochs.**" in m.value for m in app.markdown)
    app.button(key="home_resume").click().run()
    assert not app.exception
    assert started == [("test", "train", ["--resume", "quick-1"])]


def test_a_training_that_is_finished_is_not_offered(workspace):
    run_folder = workspace.models / "quick-1"
    run_folder.mkdir(parents=True)
    TrainConfig().save(run_folder / "config.json")
    (run_folder / "checkpoint.safetensors").touch()
    (run_folder / "metrics.json").write_text('{"n": 3}')
    assert [b.key for b in run().button if b.key == "home_resume"] == []


def test_home_speaks_japanese_where_the_address_says_so(workspace):
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    app.query_params["lang"] = "ja"
    app.run()
    assert not app.exception
    words = " ".join(m.value for m in app.markdown)
    assert app.header[0].value == "このワークスペース"
    assert "**次のステップ: 収集**" in words and "**1. 収集**  \n画像がまだありません。" in words
    assert app.button(key="next").label == "「収集」へ進む"
