"""What the two cards say: known facts in both languages, and lines to write on for the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hazards.checklists.rules import Item
from hazards.duty.responsibility import Owner
from hazards.points.models import HazardPoint, HazardType
from qr_codes.assets.models import Asset
from rescue_app.evacuation.models import Household
from rescue_app.papers import rules, service
from rescue_app.papers.repository import Watch
from rescue_app.papers.rules import Holder
from rescue_app.web import paper_words as words
from rescue_app.web.paper_words import Both, both, counted, data, joined

Card = dict[str, Any]
COMMA = {"zh": "、", "en": ", "}
GAP = {"zh": " · ", "en": " · "}
MOST_NAMES, MOST_SIGNS, MOST_CALLED = 4, 8, 6


@dataclass(frozen=True, slots=True)
class Print:
    """What all cards of a print share."""

    types: Mapping[str, HazardType]
    streets: Mapping[str, str]
    day: date
    reach_m: int


def refuge(
    home: Household, point: HazardPoint, shelter: Asset | None, *, number: str, on: Print
) -> Card:
    """Tell what a household's card says."""
    lies = rules.way(point.extent if point.extent is not None else point.place, home.place)
    left = [
        field("Household", [data(f"{home.head} {home.phone}"), data(home.address)],
              blanks=int(not home.phone), hint="Phone", synthetic=home.synthetic),
        field("Family members", [_people(home), *_some(home.needs)],
              blanks=min(home.people - 1, MOST_NAMES), hint="Names and phones"),
        hazard(point, on),
        field("How the house lies to the hazard", [_lies(lies)]),
        field("What sets it off", _some(point.trigger)),
    ]  # fmt: skip
    right = [
        signal(point),
        sounded(point),
        field("Way out", _towards(home, shelter), blanks=2),
        refuge_place(home.place, shelter),
        medical(number),
        field("Prevention owner", _person(point.owner_name, point.owner_phone)),
    ]  # fmt: skip
    advice = both("At the signal leave at once by the way out; people before goods. Go back only"
                  " when the all-clear is given.")  # fmt: skip
    made = any((home.synthetic, point.synthetic))
    return _card("Refuge card", point, left, right, advice, synthetic=made, on=on)


def work(
    holder: Holder,
    point: HazardPoint,
    shelter: Asset | None,
    *,
    watch: Watch,
    called: Sequence[Both],
    number: str,
    on: Print,
) -> Card:
    """Tell what the card of somebody at work at a point says."""
    left = [
        field("This card is for", [data(" ".join(filter(None, (holder.name, holder.phone)))),
                      joined([both(words.POSTS[holder.post]), *_some(holder.title)], GAP)],
              blanks=int(not holder.phone), hint="Phone"),
        hazard(point, on),
        field("What it is like", _situation(point)),
        field("In danger", _threatened(point)),
        field("How it is watched", _monitoring(point, watch)),
        field("Who is called", list(called)[:MOST_CALLED], blanks=0 if called else 2),
        medical(number),
    ]  # fmt: skip
    signs = _signs(watch.items)
    right = [
        field("Signs of danger", signs, blanks=0 if signs else 3),
        signal(point),
        sounded(point),
        field("Way out", _towards(point, shelter), blanks=1),
        refuge_place(point.place, shelter),
    ]
    advice = both("At a sign marked ▲ sound the signal at once, move people out, then report.")
    return _card("Work card", point, left, right, advice, synthetic=point.synthetic, on=on)


def field(
    label: str,
    lines: Sequence[Both],
    *,
    blanks: int | None = None,
    hint: str = "",
    synthetic: bool = False,
) -> dict[str, Any]:
    """Give one part of a card; `blanks` are lines to write on, one where nothing is known."""
    told = [one for one in lines if one["zh"].strip()]
    blanks = int(not told) if blanks is None else blanks
    hinted = both(hint) if hint and blanks else {"zh": "", "en": ""}
    return {"label": both(label), "lines": told, "blanks": blanks, "hint": hinted,
            "synthetic": synthetic}  # fmt: skip


def hazard(point: HazardPoint, on: Print) -> dict[str, Any]:
    """Tell which point it is."""
    kind = on.types.get(point.hazard_type)
    named = {"zh": kind.name_zh, "en": kind.name_en} if kind else data(point.hazard_type)
    what = joined([named, both(words.GRADES[point.grade])], GAP)
    where = data(f"{on.streets.get(point.area_path, '')} {point.address}")
    return field("Hazard point", [data(f"{point.name}（{point.number}）"), what, where],
                 synthetic=point.synthetic)  # fmt: skip


def signal(point: HazardPoint) -> dict[str, Any]:
    """Tell what warns people, as far as the ledger says."""
    means = [both(words.MEANS[one]) for one in point.warning_means]
    return field("Warning signal", [joined(means, COMMA)] if means else [])


def sounded(point: HazardPoint) -> dict[str, Any]:
    """Tell who sounds it: whoever watches the point."""
    people = [*_person(point.monitoring_name, point.monitoring_phone),
              *(line for one in point.monitors[:2]
                for line in _person(one["name"], one.get("phone", "")))]  # fmt: skip
    seen = list({one["zh"]: one for one in people}.values())
    return field("Sounded by", seen)


def refuge_place(start: Any, shelter: Asset | None) -> dict[str, Any]:
    """Tell where to go, how far that is, and whom to ask there."""
    if shelter is None:
        return field("Shelter", [], blanks=2, hint="Name, contact and phone")
    lies = rules.way(start, shelter.place.centroid)
    lines = [data(shelter.name), _away(lies)]
    if shelter.facts.get("places"):
        lines.append(both("For {count} people", count=shelter.facts["places"]))
    contact = " ".join(filter(None, (shelter.owner_unit, shelter.owner_phone)))
    lines.append(both("Contact: {who}", who=contact) if contact else data(""))
    return field("Shelter", lines, blanks=int(not shelter.owner_phone), hint="Contact and phone",
                 synthetic=shelter.synthetic)  # fmt: skip


