import numpy as np
from streamlit.testing.v1 import AppTest

from core.imaging.reading import read_picture
from ui.common.grid import on_paper, thumb


def test_a_thumbnail_is_square_and_shows_the_whole_picture():
    wide = np.zeros((50, 100, 3), np.uint8)
    small = on_paper(wide, 20)
    assert small.shape == (20, 20, 3)
    assert (small[5:15] == 0).all() and (small[0] > 200).all() and (small[-1] > 200).all()
    assert on_paper(np.zeros((3, 2, 3), np.uint8), 20).shape == (20, 20, 3)


def test_a_changed_file_gets_a_new_thumbnail_and_a_missing_one_none(tmp_path):
    import os

    import cv2

    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.zeros((40, 40, 3), np.uint8))
    os.utime(path, (1, 1))
    assert read_picture(thumb(path, 20)).max() < 20
    cv2.imwrite(str(path), np.full((40, 40, 3), 255, np.uint8))
    os.utime(path, (2, 2))
    assert read_picture(thumb(path, 20)).min() > 235
    assert thumb(tmp_path / "none.png", 20) is None
    broken = tmp_path / "b.png"
    broken.write_bytes(b"no picture")
    assert thumb(broken, 20) is None


def page():
    import numpy as np
    import streamlit as st

    from core.imaging.reading import encode_jpeg
    from ui.common.grid import Tile, picture_grid

    data = encode_jpeg(np.zeros((8, 8, 3), np.uint8))
    st.session_state["answer"] = picture_grid(
        [Tile(i, data, f"name {i}") for i in range(5)], key="g", page_size=3, pick=True
    )


def test_picks_are_kept_while_pages_are_turned():
    app = AppTest.from_function(page, default_timeout=30).run()
    app.session_state["g_picked"].add(1)  # as a click in the browser does, which AppTest cannot
    app.button(key="g_on").click().run()
    app.session_state["g_picked"].add(4)
    app.run()
    assert app.session_state["answer"] == [1, 4]
    app.button(key="g_back").click().run()
    app.button(key="g_all").click().run()
    assert app.session_state["answer"] == [0, 1, 2, 4]
    assert app.session_state["g_round"] == 1, "the browser forgets what it knew"
    app.button(key="g_none").click().run()
    assert app.session_state["answer"] == []
