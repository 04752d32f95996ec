"""Names for drawn characters: pronounceable, Japanese in sound, all different."""

from __future__ import annotations

import numpy as np


def _words(text: str) -> list[str]:
    return text.split()


_FAMILY = _words(
    "Aka Asa Ao Fuji Fuku Hana Haya Hira Hoshi Iwa Kami Kawa Kiri Kita Kuro Matsu Midori Minami Miya Mizu "
    "Mori Naga Naka Nishi Oka Saka Sakura Shira Taka Take Toki Tsuki Tachi Ume Wata Yama Yuki "
)
_PLACE = _words(
    "be da hara hashi hata jima kawa ki ma mine mori mura no oka saka saki sato se shima ta tani tsuka ura ya "
)
_GIRL_START = _words(
    "A Aka Aya Chi Ema Fu Ha Hana Hi Hika I Ka Kana Ki Ko Kotone Kuro Ma Mai Mi Mio Mo Na Nana No Re Ri "
    "Rin Ru Sa Saku Shi Shizu Su Ta Tsu U Wa Ya Yu Yui Yuki "
)
_GIRL_END = _words("ka ki ko mi na ne no ri ru sa se yo ra rin ho ha e a zuki chi nami me ")
_BOY_START = _words("Aki Da Eiji Gen Haru Hiro I Ji Kai Kei Ken Ma Masa Nao Re Ryo Shin Sho So Taka To Tsu Ya Yo Yu ")
_BOY_END = _words("ta to ki shi suke ya ma ro ji hiko nosuke n o ichi rou kazu ")


def given(rng: np.random.Generator, boy: bool) -> str:
    """One given name of two parts, such as Hikari or Kaito."""
    starts, ends = (_BOY_START, _BOY_END) if boy else (_GIRL_START, _GIRL_END)
    start, end = str(rng.choice(starts)), str(rng.choice(ends))
    while start.lower().endswith(end[:1]) or (start[-1] in "n" and end[0] not in "aeiouysktnmjh"):
        end = str(rng.choice(ends))
    return start + end


def family(rng: np.random.Generator) -> str:
    """One family name of two parts, such as Fujisaki or Hoshino."""
    start, end = str(rng.choice(_FAMILY)), str(rng.choice(_PLACE))
    while end in start.lower():
        end = str(rng.choice(_PLACE))
    return start + end


def full_name(rng: np.random.Generator, boy: bool, taken: set[str]) -> str:
    """A name that is not yet taken: 'Family Given'; after many tries a number is put behind it."""
    for _ in range(200):
        name = f"{family(rng)} {given(rng, boy)}"
        if name.lower() not in taken:
            break
    else:
        number = 2
        while f"{name} {number}".lower() in taken:
            number += 1
        name = f"{name} {number}"
    taken.add(name.lower())
    return name
