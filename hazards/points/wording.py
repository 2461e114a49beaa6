"""What the ledger's columns and codes are called where people read them: an office's own words.

Every word here is one that an import knows, so a file that went out in words comes in again.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from gis.exchange.writing.forms import Wording
from hazards.points import types
from hazards.points.importing.fields import CATEGORIES, EVIDENCES, METHODS, SCALES, STAGES
from hazards.points.importing.headings import HEADINGS
from hazards.points.rules import Grade, GradeOrigin, Ground, State, WarningMeans

OTHERS = {
    "grade_origin": "定级方式",
    "longitude": "经度",
    "latitude": "纬度",
    "extent": "范围",
    "crs": "坐标系",
    "area_path": "区域代码",
    "state": "在册状态",
    "delisted_ground": "核销理由",
    "synthetic": "演示数据",
    "version": "版本",
    "changed_at": "改动时间",
    "changed_by_name": "改动人",
}
"""Columns that no import reads."""
GRADES: Mapping[str, str] = {grade: f"{grade}级" for grade in Grade}
ORIGINS: Mapping[str, str] = {GradeOrigin.COMPUTED: "按数字算出", GradeOrigin.BY_HAND: "人工定级"}
STATES: Mapping[str, str] = {State.APPROVED: "在册", State.DELISTED: "已核销"}
GROUNDS: Mapping[str, str] = {
    Ground.WORKS_FINISHED: "工程已完工",
    Ground.RELOCATED: "人员已搬迁",
    Ground.DANGER_GONE: "险情已消除",
    Ground.MERGED: "并入别的点位",
    Ground.ENTERED_IN_ERROR: "录入有误",
}
MEANS: Mapping[str, str] = {
    WarningMeans.GONG: "铜锣",
    WarningMeans.HORN: "口哨",
    WarningMeans.TERMINAL: "预警终端",
    WarningMeans.PHONE: "电话",
    WarningMeans.LOUDSPEAKER: "大喇叭",
}
BOOLEAN = "yes or no"
"""Under this name stand the words of all columns that say yes or no."""


def first(words: Mapping[str, str]) -> dict[str, str]:
    """Give for each code the first of the words that mean it."""
    return {str(code): word for word, code in reversed([*words.items()])}


def in_words(session: Session) -> Wording:
    """Give the office's words; those of hazard types come from their table."""
    return Wording(
        {name: said[0] for name, said in HEADINGS.items()} | OTHERS,
        {
            "category": first(CATEGORIES),
            "evidence": first(EVIDENCES),
            "hazard_type": {one.code: one.name_zh for one in types.all_types(session)},
            "grade": GRADES,
            "grade_origin": ORIGINS,
            "scale": first(SCALES),
            "monitoring_method": first(METHODS),
            "warning_means": MEANS,
            "works_stage": first(STAGES),
            "state": STATES,
            "delisted_ground": GROUNDS,
            BOOLEAN: {"true": "是", "false": "否"},
        },
    )
