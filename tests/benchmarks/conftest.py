"""benchmarks/ is not what coverage is asked about."""

import pytest


@pytest.fixture(autouse=True)
def uncounted(no_cover):
    """What of the app runs here is counted where it is tested for itself; to count it again only costs time."""
