import ast
import re
from collections import Counter

import polib
import pytest
from streamlit.testing.v1 import AppTest

from core.settings import ROOT
from recipes.strings.__main__ import template
from recipes.strings.extract import messages, of_module, sources
from ui.common import from_core, language
from ui.common.core_sentences import PLURALS, SENTENCES
from ui.common.from_core import said, said_sentence
from ui.common.language import LOCALE, _, labels, languages, ngettext
from ui.common.text import ago, count, duration, sentence

CATALOGUES = sorted(LOCALE.glob("*.po"))
FIELD = re.compile(r"\{(\w+)[^}]*\}")


@pytest.fixture
def japanese(monkeypatch):
    """Pages are drawn in Japanese."""
    monkeypatch.setattr(language, "language", lambda: "ja")
    monkeypatch.setattr(from_core, "language", lambda: "ja")


def test_a_sentence_of_core_begins_with_a_capital_unless_it_begins_with_a_name():
    assert said_sentence("kaede renamed to Kaede") == "kaede renamed to Kaede."
    assert said_sentence("kaede and rei deleted") == "kaede and rei deleted."
    assert said_sentence("kaede removed, its faces are unnamed") == "kaede removed, its faces are unnamed."
    assert said_sentence("kept 3 faces") == "Kept 3 faces."
    assert said_sentence("a face named kaede") == "A face named kaede."
    assert said_sentence("3 of kaede split off as rei") == "3 of kaede split off as rei."


def test_outside_of_a_page_everything_is_english():
    assert (_("Home"), _("{n:,} of {total:,}", n=3, total=1200)) == ("Home", "3 of 1,200")
    assert ngettext("{n} day", "{n} days", 1) == "1 day"


def test_a_sentence_is_said_in_the_language_of_the_page(japanese):
    assert _("Home") == "ホーム"
    assert labels({"a": "Home"})("a") == "ホーム"
    assert _("a sentence that nobody translated") == "a sentence that nobody translated"
    assert count(1200, "face") == "顔 1,200 件"
    assert sentence("abc") == "Abc。"
    assert duration(65) == "1 分 5 秒"
    assert ago("2020-01-01T00:00:00+00:00").endswith("日前")


@pytest.mark.parametrize("slip", ["{nothing}", "{n.x}", "{n[x]}", "{n:s}", "{"])
def test_a_slip_in_a_translation_takes_no_page_away(japanese, monkeypatch, slip):
    class Slip:
        def gettext(self, text):
            return slip

    monkeypatch.setattr(language, "translation", lambda code: Slip())
    assert _("{n} faces", n=3) == "3 faces"
    assert from_core._refilled("{nothing} {name}", {"name": "{0}"}) == "{nothing} {0}"


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\xff\xfe", b'msgid ""\nmsgstr "Content-Type: text/plain; charset=none\\n"\n', b'msgid "Home\nmsgstr'],
)
def test_a_damaged_catalogue_leaves_the_pages_english(tmp_path, monkeypatch, damaged):
    (tmp_path / "xx.po").write_bytes(damaged)
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    assert language._translated.__wrapped__() == {"xx": "xx"}
    assert language.translation.__wrapped__("xx").gettext("Home") == "Home"


def test_words_of_core_are_found_again_and_names_are_left_alone(japanese):
    assert said("match") == "一致"
    assert said("kept 3 faces") == f"{count(3, 'face')}を採用"
    assert said("3 faces named match") == f"{count(3, 'face')}に「match」と命名"  # somebody who is called so
    assert said("50% of the shipped encoder is mixed in") == "付属のエンコーダーを 50% 混合"  # "50% of ..." is no heap
    assert said("what no template knows") == "what no template knows"


def test_what_a_single_face_needs_is_said_after_the_verdict_and_after_the_threshold(japanese):
    why = "this face looks like many strangers and needs 0.06 more than most"
    words = said(f"near, but not near enough: similarity 0.55, a match needs 0.61; {why}")
    assert words == f"{said('near, but not near enough: similarity 0.55, a match needs 0.61')}; {said(why)}"
    assert said(why) != why
    note = "chosen so that 1.0% of strangers' faces would be named: the scores of 60 faces of held-out strangers"
    each = "a face that looks like many strangers needs more, one that looks like few needs less"
    assert said(f"{note}; {each}") == f"{said(note)}。{said(each)}"
    assert said(each) != each


def page():
    import streamlit as st

    from ui.common.language import _, choice

    st.title(_("Workspace"))
    choice()


def test_the_address_chooses_the_language_and_the_field_changes_it():
    app = AppTest.from_function(page, default_timeout=30)
    assert app.run().title[0].value == "Workspace"
    app.query_params["lang"] = "ja"
    assert app.run().title[0].value == "ワークスペース"
    assert app.selectbox[0].options == list(languages().values()) == ["English", "日本語"]
    app.selectbox[0].set_value("en").run()
    assert (app.title[0].value, app.query_params["lang"]) == ("Workspace", "en")


@pytest.mark.parametrize(
    ("locale", "code"), [("ja-JP", "ja"), ("ja", "ja"), ("JA_jp", "ja"), ("de-DE", "en"), ("", "en")]
)
def test_the_browsers_preference_is_taken_where_there_is_such_a_catalogue(locale, code):
    assert language._preferred(locale) == code


