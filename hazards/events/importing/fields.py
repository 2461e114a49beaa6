"""What a catalogue of disasters may bring of each record."""

from sqlalchemy.orm import Session

from gis.exchange.importing.fields import Field, Kind
from hazards.events.rules import TimePrecision
from hazards.points import types

AREA = "area"
"""The code or name of an area in which it happened, for rows that have no coordinates."""
RAW = "raw"
"""The source's own words; where nobody says which, all of its columns."""


def catalogue_fields(session: Session) -> tuple[Field, ...]:
    """Give the fields a catalogue may bring; `number` is its own id of the record.

    When it happened is one moment, or a year with the month and day as far as they are known. How
    far the truth may lie is told in metres, by the size of an area whose middle the place is, or
    by the area that stands for a place.
    """
    precisions = {str(p): str(p) for p in TimePrecision}
    return (
        Field("source", required=True, longest=100, words=("目录来源", "source")),
        Field("number", required=True, longest=100, words=(
            "灾情编号", "事件编号", "记录编号", "编号", "event_id", "number", "id", "序号")),
        Field("hazard_type", Kind.CODE, required=True, codes=types.words(session), common=True,
              words=("灾害类型", "灾种", "类型", "hazard_type", "disaster_type", "type")),
        Field("title", longest=500, words=(
            "灾情描述", "事件名称", "标题", "描述", "title", "name")),
        Field("happened_at", Kind.MOMENT, words=(
            "发生时间", "发生日期", "灾害时间", "时间", "日期",
            "happened_at", "event_date", "date")),
        Field("year", Kind.WHOLE, least=1, most=9999, words=("发生年份", "年份", "年", "year")),
        Field("month", Kind.WHOLE, least=1, most=12, words=("发生月份", "月份", "月", "month")),
        Field("day", Kind.WHOLE, least=1, most=31, words=("日", "day")),
        Field("time_precision", Kind.CODE, codes=precisions, common=True, words=(
            "时间精度", "time_precision")),
        Field("location_accuracy_m", Kind.DECIMAL, least=0, most=1e6, unit="m", common=True,
              words=("位置精度", "定位精度", "坐标精度", "精度", "location_accuracy_m",
                     "location_accuracy", "accuracy")),
        Field("affected_km2", Kind.DECIMAL, least=0, most=1e7, unit="km²", words=(
            "受灾面积", "影响面积", "淹没面积", "affected_km2")),
        Field(AREA, longest=200, words=(
            "发生地点", "所在区县", "地点", "区县", "area", "location")),
        Field("deaths", Kind.WHOLE, least=0, words=("死亡人数", "死亡", "deaths", "dead")),
        Field("injured", Kind.WHOLE, least=0, words=("受伤人数", "受伤", "injured")),
        Field("loss_10k_yuan", Kind.DECIMAL, least=0, most=1e11, unit="10k_yuan", words=(
            "直接经济损失", "经济损失", "损失", "loss_10k_yuan")),
        Field(RAW, Kind.FACTS),
    )  # fmt: skip
