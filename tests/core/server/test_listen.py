import pytest

from core.errors import DataError
from core.server.listen import serve


def test_without_tokens_nobody_else_is_listened_to(project):
    with pytest.raises(DataError, match="token file"):
        serve(project, host="0.0.0.0", port=1)
