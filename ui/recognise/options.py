"""How pictures are asked about: the false-accept rate, whether they are faces already, whether a name may repeat."""

from __future__ import annotations

import streamlit as st

from core.recognise.config import RecogniseConfig
from ui.common.language import _
from ui.recognise.shipped_cast import cast_switch
from ui.recognise.threshold import rate_slider


def options(digest: str, *, video: bool = False, shipped_cast: bool | None = None) -> RecogniseConfig:
    """The rate and the switches that fit. They fold away: the answer is what the page is for.

    digest: of the encoder in use; video: one is asked about; shipped_cast: already chosen further up.
    """
    is_face = repeated = False
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        far = rate_slider()
        if not video:
            is_face = st.toggle(
                _("The pictures are faces already"),
                key="is_face",
                help=_("Do not look for faces on them."),
                persist_state="session",
            )
            repeated = st.toggle(
                _("A name may come twice on a picture"),
                key="repeated",
                help=_("Else the best match keeps the name, and the other faces on the picture are unsure."),
                persist_state="session",
            )
        asked = cast_switch(digest) if shipped_cast is None else shipped_cast
    return RecogniseConfig(far, is_face, repeated, asked)
