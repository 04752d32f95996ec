import inspect
import socket

import pytest

from core.cli import main
from core.errors import DataError
from core.server.limits import ServerLimits
from core.server.listen import check_free, serve


def test_without_tokens_nobody_else_is_listened_to(project):
    with pytest.raises(DataError, match="token file"):
        serve(project, host="0.0.0.0", port=1)


def test_the_command_and_the_function_listen_in_the_same_place():
    from core.commands.serve import Arguments

    asked = Arguments(token_file=None) if "token_file" in Arguments.__dataclass_fields__ else Arguments()
    defaults = {name: value.default for name, value in inspect.signature(serve).parameters.items()}
    assert (asked.host, asked.port) == (defaults["host"], defaults["port"]) == ("127.0.0.1", 8000)


@pytest.mark.parametrize("tokens", [False, True])
def test_it_listens_where_it_is_told_and_finishes_what_was_begun(project, monkeypatch, tmp_path, tokens):
    import uvicorn

    seen = {}
    monkeypatch.setattr("core.server.app.create_app", lambda service, tokens, limits: (service, tokens, limits))
    monkeypatch.setattr("core.server.service.Service", lambda project, limits: (project, limits))
    monkeypatch.setattr("core.server.listen.check_free", lambda *_: None)
    monkeypatch.setattr(uvicorn, "run", lambda app, **values: seen.update(app=app, **values))
    file = tmp_path / "tokens.txt"
    file.write_text("x" * 40 + " read\n")
    serve(project, host="0.0.0.0" if tokens else "127.0.0.1", port=81, token_file=file if tokens else None)
    service, read, limits = seen.pop("app")
    assert service == (project, limits) and limits == ServerLimits()
    assert (read is not None) is tokens
    assert seen.pop("host") == ("0.0.0.0" if tokens else "127.0.0.1")
    assert seen == {"port": 81, "log_level": "warning", "timeout_graceful_shutdown": 30, "server_header": False}


def test_a_port_that_is_in_use_is_told_in_words_and_ends_with_1(project, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["serve", "--workspace", "test", "--port", str(port)]) == 1
    told = (
        f"serve: Port {port} of 127.0.0.1 is in use, perhaps by a server that runs already. Choose another with --port."
    )
    assert told in capsys.readouterr().err
    check_free("127.0.0.1", port)


def test_an_address_of_another_machine_is_told():
    with pytest.raises(DataError, match=r"Nobody can listen on 192\.0\.2\.1, port 8000: .* Choose others with --host"):
        check_free("192.0.2.1", 8000)