def medical(number: str) -> dict[str, Any]:
    """Leave room for the doctor, whom no record names, beside the number for emergencies."""
    return field("Medical contact", [both("Emergency number {number}", number=number)], blanks=1,
                 hint="Doctor or clinic, phone")  # fmt: skip


def _card(
    title: str,
    point: HazardPoint,
    left: list[dict[str, Any]],
    right: list[dict[str, Any]],
    advice: Both,
    *,
    synthetic: bool,
    on: Print,
) -> Card:
    where = on.streets.get(point.area_path, "")
    state = rules.state_of([where, *map(_plain, (*left, *right))])
    made = both("Made {day} from the ledger, version {version}, state {state}. Distances are"
                " straight lines; this card reaches {metres} m around the point. Write on the"
                " lines what is not known.", day=on.day.isoformat(), version=point.version,
                state=state, metres=on.reach_m)  # fmt: skip
    return {
        "title": both(title), "where": where, "left": left, "state": state,
        "right": right, "advice": advice, "made": made, "handed": both("Handed out on"),
        "received": both("Received by"), "scan": both("Scan: this point"),
        "synthetic": both("Synthetic") if synthetic else None, "mark": both("Synthetic"),
    }  # fmt: skip


def _plain(part: dict[str, Any]) -> list[Any]:
    """Give what a part says, whatever its Chinese is called: another word is no other fact."""
    return [part["label"]["en"], part["blanks"], *(one["en"] or one["zh"] for one in part["lines"])]


def _some(text: str) -> list[Both]:
    return [data(text)] if text.strip() else []


def _person(name: str, phone: str) -> list[Both]:
    return _some(f"{name} {phone}")


def _people(home: Household) -> Both:
    if not home.frail:
        return both("{count} in all, none of them frail", count=home.people)
    return both("{count} in all, {frail} of them frail", count=home.people, frail=home.frail)


def _lies(lies: rules.Way) -> Both:
    if not lies.direction:
        return both("The house stands in the hazard itself")
    return both("The house stands {metres} m to the {direction} of the hazard",
                metres=lies.metres, direction=both(words.DIRECTIONS[lies.direction]))  # fmt: skip


def _away(lies: rules.Way) -> Both:
    if not lies.direction:
        return both("Right here")
    return both("{metres} m to the {direction}, in a straight line", metres=lies.metres,
                direction=both(words.DIRECTIONS[lies.direction]))  # fmt: skip


def _towards(start: HazardPoint | Household, shelter: Asset | None) -> list[Both]:
    if shelter is None:
        return []
    lies = rules.way(start.place, shelter.place.centroid)
    if not lies.direction:
        return []
    return [both("Towards the {direction}; write the way down with those who live here",
                 direction=both(words.DIRECTIONS[lies.direction]))]  # fmt: skip


def _situation(point: HazardPoint) -> list[Both]:
    parts = []
    if point.scale:
        parts.append(both("Scale: {scale}", scale=both(words.SCALES[point.scale])))
    if point.volume_m3 is not None:
        parts.append(both("Volume {volume} m³", volume=f"{point.volume_m3:,.0f}"))
    if point.direction:
        parts.append(both("Direction {direction}", direction=point.direction))
    lines = [joined(parts, COMMA)] if parts else []
    if point.trigger:
        lines.append(both("Set off by {trigger}", trigger=point.trigger))
    return lines


def _threatened(point: HazardPoint) -> list[Both]:
    known = [
        counted(one, many, count)
        for one, many, count in (
            ("{count} household", "{count} households", point.threatened_households),
            ("{count} person", "{count} people", point.threatened_persons),
            ("{count} of them frail", "{count} of them frail", point.threatened_frail),
        )
        if count is not None
    ]
    return [joined(known, COMMA)] if known else []


def _monitoring(point: HazardPoint, watch: Watch) -> list[Both]:
    lines = []
    if point.monitoring_method:
        lines.append(both(words.METHODS[point.monitoring_method]))
    rhythms = {(one.season, one.rhythm): None for one in watch.lists}
    lines += [
        joined([both(words.SEASONS[season]), both(words.RHYTHMS[rhythm])], {"zh": "：", "en": ": "})
        for season, rhythm in rhythms
    ]
    return lines


def _signs(items: Sequence[Item]) -> list[Both]:
    """Give what is looked for, that first at which people are moved out."""
    bad = {one.question or one.code: one for one in items if one.bad_answer is True}
    first = sorted(bad.values(), key=lambda one: (not one.stop, one.grade))
    return [_sign(one) for one in first[:MOST_SIGNS]]


def _sign(item: Item) -> Both:
    mark = "▲ " if item.stop else "· "
    return {"zh": mark + item.text_zh, "en": item.text_en}


def callees(point: HazardPoint, owner: Owner) -> list[Both]:
    """Give who is called about a point: those of the ledger, then who the list says owns it."""
    people = service.holders_of(point)[:3]
    lines = [data(" ".join(filter(None, (one.name, one.phone)))) for one in people]
    if owner.line and owner.acting and owner.acting.name not in {one.name for one in people}:
        unit = owner.acting_unit.name if owner.acting_unit else ""
        lines.append(data(f"{owner.acting.name} {owner.acting.phone} {unit}"))
    elif owner.unit and owner.unit.phone:
        lines.append(both("On duty: {who}", who=f"{owner.unit.name} {owner.unit.phone}"))
    return lines
