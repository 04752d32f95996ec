import pytest

from core.errors import DataError
from core.server.listen import is_loopback, serve


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_addresses_of_this_machine_are_its_own(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", "localhost.example.org", ""])
def test_other_addresses_are_not(host):
    assert not is_loopback(host)


def test_without_tokens_nobody_else_is_listened_to(project):
    with pytest.raises(DataError, match="token file"):
        serve(project, host="0.0.0.0", port=1)
