import hashlib

import pytest

import run
from core.settings import ROOT


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """What would be run; the virtual environment is an empty folder."""
    asked = []

    def pretend(command, *, quiet=False):
        words = [str(c) for c in command]
        asked.append(words)
        if words[1:3] == ["-m", "venv"]:
            (tmp_path / "venv").mkdir(exist_ok=True)
            (tmp_path / "venv" / "python").touch()
        return 0

    monkeypatch.setattr(run, "run", pretend)
    monkeypatch.setattr(run, "VENV", tmp_path / "venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / "venv" / "python")
    monkeypatch.setattr(run, "SECRETS", tmp_path / "secrets.toml")
    return asked


def test_the_first_start_makes_the_environment_installs_and_opens_the_app(commands):
    assert run.main(["--cpu", "--server.port", "9000"]) == 0
    assert [words[1:3] for words in commands] == [
        ["-m", "venv"],
        ["-m", "pip"],
        ["-c", "import cv2"],
        ["-m", "core.sign_in"],
        ["-m", "streamlit"],
    ]
    assert "https://download.pytorch.org/whl/cpu" in commands[1]
    assert commands[-1][3:] == ["run", str(ROOT / "Home.py"), "--server.port", "9000"]


def test_the_second_start_installs_nothing_until_the_requirements_change(commands, tmp_path):
    run.main([])
    commands.clear()
    run.main(["tour", "--seed", "1"])
    assert [words[1:4] for words in commands] == [["-c", "import cv2"], ["-m", "core", "tour"]]
    assert commands[-1][4:] == ["--seed", "1"]
    commands.clear()
    (tmp_path / "venv" / "requirements.txt.stamp").write_text(hashlib.sha256(b"older").hexdigest())
    run.main([])
    assert commands[0][1:4] == ["-m", "pip", "install"]


def test_where_a_sign_in_is_configured_what_it_needs_is_installed(commands, tmp_path):
    (tmp_path / "secrets.toml").touch()
    run.main([])
    assert commands[1][-1] == str(ROOT / "requirements-signin.txt")


def test_where_it_must_not_listen_the_app_is_not_started(commands, monkeypatch):
    monkeypatch.setattr(run, "set_up", lambda *_: None)
    monkeypatch.setattr(run, "opencv_loads", lambda: True)
    monkeypatch.setattr(run, "run", lambda command, **_: commands.append([str(c) for c in command]) or 1)
    assert run.main(["--server.address", "0.0.0.0"]) == 1
    assert [words[1:] for words in commands] == [["-m", "core.sign_in", "--server.address", "0.0.0.0"]]


def test_told_so_it_starts_without_a_sign_in(commands, monkeypatch):
    monkeypatch.setenv("WHOAMI_WITHOUT_SIGN_IN", "")
    assert run.main(["--without-sign-in", "--server.address", "0.0.0.0"]) == 0
    assert run.os.environ["WHOAMI_WITHOUT_SIGN_IN"] == "true"
    assert commands[-1][-2:] == ["--server.address", "0.0.0.0"]


def test_check_hands_its_arguments_to_pytest_and_long_takes_the_long_ones_too(commands, monkeypatch):
    monkeypatch.setattr(run, "browser", lambda: "/usr/bin/chromium")
    run.main(["check", "--long", "tests/ui", "-q"])
    assert commands[-1][1:] == ["-m", "pytest", "-m", "long or not long", "tests/ui", "-q"]


def test_check_runs_two_files_at_a_time_and_what_is_asked_for_counts_more(commands, monkeypatch):
    monkeypatch.setattr(run, "browser", lambda: "/usr/bin/chromium")
    run.main(["check", "-n", "0"])
    assert commands[-1][1:5] == ["-m", "pytest", "-n", "2"]
    assert commands[-1][-2:] == ["-n", "0"]


def test_docs_writes_the_reference_and_checks_the_links(commands, monkeypatch, tmp_path):
    """The reference is what the commands print; it goes where the documents are."""
    (tmp_path / "docs").mkdir()
    printed = run.subprocess.CompletedProcess([], 0, stdout=b"# The command line\n")
    monkeypatch.setattr(run.subprocess, "run", lambda command, **options: printed)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    assert run.docs(["-x"]) == 0
    assert (tmp_path / "docs" / "cli.md").read_text() == "# The command line\n"
    assert commands[-1][1:] == ["-m", "pytest", "-q", "tests/test_docs.py", "-x"]


def test_an_old_python_gets_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2, "final", 0))
    assert run.main([]) == 1
    assert "needs Python 3.11 or newer; you started it with 3.9.2." in capsys.readouterr().out


def test_the_file_itself_can_be_read_by_old_pythons():
    import ast

    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))
