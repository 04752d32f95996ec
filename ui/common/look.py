"""What the theme of .streamlit/config.toml cannot say."""

STYLE = """<style>
:root { color-scheme: light dark; }
[data-testid="stMarkdownContainer"] p { text-wrap-style: pretty; }
:root:lang(ja) [data-testid="stMarkdownContainer"] * { word-break: auto-phrase; }
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseLinkButton-primary"] {
  color: light-dark(#ffffff, #0d151c);
}
[data-testid="stButtonGroup"] button {
  min-height: 2.5rem;
}
[data-testid="stToastContainer"] {
  top: 0.5rem;
}
@media (hover: none), (pointer: coarse), (max-width: 640px) {
  [data-has-shortcut="true"] kbd { display: none; }
  .for-keys, .st-key-for_keys { display: none; }
}
</style>"""
"""Streamlit writes white on every primary button. The colour that can be read as words on a dark page is too light for
that (WCAG 2.2 asks for a contrast of 4.5:1 of both); dialogs and popovers hang beside the app, at the root, which must
know the two themes for it. And the choices of a row are as high as its other fields, so that their labels stand in one
line. What was done is told beside the page's head, not over the button that takes it back. Of text-wrap only the style
is set: a slider's value must not break.
Where there is no keyboard, keys are not named: neither Streamlit's beside a button's label nor our own words."""
