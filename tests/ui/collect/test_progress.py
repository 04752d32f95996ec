from core.progress import Progress
from ui.collect.progress import NEWEST, newest_tiles, source_table, title_of


def kept(n: int, outcome: str = "kept") -> Progress:
    last = {"outcome": outcome, "path": f"pictures/Rei/{n}.jpg", "picture": n, "character": "Rei"}
    return Progress("collect", n, 100, data={"last": last})


def test_the_newest_kept_pictures_come_first(workspace):
    history = [kept(n) for n in range(20)] + [kept(99, "duplicate"), Progress("collect", 20)]
    tiles = newest_tiles(workspace, history)
    assert [t.id for t in tiles] == list(range(19, 19 - NEWEST, -1))
    assert tiles[0].caption == "Rei"


def test_each_source_has_a_row_with_its_title():
    counts = {"found": 9, "kept": 5, "duplicates": 2, "refused": 1, "failed": 1}
    table = source_table([{"name": "drawn", "state": "fetching", "message": "", **counts}])
    assert table.iloc[0].tolist() == ["Drawn characters", "fetching", 9, 5, 2, 1, 1]
    assert title_of("folder of mine") == "folder of mine"
