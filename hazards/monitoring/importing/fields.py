"""What a list of stations may speak of, and what offices call its columns."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from gis.exchange.importing.fields import Field, Kind
from hazards.monitoring import properties

LONGEST_NAME = 200
WEEK_MIN = 7 * 24 * 60
LOWEST = 10_000
MARK = "mark_"


def station_fields(session: Session) -> Sequence[Field]:
    """Give the fields of a row, with every name a property has, and every mark."""
    known = properties.listed(session)
    marks = {str(one["code"]): one for of in known for one in of.marks}
    return (
        Field("source", required=True, longest=100, words=("台账来源", "来源", "source")),
        Field(
            "number", required=True, longest=100,
            words=("测站编码", "站码", "站号", "测站编号", "编号", "编码", "number", "code", "id"),
        ),
        Field("name", required=True, longest=LONGEST_NAME,
              words=("测站名称", "站名", "监测站", "名称", "name")),
        Field("address", longest=LONGEST_NAME, words=("站址", "详细地址", "地址", "address")),
        Field("keeper", longest=LONGEST_NAME, words=("管护人", "负责人", "联系人", "keeper")),
        Field("keeper_phone", longest=40, words=("联系电话", "电话", "手机", "phone", "tel")),
        Field("district", common=True, words=("所属区县", "区县", "街镇", "行政区", "district")),
        Field(
            "property", Kind.CODE, required=True, codes=properties.words(session), common=True,
            words=("监测要素", "监测项目", "测项", "要素", "站类", "站型", "property", "type"),
        ),
        Field("channel", longest=40, words=("通道", "探头", "channel")),
        Field("interval_min", Kind.DECIMAL, least=0.05, most=WEEK_MIN,
              words=("报送间隔（分钟）", "报送间隔", "采集间隔", "间隔", "interval")),
        Field("silent_after_min", Kind.DECIMAL, least=1, most=5 * WEEK_MIN,
              words=("无数据报警（分钟）", "silent_after")),
        Field("facts", Kind.FACTS),
        *(
            Field(f"{MARK}{code}", Kind.DECIMAL, least=-LOWEST, most=LOWEST,
                  words=(one["zh"], one["en"], f"{MARK}{code}"))
            for code, one in sorted(marks.items())
        ),
    )  # fmt: skip
