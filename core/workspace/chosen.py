"""Faces that a person names by their ids."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import CatalogueError
from core.workspace.catalogue import Catalogue
from core.workspace.tables import Face


def chosen_faces(catalogue: Catalogue, ids: Iterable[int]) -> list[Face]:
    """The faces of these ids, in their order.

    Raises CatalogueError for one that is not there, and for a balancing copy: what is decided of its original is
    decided of it too, and given to another character it would be a label error by itself.
    """
    faces = [catalogue.face(face_id) for face_id in ids]
    copy = next((face for face in faces if face.copy_of is not None), None)
    if copy is not None:
        raise CatalogueError(
            f"Face {copy.id} is a balancing copy of face {copy.copy_of}. Choose face {copy.copy_of}: its copies follow."
        )
    return faces
