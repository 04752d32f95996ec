"""How often each trait occurs: colours as hue (degrees), saturation and value; styles and extras with their weights."""

from __future__ import annotations

from core.drawn.words import Accessory, BackHair, EyeShape, Fringe, Outfit, SideHair

# Hair: hue, saturation, value and a weight; brown, black and blond most often, as in anime.
HAIR = (
    (25, 0.55, 0.42, 9), (20, 0.45, 0.58, 6), (230, 0.28, 0.24, 9), (340, 0.15, 0.2, 5), (45, 0.52, 0.94, 9),
    (36, 0.62, 0.82, 4), (8, 0.72, 0.74, 6), (355, 0.62, 0.52, 3), (342, 0.38, 0.96, 7), (325, 0.52, 0.86, 4),
    (275, 0.38, 0.74, 6), (265, 0.5, 0.46, 4), (215, 0.55, 0.8, 6), (225, 0.6, 0.48, 5), (190, 0.42, 0.86, 4),
    (160, 0.42, 0.74, 4), (110, 0.38, 0.6, 3), (220, 0.06, 0.92, 7), (260, 0.1, 0.76, 4), (24, 0.72, 0.92, 4),
    (15, 0.3, 0.86, 3), (80, 0.35, 0.8, 1),
)  # fmt: skip
# Irises and clothes: hue, saturation, value.
EYES = (
    (215, 0.75, 0.85), (200, 0.65, 0.92), (25, 0.65, 0.58), (18, 0.6, 0.42), (355, 0.78, 0.82), (335, 0.6, 0.9),
    (275, 0.55, 0.8), (255, 0.55, 0.7), (150, 0.6, 0.66), (100, 0.5, 0.64), (45, 0.78, 0.9), (30, 0.8, 0.88),
    (180, 0.6, 0.75), (220, 0.15, 0.55),
)  # fmt: skip
# Skin as RGB, and the share of each.
SKIN = ((255, 232, 218), (255, 226, 208), (253, 219, 198), (250, 236, 230), (236, 190, 158), (202, 150, 118))
SKIN_SHARE = (0.3, 0.28, 0.18, 0.12, 0.08, 0.04)
CLOTH = (
    (225, 0.55, 0.38), (220, 0.1, 0.95), (0, 0.6, 0.7), (260, 0.3, 0.3), (200, 0.4, 0.75), (340, 0.35, 0.9),
    (30, 0.35, 0.8), (130, 0.35, 0.45), (45, 0.6, 0.9), (280, 0.4, 0.55), (0, 0.0, 0.22), (20, 0.5, 0.4),
)  # fmt: skip
# Styles and extras of girls and boys, with their weights.
GIRL_BACK: dict[BackHair, float] = {
    "bob": 14, "medium": 12, "long": 18, "straight": 9, "wavy": 9, "twintails": 12, "low twintails": 5,
    "ponytail": 10, "side ponytail": 5, "bun": 4, "double bun": 4, "braids": 4, "short": 7, "spiky": 2,
}  # fmt: skip
BOY_BACK: dict[BackHair, float] = {"short": 42, "spiky": 34, "bob": 5, "medium": 8, "ponytail": 4, "long": 4}
GIRL_FRINGE: dict[Fringe, float] = {
    "blunt": 16, "choppy": 20, "parted": 14, "swept": 16, "m": 16, "curtain": 8, "one eye": 6, "open": 4,
}  # fmt: skip
BOY_FRINGE: dict[Fringe, float] = {
    "choppy": 30, "swept": 22, "m": 18, "parted": 10, "curtain": 8, "one eye": 6, "open": 8,
}  # fmt: skip
GIRL_SIDE: dict[SideHair, float] = {"none": 8, "short": 32, "long": 40, "tied": 10, "curl": 10}
BOY_SIDE: dict[SideHair, float] = {"none": 35, "short": 60, "long": 5}
GIRL_EYES: dict[EyeShape, float] = {"round": 30, "tall": 25, "almond": 18, "cat": 15, "droopy": 15, "sleepy": 7}
BOY_EYES: dict[EyeShape, float] = {"almond": 35, "narrow": 35, "cat": 12, "droopy": 8, "round": 10}
GIRL_EXTRA: dict[Accessory, float] = {
    "ribbon": 12, "hair clip": 14, "hairband": 8, "flower": 8, "glasses": 9, "headphones": 4, "cat ears": 5,
    "hat": 5, "eyepatch": 2, "beauty mark": 7, "earrings": 6, "horns": 2, "fang": 5, "choker": 6, "star clip": 5,
    "beret": 3, "elf ears": 3, "freckles": 3,
}  # fmt: skip
BOY_EXTRA: dict[Accessory, float] = {
    "glasses": 16, "scar": 9, "headphones": 6, "eyepatch": 4, "beauty mark": 6, "earrings": 6, "headband": 7,
    "hat": 5, "plaster": 5, "horns": 3, "hair clip": 4, "elf ears": 3, "choker": 3,
}  # fmt: skip
GIRL_OUTFIT: dict[Outfit, float] = {
    "sailor": 18, "blazer": 14, "dress": 12, "hoodie": 9, "sweater": 9, "kimono": 8, "shirt": 8, "off shoulder": 8,
    "military": 5, "cape": 5, "maid": 5,
}  # fmt: skip
BOY_OUTFIT: dict[Outfit, float] = {
    "gakuran": 20, "blazer": 20, "shirt": 16, "hoodie": 14, "sweater": 8, "kimono": 7, "military": 9, "cape": 6,
}  # fmt: skip
