"""English names of Chinese areas: pinyin, and a word for what kind of area it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pypinyin import lazy_pinyin

SUFFIXES = (
    ("自治县", "Autonomous County"),
    ("族乡", "Ethnic Township"),
    ("新区", "New Area"),
    ("社区", "Community"),
    ("街道", "Subdistrict"),
    ("市", ""),
    ("区", "District"),
    ("县", "County"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("村", "Village"),
)
PEOPLES = {"土家": "Tujia", "苗": "Miao", "仡佬": "Gelao", "回": "Hui", "蒙古": "Mongol"}
PEOPLE = re.compile("(?:(" + "|".join(PEOPLES) + ")族?)$")


@dataclass(frozen=True, slots=True)
class Speller:
    """Spells names; `readings` corrects characters that are read otherwise in these places."""

    readings: Mapping[str, str] = field(default_factory=dict)

    def name(self, chinese: str) -> str:
        """Give the whole name: `Wanzhou District`, `Shizhu Tujia Autonomous County`."""
        for suffix, word in SUFFIXES:
            stem = chinese.removesuffix(suffix)
            if stem != chinese and stem:
                stem, peoples = _peoples(stem) if suffix in {"自治县", "族乡"} else (stem, "")
                return " ".join(part for part in (self.spell(stem), peoples, word) if part)
        return self.spell(chinese)

    def spell(self, chinese: str) -> str:
        """Give the pinyin of a stem as one word, with the apostrophe where it is needed."""
        word = ""
        for character, syllable in zip(chinese, lazy_pinyin(chinese, v_to_u=True), strict=False):
            read = self.readings.get(character, syllable)
            word += f"'{read}" if word and read[:1] in "aoe" else read
        return word[:1].upper() + word[1:]


def _peoples(stem: str) -> tuple[str, str]:
    found: list[str] = []
    while (match := PEOPLE.search(stem)) and match.start():
        found.insert(0, PEOPLES[match.group(1)])
        stem = stem[: match.start()]
    return stem, " and ".join(found)
