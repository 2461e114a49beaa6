"""What assets are to each other, over HTTP."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from qr_codes.assets import linking, repository
from qr_codes.assets.linking import Linked
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1/assets", tags=["assets"])


class LinkIn(BaseModel):
    """What another asset, named by its number, is to this one."""

    model_config = ConfigDict(extra="forbid")

    relation: str
    number: str


class LinkOut(BaseModel):
    """The other asset and what it is; `outward` is false where the other one says it."""

    relation: str
    outward: bool
    id: UUID
    number: int
    name: str
    type: str
    retired_at: datetime | None

    @classmethod
    def of(cls, one: Linked) -> Self:
        """Show a link."""
        other = one.other
        return cls(
            relation=one.relation.code,
            outward=one.outward,
            id=other.id,
            number=other.number,
            name=other.name,
            type=other.type_code,
            retired_at=other.retired_at,
        )


@router.get("/{asset_id}/links")
def links_of_asset(db: Db, _: Who, asset_id: UUID) -> list[LinkOut]:
    """Give what an asset is linked with, both ways."""
    asset = repository.visible(db, asset_id)
    return [LinkOut.of(one) for one in linking.of_asset(db, asset.id)]


@router.post("/{asset_id}/links", status_code=201)
def link_asset(db: Db, actor: Who, now: Now, asset_id: UUID, body: LinkIn) -> list[LinkOut]:
    """Say what another asset is to this one; twice is once."""
    said, number = body.relation, body.number
    linking.link(db, asset_id=asset_id, relation=said, number=number, by=actor, now=now)
    return [LinkOut.of(one) for one in linking.of_asset(db, asset_id)]


@router.delete("/{asset_id}/links/{relation}/{other_id}", status_code=204)
def unlink_asset(db: Db, actor: Who, asset_id: UUID, relation: str, other_id: UUID) -> None:
    """Take a link away."""
    linking.unlink(db, asset_id=asset_id, relation=relation, other_id=other_id, by=actor)
