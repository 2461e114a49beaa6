"""What a pack carries, as it is read from the registry, before it is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from hazards.checklists.rules import Item, Mode


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of our data with its names in both languages."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Carried:
    """An asset that a pack carries, with the label that holds on it."""

    asset_id: UUID
    code: str
    issue: int
    type_code: str
    name: str
    street: str
    area_path: str
    place: BaseGeometry
    owner_unit: str
    owner_phone: str
    worst_open_grade: int | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The list that is asked of a kind of asset, in the version that is in force."""

    code: str
    version: int
    name_zh: str
    name_en: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Rung:
    """One number of a chain: who it is, and as what he is called."""

    kind: str
    name: str
    post: str
    unit: str
    phone: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Why something is closed to traffic."""

    unit: str
    reason: str
    closed_at: datetime
    expected_at: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """How traffic is led around something."""

    version: int
    stops: Sequence[Mapping[str, Any]]
    detour: BaseGeometry | None
    words: str
    closer: str
    closer_phone: str


@dataclass(frozen=True, slots=True)
class Link:
    """What another asset is to this one, and who keeps it."""

    said_zh: str
    said_en: str
    name: str
    owner_unit: str
    owner_phone: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds an asset: whom to call, closure, way around, links."""

    chain: Sequence[Rung]
    closed: Closed | None
    plan: Plan | None
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Store:
    """A store of materials and its keeper."""

    name: str
    address: str
    keeper: str
    keeper_phone: str
    lon: float
    lat: float
    stock: Mapping[str, Any]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ToVerify:
    """A finding that is called finished and waits for somebody on site, behind this label."""

    finding_id: UUID
    code: str
    grade: int
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The mode of an area when the pack was made, and since when it holds."""

    mode: Mode
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A warning in force when the pack was made; without `codes` it holds at all its labels."""

    told: Any
    codes: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Warned:
    """The warnings of an area, and the sign that changes when they do."""

    path: str
    state: str
    warnings: Sequence[Alarm]


Lists = Mapping[str, Mapping[Mode, Asked]]
"""The lists of each kind of asset, by mode."""