def test_the_template_is_up_to_date():
    """`python -m recipes.strings` writes it anew."""
    there = {(entry.msgid, entry.msgid_plural) for entry in polib.pofile(str(LOCALE / "messages.pot"))}
    wanted = {(entry.msgid, entry.msgid_plural) for entry in template(messages())}
    assert (sorted(wanted - there), sorted(there - wanted)) == ([], [])


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_a_translation_has_the_placeholders_of_its_original(path):
    wrong = []
    for entry in polib.pofile(str(path)):
        wanted = Counter(FIELD.findall(entry.msgid_plural or entry.msgid))
        for words in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            if words and Counter(FIELD.findall(words)).keys() != wanted.keys():
                wrong.append((entry.msgid, words))
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_a_catalogue_is_nearly_complete_and_has_the_markup_of_the_original(path):
    """What is new stays English until somebody translates it; more than a few such sentences are noticed."""
    found = polib.pofile(str(path))
    assert len(found.untranslated_entries()) < 0.05 * len(found), [e.msgid for e in found.untranslated_entries()]
    for entry in found:
        for words in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            if not words:
                continue
            assert words.count("**") == entry.msgid.count("**"), entry.msgid
            assert words.count("`") == entry.msgid.count("`"), entry.msgid
            assert "<" not in words or "<" in entry.msgid, entry.msgid


def texts_of_core() -> str:
    """The sources of core, and of the pages that write into the history, their strings in one piece."""
    paths = [path for top in ("core", "ui/crop", "ui/collect") for path in (ROOT / top).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return re.sub(r"\"\s*\n\s*\+?\s*\(?f?\"", "", text).casefold()


def test_every_sentence_of_core_that_is_translated_is_still_one_of_core():
    there, gone = texts_of_core(), []
    for words in [*SENTENCES, *(one for pair in PLURALS for one in pair)]:
        pieces = re.split(r"\{[^}]*\}|[:,.] |\b(?:and|is|are|a|picture)\b", words.casefold())
        if not all(piece.strip() in there for piece in pieces if len(piece.strip()) > 3):
            gone.append(words)
    assert gone == []


# What a person sees is given to these functions, as the first argument or by one of these names.
SHOWN = {
    "title", "header", "subheader", "caption", "markdown", "info", "warning", "error", "success", "button", "checkbox",
    "toggle", "radio", "selectbox", "multiselect", "slider", "select_slider", "number_input", "text_input", "text_area",
    "file_uploader", "camera_input", "chat_input", "download_button", "form_submit_button", "expander", "popover",
    "metric", "spinner", "toast", "segmented_control", "pills", "badge", "flash", "dialog",
}  # fmt: skip
NAMED = {"help", "label", "placeholder", "alt", "intro", "text", "title", "page_title"}
PLAIN = {"Who Am I", "Top-1", "MAP@R", "Precision@5", "Hit@5", "EER", "ROC", "my_cast", "CSV", "JSON", "JSON lines"}
"""Words that are the same in every language; so are examples of what is to be typed, which have lines."""
STILL_TO_DO = ()
"""Modules whose words are not in the catalogue yet."""


def bare_words(node: ast.expr) -> list[str]:
    """Texts in an expression that nobody marked: everything but what is in a call."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = re.sub(r":material/\w+:|https?://\S+|^/\S+", "", node.value)
        bare = re.search(r"[A-Za-z]{2}", words) and words.strip(" ·*()?") not in PLAIN and "\n" not in words
        return [node.value] if bare else []
    if isinstance(node, ast.JoinedStr):
        return [words for part in node.values if isinstance(part, ast.Constant) for words in bare_words(part)]
    if isinstance(node, ast.IfExp):
        return bare_words(node.body) + bare_words(node.orelse)
    if isinstance(node, ast.BinOp):
        return bare_words(node.left) + bare_words(node.right)
    if isinstance(node, (ast.List, ast.Tuple)):
        return [words for one in node.elts for words in bare_words(one)]
    return []


def unmarked(text: str) -> list[str]:
    """The words in a module that a person sees in English, whatever the language."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        shown = node.args[:1] if name in SHOWN else []
        shown += [keyword.value for keyword in node.keywords if keyword.arg in NAMED]
        found += [words for one in shown for words in bare_words(one)]
    return found


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_what_a_page_shows_is_in_the_catalogue(path):
    text = path.read_text(encoding="utf-8")
    found = unmarked(text)
    assert bool(found) == (path.relative_to(ROOT).as_posix() in STILL_TO_DO), found
    assigned = [n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    assert "_" not in assigned or "import _" not in text, "the name _ is the translation's here"


def test_words_that_nobody_marked_are_found():
    assert unmarked(
        'st.button("Keep", help=_("All")); st.info(f"{n} faces"); st.image(a, alt="A face" if b else "")'
    ) == [
        "Keep",
        " faces",
        "A face",
    ]
    assert list(of_module('_("Keep"); N_("All"); count(n, "copy", "copies")')) == [
        ("Keep", ""),
        ("All", ""),
        ("{n:,} copy", "{n:,} copies"),
    ]
