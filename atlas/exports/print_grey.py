"""Colours that a printer without colour cannot tell apart: their lightness, and a pattern for those that would look alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

APART = 11.0
"""Steps of lightness (CIELAB L*, 0-100) that can be told apart on paper: those between neighbours of the sequential palette and more."""
PATTERNS = ("|", "-", "x", "\\")
"""Laid over a colour, in this order; "/" is not among them: it says that there is no value."""


def channels(colour: str) -> tuple[float, float, float]:
    """#RRGGBB as red, green, blue, 0-1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2), 0 black to 1 white."""
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness(colour: str) -> float:
    """L* of CIELAB: 0 black, 100 white, equal steps look equally far apart in grey."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def ink_on(colour: str) -> str:
    """Lines over a colour: white on dark, ink on light."""
    return "#FFFFFF" if lightness(colour) < 55 else "#1C2430"


def legible(colour: str) -> str:
    """The colour of words on white, darkened until it stands out by 4.5 : 1 (WCAG 2.2 AA): a line's colour may be too light for its name in grey."""
    while colour.startswith("#") and 1.05 / (luminance(colour) + 0.05) < 4.5:
        colour = "#" + "".join(f"{int(one * 255 * 0.95):02X}" for one in channels(colour))
    return colour


def patterns(colours: Sequence[str]) -> Mapping[str, str]:
    """Colour -> pattern for those of an order of colours that grey would mix up; the others are not in it.

    An order that goes from dark to light to dark (or back), such as a diverging scale, has its second branch patterned: in grey its ends look alike.
    Else a colour is patterned that is as light as an earlier one.
    """
    plain = list(dict.fromkeys(one for one in colours if one.startswith("#")))
    steps = [lightness(after) - lightness(before) for before, after in pairwise(plain)]
    turns = [at for at, (before, after) in enumerate(pairwise(steps), 1) if before * after < 0]
    if len(plain) > 2 and len(turns) == 1 and all(abs(step) >= APART - 1 for step in steps):
        return dict.fromkeys(plain[turns[0] + 1 :], PATTERNS[0])
    found: dict[str, str] = {}
    taken: dict[str, list[float]] = {}
    for colour in plain:
        light = lightness(colour)
        pattern = next((one for one in ("", *PATTERNS) if all(abs(light - other) >= APART for other in taken.get(one, ()))), PATTERNS[-1])
        taken.setdefault(pattern, []).append(light)
        if pattern:
            found[colour] = pattern
    return found
