"""A list of crews as offices write it: which heading is which, what each cell says. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gis import geometry
from gis.errors import PlatformError, Rejected
from hazards.duty.lists import LONGEST, SEPARATORS, Slip, Wrong, among, read_each

HEADINGS = {
    "name": ("队伍", "crew", "队伍名称", "name", "a crew"),
    "name_en": ("英文名", "english name", "name_en", "英文名称", "name in english"),
    "area": ("所在街镇", "area", "街镇", "所属街镇", "区域", "street or town"),
    "leader": ("队长", "leader", "负责人"),
    "phone": ("队长电话", "phone", "电话", "联系电话"),
    "skills": ("技能", "skills", "专业"),
    "equipment": ("装备", "equipment", "设备"),
    "lon": ("经度", "longitude", "lon"),
    "lat": ("纬度", "latitude", "lat"),
    "on_duty": ("在岗", "on duty", "on_duty", "值守"),
}
NEEDED = ("name",)
YES_NO = {"是": "yes", "在岗": "yes", "yes": "yes", "1": "yes",
          "否": "no", "不在岗": "no", "no": "no", "0": "no"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What offices call skills, equipment and areas, by lower-case name."""

    skills: Mapping[str, str]
    equipment: Mapping[str, str]
    areas: Mapping[str, str]
    own_area: str


@dataclass(frozen=True, slots=True)
class Said:
    """One row in its final form; what the file has no column for is None and stays as it is."""

    name: str
    area_path: str
    name_en: str | None
    leader: str
    phone: str
    skills: tuple[str, ...] | None
    equipment: tuple[str, ...] | None
    place: tuple[float, float] | None
    on_duty: bool | None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same crew when it comes again."""
        return (self.area_path, self.name)


def read(
    rows: Iterable[tuple[int, Mapping[str, str]]], words: Words
) -> tuple[dict[int, Said], list[Slip]]:
    """Read rows (line, field → text); what cannot be taken is told with its place."""

    def twice(line: int) -> PlatformError:
        return Rejected("The same crew stands in line {line} already.", line=line)

    return read_each(rows, lambda raw: one(raw, words), column="name", twice=twice)


def one(raw: Mapping[str, str], words: Words) -> Said:
    """Read one row."""
    texts = {name: (raw.get(name) or "").strip() for name in HEADINGS}
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise Wrong(name, text[:40], Rejected("This is too long. Shorten it."))
    if not texts["name"]:
        raise Wrong("name", "", Rejected("This is needed. Fill it in."))
    area = among(texts, "area", words.areas) if texts["area"] else words.own_area
    return Said(
        name=texts["name"],
        area_path=area,
        name_en=texts["name_en"] if "name_en" in raw else None,
        leader=texts["leader"],
        phone=texts["phone"],
        skills=codes(texts, "skills", words.skills) if "skills" in raw else None,
        equipment=codes(texts, "equipment", words.equipment) if "equipment" in raw else None,
        place=place(texts),
        on_duty=among(texts, "on_duty", YES_NO) == "yes" if texts["on_duty"] else None,
    )


def codes(texts: Mapping[str, str], name: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """Give the codes of several words in one cell."""
    parts = [part.strip() for part in SEPARATORS.split(texts[name]) if part.strip()]
    return tuple(dict.fromkeys(among({name: part}, name, words) for part in parts))


def place(texts: Mapping[str, str]) -> tuple[float, float] | None:
    """Read where the crew stands; without both numbers it stays where it was."""
    if not texts["lon"] and not texts["lat"]:
        return None
    try:
        lon, lat = float(texts["lon"]), float(texts["lat"])
    except ValueError:
        raise Wrong("lon", f"{texts['lon']} {texts['lat']}", Rejected(
            "Longitude and latitude are numbers, such as 108.380 and 30.810."
        )) from None  # fmt: skip
    try:
        geometry.check_place(lon, lat)
    except Rejected as reason:
        raise Wrong("lon", f"{lon} {lat}", reason) from None
    return lon, lat
