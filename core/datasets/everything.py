"""Everything that is known as one table, a row for each face and for each picture without one: CSV or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from core.atomic import write_text, write_with
from core.datasets.records import DataSet, FaceRecord, PictureRecord
from core.datasets.tables import table_text
from core.imaging.files import check_out

COLUMNS: dict[str, type] = {
    **dict.fromkeys(("face_id", "picture_id"), int),
    **dict.fromkeys(("character", "series", "face_state", "part", "face_file"), str),
    **dict.fromkeys(("x", "y", "w", "h", "score", "quality"), float),
    **dict.fromkeys(("detector", "picture_file", "picture_kind", "picture_state", "picture_reason"), str),
    **dict.fromkeys(("width", "height"), int),
    **dict.fromkeys(("sha256", "source", "query", "picture_url", "page_url", "title", "author", "licence"), str),
    **dict.fromkeys(("rating", "tags", "fetched_at"), str),
}
"""The columns and their types; of a picture without a face those of the face are empty."""


def rows(data: DataSet) -> Iterator[tuple[object, ...]]:
    """A row for each face, whatever was decided about it, and one for each picture that has none."""
    for picture in data.pictures:
        for face in picture.faces or (None,):
            yield _row(picture, face)


def csv_text(data: DataSet) -> str:
    """The table as CSV; text that a spreadsheet would compute gets an apostrophe in front."""
    return table_text(tuple(COLUMNS), (["" if cell is None else cell for cell in row] for row in rows(data)))


def write_csv(out: Path, data: DataSet) -> Path:
    """Write the table as CSV."""
    return write_text(check_out(out, what="The table"), csv_text(data))


def write_parquet(out: Path, data: DataSet) -> Path:
    """The table as Parquet, each column with its type."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {int: pa.int64(), float: pa.float64(), str: pa.string()}
    columns = list(zip(*rows(data), strict=True)) or [()] * len(COLUMNS)
    arrays = [pa.array(cells, types[kind]) for cells, kind in zip(columns, COLUMNS.values(), strict=True)]
    table = pa.table(dict(zip(COLUMNS, arrays, strict=True)))
    return write_with(check_out(out, what="The table"), lambda path: pq.write_table(table, path))


def _row(picture: PictureRecord, face: FaceRecord | None) -> tuple[object, ...]:
    o = picture.origin
    about_face: tuple[object, ...] = (None, picture.id, picture.name, picture.series, None, None, None)
    box: tuple[object, ...] = (None,) * 7
    if face is not None:
        file = "" if face.file is None else f"{face.folder}/{face.file.name}".lstrip("/")
        about_face = (face.id, picture.id, face.name, face.series, face.state, face.part, file)
        box = (*face.box.as_list(), face.score, face.quality, face.detector)
    about = (picture.place, picture.kind, picture.state, picture.reason, picture.width, picture.height, picture.sha256)
    origin = (o.source, o.query, o.picture_url, o.page_url, o.title, o.author, o.licence, o.rating, " ".join(o.tags))
    return (*about_face, *box, *about, *origin, o.fetched_at)
