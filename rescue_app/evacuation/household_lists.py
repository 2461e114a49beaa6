"""A list of households as streets keep it: its fields and their headings, what each cell says."""

from collections.abc import Mapping
from typing import Any

from gis.errors import Rejected
from gis.exchange.importing.fields import Field
from rescue_app.evacuation.rules import MOST_PEOPLE

LONGEST = 200


class Wrong(Exception):
    """A cell that cannot be taken: which field, and why."""

    def __init__(self, field: str, reason: Rejected) -> None:
        super().__init__(field)
        self.field, self.reason = field, reason


def household_fields() -> tuple[Field, ...]:
    """Give the fields of a row, with the headings that offices use."""
    return (
        Field("source", required=True, longest=LONGEST),
        Field("number", longest=LONGEST, words=("户编号", "户号", "编号", "序号", "number", "id")),
        Field(
            "head", required=True, longest=LONGEST,
            words=("户主", "户主姓名", "姓名", "head", "household head", "name"),
        ),
        Field(
            "phone", longest=LONGEST, words=("联系电话", "户主电话", "电话", "手机", "phone")
        ),
        Field(
            "address", required=True, longest=LONGEST,
            words=("详细地址", "地址", "住址", "位置", "address"),
        ),
        # Texts: streets write 4人, and a total is no number of one household.
        Field(
            "people", required=True, longest=LONGEST,
            words=("家庭人口", "户内人数", "常住人口", "人数", "人口", "people"),
        ),
        Field(
            "frail", longest=LONGEST,
            words=("体弱人数", "弱势人数", "重点人数", "老弱病残人数", "frail"),
        ),
        Field("needs", longest=LONGEST, words=("特殊需要", "照料需要", "需要", "备注", "needs")),
        Field("district", common=True, words=("区县", "district")),
    )  # fmt: skip


def number_of(row: Mapping[str, Any]) -> str:
    """Give a household's number; without one it is its head and address."""
    return row.get("number") or f"{row['head']} {row['address']}"


def counted(row: Mapping[str, Any]) -> tuple[int, int]:
    """Read how many people live there and how many of them are frail."""
    people, frail = _count(row, "people", least=1), _count(row, "frail", least=0)
    if frail > people:
        raise Wrong("frail", Rejected("More frail persons than people."))
    return people, frail


def _count(row: Mapping[str, Any], name: str, *, least: int) -> int:
    text = (row.get(name) or str(least)).removesuffix("人").removesuffix(".0").strip()
    if not text.isdecimal() or not least <= int(text) <= MOST_PEOPLE:
        raise Wrong(name, Rejected(
            "Write a whole number between {least} and {most}.", least=least, most=MOST_PEOPLE
        ))  # fmt: skip
    return int(text)
