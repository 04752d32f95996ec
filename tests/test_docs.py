"""The documents: no link leads nowhere, and the command line's reference is what the commands declare."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.commands.parser import parser
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
