"""Which column is which, by what offices call things and by what the values look like.

A guess is a proposal: the person sees it beside sample values and corrects it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from gis.exchange.importing.fields import Field, Kind
from hazards.points.intake.rules import Looked

# Better words first: the first column that has one of them is taken.
WORDS: dict[str, tuple[str, ...]] = {
    "number": ("统一编号", "隐患点编号", "灾害点编号", "编号", "number", "code", "id", "序号"),
    "name": ("隐患点名称", "灾害点名称", "点位名称", "名称", "name", "地点"),
    "category": ("点位类别", "类别", "category"),
    "evidence": ("依据", "evidence"),
    "hazard_type": ("灾害类型", "灾种", "灾害种类", "隐患类型", "类型", "hazardtype", "type"),
    "grade": ("险情等级", "危险等级", "危害等级", "等级", "grade"),
    "grade_reason": ("定级理由", "gradereason"),
    "address": ("地理位置", "详细地址", "地址", "位置", "address"),
    "threatened_persons": ("威胁人数", "威胁人口", "人数", "人口", "threatenedpersons", "persons"),
    "threatened_households": ("威胁户数", "户数", "threatenedhouseholds", "households"),
    "threatened_frail": ("老弱", "弱势", "特殊人群", "threatenedfrail", "frail"),
    "threatened_property_10k_yuan": ("威胁财产", "财产", "threatenedproperty10kyuan", "property"),
    "district": ("区县", "所在区县", "县区", "district", "county"),
    "owner_name": ("防灾责任人", "责任人", "负责人", "ownername", "owner"),
    "owner_phone": ("责任人电话", "联系电话", "电话", "手机", "ownerphone", "phone", "tel"),
    "owner_post": ("责任人职务", "ownerpost"),
    "monitors": ("监测员", "群测群防员", "监测人员", "monitors"),
    "warning_means": ("预警手段", "预警方式", "报警方式", "报警手段", "warningmeans"),
    "monitoring_name": ("监测责任人", "监测人", "monitoringname"),
    "monitoring_post": ("监测人职务", "monitoringpost"),
    "monitoring_phone": ("监测人电话", "监测电话", "monitoringphone"),
    "monitoring_method": ("监测方式", "监测方法", "monitoringmethod"),
    "plan_exists": ("应急预案", "预案", "planexists"),
    "cards_given": ("两卡", "明白卡", "cardsgiven"),
    "drilled_on": ("演练日期", "演练时间", "drilledon"),
    "found_on": ("发现日期", "发现时间", "foundon"),
    "direction": ("坡向", "主滑方向", "direction"),
    "volume_m3": ("体积", "方量", "volumem3"),
    "scale": ("规模等级", "规模", "scale"),
    "trigger": ("诱发因素", "引发因素", "trigger"),
    "works": ("治理措施", "works"),
    "works_stage": ("治理阶段", "治理进度", "worksstage"),
    "owner_unit": ("责任单位", "单位", "ownerunit", "unit"),
}  # fmt: skip
LONGITUDES = ("经度", "longitude", "lon", "lng", "x坐标", "东经", "x")
LATITUDES = ("纬度", "latitude", "lat", "y坐标", "北纬", "y")
EXTENTS = ("extent", "范围")
NOTHING = re.compile(r"[\s_\-·.:()()\[\]【】/*]+")
YUAN = re.compile(r"[((]\s*元\s*[))]")
GROUPED = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")


def plain(heading: str) -> str:
    """Give a heading without what people put around it: 威胁 人数(人) is 威胁人数人."""
    return NOTHING.sub("", heading).lower()


def columns(looked: Looked, fields: Iterable[Field]) -> dict[str, str]:
    """Propose a column for each field that seems to have one; no column is proposed twice."""
    found: dict[str, str] = {}
    free = {column["name"]: plain(column["name"]) for column in looked["columns"]}
    asked = places(looked) | {field.name: WORDS.get(field.name, ()) for field in fields}
    for name, words in asked.items():
        heading = best(free, words)
        if heading is not None:
            found[name] = heading
            del free[heading]
    return found


def places(looked: Looked) -> dict[str, tuple[str, ...]]:
    """Give the words by which columns of places are known; shapes need none."""
    asked: dict[str, tuple[str, ...]] = {"extent": EXTENTS}
    return asked if looked["shapes"] else asked | {"longitude": LONGITUDES, "latitude": LATITUDES}


def best(free: dict[str, str], words: Sequence[str]) -> str | None:
    """Give the heading that is a word, else one that begins with it, else one that holds it."""
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for word in words:
            for heading, said in free.items():
                if fits(said, word) and (len(word) > 2 or said == word or not word.isascii()):
                    return heading
    return None


def code_of(word: str, field: Field) -> str:
    """Propose a code for a word of the file: as it is known, or the longest known word in it."""
    known = {k.lower(): v for k, v in field.codes.items()}
    said = word.strip().lower()
    if said in known:
        return known[said]
    inside = [k for k in known if len(k) > 1 and (k in said or said in k)]
    return known[max(inside, key=len)] if inside else ""


def property_factor(heading: str) -> float:
    """Tell whether a column counts yuan or ten thousands of it."""
    return 0.0001 if YUAN.search(heading) and "万" not in heading else 1.0


def thousands(column: Looked) -> str | None:
    """Tell whether a column's numbers are written 1,200."""
    seen: list[Any] = [*column["samples"], *(word for word, _ in column["words"] or ())]
    return "," if any(GROUPED.match(str(value)) for value in seen) else None


def is_number(field: Field) -> bool:
    """Tell a field of numbers."""
    return field.kind in {Kind.WHOLE, Kind.DECIMAL}
