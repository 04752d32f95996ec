"""Sources that need no network: folder, zip, upload, a list of addresses, drawn characters."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from core.collect import source as sources
from core.collect.source import Query, SourceOptions, open_source
from core.collect.urls import parse
from core.errors import PictureError, SourceError
from core.imaging.reading import read_picture
from tests.stand_in.server import picture_bytes


@pytest.fixture
def folder(tmp_path):
    for place in ("Rei Ayanami/b.jpg", "Rei Ayanami/a.jpg", "Asuka/x/deep.jpg", ".hidden/no.jpg", "notes.txt"):
        path = tmp_path / "pictures" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture_bytes(len(place)))
    return tmp_path / "pictures"


GIF = b"GIF89a" + bytes(60)
"""What begins like a picture."""


def zipped(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_every_source_has_a_card_that_says_what_it_is():
    cards = sources.cards()
    assert {c.name for c in cards} == set(sources.MODULES) == {*sources.LOCAL, *sources.NETWORK}
    for card in cards:
        assert card.title and card.returns.endswith(".") and card.terms.endswith(".")
        assert card.network == (card.name in sources.NETWORK)


def test_an_unknown_source_names_those_there_are():
    with pytest.raises(SourceError, match=r"There is no source 'gogle'. There are: drawn, folder, "):
        open_source("gogle")


def test_a_folder_gives_the_sub_folder_that_is_called_like_the_character(folder):
    source = open_source("folder", SourceOptions(path=folder))
    assert source.characters() == ["Asuka", "Rei Ayanami"]
    found = list(source.search(Query("rei_ayanami")))
    assert [f.name for f in found] == ["a.jpg", "b.jpg"]
    assert found[0].picture_url == (folder / "Rei Ayanami/a.jpg").as_uri()
    assert found[0].load() == (folder / "Rei Ayanami/a.jpg").read_bytes()
    assert [f.name for f in source.search(Query("Asuka"))] == ["deep.jpg"]
    with pytest.raises(SourceError, match=r"has no sub-folder for 'Misato'. It has: Asuka, Rei Ayanami."):
        list(source.search(Query("Misato")))


def test_a_flat_folder_is_for_whoever_is_asked(folder):
    source = open_source("folder", SourceOptions(path=folder / "Rei Ayanami"))
    assert len(list(source.search(Query("Misato")))) == 2


@pytest.mark.parametrize("name", ["folder", "zip", "urls"])
def test_without_a_path_or_with_a_wrong_one_it_says_what_to_do(name, tmp_path):
    with pytest.raises(SourceError, match=f"{name}: no .* was named. Name one with --from"):
        open_source(name)
    with pytest.raises(SourceError, match="does not exist"):
        open_source(name, SourceOptions(path=tmp_path / "nowhere"))


def test_a_zip_gives_the_folder_in_it_even_with_one_around_all(tmp_path):
    plain = zipped(
        tmp_path / "a.zip", {"Rei/1.jpg": GIF, "Rei/2.jpg": GIF, "__MACOSX/Rei/1.jpg": GIF, "Asuka/3.jpg": GIF}
    )
    around = zipped(tmp_path / "b.zip", {"cast/Rei/1.jpg": GIF, "cast/Asuka/3.jpg": GIF})
    for path, names in ((plain, ["1.jpg", "2.jpg"]), (around, ["1.jpg"])):
        source = open_source("zip", SourceOptions(path=path))
        assert source.characters() == ["Asuka", "Rei"]
        assert [f.name for f in source.search(Query("Rei"))] == names
    assert next(iter(open_source("zip", SourceOptions(path=plain)).search(Query("Rei")))).load() == GIF


@pytest.mark.parametrize("name", ["../evil.jpg", "/etc/evil.jpg", "a/../../evil.jpg", "C:/evil.jpg", "..\\evil.jpg"])
def test_a_zip_with_a_path_that_leads_outside_is_refused(tmp_path, name):
    with pytest.raises(SourceError, match="which leads outside"):
        open_source("zip", SourceOptions(path=zipped(tmp_path / "a.zip", {name: GIF})))


def test_a_zip_bomb_and_a_damaged_entry_are_not_read(tmp_path):
    path = zipped(tmp_path / "a.zip", {"Rei/bomb.jpg": GIF + bytes(5_000_000), "Rei/fine.jpg": picture_bytes(1)})
    bomb, fine = open_source("zip", SourceOptions(path=path)).search(Query("Rei"))
    with pytest.raises(PictureError, match="packed more than 200-fold"):
        bomb.load()
    assert fine.load() == picture_bytes(1)
    damaged = bytearray(path.read_bytes())
    at = damaged.rfind(picture_bytes(1)[600:640])
    damaged[max(at, 200) : max(at, 200) + 4000] = bytes(4000)
    path.write_bytes(damaged)
    with pytest.raises(PictureError, match=r"is damaged|packed more"):
        for found in open_source("zip", SourceOptions(path=path)).search(Query("Rei")):
            found.load()


def test_what_is_no_zip_says_so(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"hello")
    with pytest.raises(SourceError, match=r"zip: a.zip is not a zip that can be opened|cannot be opened"):
        open_source("zip", SourceOptions(path=path))


def test_an_upload_is_for_whoever_is_asked():
    source = open_source("upload", SourceOptions(uploads=(("a.jpg", b"1"), ("b.jpg", b"2"))))
    found = list(source.search(Query("Rei")))
    assert [(f.name, f.load()) for f in found] == [("a.jpg", b"1"), ("b.jpg", b"2")]
    assert len({f.key for f in found}) == 2
    with pytest.raises(SourceError, match="upload: no file was uploaded"):
        open_source("upload")


def test_a_list_of_addresses_says_whose_they_are(tmp_path):
    text = "# mine\nhttps://a.example/1.jpg\n\n[Rei Ayanami]\nhttps://a.example/2.jpg#top # side view\n[Asuka]\nhttps://a.example/3.jpg\n"
    assert parse(text)[1] == ("Rei Ayanami", "https://a.example/2.jpg#top")
    path = tmp_path / "list.txt"
    path.write_text(text)
    source = open_source("urls", SourceOptions(path=path))
    assert source.characters() == ["Rei Ayanami", "Asuka"]
    found = [f.picture_url for f in source.search(Query("Asuka"))]
    assert found == ["https://a.example/1.jpg", "https://a.example/3.jpg"]


def test_drawn_characters_bring_their_true_boxes():
    source = open_source("drawn", SourceOptions(seed=3, cast=4))
    name = source.characters()[1]
    results = source.search(Query(name, limit=2))
    loaded = [next(results).load() for _ in range(6)]
    assert sum(bool(one.faces) for one in loaded) >= 4
    picture = next(one for one in loaded if one.faces)
    assert name in [f.name for f in picture.faces]
    height, width = read_picture(picture.data).shape[:2]
    assert picture.faces[0].box.clip(width, height) == picture.faces[0].box


def test_a_name_outside_the_cast_gets_a_drawn_character_of_its_own():
    source = open_source("drawn", SourceOptions(cast=2))
    first = next(source.search(Query("Somebody Else"))).load()
    again = next(source.search(Query("Somebody Else"))).load()
    other = next(source.search(Query("A Third"))).load()
    assert np.array_equal(read_picture(first.data), read_picture(again.data))
    assert first.data != other.data
