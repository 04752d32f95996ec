import json

import pytest

from core.characters.values import Group, Groups
from core.cli import main
from tests.faces import add_faces


@pytest.fixture
def run(project, capsys):
    """Runs `characters` on a workspace with three faces of Rei and two of Asuka."""
    ids = add_faces(project, {"Rei": 3, "Asuka": 2})

    def run(*words):
        code = main(["characters", "--workspace", "test", "--json", *map(str, words)])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out else told.err

    run.ids = ids
    return run


def names(run):
    return {one["name"]: one["faces"] for one in run()[1]["characters"]}


def test_without_a_change_it_lists(run):
    assert names(run) == {"Asuka": 2, "Rei": 3}


def test_each_change_is_made_and_undone(run, capsys):
    rei = run.ids["Rei"]
    for words, after in (
        (("--rename", "Rei", "Rei Ayanami"), {"Asuka": 2, "Rei Ayanami": 3}),
        (("--merge", "Asuka", "Rei"), {"Rei": 5}),
        (("--delete", "Rei"), {"Asuka": 2}),
        (("--split", "Rei", rei[0], rei[1], "--into", "Yui"), {"Asuka": 2, "Rei": 1, "Yui": 2}),
        (("--split", "Rei", rei[0], "--into", "Yui"), {"Asuka": 2, "Rei": 2, "Yui": 1}),
    ):
        code, told = run(*words)
        assert code == 0 and told["changed"] is True, told
        assert names(run) == after
        assert main(["undo", "--workspace", "test"]) == 0
        capsys.readouterr()
        assert {name: n for name, n in names(run).items() if n} == {"Asuka": 2, "Rei": 3}


def test_a_series_is_set_and_a_face_ignored(run, project):
    assert run("--series", "Rei", "Evangelion")[0] == 0
    assert project.catalogue.character("Rei").series == "Evangelion"
    assert run("--ignore", run.ids["Rei"][0])[0] == 0
    assert project.catalogue.face(run.ids["Rei"][0]).ignored


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--rename", "Rei"), "two words"),
        (("--rename", "Nobody", "Somebody"), "Nobody"),
        (("--rename", "Rei", "Asuka"), "already"),
        (("--merge", "Rei", "Rei"), "itself"),
        (("--split", "Rei", "1"), "--into"),
        (("--split", "Rei", "x", "--into", "Yui"), "ids"),
        (("--delete", "Rei", "--rename", "Rei", "Ayanami"), "one of"),
        (("--ignore", "99999"), "99999"),
    ],
)
def test_what_cannot_be_done_is_said(run, words, told):
    code, error = run(*words)
    assert code in (1, 2) and told in error
    assert names(run) == {"Asuka": 2, "Rei": 3}


def test_groups_are_shown_and_named_from_what_was_shown(scene, capsys, monkeypatch):
    monkeypatch.setattr("core.workspace.models.shipped_path", lambda: scene.encoder)
    monkeypatch.setattr("core.workspace.embeddings.load_embedder", scene.load)
    for module in ("non_faces", "heap"):
        monkeypatch.setattr(f"core.characters.{module}.load_embedder", scene.load)
    five, four = scene.add(1, range(5)), scene.add(2, range(4))

    def told(*words):
        assert main(["characters", "--workspace", "test", "--json", *words]) == 0
        return json.loads(capsys.readouterr().out)

    shown = told("--groups")
    assert [(g["id"], g["size"]) for g in shown["groups"]] == [(f"g{five[0]}", 5), (f"g{four[0]}", 4)]
    assert told("--name-group", f"g{five[0]}", "Rei")["action"] == "5 faces named Rei"
    assert told("--name-group", f"g{four[0]}", "Asuka")["changed"]
    assert told("--groups") == {"groups": [], "singles": [], "non_faces": [], "unnamed": 0}
    assert names_of(told()) == {"Asuka": 4, "Rei": 5}
    assert main(["characters", "--workspace", "test", "--name-group", f"g{five[0]}", "Rei"]) == 1
    assert "no group" in capsys.readouterr().err


def names_of(document):
    return {one["name"]: one["faces"] for one in document["characters"]}


def test_what_is_so_already_changes_nothing(run, told):
    assert run("--rename", "Rei", "Rei") == (0, {"changed": False})
    assert told("characters", "--rename", "Rei", "Rei") == "Nothing to change: that is so already.\n"


def test_the_list_is_a_table_and_counts_who_has_no_name(run, told, project):
    assert run()[1]["unnamed"] == 0
    project.catalogue.add_faces([{"picture_id": 1, "path": "faces/unnamed/1.jpg", "state": "kept"}], action="made")
    assert run()[1]["unnamed"] == 1
    assert [line.split() for line in told("characters").splitlines()[2:]] == [["Asuka", "2", "0"], ["Rei", "3", "0"]]


def test_without_characters_it_says_so(told):
    assert told("characters") == "There are no characters yet.\n"


ALIKE = Group("g3", (3, 5, 4), 3, 0.8765, "Rei", 0.71264)
OTHERS = Group("g7", (7, 8), 7, 0.5)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (
            Groups((ALIKE, OTHERS), (1, 2), (9,)),
            [
                "8 faces without a name: 5 in 2 groups, 2 single, 1 probably no faces.",
                "group  faces  cohesion  may be",
                "-----  -----  --------  ----------",
                "g3     3      0.88      Rei (0.71)",
                "g7     2      0.50",
                "Name one with --name-group GROUP NAME.",
            ],
        ),
        (
            Groups((), (1,), ()),
            [
                "1 faces without a name: 0 in 0 groups, 1 single, 0 probably no faces.",
                "No faces look alike enough.",
            ],
        ),
        (Groups((), (), ()), ["Every face has a name. There is nothing to group."]),
    ],
)
def test_groups_are_told_with_who_they_may_be(workspace, capsys, monkeypatch, found, lines):
    asked = []

    def find_groups(project, granularity, *, encoder, report):
        asked.append((granularity, encoder))
        return found

    monkeypatch.setattr("core.characters.groups.find_groups", find_groups)
    monkeypatch.setattr("core.workspace.models.encoder_path", lambda workspace, name: f"file of {name}")
    assert main(["characters", "--workspace", "test", "--groups"]) == 0
    assert capsys.readouterr().out.splitlines() == lines
    options = ["--groups", "--granularity", "0.2", "--encoder", "run-1", "--json"]
    assert main(["characters", "--workspace", "test", *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(g["size"], g["similarity"]) for g in document["groups"]] == [(3, 0.713), (2, -1)][: len(found)]
    assert (document["singles"], document["unnamed"]) == (list(found.singles), found.faces)
    assert asked == [(0.5, None), (0.2, "file of run-1")]
