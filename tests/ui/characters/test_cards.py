from core.characters.cards import CharacterCard
from core.workspace.tables import Character
from ui.characters.cards import about


def test_a_card_has_its_figures_in_words_that_do_not_break():
    card = CharacterCard(Character(1, "Rei", slug="Rei", series="EVA"), None, 12, 1, spread=0.144)
    assert about(card) == "EVA · 12\xa0faces · 1\xa0picture · variety\xa014%"
    assert about(CharacterCard(Character(1, "Rei", slug="Rei"), None, 1, 0)) == "1\xa0face"
