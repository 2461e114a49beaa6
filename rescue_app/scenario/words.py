"""Names and phones for made-up people and places."""

from dataclasses import dataclass

import numpy as np
import yaml
from numpy.typing import NDArray

from rescue_app.settings import PROJECT

SCENARIO = PROJECT / "data" / "scenario"
Texts = NDArray[np.str_]
PHONE_STEM = 19900000000
"""Phones are counted up from a stem that no carrier has given out."""


@dataclass(frozen=True)
class Words:
    """The words names are made from, as arrays."""

    surnames: Texts
    given: Texts
    places: Texts
    landforms: Texts

    @classmethod
    def load(cls) -> "Words":
        """Read them from `data/scenario/words.yaml`."""
        lists = yaml.load((SCENARIO / "words.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        return cls(**{kind: np.array(words) for kind, words in lists.items()})

    def people(self, count: int, rng: np.random.Generator) -> Texts:
        """Make names of people."""
        return np.char.add(rng.choice(self.surnames, count), rng.choice(self.given, count))

    def spots(self, count: int, rng: np.random.Generator) -> Texts:
        """Make names of small places, such as 黄桷坪."""
        return np.char.add(rng.choice(self.places, count), rng.choice(self.landforms, count))


def phones(first: int, count: int) -> Texts:
    """Count phones up from the stem."""
    return (PHONE_STEM + first + np.arange(count)).astype(str)
