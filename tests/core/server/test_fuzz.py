"""Whatever the documentation allows, and much that it does not, never ends in an internal error."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from core.server.app import create_app
from core.server.service import Service
from core.settings import Settings
from core.workspace.project import open_project
from tests.core.server.serving import client_of

REQUESTS = int(os.environ.get("WHOAMI_FUZZ", "500"))
PATIENCE = 120
"""Seconds: a busy machine is no failure; the server itself gives up after as many."""


@pytest.mark.usefixtures("no_cover")  # each operation is tested for itself; counting doubles the time
@pytest.mark.filterwarnings("ignore")
def test_no_request_ends_in_an_internal_error(tmp_path):
    import schemathesis

    statuses: dict[int, int] = {}
    failed = []
    with open_project("fuzzed", Settings(data_dir=tmp_path), create=True) as project:
        service = Service(project)
        with client_of(create_app(service)) as client:
            schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
            operations = [result.ok() for result in schema.get_all_operations()]
            modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
            strategies = []
            for operation in operations:
                strategies.append(operation.as_strategy(generation_mode=modes[0]))
                if operation.method.upper() == "POST":
                    strategies.append(operation.as_strategy(generation_mode=modes[1]))
            each = REQUESTS // len(strategies) + 1

            def ask(case):
                response = case.call(base_url=str(client.base_url), timeout=PATIENCE)
                statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
                if response.status_code >= 500:
                    failed.append((case.as_curl_command(), response.text))

            for strategy in strategies:
                limits = settings(
                    max_examples=each,
                    derandomize=True,
                    database=None,
                    deadline=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                limits(given(case=strategy)(ask))()
        service.close()
    assert failed == []
    assert len(statuses) >= 3, "good and bad requests were made"
