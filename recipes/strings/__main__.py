"""Write the catalogues anew: `python -m recipes.strings`.

ui/locale/messages.pot gets every sentence that the pages show, ui/locale/*.po what is new, and loses what is gone. What
is translated already stays. `--check` writes nothing and fails where something is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

from recipes.strings.extract import Message, messages
from ui.common.language import LOCALE

HEADER = {"Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", "MIME-Version": "1.0"}


def template(found: list[Message]) -> polib.POFile:
    """The catalogue without translations."""
    made = polib.POFile(wrapwidth=120)
    made.metadata = {"Project-Id-Version": "who-am-i", **HEADER}
    for one in found:
        entry = polib.POEntry(msgid=one.one, occurrences=[(name, "") for name in one.where])
        if one.many:
            entry.msgid_plural, entry.msgstr_plural = one.many, {0: "", 1: ""}
        if "{" in one.one:
            entry.flags.append("python-brace-format")
        made.append(entry)
    return made


def merged(path: Path, pot: polib.POFile) -> polib.POFile:
    """A language's catalogue with what is new and without what is gone, in the order of the template."""
    before = polib.pofile(str(path), encoding="utf-8", wrapwidth=120)
    known = {entry.msgid: entry for entry in before}
    after = polib.POFile(wrapwidth=120)
    after.header, after.metadata = before.header, before.metadata
    forms = int(before.metadata.get("Plural-Forms", "nplurals=2").partition("nplurals=")[2][:1] or 2)
    for entry in pot:
        made = polib.POEntry(
            msgid=entry.msgid, msgid_plural=entry.msgid_plural, occurrences=entry.occurrences, flags=list(entry.flags)
        )
        old = known.get(entry.msgid)
        if entry.msgid_plural:
            made.msgstr_plural = {n: old.msgstr_plural.get(n, "") if old else "" for n in range(forms)}
        else:
            made.msgstr = old.msgstr if old else ""
        if old is not None:
            made.tcomment = old.tcomment
        after.append(made)
    return after


def catalogues() -> dict[Path, str]:
    """What each catalogue should hold."""
    pot = template(messages())
    found = {LOCALE / "messages.pot": str(pot)}
    return found | {path: str(merged(path, pot)) for path in sorted(LOCALE.glob("*.po"))}


def main(arguments: list[str]) -> int:
    """Write them, or with `--check` say which are not up to date."""
    code = 0
    for path, text in catalogues().items():
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        text = text.rstrip() + "\n"
        if old != text and "--check" in arguments:
            print(f"{path.name} is not up to date: python -m recipes.strings")
            code = 1
        elif old != text:
            path.write_text(text, encoding="utf-8")
        entries = polib.pofile(text)
        print(f"{path.name}: {len(entries)} sentences, {entries.percent_translated()} % translated")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
