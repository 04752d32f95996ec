"""Who is collected: the article's 40 characters, a pasted list or CSV, and what each has and needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.datasets.tables import read_table
from core.documents import parse_json
from core.errors import DataError
from core.imaging import formats
from core.imaging.files import read_regular
from core.imaging.names import LONGEST_NAME, true_name
from core.workspace.catalogue import Catalogue
from core.workspace.characters import add_all, set_values
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, PictureState
from core.workspace.tables import Change, Character

ARTICLE = """\
Haikyuu: Hinata Shoyo = hinata_shouyou, Kageyama Tobio, Daichi Sawamura, Kotaro Bokuto = bokuto_koutarou, \
Kuro Tetsuro = kuroo_tetsurou, Miya Atsumu, Miya Osamu, Ushijima Wakatoshi
Kuroko's Basketball: Kuroko Tetsuya, Aomine Daiki, Kise Ryota = kise_ryouta, Midorima Shintaro = midorima_shintarou, \
Murasakibara Atsushi, Seijuro Akashi = akashi_seijuurou
Saekano: Tomoya Aki, Utaha Kasumigaoka, Izumi Hashima, Eriri Spencer Sawamura = sawamura_spencer_eriri, \
Michiru Hyodo = hyoudou_michiru, Megumi Kato = katou_megumi
Rent-a-Girlfriend: Chizuru Mizuhara, Ruka Sarashina, Sumi Sakurasawa, Mami Nanami
Shigatsu wa Kimi no Uso: Arima Kousei, Kaori Miyazono = miyazono_kawori, Tsubaki Sawabe
Classroom of the Elite: Kiyotaka Ayanokoji = ayanokouji_kiyotaka, Suzune Horikita, Kikyou Kushida
Oregairu: Hikigaya Hachiman, Totsuka Saika
Wotakoi: Narumi Momose, Hanako Koyanagi
Natsume Yuujinchou: Natsume Takashi, Natori Shuuichi
Kono Oto Tomare: Satowa Hozuki, Chika Kudo = kudou_chika
Clannad: Nagisa Furukawa
Anohana: Jinta Yadomi
"""
"""The article's list. `= tag` is what boards call a character where it is not simply the name, either way round."""

LONGEST_LIST = 10_000
LARGEST_LIST = 20_000_000
MOST_WANTED = 100_000
FIELDS = ("name", "series", "query", "aliases", "wanted")
_WORDS = {
    "name": "name character characters 名前 キャラ キャラクター 姓名 角色",
    "series": "series copyright anime show source 作品",
    "query": "query search keywords",
    "aliases": "aliases alias tags tag",
    "wanted": "wanted number count limit pictures",
}
COLUMNS = {word: field for field, words in _WORDS.items() for word in words.split()}
"""What may head a column, and which it is; the first is the name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One character of a list. `query`: words to search with; `aliases`: other names, which boards may use as tags."""

    name: str
    series: str = ""
    query: str = ""
    aliases: tuple[str, ...] = ()
    wanted: int = 0

    @property
    def words(self) -> str:
        """The whole query: own words, else name and series; then a `tag:` for each alias."""
        own = self.query or " ".join(part for part in (self.name, self.series) if part)
        tags = [f"tag:{_tag(alias)}" for alias in self.aliases]
        return " ".join([own, *tags])


@dataclass(frozen=True, slots=True)
class Need:
    """What a character has and what is wanted."""

    character: Character
    have: int
    wanted: int

    @property
    def need(self) -> int:
        return max(self.wanted - self.have, 0)


def article_characters() -> list[Entry]:
    """The article's 40 characters, in its order, with their series."""
    entries = []
    for line in ARTICLE.splitlines():
        series, _, names = line.partition(": ")
        for part in names.split(", "):
            name, _, tag = part.partition(" = ")
            words = [w.lower() for w in name.split()]
            entries.append(Entry(name, series, aliases=(tag or "_".join(reversed(words)), "_".join(words))))
    return entries


