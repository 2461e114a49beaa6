"""JSON shapes of assets and labels."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gis import geometry
from gis.store.base import new_id
from gis.store.files import StoredFile
from qr_codes.assets.history import Step
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import AssetEntry
from qr_codes.signing import grouped


class KindOut(BaseModel):
    """A kind of asset with the fields that are recorded of it."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name_zh: str
    name_en: str
    icon: str
    geometry: str
    fields: list[dict[str, Any]]


class AssetSaid(BaseModel):
    """What is said of an asset; `facts` are the fields of its kind."""

    model_config = ConfigDict(extra="forbid")

    type: str
    name: str
    place: dict[str, Any]
    owner_unit: str = ""
    owner_phone: str = ""
    maintainer: str = ""
    rank: str = ""
    built_year: int | None = None
    facts: dict[str, str | int | float | bool | None] = {}

    def entry(self) -> AssetEntry:
        """Give it as the register wants it; the geometry comes in by the one door."""
        return AssetEntry(
            type_code=self.type,
            name=self.name,
            place=geometry.parse(self.place),
            owner_unit=self.owner_unit,
            owner_phone=self.owner_phone,
            maintainer=self.maintainer,
            rank=self.rank,
            built_year=self.built_year,
            facts=self.facts,
        )


class AssetIn(AssetSaid):
    """An asset to be registered. Without an id one is made; with it a retry counts once."""

    id: UUID = Field(default_factory=new_id)


class AssetChange(AssetSaid):
    """What an asset says from now on, in view of the version that was looked at."""

    version: int


class LabelIn(BaseModel):
    """A label to be issued."""

    model_config = ConfigDict(extra="forbid")

    hangs_at: str = ""
    reason: str = ""


class Reason(BaseModel):
    """Why something is done."""

    model_config = ConfigDict(extra="forbid")

    reason: str = ""


class AssetOut(BaseModel):
    """An asset in full."""

    id: UUID
    number: int
    type: str
    name: str
    area_path: str
    street: str
    owner_unit: str
    owner_phone: str
    maintainer: str
    rank: str
    built_year: int | None
    facts: dict[str, Any]
    version: int
    changed_at: datetime
    changed_by_name: str
    retired_at: datetime | None
    retired_reason: str
    worst_open_grade: int | None
    synthetic: bool
    place: dict[str, Any]

    @classmethod
    def of(cls, asset: Asset) -> Self:
        """Show an asset."""
        plain = {name: getattr(asset, name) for name in cls.model_fields if hasattr(asset, name)}
        return cls(**plain | {"type": asset.type_code, "place": mapping(asset.place)})


class StepOut(BaseModel):
    """One state in an asset's history."""

    version: int
    at: datetime
    by_name: str
    changes: list[dict[str, Any]]

    @classmethod
    def of(cls, step: Step) -> Self:
        """Show a step."""
        changes = [
            {"field": d.column, "was": plain(d.was), "became": plain(d.became)}
            for d in step.differences
        ]
        return cls(version=step.version, at=step.at, by_name=step.by_name, changes=changes)


def plain(value: object) -> object:
    """Give a value as JSON can hold it."""
    return mapping(value) if isinstance(value, BaseGeometry) else value


class PhotosIn(BaseModel):
    """Pictures that show an asset, by the ids under which they were sent."""

    model_config = ConfigDict(extra="forbid")

    file_ids: list[UUID] = Field(min_length=1, max_length=20)


class PhotoOut(BaseModel):
    """A picture of an asset; its bytes are at `/files/{id}`."""

    id: UUID
    name: str
    created_at: datetime
    place: dict[str, Any] | None

    @classmethod
    def of(cls, file: StoredFile) -> Self:
        """Show a picture."""
        place = mapping(file.place) if file.place is not None else None
        return cls(id=file.id, name=file.name, created_at=file.created_at, place=place)


class LabelOut(BaseModel):
    """A label and its life."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    asset_id: UUID
    issue: int
    code: str
    state: str
    hangs_at: str
    reason: str
    printed_at: datetime
    mounted_at: datetime | None
    damaged_at: datetime | None
    replaced_at: datetime | None
    revoked_at: datetime | None
    printed_code: str

    @classmethod
    def of(cls, label: RiskCode) -> Self:
        """Show a label."""
        own = {name: getattr(label, name) for name in cls.model_fields if hasattr(label, name)}
        return cls(**own | {"printed_code": grouped(label.code)})


class AssetPage(BaseModel):
    """One page of a list."""

    total: int
    page: int
    items: list[AssetOut]
