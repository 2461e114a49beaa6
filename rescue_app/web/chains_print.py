"""A kept chain as a PDF, in the reader's language."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from gis.areas.placing import day_of
from rescue_app.chains import editions, picture, printing, service, telling
from rescue_app.chains.models import KeptChain
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.papers.atlas import family
from rescue_app.web.render import language, local_time, say

router = APIRouter(include_in_schema=False)
ASSUMPTION = (
    "Distances and amounts of the chain table are assumptions, approved by no authority."
    " What is listed may happen; what is not listed may happen too."
)
STRAIGHT = "There is no road graph: who is cut off is guessed by straight lines."
OFF_GRAPH = "On no road of the graph, so guessed by straight lines{colon}{names}."
CUT = "The chain is cut off: there would be more. Choose a smaller area to see all of it."
CHANGED = "The chain table has changed since: edition {edition} is in force now."
UNOWNED = "Without an owner: steps {numbers}."
LEGEND = (
    "Triangle: where it begins. Diamond: cut off by road. Circle: other steps, by their numbers;"
    " numbers that would lie over each other are left out."
)
OWNERLESS = {
    "nobody_named": "No list names anybody for this.",
    "no_unit": "The list names a unit that is not here.",
    "left": "The person named has left.",
    "empty": "Nobody is in the unit.",
}
Words = dict[str, Any]


@router.get("/chains/{chain_id}.pdf")
def pdf(request: Request, db: Db, who: Who, now: Now, chain_id: UUID) -> Response:
    """Give a kept chain on paper."""
    kept = service.visible(db, chain_id)
    chain = telling.for_reader(kept.content, who)
    told = words(request, kept, chain)
    changed = editions.since(db, kept.edition)
    told["notes"] += [say(request, CHANGED, edition=changed)] if changed else []
    told["map"] = picture.drawn(db, chain, locale=told["lang"], on=day_of(now), font=family())
    headers = {"content-disposition": f'inline; filename="chain-{kept.made_at:%Y%m%d}.pdf"'}
    return Response(printing.printed(told), media_type="application/pdf", headers=headers)


def words(request: Request, kept: KeptChain, chain: Words) -> Words:
    """Put a chain into the words of its paper."""
    lang = language(request)
    made_at = local_time(datetime.fromisoformat(chain["made_at"]), "%Y-%m-%d %H:%M")
    about = {"name": kept.made_by_name, "time": made_at, "edition": kept.edition}
    return {
        "lang": lang,
        "kind": say(request, "What comes next"),
        "title": title_of(chain, lang) or say(request, "Drawn area"),
        "lead": say(request, KEPT, **about),
        "assumption": say(request, ASSUMPTION),
        "figures": figures(request, chain),
        "notes": notes(request, chain),
        "legend": say(request, LEGEND),
        "steps_head": say(request, "Steps"),
        "steps": [step_of(request, one, lang) for one in chain["steps"]],
        "nothing": say(request, "Nothing follows by this table"),
        "told_head": say(request, "Who has to be told"),
        "told_names": [say(request, name) for name in ("Who", "Unit", "Phone", "Steps")],
        "told": [told_of(request, one) for one in chain["told"]],
        "made": say(request, KEPT, **about),
    }


def title_of(chain: Words, lang: str) -> str:
    """Give what a chain begins at; a warning and an area have words of their own in English."""
    title: str = (chain.get("title_en") if lang == "en" else "") or chain["title"]
    return title


KEPT = (
    "Kept by {name} on {time}, along edition {edition} of the table; later changes do not alter it."
)


def figures(request: Request, chain: Words) -> list[Words]:
    """Give the figures of the first row."""
    sums, least = chain["sums"], "≥\u202f" if any(chain["cut"].values()) else ""
    known = chain["graph"] and (sums["cut_off"] or not chain["off_graph"])
    cut_off = f"{sums['cut_off']:,}" if known else say(request, "Not known")
    pairs = (
        ("Steps", f"{sums['steps']:,}"),
        ("Threatened at points", f"{least}{sums['threatened']:,}"),
        ("Live in settlements reached", f"{least}{sums['residents']:,}"),
        ("Frail, known of", f"{least}{sums['frail'] + sums['threatened_frail']:,}"),
        ("Settlements cut off by road", cut_off),
        ("Assets", f"{least}{sums['assets']:,}"),
    )
    return [{"name": say(request, name), "value": value} for name, value in pairs]


def notes(request: Request, chain: Words) -> list[str]:
    """Say what it rests on."""
    rain, graph = chain["rain"], chain["graph"]
    said = []
    if rain:
        amounts = {"mm": f"{rain['mm']:g}", "hours": f"{rain['hours']:g}"}
        said.append(say(request, "Scenario: {mm} mm of rain in {hours} h.", **amounts))
    found = "Ways are found on the road graph “{source}”."
    said.append(say(request, found, source=graph) if graph else say(request, STRAIGHT))
    if chain["off_graph"]:
        off = {"colon": say(request, ": "), "names": say(request, ", ").join(chain["off_graph"])}
        said.append(say(request, OFF_GRAPH, **off))
    if any(chain["cut"].values()):
        said.append(say(request, CUT))
    return said


def step_of(request: Request, step: Words, lang: str) -> Words:
    """Give one step in words."""
    road, people = step["by_road"], step["people"]
    tag = "" if not road else "Cut off" if road["cut_off"] else "Drives around"
    known = [] if people is None else [say(request, "{count} people", count=f"{people:,}")]
    if known and step["frail"]:
        known.append(say(request, "{count} of them frail", count=f"{step['frail']:,}"))
    return {
        "number": step["number"],
        "depth": step["depth"] - 1,
        "kind": f"{step['kind_name'][lang]} · {step['relation'][lang]}",
        "name": step["name_en"] if lang == "en" and step["name_en"] else step["name"],
        "why": step["why"][lang],
        "tag": say(request, tag) if tag else "",
        "people": " · ".join(known),
    }


def told_of(request: Request, one: Words) -> list[str]:
    """Give one who has to be told; where nobody is named it says so."""
    name = f"{one['name']} {one['post']}".strip() or "—"
    if one["why"]:
        unowned = say(request, UNOWNED, numbers=one["unowned_spans"])
        name += f"\n{say(request, OWNERLESS[one['why']])} {unowned}"
    return [name, one["unit"], one["phone"], one["spans"]]
