import inspect

import pytest

from core.errors import DataError
from core.server.listen import serve


def test_without_tokens_nobody_else_is_listened_to(project):
    with pytest.raises(DataError, match="token file"):
        serve(project, host="0.0.0.0", port=1)


def test_the_command_and_the_function_listen_in_the_same_place():
    from core.commands.serve import Arguments

    asked = Arguments(token_file=None) if "token_file" in Arguments.__dataclass_fields__ else Arguments()
    defaults = {name: value.default for name, value in inspect.signature(serve).parameters.items()}
    assert (asked.host, asked.port) == (defaults["host"], defaults["port"]) == ("127.0.0.1", 8000)
