"""What deploy/ promises; the image itself is not built here."""

from __future__ import annotations

import re

import pytest
import yaml

from core.settings import ROOT

DEPLOY = ROOT / "deploy"
LINES = re.sub(r"\\\n\s*", " ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8")).splitlines()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def said(instruction: str) -> list[str]:
    """What an instruction of the Dockerfile is given, each time it stands there."""
    return [line.split(maxsplit=1)[1] for line in LINES if line.split(maxsplit=1)[:1] == [instruction]]


def test_the_base_is_pinned_to_a_version_of_python_that_the_app_runs_on():
    (base,) = said("FROM")
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", base)


def test_nobody_is_root_and_the_data_lie_in_volumes():
    assert said("USER") == ["10001"]
    assert LINES.index("USER 10001") < next(n for n, line in enumerate(LINES) if line.startswith("CMD"))
    assert said("VOLUME") == ['["/data", "/models"]']
    (environment,) = said("ENV")
    assert {"WHOAMI_DATA_DIR=/data", "WHOAMI_MODELS_DIR=/models", "HOME=/tmp"} <= set(environment.split())


def test_its_health_is_checked():
    assert "/_stcore/health" in said("HEALTHCHECK")[0]
    assert "/healthz" in COMPOSE["services"]["api"]["healthcheck"]["test"][-1]


def test_it_is_asked_first_whether_it_may_listen():
    assert said("CMD")[0].index("core.sign_in --server.address 0.0.0.0 &&") < said("CMD")[0].index("streamlit run")


def test_what_is_copied_exists_and_holds_no_secret():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"
    allowed = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    for copied in said("COPY"):
        for source in copied.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert any(source.startswith(one.partition("*")[0]) for one in allowed), f"{source} is ignored"
    assert not any("secrets" in one or one in (".streamlit", "data", "models") for one in allowed)


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_each_service_is_locked_down_and_reached_from_this_machine_alone(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True and service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["data:/data", "models:/models"]
    assert set(COMPOSE["volumes"]) == {"data", "models"}
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()
