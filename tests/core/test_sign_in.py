import pytest

from core.errors import DataError
from core.settings import Settings
from core.sign_in import is_allowed, is_loopback, listening_address, main, may_listen, providers

AUTH = '[auth]\nredirect_uri = "http://localhost:8501/oauth2callback"\nclient_kwargs = { prompt = "login" }\n'


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost"])
def test_addresses_of_this_machine_are_its_own(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", "localhost.example.org", ""])
def test_other_addresses_are_not(host):
    assert not is_loopback(host)


def test_providers_are_those_that_the_secrets_name(tmp_path):
    there, none = tmp_path / "secrets.toml", tmp_path / "none.toml"
    assert providers([none]) == ()
    there.write_text('[other]\nkey = "x"\n')
    assert providers([there]) == ()
    there.write_text(AUTH)
    assert providers([none, there]) == ("default",)
    there.write_text(AUTH + "[auth.google]\n[auth.okta]\n")
    assert providers([there]) == ("google", "okta")


@pytest.mark.parametrize("text", ["[auth", "auth = 3\n"])
def test_secrets_that_cannot_be_read_are_not_taken_for_none(tmp_path, text):
    (tmp_path / "secrets.toml").write_text(text)
    with pytest.raises(DataError, match=r"secrets\.toml"):
        providers([tmp_path / "secrets.toml"])


@pytest.mark.parametrize(
    ("user", "allowed", "enters"),
    [
        ({"email": "ann@example.org"}, "", False),
        ({"email": "ann@example.org"}, "bob@example.org, ANN@example.org", True),
        ({"email": "Ann@Example.Org"}, "ann@example.org", True),
        ({"email": "joann@example.org"}, "ann@example.org", False),
        ({"email": "ann@example.org.evil.com"}, "ann@example.org,*@example.org", False),
        ({"email": "ann@evil.com"}, "ann*,*@example.org", False),
        ({"email": "ann@sub.example.org"}, "*@example.org", False),
        ({"email": "ann@example.org"}, "*@example.org", True),
        ({"email": "example.org"}, "*@example.org", False),
        ({"email": "ann@evil.com"}, "*", True),
        ({"sub": "7"}, "*", True),
        ({"sub": "7"}, "*@example.org", False),
        ({"email": "ann@example.org", "email_verified": False}, "*,ann@example.org", False),
        ({"email": "ann@example.org", "email_verified": "false"}, "ann@example.org", False),
        ({"email": "ann@example.org", "email_verified": True}, "ann@example.org", True),
    ],
)
def test_who_is_allowed_enters(user, allowed, enters):
    assert is_allowed(user, allowed) is enters


def test_elsewhere_it_listens_with_a_sign_in_or_when_told_so():
    closed, told = Settings(without_sign_in=False), Settings(without_sign_in=True)
    assert may_listen("localhost", signs_in=False, settings=closed) == ""
    assert may_listen("0.0.0.0", signs_in=True, settings=closed) == ""
    assert may_listen("0.0.0.0", signs_in=False, settings=told) == ""
    assert "listen on 0.0.0.0" in may_listen("0.0.0.0", signs_in=False, settings=closed)
    assert "every address" in may_listen("", signs_in=False, settings=closed)


def test_the_address_is_that_of_the_options_else_the_environment_else_the_file(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[server]\naddress = "localhost"\n')
    assert listening_address([], {}, []) == ""
    assert listening_address([], {}, [tmp_path / "none", config]) == "localhost"
    assert listening_address([], {"STREAMLIT_SERVER_ADDRESS": "::"}, [config]) == "::"
    for options in (["--server.address", "0.0.0.0"], ["--server.address=::1", "--server.address=0.0.0.0"]):
        assert listening_address(options, {"STREAMLIT_SERVER_ADDRESS": "::"}, [config]) == "0.0.0.0"


def test_the_start_is_refused_with_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("WHOAMI_WITHOUT_SIGN_IN", raising=False)
    monkeypatch.delenv("STREAMLIT_SERVER_ADDRESS", raising=False)
    monkeypatch.setattr("core.sign_in.FOLDERS", (tmp_path,))
    assert main(["--server.address", "127.0.0.1"]) == 0 and capsys.readouterr().err == ""
    assert main(["--server.address", "0.0.0.0"]) == 1
    assert "docs/sign-in.md" in capsys.readouterr().err
    (tmp_path / "named.toml").write_text(AUTH)
    assert main(["--server.address", "0.0.0.0", "--secrets.files", str(tmp_path / "named.toml")]) == 0
    (tmp_path / "secrets.toml").write_text("[auth")
    assert main(["--server.address", "127.0.0.1"]) == 1, "what it would have asked for is not known"
