from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.workspace.workspaces import create_workspace, delete_workspace, open_workspace


def page():
    import streamlit as st

    from ui.common.header import open_page

    project = open_page("Balance", "balance", intro="One sentence.")
    st.session_state["opened"] = project.workspace.name


def run(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def test_without_a_workspace_the_next_click_is_named(settings):
    app = run()
    assert "no workspace" in app.info[0].value
    assert [b.key for b in app.button] == ["lead_to_home"]
    assert "opened" not in app.session_state


def test_the_address_opens_a_workspace_and_the_picker_another(settings):
    for name in ("one", "two", "three"):
        create_workspace(name)
    app = run(workspace="one")
    assert app.session_state["opened"] == "one"
    app.sidebar.selectbox[0].select("two").run()
    assert app.session_state["opened"] == "two"


def test_a_workspace_made_anew_under_an_old_name_is_empty(settings):
    one = create_workspace("one")
    from core.workspace.catalogue import Catalogue

    with Catalogue(one.catalogue_path) as catalogue:
        catalogue.add_character("Rei")
    app = run()
    delete_workspace(open_workspace("one"))
    create_workspace("one")
    app.run()
    assert not app.exception
    with Catalogue(Path(one.catalogue_path)) as catalogue:
        assert catalogue.characters() == []


@pytest.mark.parametrize("stale", [False, True])
def test_a_stale_result_is_told(workspace, catalogue, stale):
    from core.workspace.staleness import faces_fingerprint

    catalogue.record_result("balance", "balance", "old" if stale else faces_fingerprint(catalogue))
    assert bool(run().warning) == stale


def test_of_two_outdated_steps_the_one_to_do_first_is_named(workspace, catalogue):
    def visualise():
        from ui.common.header import open_page

        open_page("Visualise", "visualise")

    for kind in ("map", "run"):
        catalogue.record_result(kind, kind, "old")
    app = AppTest.from_function(visualise, default_timeout=30).run()
    assert not app.exception
    assert [w.value for w in app.warning] == ["The faces or their division have changed since the last training."]


@pytest.mark.parametrize("closed", [False, True])
def test_a_workspace_that_may_not_be_written_says_so_before_anybody_tries(settings, monkeypatch, closed):
    create_workspace("one")
    monkeypatch.setattr("core.workspace.catalogue.is_read_only", lambda path: closed)
    assert bool([info for info in run().info if "may not be written" in info.value]) == closed


@pytest.mark.parametrize("broken", [b"", b"not a database" * 1000], ids=["empty", "noise"])
def test_a_broken_catalogue_leaves_the_way_to_another_workspace(settings, broken):
    for name in ("good", "bad"):
        create_workspace(name)
    for path in (settings.data_dir / "bad").glob("catalogue.db*"):
        path.unlink()
    (settings.data_dir / "bad" / "catalogue.db").write_bytes(broken)
    app = run(workspace="bad")
    if broken:
        assert "is damaged" in app.error[0].value
        assert "opened" not in app.session_state
    app.sidebar.selectbox[0].select("good").run()
    assert not app.exception
    assert app.session_state["opened"] == "good"
