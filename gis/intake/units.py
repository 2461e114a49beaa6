"""What a column counts in, as its heading says: 井深(cm) is metres by hundredths."""

import re
from collections.abc import Mapping

from gis.exchange.importing.fields import Field

FAMILIES: tuple[Mapping[str, float], ...] = (
    {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1_000.0},
    {"m²": 1.0, "亩": 10_000 / 15, "ha": 10_000.0, "km²": 1_000_000.0},
    {"kg": 0.001, "t": 1.0},
    {"W": 0.001, "kW": 1.0, "MW": 1_000.0},
    {"m³/h": 1 / 3_600, "L/s": 0.001, "m³/s": 1.0},
    {"yuan": 0.0001, "10k_yuan": 1.0},
)
"""Units that can stand for each other, each by how many of its own measure it is."""
SAID = {
    "毫米": "mm", "厘米": "cm", "公分": "cm", "米": "m", "公里": "km", "千米": "km",
    "平方米": "m²", "平米": "m²", "㎡": "m²", "m2": "m²", "公顷": "ha", "平方公里": "km²",
    "吨": "t", "公斤": "kg", "千克": "kg", "千瓦": "kW", "兆瓦": "MW", "瓦": "W",
    "m3/s": "m³/s", "立方米/秒": "m³/s", "m3/h": "m³/h", "立方米/时": "m³/h", "升/秒": "L/s",
    "元": "yuan", "万元": "10k_yuan", "人民币元": "yuan",
}  # fmt: skip
IN_BRACKETS = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]+?)\s*[)）\]】]")
AT_THE_END = re.compile(r"(?:[\u4e00-\u9fff]|_)(mm|cm|km|m|kW|t)$")


def alike(unit: str) -> Mapping[str, float]:
    """Give the units in which a file may count instead; none where there is but one."""
    return next((family for family in FAMILIES if unit in family), {})


def factor(field: Field, unit: str) -> float:
    """Say by what numbers of a unit become the field's own."""
    family = alike(field.unit)
    return family[unit] / family[field.unit] if unit in family else 1.0


def named_in(heading: str, field: Field) -> str:
    """Give the unit that a heading names, else the field's own."""
    known = {unit.lower(): unit for unit in alike(field.unit)}
    said = [*IN_BRACKETS.findall(heading), *AT_THE_END.findall(heading)]
    found = [known.get(word.lower()) or known.get(SAID.get(word, "").lower()) for word in said]
    return next((unit for unit in found if unit), field.unit)


def of_factor(field: Field, by: float) -> str:
    """Give the unit that a factor means."""
    near = (unit for unit in alike(field.unit) if abs(factor(field, unit) / by - 1) < 1e-6)
    return next(near, field.unit)
