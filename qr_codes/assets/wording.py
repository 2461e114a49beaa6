"""What the registry's columns and codes are called where people read them: an office's own words.

Every word here is one that an import knows, so a list that went out in words comes in again.
"""

from collections.abc import Collection, Mapping, Sequence

from gis.exchange.writing.forms import Wording
from qr_codes.assets.fields import AssetField, FieldKind, fields_of
from qr_codes.assets.importing.headings import HEADINGS
from qr_codes.assets.models import AssetType
from qr_codes.assets.rules import CodeState

OTHERS = {
    "street": "属地",
    "code": "风险码",
    "label": "标签状态",
    "retired_on": "停用日期",
    "longitude": "经度",
    "latitude": "纬度",
    "extent": "范围",
    "crs": "坐标系",
}
"""Columns that no import takes for a field."""
LABELS: Mapping[str, str] = {
    CodeState.PRINTED: "已打印",
    CodeState.MOUNTED: "已挂码",
    CodeState.DAMAGED: "已损坏",
}
ANSWERS: Mapping[str, str] = {"true": "是", "false": "否"}


def in_words(kinds: Sequence[AssetType]) -> Wording:
    """Give the office's words; those of the kinds and of their fields come from their table."""
    own = [field for kind in kinds for field in fields_of(kind.fields)]
    headings = {name: said[0] for name, said in HEADINGS.items()} | OTHERS
    for field in own:
        headings.setdefault(field.code, heading_of(field, taken=headings.values()))
    words: dict[str, dict[str, str]] = {"label": dict(LABELS)}
    words["type"] = {kind.code: kind.name_zh for kind in kinds}
    for field in own:
        words.setdefault(field.code, {}).update(words_of(field))
    return Wording(headings, words)


def heading_of(field: AssetField, *, taken: Collection[str]) -> str:
    """Name a field's column; two kinds may call two different things by one name."""
    return next(name for name in (field.zh, *field.words, field.code) if name not in taken)


def words_of(field: AssetField) -> Mapping[str, str]:
    """Give the word of each answer to a field."""
    if field.kind is FieldKind.YES_NO:
        return ANSWERS
    return {one.value: one.zh for one in field.choices}
