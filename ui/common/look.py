"""What the theme of .streamlit/config.toml cannot say."""

STYLE = """<style>
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseLinkButton-primary"] {
  color: light-dark(#ffffff, #0d151c);
}
</style>"""
"""Streamlit writes white on every primary button. The colour that can be read as words on a dark page is too light for
that (WCAG 2.2 asks for a contrast of 4.5:1 of both)."""
