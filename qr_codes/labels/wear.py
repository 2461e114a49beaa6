"""What weather does to a label, done to its picture: the same symbol always wears the same way.

A finder pattern that cannot be seen is beyond any error correction, so dirt and loss come where
the code itself lies. Why these measures: `docs/decisions/labels.md`.
"""

import math
import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw, ImageFilter

QUIET_MODULES = 4
FINDER_MODULES = 8
LOST_SHARE = 0.30
"""Of the printed area, white border included."""
SPECKS, LARGEST_SPECK = 20, 0.7
BLUR_MODULES = 0.4
FILM, BARE_METAL = (60, 190), 180
"""Between which greys black and white lie under dirt; the grey of a label worn to its ground."""


def dirty(picture: Image.Image, *, modules: int, seed: str) -> Image.Image:
    """Splash it with mud: a film over all, specks up to nearly two modules wide."""
    chance = random.Random(seed)  # noqa: S311 - the same dirt each time, nothing secret
    module = picture.width / (modules + 2 * QUIET_MODULES)
    darkest, lightest = FILM
    splashed = picture.point(lambda light: darkest + light * (lightest - darkest) // 255)
    pen = ImageDraw.Draw(splashed)
    for _ in range(SPECKS):
        x, y = ((QUIET_MODULES + n) * module for n in _beside_finders(chance, modules))
        radius = chance.uniform(0.2, LARGEST_SPECK) * module
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=chance.randint(*FILM))
    return splashed


def blurred(picture: Image.Image, *, modules: int, seed: str) -> Image.Image:
    """Look at it out of focus."""
    del seed
    module = picture.width / (modules + 2 * QUIET_MODULES)
    return picture.filter(ImageFilter.GaussianBlur(BLUR_MODULES * module))


def torn(picture: Image.Image, *, modules: int, seed: str) -> Image.Image:
    """Tear 30 % of its area off: the border on two sides, and the corner between them."""
    del seed
    whole = modules + 2 * QUIET_MODULES
    module = picture.width / whole
    border = 2 * QUIET_MODULES * whole - QUIET_MODULES**2
    corner = math.ceil(math.sqrt(LOST_SHARE * whole**2 - border))
    end, left = (round((QUIET_MODULES + n) * module) for n in (modules, modules - corner))
    spoilt = picture.copy()
    for box in ((end, 0), (0, end), (left, left)):
        spoilt.paste(BARE_METAL, (*box, picture.width, picture.height))
    return spoilt


WEAR: Mapping[str, Callable[..., Image.Image]] = {"dirt": dirty, "blur": blurred, "loss": torn}
"""All that a label must stand, by the word for it."""


def _beside_finders(chance: random.Random, modules: int) -> tuple[float, float]:
    """Give a place on the symbol, away from its three finder patterns."""
    near, far = FINDER_MODULES + 1, modules - FINDER_MODULES - 1
    while True:
        x, y = chance.uniform(0, modules), chance.uniform(0, modules)
        if not ((x < near and (y < near or y > far)) or (x > far and y < near)):
            return x, y
