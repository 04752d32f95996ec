"""A cluster of two nodes, by its address: one of them dies in the middle, and the result is whole."""

import threading
import time
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from core.scale.shards import FoundFace, find_and_embed, read_faces
from core.settings import ROOT

pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.long]  # what Ray's packages warn of
COUNT = 200


class Slow:
    """Stands for the models: a face on each picture, its vector the brightness, a tenth of a second a picture."""

    def __call__(self):
        def look(pictures):
            time.sleep(0.1 * len(pictures))
            return [[FoundFace((0, 0, 4, 8), 0.9, np.array([p[0, 0, 0], 1], np.float32))] for p in pictures]

        return look


@pytest.fixture
def nodes(monkeypatch):
    """Two nodes of a core each; the one that the driver is not on."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("RAY_memory_monitor_refresh_ms", "0")
    own = {"num_cpus": 1, "object_store_memory": 100_000_000, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=own)
    other = cluster.add_node(num_cpus=1, object_store_memory=100_000_000)
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    yield cluster, other
    ray.shutdown()
    cluster.shutdown()


def test_a_node_that_dies_takes_nothing_with_it(nodes, tmp_path):
    cluster, other = nodes
    pictures = []
    for n in range(COUNT):
        pictures.append(str(tmp_path / f"{n:03d}.png"))
        Image.new("RGB", (8, 8), (n,) * 3).save(pictures[-1])
    killed = threading.Thread(target=lambda: cluster.remove_node(other, allow_graceful=False))
    by_node, seen = set(), []

    def report(progress):
        seen.append(progress.n)
        if progress.n >= COUNT // 4 and not killed.ident:
            import ray

            by_node.update(node["NodeID"] for node in ray.nodes() if node["Alive"])
            killed.start()

    done = find_and_embed(pictures, str(tmp_path / "out"), models=Slow(), workers=2, shard=5, report=report)
    killed.join()
    assert len(by_node) == 2 and done.again >= 1
    rows = list(read_faces(str(tmp_path / "out")))
    assert Counter(row["picture"] for row in rows) == Counter(pictures), "every picture once"
    assert [row["vector"][0] for row in rows] == list(range(COUNT))
    assert seen == sorted(seen) and seen[-1] == COUNT
