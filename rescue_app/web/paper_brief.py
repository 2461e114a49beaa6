"""What the brief of an area says: numbers, what changed, what is late, what is proposed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gis.areas.models import Area
from gis.areas.placing import CITY_ZONE
from hazards.evidence.models import EvidenceProposal
from rescue_app.papers import bars
from rescue_app.papers.asked import Asked
from rescue_app.papers.figures import SHOWN, Figures
from rescue_app.web import paper_words as words
from rescue_app.web.paper_map import Voice, local
from rescue_app.web.words import ngettext

Told = dict[str, Any]
AS_BROUGHT_IN = "As brought in; sources differ in what they hold."
EVIDENCES = {"historical": "Historical", "high_frequency": "High-frequency", "possible": "Possible"}


def told(
    found: Figures, asked: Asked, *, area: str, types: Mapping[str, Any],
    places: Mapping[str, Area | None], font: str, now: datetime,
) -> Told:  # fmt: skip
    """Say it all, in one language."""
    voice = Voice(asked.locale)
    tell = voice.say
    return {
        "title": tell("Brief: {area}", area=area), "lang": asked.locale,
        "when": when(found, voice, now),
        "made": tell("{area} · as of {time} · made by {name}", area=area, time=local(now),
                     name=asked.who),
        "synthetic": tell("Synthetic") if found.synthetic else "",
        "tiles": tiles(found, voice), "charts": charts(found, types, voice, font),
        "lists": lists(found, types, voice, places), "notes": tell("Notes of the meeting"),
    }  # fmt: skip


def when(found: Figures, voice: Voice, now: datetime) -> str:
    """Say of when it is, and from when on changes are counted, if there was a ledger then."""
    if found.then is None:
        begins = f"{found.begins.astimezone(CITY_ZONE):%Y-%m-%d}"
        return voice.say(
            "As of {time}. The ledger here begins on {day}: there is no figure of a month ago.",
            time=local(now), day=begins,
        )  # fmt: skip
    since = f"{found.since:%Y-%m-%d}"
    return voice.say("As of {time}; changes since {day}", time=local(now), day=since)


def tiles(found: Figures, voice: Voice) -> list[Told]:
    """Give the numbers with what changed."""
    tell = voice.say
    known = (("Points", "total"), ("People in danger", "persons"),
             ("Frail among them", "frail"), ("Households in danger", "households"))  # fmt: skip
    then = found.then
    made = [
        {"name": tell(name), "value": f"{found.now[key]:,.0f}", "bad": False,
         "change": bars.difference(int(found.now[key]), None if then is None else int(then[key]))}
        for name, key in known
    ]  # fmt: skip
    new, changed, gone = found.changes
    said = tell("{changed} changed · {gone} off the ledger", changed=f"{changed:,}",
                gone=f"{gone:,}")  # fmt: skip
    made.append({"name": tell("New on the ledger"), "value": f"{new:,}", "bad": False,
                 "change": said})  # fmt: skip
    for name, count, bad in (
        ("Lists overdue", found.overdue, found.overdue > 0),
        ("Cases under way", found.waiting, False),
        ("Proposed by the records", found.proposed, False),
    ):
        made.append({"name": tell(name), "value": f"{count:,}", "bad": bad, "change": ""})
    return made


def charts(found: Figures, types: Mapping[str, Any], voice: Voice, font: str) -> list[Told]:
    """Give the three charts."""
    tell, now = voice.say, found.now["grades"]
    then = None if found.then is None else found.then["grades"]
    grades = [(tell(words.GRADES[one]), int(now[one]), None if then is None else int(then[one]))
              for one in words.GRADES]  # fmt: skip
    compared = "Blue: now. Grey: a month ago." if then else "There is no figure of a month ago."
    kinds = [(voice.named(types.get(code), code), int(count), None)
             for code, count in found.by_type]  # fmt: skip
    years = [(str(year), count) for year, count in found.by_year.items()]
    any_year = any(count for _, count in years)
    return [
        {"title": tell("By grade"), "svg": bars.lying(grades, font=font),
         "note": tell(compared)},
        {"title": tell("By hazard type"), "svg": bars.lying(kinds, font=font) if kinds else "",
"note": tell("The most frequent ones." if kinds else "No point on the ledger here.")},
        {"title": tell("Disaster records by year"),
         "svg": bars.standing(years, font=font) if any_year else "",
"note": tell(AS_BROUGHT_IN if any_year else "No record of these years.")},
    ]  # fmt: skip


def lists(
    found: Figures, types: Mapping[str, Any], voice: Voice, places: Mapping[str, Area | None]
) -> list[Told]:
    """Give what is late, what is new and what is proposed."""
    tell = voice.say
    late = [[name, f"{due:%Y-%m-%d}", person] for name, due, person in found.oldest]
    new = [[one.name, voice.named(types.get(one.hazard_type), one.hazard_type),
            tell(words.GRADES[one.grade])] for one in found.new]  # fmt: skip
    proposed = [[voice.named(types.get(one.hazard_type), one.hazard_type),
                 place(places.get(one.area_path), one, voice),
                 tell(EVIDENCES[one.evidence]),
                 ngettext(voice.locale, "{count} record", "{count} records", len(one.event_ids)),
                 f"{one.found_at:%Y-%m-%d}"] for one in found.proposals]  # fmt: skip
    return [
        part(voice, "Overdue the longest", found.overdue, late, [3, 0, 2], "Nothing is overdue."),
        part(voice, "New on the ledger", found.changes[0], new, [3, 2, 0],
             "Nothing new since a month ago."),
        part(voice, "Proposed by the records", found.proposed, proposed, [2, 4, 0, 0, 0],
             "No proposal waits."),
    ]  # fmt: skip


def place(area: Area | None, one: EvidenceProposal, voice: Voice) -> str:
    """Say where something is proposed: its street, and the settlement where that is known."""
    zh = voice.locale == "zh"
    street = "" if area is None else area.name if zh else area.name_en or area.name
    near = str(one.facts.get("settlement", ""))
    near = near if zh else str(one.facts.get("settlement_en") or near)
    return " · ".join(dict.fromkeys(filter(None, (street, near))))


def part(
    voice: Voice, title: str, count: int, rows: Sequence[Sequence[str]], wide: list[int], empty: str
) -> Told:  # fmt: skip
    """Give a list with how many there are in all."""
    of = voice.say("{shown} of {count}", shown=min(SHOWN, count), count=f"{count:,}")
    said = f"{voice.say(title)} · {of}" if count > SHOWN else voice.say(title)
    return {"title": said, "rows": rows, "wide": wide, "empty": voice.say(empty)}