def parse_list(data: str | bytes) -> list[Entry]:
    """Characters from pasted lines or from a table.

    A table begins with a line that names its columns, of name, series, query, aliases (with `;` between) and wanted.
    Else a line is `Name`, or `Name | series | query | alias; alias`, or the same with tabs, `;` or commas; `#` begins a
    comment. Any usual encoding is read. A name twice counts once; names that differ in case are two characters.
    Raises DataError that names the line.
    """
    what = formats.kind((data.encode() if isinstance(data, str) else data)[:512])
    if what in ("JSON", "a web page") and not (what == "JSON" and _is_no_json(data)):
        raise DataError(
            f"This is {what}, not a list of characters. Write one character's name a line, or save it as CSV."
        )
    table = read_table(data, columns=COLUMNS)
    if not table.rows:
        raise DataError("The list is empty. Write one character's name a line.")
    if len(table.rows) > LONGEST_LIST:
        raise DataError(f"The list has {len(table.rows):,} lines; at most {LONGEST_LIST:,} are read. Split it.")
    unknown = [c for c in table.header if c not in FIELDS]
    if unknown:
        raise DataError(f"The columns {', '.join(unknown)} are not known. There are: {', '.join(FIELDS)}.")
    order = table.header or FIELDS[:4]
    for line, cells in table.rows:
        if any(cells[len(order) :]):
            raise DataError(
                f"Line {line} of the list has {len(cells)} cells; a line is name, series, query, aliases. Put quotes "
                "around a cell with a separator in it."
            )
    entries = [_entry(dict(zip(order, cells, strict=False)), line) for line, cells in table.rows]
    return list({entry.name: entry for entry in reversed(entries)}.values())[::-1]


def _is_no_json(data: str | bytes) -> bool:
    """Whether it only begins like JSON, as `[Rei]` does."""
    try:
        return not isinstance(parse_json(data), dict | list)
    except ValueError:
        return True


def read_list(path: Path) -> list[Entry]:
    """The characters in a file; see parse_list. Raises DataError that names the file."""
    data = read_regular(path, limit=LARGEST_LIST)
    what = formats.kind(data[:512])
    if what in formats.PICTURES | formats.ARCHIVES or what in ("a database", "a PDF"):
        raise DataError(f"{path.name} is {what}, not a list of characters. Save it as CSV or as plain text.")
    try:
        return parse_list(data)
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from error


def add_list(project: Project, entries: Iterable[Entry]) -> list[Character]:
    """Make the characters, or give those that are there the list's series, query and number wanted; undoable."""
    rows = [{"name": e.name, "series": e.series, "query": e.words, "wanted": e.wanted} for e in entries]
    return add_all(project, rows)


def needs(catalogue: Catalogue, limit: int) -> list[Need]:
    """Have and need of every active character; `limit` where it wants no number of its own."""
    have = catalogue.counts("pictures", state=PictureState.KEPT)
    return [Need(c, have.get(c.id, 0), c.wanted or limit) for c in catalogue.characters()]


def without_pictures(catalogue: Catalogue, found: Iterable[Need]) -> list[Character]:
    """Those of whom there is nothing yet, neither a picture nor a face on somebody else's."""
    faces = catalogue.counts("faces", state=LIVE_FACES)
    return [n.character for n in found if not n.have and not faces.get(n.character.id)]


def edit_character(
    project: Project,
    character_id: int,
    *,
    query: str | None = None,
    series: str | None = None,
    wanted: int | None = None,
) -> Change | None:
    """Change what is searched for, the series, or how many are wanted; None leaves a value. Undoable.

    Raises DataError for a negative number. None where nothing changed.
    """
    if wanted is not None and not 0 <= wanted <= MOST_WANTED:
        raise DataError(f"{wanted} pictures cannot be wanted. Write 0 for the usual number, at most {MOST_WANTED:,}.")
    values = {"query": query, "series": series, "wanted": wanted}
    after = {
        key: value.strip() if isinstance(value, str) else value for key, value in values.items() if value is not None
    }
    character = project.catalogue.character(character_id)
    return set_values(project, character, f"{character.name}: what is searched for", **after)


def _entry(values: dict[str, str], line: int) -> Entry:
    name = true_name(values.get("name", ""))
    if len(name) > LONGEST_NAME:
        raise DataError(
            f"Line {line} of the list has a name of {len(name)} characters; at most {LONGEST_NAME} are kept."
        )
    if not name:
        raise DataError(f"Line {line} of the list has no name. Write `Name`, or `Name | series | query | aliases`.")
    wanted = values.get("wanted", "") or "0"
    if not (wanted.isascii() and wanted.isdigit() and int(wanted[:12]) <= MOST_WANTED):
        raise DataError(
            f"Line {line} of the list wants {wanted[:40]!r} pictures; write a whole number up to {MOST_WANTED:,}."
        )
    aliases = tuple(a.strip() for a in values.get("aliases", "").split(";") if a.strip())
    return Entry(name, values.get("series", ""), values.get("query", ""), aliases, int(wanted))


def _tag(alias: str) -> str:
    return "_".join(alias.lower().split())
