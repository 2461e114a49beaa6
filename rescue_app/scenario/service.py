"""Load the scenario: the same seed gives the same city, and a second load changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.store.scope import NO_ONE
from hazards.duty import service as duty
from hazards.points import types
from hazards.points.importing import ledger
from qr_codes.assets import keys
from rescue_app.scenario import (
    disasters,
    duties,
    heights,
    households,
    maps,
    rounds,
    stations,
    stores,
)
from rescue_app.scenario.accounts import HOME_DISTRICT, add_demo_accounts, home_street, seats
from rescue_app.scenario.ground import District, read_ground, rivers
from rescue_app.scenario.hazards import as_table, make_points
from rescue_app.scenario.people import make_roster
from rescue_app.scenario.things import add_assets, make_assets

CITY = "/500000/"
SOURCE = "scenario"
SCENARIO = Actor(NO_ONE, "演示数据 · scenario", Role.SYSTEM, "/")
COPIED = (
    "number",
    "category",
    "evidence",
    "hazard_type",
    "name",
    "address",
    "threatened_persons",
    "threatened_households",
    "threatened_frail",
    "threatened_property_10k_yuan",
    "owner_name",
    "owner_phone",
    "owner_unit",
)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """What a load brought."""

    points: Report
    assets: int
    units: int
    crews: int


def load(
    session: Session, *, points: int, seed: int, now: datetime, say: Say = lambda _: None
) -> Loaded:
    """Load points, assets, units, people and the demo sign-ins in the SYSTEM scope.

    Raises Missing when no areas are loaded, Rejected when a row does not fit the ledger.
    """
    districts = read_ground(session)
    say("点位 · hazard points")
    report = load_points(session, districts, points, seed=seed, now=now)
    say("住户 · households")
    households.add_households(session, seed=seed, now=now)
    say("历史灾害 · disasters of the past")
    disasters.add_disasters(session, districts, by=SCENARIO, seed=seed, now=now)
    say("队伍和账号 · people and crews")
    leaders = add_demo_accounts(session, seats(districts, CITY))
    roster = make_roster(districts, city=CITY, leaders=leaders, now=now, seed=seed)
    duty.register(session, roster, area_path=CITY)
    duties.lay_down(session, city=CITY, now=now)
    say("设施和码 · assets and codes")
    made = list(make_assets(districts, seed=seed))
    added = add_assets(session, made, ring=keys.read(session), now=now)
    stores.add_stores(session, districts, seed=seed, now=now)
    say("监测站 · stations")
    stations.add_stations(session, districts, seed=seed, now=now)
    say("高程 · heights")
    city = replace(SCENARIO, area_path=CITY)  # whose office may remove them again
    if heights.lay(session, districts, by=city, seed=seed, now=now):
        maps.ask(session)
    return Loaded(report, added, len(roster.units), len(roster.crews))


def load_points(
    session: Session, districts: list[District], count: int, *, seed: int, now: datetime
) -> Report:
    """Make the points and bring them in as any office's file."""
    courses = rivers(districts, np.random.default_rng([seed, 3_000]))
    made = make_points(districts, count, courses, seed=seed)
    home = next((d for d in districts if d.code == HOME_DISTRICT and d.streets), None)
    if home is not None:
        rounds.gather(made, home.code, home_street(home))
    kinds = {kind.code: kind.name_zh for kind in types.all_types(session)}
    made["name"] = made["spot"] + made["hazard_type"].map(kinds)
    return ledger.bring_in(
        session,
        table=as_table(made, source=SOURCE),
        mapping=mapping(),
        by=SCENARIO,
        now=now,
        apply=True,
        synthetic=True,
    )


def mapping() -> Mapping:
    """Map each column to the field of its name."""
    fields: dict[str, object] = {name: name for name in COPIED}
    return Mapping.model_validate(
        {
            "source": SOURCE,
            "crs": "EPSG:4326",
            "longitude": "lon",
            "latitude": "lat",
            "fields": fields,
        }
    )
