"""Assets and the labels of one asset over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from qr_codes.assets import repository, service
from qr_codes.assets.repository import Wanted
from rescue_app.api.assets_shapes import AssetIn, AssetOut, AssetPage, LabelIn, LabelOut
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["assets"])


@router.get("/asset-types")
def asset_types(db: Db, _: Who) -> list[dict[str, str]]:
    """Give the kinds of assets in their order."""
    return [
        {"code": kind.code, "name_zh": kind.name_zh, "name_en": kind.name_en, "icon": kind.icon}
        for kind in repository.types(db)
    ]


@router.get("/assets")
def list_assets(
    db: Db,
    _: Who,
    q: str = "",
    type: str = "",  # noqa: A002 - the word of the interface
    label: str = "",
    under: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> AssetPage:
    """Give one page of assets; `label` is a state, or `none` for assets without one."""
    rows, total = repository.listing(
        db, Wanted(q=q, type_code=type, label=label, under=under, page=page)
    )
    return AssetPage(total=total, page=page, items=[AssetOut.of(asset) for asset, _ in rows])


@router.post("/assets", status_code=201)
def register_asset(db: Db, actor: Who, now: Now, body: AssetIn, response: Response) -> AssetOut:
    """Register an asset where it lies; the same id again answers 200 and enters nothing."""
    asset, is_new = service.register(db, asset_id=body.id, entry=body.entry(), by=actor, now=now)
    response.status_code = 201 if is_new else 200
    return AssetOut.of(asset)


@router.get("/assets/{asset_id}")
def show_asset(db: Db, _: Who, asset_id: UUID) -> AssetOut:
    """Give one asset."""
    return AssetOut.of(repository.visible(db, asset_id))


@router.get("/assets/{asset_id}/codes")
def labels_of_asset(db: Db, _: Who, asset_id: UUID) -> list[LabelOut]:
    """Give all labels an asset ever had, newest first."""
    asset = repository.visible(db, asset_id)
    return [LabelOut.of(label) for label in repository.labels_of(db, asset.id)]


@router.post("/assets/{asset_id}/codes", status_code=201)
def issue_label(
    db: Db, actor: Who, now: Now, codes: Codes, asset_id: UUID, body: LabelIn
) -> LabelOut:
    """Issue the next label; the one before becomes `replaced`."""
    ring, where, why = codes.signing_ring(), body.hangs_at, body.reason
    made = service.issue(
        db, asset_id=asset_id, ring=ring, by=actor, now=now, hangs_at=where, reason=why
    )
    db.flush()  # a twin issued at the same moment is refused here, not after the answer
    return LabelOut.of(made)
