import pytest
from streamlit.testing.v1 import AppTest

from core.balance.balancing import balance
from core.balance.config import BalanceConfig
from core.settings import ROOT
from tests.coloured_faces import add_face


def run() -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "balance.py"), default_timeout=60).run()
    assert not app.exception
    return app


@pytest.fixture
def cast(project):
    """Eight faces of Rei and four of Asuka."""
    for name, n, blue in (("Rei", 8, 40), ("Asuka", 4, 200)):
        character = project.catalogue.add_character(name)
        for i in range(n):
            add_face(project, character, f"{name}{i}", (25 * i, 255 - 25 * i, blue))
    return project


def test_without_faces_the_page_points_to_collect(workspace):
    assert "no faces" in run().info[0].value


def test_the_plan_is_shown_before_anything_is_made(cast):
    project = cast
    app = run()
    app.number_input(key="balance_per_character").set_value(6).run()
    table = app.dataframe[0].value.set_index("character")
    parts = table["training"] + table["validation"]
    assert parts.to_dict() == {"Rei": 8, "Asuka": 4}
    assert (table["training"] + table["copies"]).tolist() == [6, 6]
    assert app.code[0].value == "python -m core balance --workspace test --per-character 6"
    assert all(f.split == "" for f in project.catalogue.faces())


def test_settings_that_cannot_be_are_said_and_corrected_by_the_widgets(cast):
    app = run()
    assert app.number_input(key="balance_strangers").max == 0  # two characters are needed to train on


def test_after_it_the_leak_check_is_shown_and_the_copies_go_back(cast):
    project = cast
    done = balance(project, BalanceConfig(6))
    app = run()
    assert "no picture has faces both in training" in app.success[0].value
    app.button(key="balance_remove").click().run()
    assert not app.exception
    assert not [f for f in project.catalogue.faces(state="kept") if f.copy_of]
    app.button(key="balance_undo").click().run()
    assert len([f for f in project.catalogue.faces(state="kept") if f.copy_of]) == done.copies


def test_a_face_on_both_sides_is_an_error(cast):
    project = cast
    balance(project, BalanceConfig(6))
    train, check = (project.catalogue.faces(split=part, copy_of=None)[0] for part in ("train", "validation"))
    project.catalogue.set_values("faces", {check.id: {"sha256": train.sha256}})
    assert "are on both sides" in run().error[0].value


def test_a_data_set_is_measured_and_started_with_its_command(cast, tmp_path):
    app = run()
    app.selectbox(key="export_format").set_value("kohya").run()
    app.number_input(key="export_repeats").set_value(3)
    app.selectbox(key="export_crop").set_value("face")
    app.number_input(key="export_min_side").set_value(1)
    app.text_input(key="export_out_test-kohya").set_value(str(tmp_path / "set")).run()
    assert app.code[-1].value == (
        f"python -m core export --workspace test --out {tmp_path / 'set'} --format kohya --crop face --min-side 1 "
        "--repeats 3"
    )
    app.button(key="export_dry").click().run()
    assert not app.error, app.error[0].value
    assert any("25 files" in one.value and "3\\_Rei 8, 3\\_Asuka 4" in one.value for one in app.info)
    assert not (tmp_path / "set").exists()


def test_a_place_that_is_taken_is_said(cast, tmp_path):
    (tmp_path / "full.txt").write_text("x")
    app = run()
    app.text_input(key="export_out_test-imagefolder").set_value(str(tmp_path)).run()
    app.button(key="export_dry").click().run()
    assert "holds something already" in app.error[-1].value
