"""A local cluster of Ray for tests."""

import pytest

from core.settings import ROOT
from tests.scale.bright import DEADLY


@pytest.fixture(scope="module")
def deadly(tmp_path_factory):
    """The file that makes the detector `bright` die once."""
    return tmp_path_factory.mktemp("deadly") / "now"


@pytest.fixture(scope="module")
def cluster(deadly):
    """A local cluster for the tests of a module, whose workers find this package and do not die of what others take."""
    ray = pytest.importorskip("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("RAY_memory_monitor_refresh_ms", "0")
        patch.setenv(DEADLY, str(deadly))
        patch.delenv("RAY_ADDRESS", raising=False)
        yield
        ray.shutdown()


@pytest.fixture
def nodes(cluster, monkeypatch):
    """A cluster of two nodes with a core each, found by its address; call the second to kill it."""
    import ray
    from ray.cluster_utils import Cluster

    ray.shutdown()
    size = {"num_cpus": 1, "object_store_memory": 100_000_000}
    two = Cluster(initialize_head=True, head_node_args=size | {"include_dashboard": False})
    second = two.add_node(**size)
    monkeypatch.setenv("RAY_ADDRESS", two.address)
    yield lambda: two.remove_node(second, allow_graceful=False)
    ray.shutdown()
    two.shutdown()
