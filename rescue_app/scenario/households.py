"""Make a few households at each point that threatens any: whom the refuge cards are for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
from numpy.random import Generator
from shapely import Point
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hazards.points.models import HazardPoint
from rescue_app.evacuation.models import Household
from rescue_app.scenario.hazards import FRAIL_SHARE
from rescue_app.scenario.people import stable_id
from rescue_app.scenario.rounds import METRES_PER_DEGREE
from rescue_app.scenario.words import Words, phones

SOURCE = "scenario"
MOST_AT_POINT = 3
NEAREST_M, FARTHEST_M = 30.0, 240.0
MORE_PEOPLE = 2.1
FIRST_PHONE = 6_000_000
MADE_UP = "(虚构)"
NEEDS = ("行动不便", "独居老人", "需要轮椅", "有婴幼儿", "需要担架")


def add_households(session: Session, *, seed: int, now: datetime) -> None:
    """Add the households that are not there yet."""
    of = HazardPoint
    asked = select(of.number, of.address, of.area_path, of.place, of.threatened_households)
    points = session.execute(asked.where(of.synthetic).order_by(of.number)).all()
    known = {"source": SOURCE, "synthetic": True, "changed_at": now,
             "changed_by_name": "演示数据 · scenario"}  # fmt: skip
    made = [row | known for row in make_households(points, seed=seed)]
    if made:
        session.execute(insert(Household).on_conflict_do_nothing(), made)


def make_households(points: Any, *, seed: int) -> Iterator[dict[str, Any]]:
    """Make them, at most three at a point; the same seed gives the same."""
    rng = np.random.default_rng([seed, 5_000])
    spots = [
        (one, order)
        for one in points
        for order in range(1, min(MOST_AT_POINT, one.threatened_households or 0) + 1)
    ]
    heads = Words.load().people(len(spots), rng)
    people = 1 + rng.poisson(MORE_PEOPLE, len(spots))
    frail = rng.binomial(people, FRAIL_SHARE)
    drawn = zip(spots, heads, phones(FIRST_PHONE, len(spots)), people, frail, strict=True)
    for (point, order), head, phone, count, weak in drawn:
        number = f"{point.number}-{order}"
        yield {
            "id": stable_id("household", number), "source_id": number, "area_path": point.area_path,
            "place": beside(point.place, rng), "head": str(head), "phone": str(phone),
            "address": f"{point.address.removesuffix(MADE_UP)}{order}号{MADE_UP}",
            "people": int(count), "frail": int(weak),
            "needs": str(rng.choice(NEEDS)) if weak else "",
        }  # fmt: skip


def beside(place: Point, rng: Generator) -> Point:
    """Give a place so near that the danger reaches it."""
    turn, away_m = rng.uniform(0, 2 * np.pi), rng.uniform(NEAREST_M, FARTHEST_M)
    north = np.sin(turn) * away_m / METRES_PER_DEGREE
    east = np.cos(turn) * away_m / METRES_PER_DEGREE / np.cos(np.radians(place.y))
    return Point(round(place.x + east, 6), round(place.y + north, 6))
