"""What the hand-out map shows: points with checklist and owner, records, and what is not in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.areas.placing import CITY_ZONE, day_of
from gis.errors import Rejected
from hazards.events.models import DisasterEvent
from hazards.events.rules import EXACT_M, UNKNOWN_REACH_M
from hazards.points import types
from hazards.points.models import HazardPoint
from rescue_app.papers import ground, repository
from rescue_app.papers.asked import Asked
from rescue_app.papers.ground import Outline
from rescue_app.web import paper_words as words
from rescue_app.web.words import translate

MOST, MOST_IN_FILE, MOST_RECORDS, MOST_HOMES, MOST_ITEMS = 20_000, 2_000, 5_000, 5_000, 12
HEAT_TO_M = 5_000
"""A record that is less exact than this warms nothing: its heat would lie where nothing was."""
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """The file's language."""

    locale: str

    def say(self, text: str, **values: object) -> str:
        """Say a message."""
        return translate(self.locale, text, **values)

    def named(self, thing: Any, code: str = "") -> str:
        """Give a thing's name."""
        if thing is None:
            return code
        return str(thing.name_zh if self.locale == "zh" else thing.name_en)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was read."""

    outlines: Sequence[Outline]
    water: Sequence[BaseGeometry]
    points: Sequence[HazardPoint]
    watched: Mapping[repository.Sort, repository.Watch]
    records: Sequence[DisasterEvent]
    homes: Sequence[Any]
    types: Mapping[str, Any]


def gathered(session: Session, asked: Asked, *, now: datetime) -> Gathered:
    """Read it through the eyes of whoever asks; households only where they are asked for."""
    outlines = ground.outlines(session, asked.under, day=day_of(now))
    if not outlines:
        raise Rejected("This area has no outline, so no map can be drawn of it.")
    points = repository.points_under(session, asked.under, most=MOST + 1)
    if len(points) > MOST:
        raise Rejected("More than {most} points: choose a district or a street.", most=f"{MOST:,}")
    west, south, east, north = shapely.total_bounds([outlines[0].shape]).tolist()
    around = max(east - west, north - south) / 2
    box = (west - around, south - around, east + around, north + around)
    homes = repository.homes_under(session, asked.under, most=MOST_HOMES) if asked.private else ()
    return Gathered(
        outlines, ground.water(session, box), points,
        repository.watched(session, points, area_path=asked.under),
        ground.records(session, asked.under, most=MOST_RECORDS), homes,
        {one.code: one for one in types.all_types(session)},
    )  # fmt: skip


def told(found: Gathered, asked: Asked, *, title: str, now: datetime) -> Told:
    """Say all that the file says, in one language."""
    voice = Voice(asked.locale)
    made = voice.say("Made {time} by {name}", time=local(now), name=asked.who)
    bounds = shapely.total_bounds([one.shape for one in found.outlines]).tolist()
    synthetic = any(one.synthetic for one in (*found.points, *found.records, *found.homes))
    return {
        "title": title, "made": made, "synthetic": synthetic, "words": spoken(voice),
        "bounds": [[bounds[1], bounds[0]], [bounds[3], bounds[2]]],
        "points": [point(one, asked, found.types, voice) for one in found.points],
        "lists": {"|".join(sort): items(watch, voice) for sort, watch in found.watched.items()},
        "records": [record(one, found.types, voice) for one in found.records],
        "homes": [home(one, voice) for one in found.homes], "notes": notes(found, asked, voice),
    }  # fmt: skip


def point(one: HazardPoint, asked: Asked, kinds: Mapping[str, Any], voice: Voice) -> Told:
    """Say what a point's popup says; phones only where they are asked for."""
    people = [one.threatened_persons, one.threatened_frail]
    said = voice.say("{count} people", count=f"{people[0]:,}") if people[0] is not None else ""
    frail = voice.say("{count} of them frail", count=f"{people[1]:,}") if people[1] else ""
    means = [voice.say(words.MEANS[means]) for means in one.warning_means]
    return {
        "at": at(one.place), "name": one.name, "number": one.number, "grade": one.grade,
        "kind": voice.named(kinds.get(one.hazard_type), one.hazard_type), "address": one.address,
        "people": " · ".join(filter(None, (said, frail))), "signal": " · ".join(means),
        "owner": person(one.owner_name, one.owner_phone, one.owner_unit, asked=asked),
        "monitor": person(one.monitoring_name, one.monitoring_phone, "", asked=asked),
        "list": f"{one.category}|{one.hazard_type}", "synthetic": one.synthetic,
    }  # fmt: skip


