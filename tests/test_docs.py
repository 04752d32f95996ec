"""The documents: no link leads nowhere, and the command line's reference is what the commands declare."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path

import pytest

from core.commands.parser import parser
from core.drawn import cast, draw
from core.imaging.reading import encode_jpeg
from core.reference import reference
from core.settings import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("models/*.md"), *ROOT.glob("data/*.md")]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path):
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        assert there.exists(), f"{path.name} links to {target}, which is not there"
        assert not anchor or anchor in anchors(there), f"{path.name} links to {target}: there is no such heading"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_module_and_document_that_is_named_exists(path):
    for name in re.findall(r"`((?:core|ui|tests|recipes|benchmarks|docs|pages)/[\w/]+\.(?:py|md))`", path.read_text()):
        assert (ROOT / name).is_file(), f"{path.name} names {name}, which is not there"


def test_the_reference_of_the_command_line_is_up_to_date():
    """`python3 run.py docs` writes it anew."""
    assert (ROOT / "docs/cli.md").read_text(encoding="utf-8") == reference(parser())


PLACEHOLDERS = {"COMMAND", "FORMAT", "...", "count"}
"""Words that stand for others; `count` is the command that docs/extending.md teaches to write."""


def commands(path: Path) -> list[list[str]]:
    """The words after `python -m core` of the whole command lines of a document, in its indented blocks and tables."""
    found = re.findall(r"python3? -m core ([^`\n#]+)", path.read_text(encoding="utf-8"))
    lines = [shlex.split(line) for line in found]
    return [words for words in lines if not PLACEHOLDERS & set(words)]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_command_in_a_document_is_one_that_the_parser_takes(path):
    for words in commands(path):
        try:
            parser().parse_args(words)
        except SystemExit:
            pytest.fail(f"{path.name} shows a command that is refused: {shlex.join(words)}")


def test_the_readme_s_python_runs(tmp_path):
    """Its five lines, on a drawn picture."""
    block = (ROOT / "README.md").read_text(encoding="utf-8").split("### In Python\n\n")[1].split("\n\n")[0]
    picture = tmp_path / "drawn.jpg"
    picture.write_bytes(encode_jpeg(draw(cast(1, 0)[0], 3).pixels))
    names: dict = {}
    exec(textwrap.dedent(block).replace("PICTURE", picture.as_posix()), names)
    assert names["vectors"].shape == (len(names["boxes"]), 256)
