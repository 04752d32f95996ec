"""Arguments as values: value -> words of the command line -> value, for every command."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest

from core.balance.config import BalanceConfig
from core.cli import main
from core.collect.config import CollectConfig
from core.commands import (
    COMMANDS,
    backup,
    balance,
    characters,
    clean,
    collect,
    command_of,
    crop,
    demo,
    detect,
    doctor,
    enrol,
    evaluate,
    export,
    import_,
    recognise,
    restore,
    serve,
    status,
    sync,
    timeline,
    tour,
    train,
    undo,
)
from core.commands import map as map_
from core.commands.arguments import declare, read, words
from core.commands.parser import parser
from core.crop.config import CropConfig
from core.datasets.config import ExportConfig
from core.errors import DataError
from core.options import check, kinds, option, option_of
from core.recognise.config import RecogniseConfig
from core.train.config import TrainConfig
from core.train.presets import preset
from core.visualise.map_settings import MapSettings

VALUES = (
    tour.Arguments(3, 12, 7),
    characters.Arguments(rename=("Rei", "Rei Ayanami")),
    characters.Arguments(split=("Rei", "3", "4"), into="Yui"),
    characters.Arguments(ignore=(3, 4)),
    serve.Arguments("0.0.0.0", 80, Path("-tokens")),
    timeline.Arguments(Path("-a.mp4"), Path("out.srt"), 0.05, "run-1", 6.0, True),
    demo.Arguments(3, 12, 7),
    collect.Arguments(("bing", "urls"), ("Rei", "-Asuka", "C C"), Path("a b.csv"), Path("list"), "http://x", 4),
    collect.Arguments(("drawn",), config=CollectConfig(9, 100, -1, "face", at_once=4, ahead=10, give_up_after=2)),
    import_.Arguments(Path("-dash.zip"), "faces", 5, "--Rei", dry_run=True),
    crop.Arguments(CropConfig("cnn", 0.1 + 0.2, 0.5, 30, 8, True)),
    crop.Arguments(keep=(3, 1), named="--Rei"),
    crop.Arguments(reject=(3,), reason="a hand"),
    crop.Arguments(review_list=True, status="all"),
    crop.Arguments(export_boxes=Path("boxes.json")),
    crop.Arguments(import_boxes=Path("-yolo"), force=True),
    balance.Arguments(BalanceConfig(20, True, "augment", 0.1, 2, 5), dry_run=True),
    balance.Arguments(remove=True),
    train.Arguments("quick", "random", 9, 3, None, ("margin=0.2", "width=16")),
    train.Arguments(resume="quick-1"),
    evaluate.Arguments("pretrained", Path("faces"), 3, True, Path("-report.html")),
    map_.Arguments(Path("map.html"), MapSettings("tsne", 3, 9, 0.25, 12.5, 1), "quick-1"),
    enrol.Arguments((("Rei", "3", "a b.jpg"), ("Asuka", "4")), "pretrained"),
    recognise.Arguments(
        (Path("a"), Path("-b")), RecogniseConfig(0.05, True, True, True, "quick-1", "cnn", 0.3), Path("out.csv")
    ),
    recognise.Arguments((Path("-a"),), jsonl=Path("out.jsonl"), resume=True, sort_into=Path("sorted"), link=True),
    recognise.Arguments((Path("-a"),), only="Rei", sort_into=Path("s"), dry_run=True, annotate=Path("-drawn")),
    detect.Arguments((Path("a"),), "cascade", 0.0),
    export.Arguments(Path("-encoder.onnx"), encoder="pretrained"),
    export.Arguments(Path("set"), "kohya", dry_run=True, config=ExportConfig("face", 64, 3)),
    status.Arguments(),
    undo.Arguments(redo=True),
    sync.Arguments(),
    backup.Arguments(Path("-b.zip")),
    restore.Arguments(Path("b.zip")),
    doctor.Arguments(True),
    clean.Arguments(dry_run=True),
)


def as_read(value):
    """The value after a way over the command line."""
    command = command_of(value)
    return command.read(parser().parse_args([command.name, *workspace(command), *words(value)]))


def exit_code(argv: list[str]) -> int:
    """argparse leaves by SystemExit, what is refused afterwards by a return value."""
    try:
        return main(argv)
    except SystemExit as end:
        return end.code


def workspace(command) -> list[str]:
    return [] if command.workspace == "none" else ["--workspace", "w"]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: command_of(v).name)
def test_what_is_said_on_the_command_line_is_what_was_meant(value):
    written = words(value)
    if isinstance(value, import_.Arguments | recognise.Arguments):
        # a path that looks like an option is written with ./ in front, which is the same path
        assert any(word.startswith("./-") for word in written)
    assert as_read(value) == value


def checked(config) -> list[tuple[str, int]]:
    """The numbers, switches and choices of a dataclass, with how deep each is a tuple."""
    found = ((one.name, option_of(one), *kinds(config)[one.name]) for one in fields(config))
    return [(name, depth) for name, about, kind, _, depth in found if kind in (int, float, bool) or about.choices]


@pytest.mark.parametrize("command", [c for c in COMMANDS.values() if checked(c.arguments)], ids=lambda c: c.name)
def test_a_value_of_another_kind_is_refused(command):
    value = next(v for v in VALUES if type(v) is command.arguments)
    for name, depth in checked(command.arguments):
        with pytest.raises(DataError, match=f"^{name} is "):
            replace(value, **{name: ("odd",) if depth else "odd"})


def test_every_command_is_tried_here():
    assert {command_of(value).name for value in VALUES} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda c: c.name)
def test_defaults_are_not_said(command):
    value = next(v for v in VALUES if type(v) is command.arguments)
    said = words(value)
    assert said == words(as_read(value))
    if command.name in ("status", "sync"):
        assert said == []


@pytest.mark.parametrize(
    "config",
    [
        preset("recommended"),
        preset("quick", init="random", seed=4),
        preset("article"),
        TrainConfig(preset="mine", init="random", margin=None, epochs=3, learning_rate=1e-4, mining="none", seed=2),
        preset("quick", init="imagenet").with_settings(["margin=0.2", "epochs=7"]),
    ],
    ids=lambda c: f"{c.preset}-{c.init}",
)
def test_a_training_is_the_same_after_the_way_over_the_command_line(config):
    assert as_read(train.Arguments.of(config)).config() == config


def test_a_preset_is_said_in_few_words():
    assert words(train.Arguments.of(preset("recommended"))) == []
    assert words(train.Arguments.of(preset("quick", seed=3))) == ["--preset", "quick", "--seed", "3"]


def test_only_what_differs_is_said():
    assert words(balance.Arguments(BalanceConfig(per_character=20, cap=True))) == ["--per-character", "20", "--cap"]


@pytest.mark.parametrize(
    "argv",
    [
        ["balance", "--per-character", str(10**9)],
        ["balance", "--per-character", "0"],
        ["balance", "--validation", "nan"],
        ["balance", "--validation", "1"],
        ["balance", "--strangers", "-1"],
        ["balance", "--seed", "-1"],
        ["balance", "--seed", str(2**63)],
        ["balance", "--dry-run", "--remove"],
        ["crop", "--accept", "1.5"],
        ["crop", "--min-side", "0"],
        ["crop", "--batch", "1000000"],
        ["crop", "--keep", "0"],
        ["crop", "--keep", "1", "--reject", "2"],
        ["crop", "--import-boxes", ""],
        ["crop", "--status", "odd"],
        ["train", "--epochs", str(10**9)],
        ["train", "--set", "preset=../../x"],
        ["train", "--set", "margin=nan"],
        ["train", "--set", "nonsense"],
        ["train", "--resume", ""],
        ["recognise", "a.jpg", "--far", "0"],
        ["recognise", "a.jpg", "--far", "1"],
        ["recognise", "a.jpg", "--min-score", "-1"],
        ["recognise", ""],
        ["recognise", "a.jpg", "--csv", ""],
        ["import", "", "--kind", "faces"],
        ["import", "x.zip", "--kind", "faces", "--limit", "-5"],
        ["collect", "--source", ""],
        ["collect", "--source", "bing", "--limit", str(10**9)],
        ["collect", "--source", "bing", "--from", ""],
        ["map", "--out", ""],
        ["map", "--out", "m.html", "--dimensions", "4"],
        ["enrol", "--character", "Rei"],
        ["backup", "--out", ""],
        ["status", "--data-dir", ""],
        ["demo", "--pictures", str(10**12)],
        ["characters", "--delete", ""],
        ["characters", "--split", "Rei", "1", "--into", " "],
        ["crop", "--keep", "1", "--as", ""],
        ["import", "x", "--kind", "faces", "--character", "\t"],
        ["recognise", "a.jpg", "--only", ""],
        ["serve", "--host", ""],
    ],
    ids=" ".join,
)
def test_what_is_out_of_range_or_empty_is_wrong_usage(argv, capsys):
    assert exit_code([argv[0], "--workspace", "w", *argv[1:]]) == 2
    assert re.search(rf"error: |^{argv[0]}: .*--help", capsys.readouterr().err, re.MULTILINE)


def test_an_empty_workspace_is_wrong_usage(capsys):
    assert exit_code(["status", "--workspace", ""]) == 2


def test_the_range_is_said(capsys):
    with pytest.raises(SystemExit):
        main(["balance", "--workspace", "w", "--per-character", "1000000000"])
    assert "it takes a whole number from 1 to 10,000, got '1000000000'" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as asked:
        main([name, "--help"])
    assert asked.value.code == 0
    assert COMMANDS[name].help[:20] in capsys.readouterr().out


@dataclass(frozen=True)
class Inner:
    """A config inside of another one."""

    depth: int = option(2, low=0, high=9, group="deep things", help="how deep, in 100 % of all cases")
    width: int = option(3, low=0, high=9, group="deep things")


@dataclass(frozen=True)
class Odd:
    """Every kind of argument that no command has yet."""

    size: int = option(low=1, high=9, help="how large")
    inner: Inner = option()
    sure: bool = option(True, help="ask nobody")
    limits: tuple[int, ...] = option((), low=-9, high=9, help="default: none")
    pairs: tuple[tuple[str, ...], ...] = option((), metavar="WORD")
    name: str | None = option("Rei", metavar="NAME", help="whose")

    def __post_init__(self) -> None:
        check(self)


def odd() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="odd")
    declare(made, Odd)
    return made


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Odd(3, Inner()), ["--size", "3"]),
        (Odd(3, Inner(5), sure=False), ["--size", "3", "--depth", "5", "--no-sure"]),
        (Odd(3, Inner(), limits=(1, 2)), ["--size", "3", "--limits", "1", "2"]),
        (Odd(3, Inner(), limits=(-1, 2)), ["--size", "3", "--limits=-1", "--limits", "2"]),
        (
            Odd(3, Inner(), pairs=(("a",), ("b", "c")), name="-x"),
            ["--size", "3", "--pairs", "a", "--pairs", "b", "c", "--name=-x"],
        ),
    ],
)
def test_every_kind_of_argument_comes_back_as_it_was(value, said):
    assert words(value) == said
    assert read(Odd, odd().parse_args(said)) == value


def test_what_is_needed_must_be_there_and_nothing_cannot_be_said(capsys):
    with pytest.raises(SystemExit):
        odd().parse_args([])
    assert "required: --size" in capsys.readouterr().err
    with pytest.raises(ValueError, match="--name cannot be taken back to nothing"):
        words(Odd(3, Inner(), name=None))


@pytest.mark.parametrize("wrong", [["--size", "x"], ["--size", "10"], ["--size", "3", "--name", " "]])
def test_a_wrong_value_is_told_by_the_parser(wrong, capsys):
    with pytest.raises(SystemExit):
        odd().parse_args(wrong)
    told = capsys.readouterr().err
    assert ("a name is needed here" if "--name" in wrong else "it takes a whole number from 1 to 9") in told


def test_the_help_says_what_is_taken_by_default():
    told = " ".join(odd().format_help().split())
    assert "--size SIZE how large --no-sure ask nobody --limits LIMITS [LIMITS ...] default: none" in told
    assert "--name NAME whose (default Rei)" in told
    assert told.endswith("deep things: --depth DEPTH how deep, in 100 % of all cases (default 2) --width WIDTH")
