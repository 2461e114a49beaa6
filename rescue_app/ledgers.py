"""The ledgers into which people bring lists by a page: who may, and what a list may speak of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from gis.authority import Act
from gis.errors import Missing
from gis.exchange.importing.fields import Field
from gis.exchange.importing.mapping import Mapping as Said
from hazards.events.importing import known
from hazards.events.importing.fields import catalogue_fields
from hazards.monitoring.importing.fields import station_fields
from hazards.points import types
from hazards.points.importing.fields import ledger_fields
from qr_codes.assets import linking, repository
from qr_codes.assets.importing.fields import registry_fields
from rescue_app.evacuation.household_lists import household_fields
from rescue_app.settings import PROJECT


@dataclass(frozen=True, slots=True)
class Ledger:
    """One of them. `usual` are the codes proposed for all rows where no column says them."""

    code: str
    act: Act
    fields: Callable[[Session], Sequence[Field]]
    usual: Mapping[str, str] = field(default_factory=dict)
    private: bool = False
    """Whether a file holds what is only for those who may bring one in."""
    section: str = ""
    """Under which head of the menu its pages stand; without one it is its own."""
    recognise: Callable[[Sequence[str]], Said | None] = lambda _: None
    """Finds by its headings a file of which it is known what is what."""


def point_fields(session: Session) -> Sequence[Field]:
    """Give the fields of points."""
    return ledger_fields(types.words(session))


def asset_fields(session: Session) -> Sequence[Field]:
    """Give the fields of assets."""
    return registry_fields(repository.types(session), linking.relations(session))


def household_list(_: Session) -> Sequence[Field]:
    """Give the fields of households."""
    return household_fields()


def known_catalogue(headings: Sequence[str]) -> Said | None:
    """Find the catalogue of disasters whose headings a file has."""
    return known.recognised(headings, known.catalogues(PROJECT / "data" / "mappings"))


POINTS = Ledger(
    "points",
    Act.EDIT_POINT,
    point_fields,
    usual={"category": "hidden_danger", "evidence": "historical"},
)
ASSETS = Ledger("assets", Act.EDIT_ASSET, asset_fields)
HOUSEHOLDS = Ledger("households", Act.EDIT_POINT, household_list, private=True, section="incidents")
STATIONS = Ledger(
    "stations",
    Act.EDIT_POINT,
    station_fields,
    usual={"property": "rain"},
    section="monitoring",
)
RECORDS = Ledger(
    "records",
    Act.EDIT_POINT,
    catalogue_fields,
    section="points",
    recognise=known_catalogue,
)
LEDGERS: Mapping[str, Ledger] = {
    one.code: one for one in (POINTS, ASSETS, HOUSEHOLDS, STATIONS, RECORDS)
}


def called(code: str) -> Ledger:
    """Give the ledger of a name."""
    found = LEDGERS.get(code)
    if found is None:
        raise Missing("No list is brought in there. Begin from points or assets.")
    return found
