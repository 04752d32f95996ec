"""A video on Recognise: it is watched in a job, and its timeline follows the threshold and what is corrected."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file
from streamlit.testing.v1 import AppTest

from core import jobs
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg
from core.recognise.watched_files import Watched, save_watched, watched_path
from core.settings import ROOT
from core.video.tracks import Track
from core.workspace.embeddings import encoder_digest

COLOURS = {"Rei": (212, 9, 20), "Asuka": (14, 31, 200), "nobody": (20, 200, 30)}


def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "recognise.py"), default_timeout=60).run()
    assert not app.exception
    return chosen(app, "video")


def chosen(app: AppTest, way: str) -> AppTest:
    app.segmented_control(key="way").select(way).run()
    assert not app.exception
    return app


def track(start: float, end: float, who: str) -> Track:
    colour = np.array(COLOURS[who], np.float32)
    crop = encode_jpeg(np.full((32, 32, 3), COLOURS[who], np.uint8))
    box = Box(0, 0, 9, 9)
    return Track(0, start, end, 4, 0, box, start, box, 1.0, 4 * colour / np.linalg.norm(colour), crop)


@pytest.fixture
def watched(enrolled, encoder, tmp_path):
    """A minute in which Rei, then Asuka, then nobody of the cast appears."""
    video = tmp_path / "Episode 1.mp4"
    video.write_bytes(b"\x00\x00\x00\x18ftypmp42....")
    tracks = [track(2, 8, "Rei"), track(20, 22, "Asuka"), track(30, 33, "nobody")]
    found = Watched(video.name, 60.0, 60.0, [0.0], 30, 0, tracks, True)
    about = {"encoder": encoder_digest(encoder), "detector": "auto", "looks": 3.0}
    save_watched(found, watched_path(enrolled.workspace, video, **about))
    return video


def words(app: AppTest) -> str:
    return "\n".join(m.value for m in app.markdown)


def test_a_video_is_watched_in_a_job_that_names_its_command(enrolled, tmp_path, monkeypatch):
    video = tmp_path / "Episode 1.mp4"
    video.write_bytes(b"\x00\x00\x00\x18ftypmp42....")
    started = []
    running = jobs.Job("1", "timeline", (), "", enrolled.workspace.jobs / "1", jobs.RUNNING, None)
    monkeypatch.setattr(jobs, "start", lambda *given, settings: started.append(given[1:]) or running)
    app = page()
    assert app.button(key="video_start").disabled
    app.text_input(key="video_path").input(str(tmp_path / "none.mp4")).run()
    assert "does not exist" in app.error[0].value and app.button(key="video_start").disabled
    app.text_input(key="video_path").input(str(video)).run()
    assert app.button(key="video_start").label == "Watch Episode 1.mp4"
    assert app.code[0].value == f"python -m core timeline --workspace test '{video}'"
    app.button(key="video_start").click().run()
    assert started == [("timeline", [str(video)])]


def test_a_video_that_is_dropped_among_pictures_leads_to_the_way_for_videos(enrolled):
    app = AppTest.from_file(str(ROOT / "pages" / "recognise.py"), default_timeout=60).run()
    app.file_uploader[0].set_value([("Episode 2.mp4", b"\x00\x00\x00\x18ftypmp42....", "video/mp4")]).run()
    assert not app.exception
    assert app.segmented_control(key="way").value == "video"
    assert app.button(key="video_start").label == "Watch Episode\\_2.mp4" and not app.button(key="video_start").disabled
    (kept,) = (enrolled.workspace.cache / "uploads").rglob("Episode_2.mp4")
    assert kept.read_bytes() == b"\x00\x00\x00\x18ftypmp42...."


def test_the_timeline_of_what_was_watched_opens_with_its_first_appearance(watched):
    app = page()
    assert "**Episode 1.mp4** · 1 min in 1 shot: 2 characters" in words(app)
    assert "**0:01–0:08** · 4 looks" in words(app) and "**Rei**" in words(app)
    assert app.expander[-1].label == "All 3 appearances in their order"
    assert not [t for t in app.toggle if t.key == "is_face"], "what is asked of pictures is not asked here"


def test_another_appearance_opens_and_enrolling_it_changes_the_timeline_at_once(watched, enrolled):
    app = page()
    (kept,) = (enrolled.workspace.cache / "videos").glob("*.npz")
    app.session_state[f"appearance_{kept.stem}"] = 2  # AppTest cannot click a bar
    app.run()
    assert "Nobody who is enrolled" in words(app)
    (picker,) = [box for box in app.selectbox if str(box.key).startswith("who_")]
    picker.select("Rei").run()  # AppTest cannot type a new name
    app.button(key="answer_enrol").click().run()
    assert not app.exception
    assert "You said: **Enrolled as Rei**" in words(app)
    assert len(enrolled.catalogue.faces(character_id=enrolled.catalogue.character("Rei").id, enrolled=True)) == 9
    app.button(key="answer_undo").click().run()
    assert "Nobody who is enrolled" in words(app)


def test_a_video_that_was_stopped_shows_what_was_watched_and_says_how_to_go_on(enrolled, encoder, tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"video")
    about = {"encoder": encoder_digest(encoder), "detector": "auto", "looks": 3.0}
    path = watched_path(enrolled.workspace, tmp_path / "a.mp4", **about)
    save_watched(Watched("a.mp4", 60.0, 12.0, [0.0], 9, 2, [], False), path)
    app = page()
    assert any("Watched up to 12 s so far" in i.value for i in app.info)
    assert any("No face was found" in i.value for i in app.info)
    assert any("2 parts of the file could not be decoded" in w.value for w in app.warning)


def test_of_several_videos_one_is_chosen(watched, enrolled, encoder, tmp_path):
    (tmp_path / "b.mp4").write_bytes(b"another")
    about = {"encoder": encoder_digest(encoder), "detector": "auto", "looks": 3.0}
    save_watched(Watched("b.mp4", 5.0, 5.0, whole=False), watched_path(enrolled.workspace, tmp_path / "b.mp4", **about))
    app = page()
    assert app.selectbox[0].options == ["b.mp4 (stopped)", "Episode 1.mp4"]
    app.selectbox[0].select_index(1).run()
    assert "**Episode 1.mp4**" in words(app)


def test_the_shipped_cast_is_asked_once_it_is_switched_on(watched, enrolled, encoder, tmp_path, monkeypatch):
    about = {"encoder": encoder_digest(encoder), "match": "0.8", "lead": "0.05"}
    about["characters"] = json.dumps([("Paint", "Crimson"), ("Paint", "Leaf"), ("Paint", "Sky")])
    save_file({"prototypes": np.eye(3, dtype=np.float16)}, tmp_path / "cast.safetensors", about)
    monkeypatch.setattr("core.recognise.shipped_cast.CAST", tmp_path / "cast.safetensors")
    app = page()
    app.toggle(key="shipped_cast").set_value(True).run()
    assert not app.exception
    assert "**Episode 1.mp4** · 1 min in 1 shot: 3 characters" in words(app)
    assert "--shipped-cast" in app.code[0].value
    (kept,) = (enrolled.workspace.cache / "videos").glob("*.npz")
    app.session_state[f"appearance_{kept.stem}"] = 2
    app.run()
    assert "Looks like **Leaf** from Paint (shipped cast)" in words(app)
