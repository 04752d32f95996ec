"""The reference of the command line, from a parser whose words are known."""

from __future__ import annotations

import argparse

from core.reference import HEAD, reference


def test_each_option_is_a_row_with_its_value_its_meaning_and_its_default():
    top = argparse.ArgumentParser()
    one = top.add_subparsers().add_parser("import", help="a folder")
    one.add_argument("path")
    one.add_argument("--kind", choices=("a", "b"), required=True)
    one.add_argument("--name", nargs="+", metavar="N", help="who|what")
    one.add_argument("--limit", type=int, default=5, help="at most 100%% of them")
    one.add_argument("--pairs", nargs=2, metavar=("A", "B"))
    one.add_argument("--seed", type=int, default=0, help="default 0")
    one.add_argument("--json", action="store_true", help="one document")
    one.add_argument("--secret", help=argparse.SUPPRESS)
    text = reference(top)
    assert text.startswith(HEAD)
    assert text.removeprefix(HEAD).strip().splitlines() == [
        "## import",
        "",
        "A folder.",
        "",
        "| option | meaning |",
        "|---|---|",
        "| `PATH` |  |",
        "| `--kind {a,b}` | required |",
        "| `--name N ...` | who\\|what |",
        "| `--limit LIMIT` | at most 100% of them (default 5) |",
        "| `--pairs A B` |  |",
        "| `--seed SEED` | default 0 |",
        "| `--json` | one document |",
    ]
