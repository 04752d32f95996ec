"""Pictures that a component of our own shows, from Streamlit's memory of files."""

from __future__ import annotations

from streamlit.runtime import get_instance


def served(data: bytes, place: str, kind: str = "image/jpeg") -> str:
    """The address of a picture for this tab; the one that had the same `place` before is forgotten. It holds until the
    whole page runs again: then Streamlit forgets what is not served anew."""
    return get_instance().media_file_mgr.add(data, kind, place)
