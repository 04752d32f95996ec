import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

from core.cli import main
from core.settings import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_server_answers_until_it_is_stopped(workspace, settings):
    port = free_port()
    command = [sys.executable, "-m", "core", "serve", "--workspace", "test", "--data-dir", str(settings.data_dir)]
    environment = os.environ | {"PYTHONWARNINGS": "ignore"}
    server = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        answer = None
        while answer is None:
            assert server.poll() is None, server.stderr.read().decode()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
                    answer = json.load(response)
            except OSError:
                continue
        assert answer["workspace"] == "test" and answer["ready"] is False
    finally:
        server.send_signal(signal.SIGINT)
        _, words = server.communicate(timeout=60)
    assert server.returncode in (0, 3), words.decode()
    assert b"Traceback" not in words


def test_elsewhere_only_with_a_token_file(workspace, settings, capsys):
    asked = ["serve", "--workspace", "test", "--data-dir", str(settings.data_dir), "--host", "0.0.0.0"]
    assert main(asked) == 1
    assert "--token-file" in capsys.readouterr().err
