"""What a folder holds by its bytes: pictures, what is left out with a reason, and side files that are only counted."""

from __future__ import annotations

import pytest

from core.collect.listing import Entry, LeftOut, list_entries, search_listing
from core.collect.source import Query, SourceCard
from core.datasets.sidecars import read_sidecars
from core.errors import PictureError, SourceError
from core.imaging.metadata import with_xmp
from core.imaging.reading import encode_jpeg
from core.imaging.regions import Region, regions_xmp
from tests.conftest import noise

GIF = b"GIF89a" + bytes(60)
CARD = SourceCard("folder", "A folder", "Pictures.", "Yours.")


def entry(path, head=GIF):
    def read():
        if isinstance(head, Exception):
            raise head
        return head

    return Entry(tuple(path.split("/")), f"key:{path}", read, lambda: b"all of it")


def names(listing, character):
    return [hit.name for hit in search_listing(listing, Query(character), CARD, "page", "nobody: {}".format)]


def test_the_bytes_decide_not_the_ending():
    listing = list_entries([entry("Rei/a.txt"), entry("Rei/b.jpg", b"%PDF-1.7"), entry("Rei/c.png", b"")])
    assert [e.path for e in listing.entries] == ["Rei/a.txt"]
    assert listing.left_out == (
        LeftOut("Rei/b.jpg", "It is a PDF. Save its pages as PNG first."),
        LeftOut("Rei/c.png", "It is empty."),
    )


@pytest.mark.parametrize(
    ("path", "head", "side", "out"),
    [
        ("Rei/a.txt", b"1girl, blue hair", 1, 0),
        ("Rei/a.caption", b"\x00\x01\x02", 1, 0),
        ("Rei/a.unknown", b'{"tags": []}', 1, 0),
        ("Rei/a.unknown", b"\x00\x01\x02", 0, 1),
        ("Rei/a.jpg", b"plain words", 0, 1),
        ("Rei/a.zip", b"PK\x03\x04", 0, 1),
    ],
)
def test_captions_are_counted_and_what_claims_to_be_a_picture_is_named(path, head, side, out):
    listing = list_entries([entry(path, head)])
    assert (listing.side_files, len(listing.left_out)) == (side, out)


def test_a_file_that_cannot_be_read_is_left_out_with_its_reason():
    listing = list_entries([entry("Rei/a.png", PictureError("No permission.")), entry("Rei/b.png")])
    assert listing.left_out == (LeftOut("Rei/a.png", "No permission."),)
    assert [e.path for e in listing.entries] == ["Rei/b.png"]


def test_of_a_kind_that_is_not_known_the_formats_are_named():
    (left_out,) = list_entries([entry("a.bin", b"\x00\x01")]).left_out
    assert left_out.reason.startswith("It is of a kind that is not known. What is read is AVIF, BMP, ")


@pytest.mark.parametrize(
    ("loose", "words"),
    [
        (1, "1 picture beside the characters' folders was left out: 0.png. Put it into a folder."),
        (5, "5 pictures beside the characters' folders were left out: 0.png, 1.png, 2.png, 3.png, 4.png. Put them"),
        (6, "were left out: 0.png, 1.png, 2.png, 3.png, 4.png .... Put them into a folder."),
    ],
)
def test_loose_pictures_are_named_five_at_most(loose, words):
    listing = list_entries([entry("Rei/a.png"), *(entry(f"{i}.png") for i in range(loose))])
    assert any(words in note for note in listing.notes())
    assert len(listing.loose) == loose


def test_notes_say_how_many_side_files_and_nothing_where_there_are_none():
    assert list_entries([entry("Rei/a.png")]).notes() == ()
    listing = list_entries([entry("Rei/a.png"), entry("Rei/a.txt", b"words"), entry("Rei/b.txt", b"words")])
    assert listing.notes() == (
        "1 side file (captions, metadata) was read with the pictures beside them.",
        "1 side file (captions, metadata) was passed over.",
    )


def test_in_a_flat_folder_no_picture_is_beside_anything():
    listing = list_entries([entry("a.png"), entry("b.png")])
    assert listing.loose == ()
    assert names(listing, "Rei") == ["a.png", "b.png"]


def test_a_characters_folder_is_searched_and_an_ambiguous_or_unknown_name_is_told():
    listing = list_entries([entry("rei/a.png"), entry("REI/b.png"), entry("Asuka/c.png")])
    assert names(listing, "Asuka") == ["c.png"]
    assert names(listing, "rei") == ["a.png"]
    with pytest.raises(SourceError, match=r"'Rei' may mean (rei and REI|REI and rei)"):
        names(listing, "Rei")
    with pytest.raises(SourceError, match=r"nobody: .*Asuka"):
        names(listing, "Misato")


def test_a_hit_carries_the_entrys_key_and_reads_all_of_it():
    (hit,) = search_listing(list_entries([entry("Rei/a.png")]), Query("Rei"), CARD, "file:///in", str)
    assert (hit.source, hit.key, hit.page_url, hit.load()) == ("folder", "key:Rei/a.png", "file:///in", b"all of it")


def test_a_note_that_cannot_be_read_keeps_no_picture_out():
    def torn():
        raise PictureError("it is torn")

    note = Entry(("Rei", "a.txt"), "key:note", lambda: b"1girl", torn)
    listing = list_entries([entry("Rei/a.png"), note])
    assert [one.path for one in listing.entries] == ["Rei/a.png"]
    assert listing.beside(listing.entries[0]) == read_sidecars([])


def test_the_faces_that_a_pictures_own_metadata_name_come_along():
    plain = encode_jpeg(noise(1, 120, 160))
    data = with_xmp(plain, regions_xmp([Region(0.5, 0.25, 0.25, 0.1, "Rei")], 160, 120))
    listing = list_entries([Entry(("Rei", "a.jpg"), "key", lambda: data[:512], lambda: data)])
    (hit,) = search_listing(listing, Query("Rei"), CARD, "page", "nobody: {}".format)
    loaded = hit.load()
    assert loaded.data == data
    assert [(face.name, face.box.as_list()) for face in loaded.faces] == [("Rei", pytest.approx([60, 24, 40, 12]))]


def test_who_is_there_instead_is_told_up_to_twenty():
    listing = list_entries([entry(f"cast {n:02d}/a.png") for n in range(25)])
    with pytest.raises(SourceError) as told:
        names(listing, "Misato")
    assert str(told.value) == "nobody: " + ", ".join(f"cast {n:02d}" for n in range(20))
