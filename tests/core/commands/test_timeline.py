import pytest

from core.cli import main


@pytest.fixture
def run(workspace, settings, tmp_path, capsys):
    def run(video, out):
        asked = ["timeline", "--workspace", "test", "--data-dir", str(settings.data_dir), str(video)]
        return main([*asked, "--out", str(tmp_path / out)]), capsys.readouterr()

    return run


def test_an_ending_that_cannot_be_written_is_told_before_the_work(run, tmp_path):
    code, words = run(tmp_path / "none.mp4", "a.txt")
    assert code == 1 and ".srt" in words.err


def test_without_anybody_enrolled_it_says_what_to_do(run, tmp_path):
    code, words = run(tmp_path / "none.mp4", "a.srt")
    assert code == 1 and "enrol" in words.err.lower()
