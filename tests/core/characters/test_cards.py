from types import SimpleNamespace

import numpy as np
import pytest

from core.characters.cards import ALIKE, advise, character_cards, looked_at, repeated, spread_of
from core.workspace import characters
from tests.faces import add_faces


def test_two_of_five_near_duplicates_ask_for_another_profile():
    assert advise(5, 2, 0.4) == "2 of 5 are near-duplicates: add a profile or another outfit."
    assert advise(3, 1, 0.4) == "1 of 3 is a near-duplicate: add a profile or another outfit."


@pytest.mark.parametrize(
    ("faces", "repeats", "spread", "odd", "begins"),
    [
        (0, 0, None, 0, "No face yet"),
        (4, 0, 0.5, 0, "Add 1 more"),
        (5, 0, 0.5, 0, ""),
        (20, 5, 0.5, 0, ""),
        (20, 6, 0.5, 0, "6 of 20 are near-duplicates"),
        (20, 0, 0.5, 1, "1 of 20 is unlike"),
        (20, 0, 0.1, 0, "All look alike"),
    ],
)
def test_the_most_useful_sentence_is_said(faces, repeats, spread, odd, begins):
    said = advise(faces, repeats, spread, odd)
    assert said.startswith(begins) and bool(said) == bool(begins)


def test_spread_is_one_minus_the_mean_similarity_of_two_faces():
    assert spread_of(np.eye(3)) == pytest.approx(1.0, abs=1e-12)
    assert spread_of(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])) == pytest.approx(2 / 3, abs=1e-12)


def test_each_near_duplicate_beyond_the_first_of_its_kind_counts():
    different = [0, 2**20 - 1, (2**20 - 1) << 20, (2**20 - 1) << 40]
    assert repeated(different) == repeated([]) == 0
    assert repeated([*different, 0, 0, 1]) == 3


def test_cards_count_faces_and_pictures_and_come_largest_first(project):
    made = add_faces(project, {"Rei": 2, "Asuka": 3})
    misato = project.catalogue.add_character("Misato")
    project.catalogue.add_picture(misato.id, path="pictures/Misato/1.jpg")
    cards = looked_at(project, character_cards(project))
    assert [(c.character.name, c.faces, c.pictures) for c in cards] == [
        ("Asuka", 3, 0),
        ("Rei", 2, 0),
        ("Misato", 0, 1),
    ]
    assert cards[2].cover is None and cards[2].advice == "No face yet."
    characters.set_values(project, cards[0].character, "cover", cover=made["Asuka"][2])
    assert looked_at(project, character_cards(project)[:1])[0].cover.id == made["Asuka"][2]


def test_just_less_alike_than_the_limit_is_enough():
    assert advise(20, 0, ALIKE) == "" and advise(20, 0, ALIKE - 1e-9).startswith("All look alike")
    assert advise(20, 0, None) == ""


def test_a_card_tells_how_varied_the_embedded_faces_are_and_which_is_odd(project, monkeypatch):
    made = add_faces(project, {"Asuka": 2, "Misato": 1, "Rei": 8, "Shinji": 5})
    towards = {face: np.eye(3)[0] for ids in made.values() for face in ids}
    towards[made["Asuka"][1]] = np.eye(3)[1]
    for n, face in enumerate(made["Rei"]):
        towards[face] = np.array([1, 0.01 * n, 0]) if n < 7 else np.eye(3)[2]

    def cached(project, faces, encoder):
        known = [face for face in faces if face.id not in made["Shinji"]]
        return known, np.array([towards[face.id] / np.linalg.norm(towards[face.id]) for face in known])

    monkeypatch.setattr("core.characters.cards.cached_embeddings", cached)
    monkeypatch.setattr("core.characters.cards.encoder_in_use", lambda project: SimpleNamespace(path=None))
    cards = {card.character.name: card for card in looked_at(project, character_cards(project))}
    assert [cards[name].spread for name in ("Asuka", "Misato", "Shinji")] == [pytest.approx(1), None, None]
    assert cards["Rei"].advice == "1 of 8 is unlike the others: have a look at it."
    assert cards["Shinji"].advice == "", "nothing was embedded: nobody is odd"
    assert 0.2 < cards["Rei"].spread < 0.3, "seven of eight are alike"


def test_near_duplicates_are_one_kind_through_others_in_between():
    """Six bits are near: the first and the last are twelve apart, the middle one is near both."""
    hashes = [0, 2**12 - 1, 2**6 - 1, 2**64 - 1]
    assert repeated(hashes) == 2
    assert repeated(hashes[:2]) == 0


def test_of_many_faces_some_evenly_spread_are_looked_at_and_all_hashes(project, monkeypatch):
    """Seven faces, four of which are looked at: the first, third, fifth and seventh."""
    made = add_faces(project, {"Rei": 7})["Rei"]
    project.catalogue.set_values("faces", {face: {"phash": "0" * 16} for face in made[:2]})
    seen = []

    def cached(project, faces, encoder):
        seen.extend(face.id for face in faces)
        return faces, np.eye(3)[[0, 0, 1, 1]]

    monkeypatch.setattr("core.characters.cards.LOOKED_AT", 4)
    monkeypatch.setattr("core.characters.cards.cached_embeddings", cached)
    monkeypatch.setattr("core.characters.cards.encoder_in_use", lambda project: SimpleNamespace(path=None))
    (card,) = looked_at(project, character_cards(project))
    assert seen == [made[0], made[2], made[4], made[6]]
    assert (card.faces, card.spread, card.advice) == (7, pytest.approx(2 / 3), "")
    project.catalogue.set_values("faces", {made[3]: {"phash": "0" * 16}, made[5]: {"phash": "0" * 16}})
    (card,) = looked_at(project, character_cards(project))
    assert card.advice == "3 of 7 are near-duplicates: add a profile or another outfit."
