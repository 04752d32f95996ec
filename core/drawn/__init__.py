"""Drawn characters: an endless cast of anime-like characters from a seed, and pictures of them.

The app's demo and its tests need faces whose true names and boxes are known, without the network: they come from here.
"""

from core.drawn.casting import cast
from core.drawn.picture import DrawnFace, DrawnPicture, draw, draw_face, pictures
from core.drawn.traits import Character

__all__ = ["Character", "DrawnFace", "DrawnPicture", "cast", "draw", "draw_face", "pictures"]
