"""Files beside pictures: what they say goes into provenance, and the names in them are offered."""

from __future__ import annotations

import json
import zipfile

import pytest

from core.collect.importing import import_pictures, preview_import
from core.errors import SourceError
from core.imaging.reading import encode_jpeg
from tests.conftest import noise

POST = {
    "category": "danbooru",
    "id": 41,
    "tag_string": "1girl ayanami_rei",
    "tag_string_character": "ayanami_rei",
    "tag_string_artist": "some_artist",
    "rating": "g",
    "title": "Rei",
    "source": "https://artist.example/9",
}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "in" / "Rei"
    place.mkdir(parents=True)
    for i in range(3):
        (place / f"{i}.jpg").write_bytes(encode_jpeg(noise(i)))
    (place / "0.jpg.json").write_text(json.dumps(POST))
    (place / "1.txt").write_text("1girl, blue hair")
    (place / ".2_meta.json").write_text(json.dumps({"tags": {"solo": 0.9}}))
    (place / "notes.txt").write_text("not about a picture")
    return tmp_path / "in"


def facts(project) -> dict[str, tuple[str, ...]]:
    keys = ("author", "rating", "title", "page_url", "tags")
    pictures = project.catalogue.pictures()
    return {p.path.rpartition("/")[2]: tuple(getattr(p, key) for key in keys) for p in pictures}


def test_what_is_said_goes_into_provenance(project, folder):
    done = import_pictures(project, folder)
    assert done.kept == 3
    told = facts(project)
    page = "https://danbooru.donmai.us/posts/41"
    tags = "1girl ayanami_rei source:https://artist.example/9"
    assert told["0.jpg"] == ("some artist", "general", "Rei", page, tags)
    assert told["1.jpg"][4] == "1girl blue_hair"
    assert told["2.jpg"][4] == "solo"
    assert "3 side files (captions, metadata) were read with the pictures beside them." in done.notes
    assert "1 side file (captions, metadata) was passed over." in done.notes


def test_a_zip_says_the_same(project, folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for path in sorted((folder / "Rei").glob("[0-9]*")):
            archive.write(path, f"Rei/{path.name}")
    import_pictures(project, tmp_path / "in.zip")
    assert facts(project)["0.jpg"][:3] == ("some artist", "general", "Rei")


def test_the_names_in_them_are_offered_where_nobody_is_named(folder):
    preview = preview_import(folder / "Rei")
    assert preview.question.endswith("later. The files beside the pictures say: Ayanami Rei (1).")


def test_a_folder_without_notes_offers_nothing(project, folder):
    for path in (folder / "Rei").glob("*.json"):
        path.unlink()
    with pytest.raises(SourceError, match=r"name the faces later\.$"):
        import_pictures(project, folder / "Rei")


def test_the_shared_case_comes_in_whole(project, cases):
    done = import_pictures(project, cases / "imports" / "sidecar")
    assert done.kept == 15 and [c.wanted for c in done.characters] == [15]
    assert {p.tags for p in project.catalogue.pictures()} == {"1girl solo"}
