"""Videos as a source: what is new in them, once, with its time and its shot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("av")
pytest.importorskip("scenedetect")

from core.collect.importing import import_pictures, preview_import
from core.collect.owner import NOBODY
from core.collect.source import Query, SourceOptions, open_source
from core.collect.video import _stamp
from core.commands.collect import Arguments
from core.errors import Cancelled, DataError, PictureError, SourceError
from core.imaging.reading import read_picture
from tests.conftest import noise
from tests.core.video.videos import write_video


def still(seed: int, n: int) -> list[np.ndarray]:
    """n frames that show one and the same thing."""
    return [noise(seed, 96, 128)] * n


@pytest.fixture
def film(tmp_path):
    """Twelve frames a second: one scene for two seconds, another for one and a half, the first again for one."""
    return write_video(tmp_path / "episode 1.mp4", still(1, 24) + still(2, 18) + still(1, 12))


def hits(path):
    return list(open_source("video", SourceOptions(path=path)).search(Query("Rei")))


def test_each_scene_gives_one_picture_with_its_time_and_a_repeat_none(film):
    found = hits(film)
    assert [hit.key.partition("#")[2] for hit in found] == ["t=0.000", "t=2.000", "t=3.500"]
    assert [hit.name for hit in found] == [f"episode 1_0-00-0{n}.jpg" for n in ("0.000", "2.000", "3.500")]
    assert found[0].title == "episode 1, 0:00:00.000"
    assert len({hit.group for hit in found}) == 3, "a shot each"
    assert np.abs(read_picture(found[1].load(), name="x").astype(int) - noise(2, 96, 128)).mean() < 12


def test_of_what_moves_a_second_gives_one_picture_and_a_shot_is_one_group(tmp_path):
    moving = [np.roll(noise(1, 96, 128), 2 * n, axis=1) for n in range(36)]
    found = hits(write_video(tmp_path / "a.mkv", moving))
    assert [round(float(hit.key.partition("t=")[2])) for hit in found] == [0, 1, 2]
    assert len({hit.group for hit in found}) == 1


def test_a_variable_rate_keeps_the_frames_own_times(tmp_path):
    frames = [noise(n, 96, 128) for n in range(3)]
    found = hits(write_video(tmp_path / "a.mkv", frames, rate=10, times=[0, 15, 95]))
    assert [hit.key.partition("t=")[2] for hit in found] == ["0.000", "1.500", "9.500"]


def test_an_import_takes_what_is_new_for_a_character_or_for_nobody(project, film):
    done = import_pictures(project, film, unnamed=True)
    assert (done.kept, done.sources[0].duplicates) == (2, 1), "the first scene comes twice"
    pictures = project.catalogue.pictures(character_id=NOBODY.id)
    assert {p.source for p in pictures} == {"video"} and pictures[0].path.startswith("pictures/unnamed/episode_1_0-00")
    again = import_pictures(project, film, unnamed=True)
    assert again.kept == 0
    assert import_pictures(project, film, character="Rei", limit=1).kept == 0, "it is nobody's already"


def test_the_limit_counts_what_an_earlier_import_took(project, tmp_path):
    film = write_video(tmp_path / "a.mp4", [f for n in range(5) for f in still(n, 12)])
    assert import_pictures(project, film, character="Rei", limit=2).kept == 2
    assert import_pictures(project, film, character="Rei", limit=3).kept == 1
    assert import_pictures(project, film, character="Rei").kept == 2


def test_a_run_that_is_stopped_goes_on_where_it_was(project, tmp_path):
    film = write_video(tmp_path / "a.mp4", [f for n in range(6) for f in still(n, 12)])

    def stop(progress):
        if progress.n >= 2:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        import_pictures(project, film, character="Rei", report=stop)
    before = len(project.catalogue.pictures())
    assert 2 <= before < 6
    assert import_pictures(project, film, character="Rei").kept == 6 - before


def test_a_preview_counts_and_takes_nothing(project, film):
    assert preview_import(film, unnamed=True).characters == {"": 3}
    assert project.catalogue.pictures() == []


def test_who_is_on_it_must_be_said(project, film):
    with pytest.raises(SourceError, match=r"does not say who is on it.*--character.*--unnamed"):
        import_pictures(project, film)
    with pytest.raises(SourceError, match="does not say who"):
        preview_import(film)
    with pytest.raises(DataError, match="does not say who"):
        Arguments(("video",), origin=film)


def test_faces_are_not_what_a_video_gives(project, film):
    with pytest.raises(SourceError, match="whole pictures"):
        import_pictures(project, film, kind="faces", unnamed=True)


def test_a_file_that_is_cut_short_gives_what_it_has(project, tmp_path):
    film = write_video(tmp_path / "a.mkv", [f for n in range(8) for f in still(n, 12)])
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    assert 1 <= import_pictures(project, film, unnamed=True).kept < 8


def test_what_is_no_video_ends_with_a_sentence(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\x00" * 1000)
    with pytest.raises(SourceError, match=r"video: a\.mp4 is not a video that can be read.*ffmpeg"):
        open_source("video", SourceOptions(path=path))


@pytest.mark.parametrize(
    ("seconds", "stamp"),
    [(0, "0:00:00.000"), (3725.25, "1:02:05.250"), (59.9996, "0:01:00.000"), (36_000, "10:00:00.000")],
)
def test_a_time_is_told_in_hours_minutes_and_seconds(seconds, stamp):
    assert _stamp(seconds) == stamp


def test_a_video_gives_a_picture_for_each_stretch_and_one_more_at_most(film):
    source = open_source("video", SourceOptions(path=film))
    assert replace(source, seconds=10.0, every=4.0).most == 4
    assert replace(source, seconds=None).most == 1_000_000
    assert source.owns(f"{film.as_uri()}#t=1.000") and not source.owns(film.as_uri())


def test_who_waits_hears_each_second_that_it_goes_on(film, monkeypatch):
    """On a clock that each look moves on by 0.4 seconds."""
    now, beats = [0.0], []
    monkeypatch.setattr("core.collect.video.clock.monotonic", lambda: now.__setitem__(0, now[0] + 0.4) or now[0])
    list(open_source("video", SourceOptions(path=film)).search(Query("Rei", beat=lambda: beats.append(now[0]))))
    gaps = np.diff(beats)
    assert len(gaps) > 3 and gaps.min() > 1 and gaps.max() < 2.3


def test_a_video_that_breaks_off_is_told(film, monkeypatch):
    def broken(path):
        raise PictureError("it is torn.")

    source = open_source("video", SourceOptions(path=film))
    monkeypatch.setattr("core.collect.video.VideoReader", broken)
    with pytest.raises(SourceError, match=r"video: it is torn\..*convert it with ffmpeg"):
        list(source.search(Query("Rei")))