def person(name: str, phone: str, unit: str, *, asked: Asked) -> str:
    """Name somebody in charge."""
    return " · ".join(filter(None, (name, phone if asked.private else "", unit)))


def items(watch: repository.Watch, voice: Voice) -> list[str]:
    """Give what is looked at, that first at which people are moved out."""
    seen = {one.question or one.code: one for one in watch.items}
    first = sorted(seen.values(), key=lambda one: (not one.stop, one.grade))[:MOST_ITEMS]
    return [one.text_zh if voice.locale == "zh" else one.text_en for one in first]


def record(one: DisasterEvent, kinds: Mapping[str, Any], voice: Voice) -> Told:
    """Say what a record's popup says, and how far from its sign it may have been."""
    metres = one.location_accuracy_m
    reach = 0 if metres is not None and metres <= EXACT_M else metres or UNKNOWN_REACH_M
    day = one.happened_at.astimezone(CITY_ZONE)
    exact = voice.say("good to {km} km", km=f"{metres / 1000:g}") if metres is not None else ""
    return {
        "at": at(one.place), "title": one.title, "year": day.year, "day": f"{day:%Y-%m-%d}",
        "kind": voice.named(kinds.get(one.hazard_type), one.hazard_type), "reach": reach,
        "deaths": one.deaths or "", "accuracy": exact or voice.say("place not exact"),
        "warms": warms(one),
    }  # fmt: skip


def home(one: Any, voice: Voice) -> Told:
    """Say what a household's popup says."""
    count = voice.say("{count} people", count=one.people)
    frail = voice.say("{count} of them frail", count=one.frail) if one.frail else ""
    return {"at": at(one.place), "name": one.head, "address": one.address, "needs": one.needs,
            "phone": one.phone, "people": " · ".join(filter(None, (count, frail)))}  # fmt: skip


def notes(found: Gathered, asked: Asked, voice: Voice) -> list[str]:
    """Say what the map is and what is not in it."""
    said = [voice.say("{count} points on the ledger", count=f"{len(found.points):,}")]
    if any(one.kind != "surveyed" for one in found.outlines):
        said.append(voice.say("Boundaries are approximate."))
    if found.records:
        said.append(voice.say("A dashed circle: the record's place is no more exact than that."))
        said.append(voice.say("Heat only from records good to {km} km.", km=HEAT_TO_M // 1000))
    if asked.private:
        said.append(voice.say("Holds names and phones. Give it only to those who may see them."))
    return said


def heats(found: Gathered, voice: Voice) -> dict[str, list[tuple[float, float]]]:
    """Give what the heat layers are made of."""
    return {
        voice.say("Heat: points"): [at(one.place) for one in found.points],
        voice.say(WORDS["warmth"]): [at(one.place) for one in found.records if warms(one)],
    }


def warms(one: DisasterEvent) -> bool:
    """Tell whether a record is exact enough for the heat layer."""
    return one.location_accuracy_m is not None and one.location_accuracy_m <= HEAT_TO_M


def at(place: Any) -> tuple[float, float]:
    """Give a place as Leaflet takes it."""
    return round(place.y, 5), round(place.x, 5)


def local(now: datetime) -> str:
    """Say a moment."""
    return f"{now.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"


def spoken(voice: Voice) -> Told:
    """Give the words of the script."""
    return {key: voice.say(text) for key, text in WORDS.items()} | {
        "grades": {grade: voice.say(text) for grade, text in words.GRADES.items()}
    }


WORDS = {
    "number": "Number", "kind": "Hazard type", "grade": "Grade", "where": "Address",
    "people": "In danger", "signal": "Warning signal", "owner": "Prevention owner",
    "monitor": "Monitoring owner", "synthetic": "Synthetic", "yes": "yes",
    "checklist": "Task checklist", "day": "Day", "dead": "Deaths", "accuracy": "How exact",
    "until": "Up to {year}: {count} records", "slide": "Disaster records up to which year",
    "records": "Disaster records", "points": "Hazard points", "homes": "Homes",
    "members": "Family members", "needs": "Needs", "phone": "Phone", "legend": "Legend",
    "find": "Search a point: name, number, place", "none": "Nothing found",
    "streets": "Outlines", "water": "Water", "layers": "Layers", "warmth": "Heat: disaster records",
}  # fmt: skip
