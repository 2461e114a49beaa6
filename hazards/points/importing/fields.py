"""The fields a file may bring, with the words offices use for our codes."""

import re
from collections.abc import Mapping
from dataclasses import replace

from gis.errors import Rejected
from gis.exchange.importing.fields import Field, Kind
from hazards.points.importing.headings import HEADINGS
from hazards.points.rules import (
    Category,
    Evidence,
    Grade,
    Monitoring,
    Scale,
    WarningMeans,
    WorksStage,
    said_monitors,
)

CATEGORIES = {
    "灾害发生点": Category.OCCURRENCE,
    "发生点": Category.OCCURRENCE,
    "隐患点": Category.HIDDEN_DANGER,
    "防范点": Category.PREVENTION,
    "急难点": Category.CRITICAL,
}
EVIDENCES = {
    "历史性": Evidence.HISTORICAL,
    "高频性": Evidence.HIGH_FREQUENCY,
    "可能性": Evidence.POSSIBLE,
}
GRADES = {
    **dict.fromkeys(("Ⅰ", "Ⅰ级", "I级", "一级", "特大型", "特大"), Grade.I),
    **dict.fromkeys(("Ⅱ", "Ⅱ级", "II级", "二级", "大型", "大"), Grade.II),
    **dict.fromkeys(("Ⅲ", "Ⅲ级", "III级", "三级", "中型", "中"), Grade.III),
    **dict.fromkeys(("Ⅳ", "Ⅳ级", "IV级", "四级", "小型", "小"), Grade.IV),
}
METHODS = {
    "群测群防": Monitoring.GROUP,
    "专业监测": Monitoring.PROFESSIONAL,
    "群专结合": Monitoring.BOTH,
}
ANSWERS = {
    **dict.fromkeys(("是", "有", "已发放", "已编制"), "true"),
    **dict.fromkeys(("否", "无", "未发放", "未编制"), "false"),
}
SCALES = {
    **dict.fromkeys(("特大型", "特大"), Scale.GIANT),
    **dict.fromkeys(("大型", "大"), Scale.LARGE),
    **dict.fromkeys(("中型", "中"), Scale.MEDIUM),
    **dict.fromkeys(("小型", "小"), Scale.SMALL),
}
MEANS = {
    **{str(means): means for means in WarningMeans},
    **dict.fromkeys(("铜锣", "锣", "鸣锣", "敲锣"), WarningMeans.GONG),
    **dict.fromkeys(("口哨", "哨子", "号角"), WarningMeans.HORN),
    **dict.fromkeys(("预警终端", "终端"), WarningMeans.TERMINAL),
    **dict.fromkeys(("电话", "手机"), WarningMeans.PHONE),
    **dict.fromkeys(("大喇叭", "喇叭", "广播", "高音喇叭"), WarningMeans.LOUDSPEAKER),
}
BETWEEN = re.compile(r"[;；、,，/\s]+")
STAGES = {
    "拟治理": WorksStage.PROPOSED,
    "已设计": WorksStage.DESIGNED,
    "施工中": WorksStage.UNDER_WAY,
    "已完工": WorksStage.FINISHED,
    "已验收": WorksStage.ACCEPTED,
}


COMMON = frozenset({"category", "evidence", "hazard_type", "district"})
"""What may be said once for all rows."""


def code(name: str, words: Mapping[str, str], *, required: bool = False) -> Field:
    """Make a field of codes that understands each code and the words for it."""
    known = {**{str(c): str(c) for c in words.values()}, **{w: str(c) for w, c in words.items()}}
    return Field(name, Kind.CODE, required=required, codes=known)


def count(name: str) -> Field:
    """Make a field that counts people or houses."""
    return Field(name, Kind.WHOLE, least=0)


def said_means(cell: str) -> list[str]:
    """Read warning means as one cell tells them: 铜锣；喇叭."""
    words = [word for word in BETWEEN.split(cell) if word]
    for word in words:
        if word not in MEANS:
            raise Rejected(
                "“{word}” is no warning means we know. Known are: {known}.",
                word=word,
                known="铜锣；口哨；预警终端；电话；大喇叭",
            )
    return list(dict.fromkeys(MEANS[word] for word in words))


def ledger_fields(hazard_words: Mapping[str, str]) -> tuple[Field, ...]:
    """Give all fields; the words for hazard types come from their table."""
    plain = (
        Field("source", required=True, longest=100),
        Field("number", required=True, longest=100),
        Field("name", required=True, longest=200),
        code("category", CATEGORIES, required=True),
        code("evidence", EVIDENCES, required=True),
        code("hazard_type", hazard_words, required=True),
        code("grade", GRADES),
        Field("grade_reason"),
        Field("address"),
        *map(count, ("threatened_persons", "threatened_households", "threatened_frail")),
        Field("threatened_property_10k_yuan", Kind.DECIMAL, least=0, most=1e9, unit="10k_yuan"),
        Field("district"),
        Field("owner_name"),
        Field("owner_phone"),
        Field("owner_unit"),
        Field("owner_post"),
        Field("monitors", Kind.PARTS, read=said_monitors),
        Field("warning_means", Kind.PARTS, read=said_means),
        Field("monitoring_name"),
        Field("monitoring_post"),
        Field("monitoring_phone"),
        code("monitoring_method", METHODS),
        code("plan_exists", ANSWERS),
        code("cards_given", ANSWERS),
        Field("drilled_on", Kind.MOMENT),
        Field("found_on", Kind.MOMENT),
        Field("direction"),
        Field("volume_m3", Kind.DECIMAL, least=0, most=1e12),
        code("scale", SCALES),
        Field("trigger"),
        Field("works"),
        code("works_stage", STAGES),
    )
    return tuple(map(called, plain))


def called(field: Field) -> Field:
    """Add to a field what offices call it, and whether it may be said once for all rows."""
    return replace(field, words=HEADINGS.get(field.name, ()), common=field.name in COMMON)
