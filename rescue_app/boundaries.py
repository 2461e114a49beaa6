"""When boundaries change, what lies in them follows: points, assets, stations, stores."""

from datetime import datetime

from sqlalchemy.orm import Session

from gis.areas.placing import Placer, day_of
from gis.authority import Actor, Role
from gis.store.scope import NO_ONE
from hazards.alerts import repository as alerts
from hazards.monitoring import moving as stations
from hazards.points import moving as points
from qr_codes.assets import moving as assets
from qr_codes.stores import service as stores

BOUNDARIES = Actor(NO_ONE, "区划调整 · boundaries", Role.SYSTEM, "/")


def place_anew(session: Session, *, now: datetime) -> dict[str, int]:
    """Give everything its area of today in the SYSTEM scope; tell how much moved."""
    today = day_of(now)
    placer = Placer(session, day=today)
    found = {
        "points": points.place_anew(session, placer, by=BOUNDARIES, now=now),
        "assets": assets.place_anew(session, placer, by=BOUNDARIES, today=today),
        "stations": stations.place_anew(session, placer, by=BOUNDARIES),
        "stores": stores.place_anew(session, placer, by=BOUNDARIES),
    }
    if any(found.values()):
        alerts.look_again(session)
    return found
