"""A list of households as streets keep it: which heading is which, what each cell says. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shapely import Point

from gis import crs as systems
from gis import geometry
from gis.errors import PlatformError, Rejected
from hazards.duty.lists import LONGEST, Slip, Wrong, read_each
from rescue_app.evacuation.households import HouseholdDraft
from rescue_app.evacuation.rules import MOST_PEOPLE

HEADINGS = {
    "source_id": ("户编号", "number", "编号", "户号", "序号", "id"),
    "head": ("户主", "head", "户主姓名", "姓名", "household head", "name"),
    "phone": ("电话", "phone", "联系电话", "户主电话", "手机"),
    "address": ("地址", "address", "住址", "详细地址", "位置"),
    "people": ("人数", "people", "家庭人口", "人口", "户内人数", "常住人口"),
    "frail": ("体弱人数", "frail", "弱势人数", "重点人数", "老弱病残人数"),
    "needs": ("需要", "needs", "特殊需要", "备注", "照料需要"),
    "lon": ("经度", "longitude", "lon", "lng", "x"),
    "lat": ("纬度", "latitude", "lat", "y"),
}
NEEDED = ("head", "address", "people", "lon", "lat")


@dataclass(frozen=True, slots=True)
class Said:
    """One row in its final form."""

    draft: HouseholdDraft

    @property
    def key(self) -> str:
        """What makes it the same household when it comes again."""
        return self.draft.source_id


def read(
    rows: Iterable[tuple[int, Mapping[str, str]]], *, crs: str
) -> tuple[dict[int, Said], list[Slip]]:
    """Read rows (line, field → text); what cannot be taken is told with its place."""

    def twice(line: int) -> PlatformError:
        return Rejected("The same household stands in line {line} already.", line=line)

    return read_each(rows, lambda raw: one(raw, crs=crs), column="source_id", twice=twice)


def one(raw: Mapping[str, str], *, crs: str) -> Said:
    """Read one row; without a number of its own a household is its head and address."""
    texts = {name: (raw.get(name) or "").strip() for name in HEADINGS}
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise Wrong(name, text[:40], Rejected("This is too long. Shorten it."))
    for name in NEEDED:
        if not texts[name]:
            raise Wrong(name, "", Rejected("This is needed. Fill it in."))
    people, frail = count(texts, "people", least=1), count(texts, "frail", least=0)
    if frail > people:
        raise Wrong("frail", texts["frail"], Rejected("More frail persons than people."))
    return Said(
        HouseholdDraft(
            source_id=texts["source_id"] or f"{texts['head']} {texts['address']}",
            place=place(texts, crs=crs),
            people=people,
            frail=frail,
            **{name: texts[name] for name in ("head", "phone", "address", "needs")},
        )
    )


def count(texts: Mapping[str, str], name: str, *, least: int) -> int:
    """Read a number of people."""
    text = texts[name].removesuffix("人").removesuffix(".0").strip() or str(least)
    if not text.isdecimal() or not least <= int(text) <= MOST_PEOPLE:
        raise Wrong(name, texts[name], Rejected(
            "Write a whole number between {least} and {most}.", least=least, most=MOST_PEOPLE
        ))  # fmt: skip
    return int(text)


def place(texts: Mapping[str, str], *, crs: str) -> Point:
    """Read where it is, in the coordinate system of the file."""
    said = f"{texts['lon']} {texts['lat']}"
    try:
        lon, lat = float(texts["lon"]), float(texts["lat"])
    except ValueError:
        raise Wrong("lon", said, Rejected(
            "Longitude and latitude are numbers, such as 108.380 and 30.810."
        )) from None  # fmt: skip
    try:
        geometry.check_place(lon, lat)
    except Rejected as reason:
        raise Wrong("lon", said, reason) from None
    (x,), (y,) = systems.to_wgs84([lon], [lat], crs=crs)
    return Point(x, y)
