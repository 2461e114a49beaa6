"""The map's search: one box for names, numbers, codes and coordinates."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session

from gis import coordinates
from gis.authority import Actor
from gis.errors import Missing, Rejected
from qr_codes import signing
from qr_codes.assets import repository as assets
from rescue_app.api import places_found as found
from rescue_app.api.places_found import Hit
from rescue_app.api.points_said import NO_NUL
from rescue_app.http.codes import CodeBook, Codes
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.scanning import look_up

router = APIRouter(prefix="/api/v1", tags=["places"])
Typed = Annotated[str, Query(min_length=1, max_length=200, pattern=NO_NUL)]


@router.get("/places")
def find_places(
    request: Request, db: Db, actor: Who, now: Now, codes: Codes, q: Typed
) -> list[Hit]:
    """Give what a text may mean: coordinates alone, else areas, points, stations, codes, assets."""
    spot, text = coordinates.read(q), q.strip()
    if spot is not None:
        return [found.spotted(request, spot)]
    named = [*found.matching_areas(request, db, actor, now, text)]
    carried = labelled(db, codes, actor, text)
    stations = found.named_stations(db, now, text)
    named += [*found.named_points(db, actor, now, text), *stations]
    return [*named, *carried, *found.named_assets(db, text)]


def labelled(db: Session, codes: CodeBook, actor: Actor, text: str) -> Iterator[Hit]:
    """Give the asset whose label carries this code, if it is one and the reader may see it."""
    try:
        signing.checked(text)
        label = look_up(db, codes, text, actor=actor)
        yield found.asset_hit(assets.visible(db, label.asset_id), label.code)
    except (Rejected, Missing):
        return
