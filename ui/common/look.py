"""What the theme of .streamlit/config.toml cannot say."""

STYLE = """<style>
:root { color-scheme: light dark; }
:is([data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]) p {
  text-wrap-style: pretty; max-width: 48rem;
}
:root:lang(ja) [data-testid="stMarkdownContainer"] * { word-break: auto-phrase; }
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseLinkButton-primary"] {
  color: light-dark(#ffffff, #0d151c);
}
[data-testid="stApp"] a:focus-visible {
  outline: 2px solid light-dark(#2f6690, #6aaee6); outline-offset: 1px;
}
[data-testid="stButtonGroup"] button {
  min-height: 2.5rem;
}
[data-testid="stRadioGroup"] { gap: 0.5rem; }
[data-testid="stRadioOption"] > div { align-items: flex-start; }
[data-testid="stRadioOption"] > div > div:first-child { margin-top: 0.15rem; }
[data-testid="stToastContainer"] {
  top: 0.5rem;
}
[data-testid="stApp"]:is([data-test-script-state="running"], [data-test-script-state="rerunRequested"])::before {
  content: ""; position: fixed; z-index: 1000001; inset: 0 0 auto 0; height: 3px; opacity: 0; pointer-events: none;
  background: linear-gradient(90deg, transparent, light-dark(#2f6690, #6aaee6), transparent) no-repeat 0 0 / 40% 100%;
  animation: at-work-shown 0s 0.2s forwards, at-work 1.2s linear infinite;
}
@keyframes at-work-shown { to { opacity: 1; } }
@keyframes at-work { from { background-position: -70% 0; } to { background-position: 170% 0; } }
@media (prefers-reduced-motion: reduce) {
  [data-testid="stApp"]::before { background-size: 100% 100%; animation: at-work-shown 0s 0.2s forwards !important; }
}
@media (hover: none), (pointer: coarse), (max-width: 640px) {
  [data-has-shortcut="true"] kbd { display: none; }
  .for-keys, .st-key-for_keys { display: none; }
}
@media (min-width: 641px) and (max-width: 1100px) {
  [data-testid="stMainBlockContainer"] { padding-inline: 2rem; }
}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-top: 0.25rem; }
  [data-testid="stMainBlockContainer"] h1 { padding: 0.45rem 0 0.75rem 2.5rem; }
  [data-testid="stHeader"] { background: none; pointer-events: none; }
  [data-testid="stExpandSidebarButton"] {
    pointer-events: auto; border-radius: 0.5rem; background: light-dark(#ffffff, #0f1318);
  }
}
</style>"""
"""Streamlit writes white on every primary button. The colour that can be read as words on a dark page is too light for
that (WCAG 2.2 asks for a contrast of 4.5:1 of both); dialogs and popovers hang beside the app, at the root, which must
know the two themes for it. A link that the keyboard has come to gets a ring: its own sign would be the background of
the page that is open. And the choices of a row are as high as its other fields, so that their labels stand in one
line. What was done is told beside the page's head, not over the button that takes it back. Of text-wrap only the style
is set: a slider's value must not break.
While the page works, which the browser knows from the click on, a line at the top says so from .2 s on, whatever the
server is busy with. No line of words is longer than an eye finds its way back on, and a choice's circle stands beside
its first line. Where there is no keyboard, keys are not named: neither Streamlit's beside a button's label nor our own
words.
In a small window the page has narrow margins beside the sidebar. On a telephone the title stands beside the sidebar's
arrow, not below it."""
