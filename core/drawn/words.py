"""The words for traits, expressions and poses that the drawing knows."""

from __future__ import annotations

from typing import Literal

Build = Literal["girl", "boy"]
HairPattern = Literal["plain", "tips", "streak", "inner"]
# fmt: off
BackHair = Literal[
    "short", "spiky", "bob", "medium", "long", "straight", "wavy", "twintails", "low twintails", "ponytail",
    "side ponytail", "bun", "double bun", "braids",
]
Fringe = Literal["blunt", "choppy", "parted", "swept", "m", "curtain", "one eye", "open"]
SideHair = Literal["none", "short", "long", "tied", "curl"]
EyeShape = Literal["round", "tall", "almond", "cat", "droopy", "sleepy", "narrow"]
Pupil = Literal["round", "ring", "slit", "star", "none"]
Accessory = Literal[
    "ribbon", "hair clip", "star clip", "hairband", "flower", "glasses", "headphones", "cat ears", "hat", "beret",
    "eyepatch", "beauty mark", "earrings", "horns", "fang", "choker", "scar", "plaster", "headband", "elf ears",
    "freckles",
]
Outfit = Literal[
    "sailor", "blazer", "dress", "hoodie", "sweater", "kimono", "shirt", "off shoulder", "military", "cape", "maid",
    "gakuran",
]
Expression = Literal[
    "calm", "smile", "laugh", "closed smile", "angry", "sad", "surprised", "shy", "smug", "wink", "sleepy",
]
# fmt: on
PoseName = Literal["front", "threequarter", "profile", "tilted", "back"]
