"""Assets and the labels of one asset over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gis.store import files
from qr_codes.assets import history, registering, repository, service
from qr_codes.assets.repository import IN_USE, Wanted
from qr_codes.assets.service import PHOTO
from qr_codes.coverage import repository as coverage
from rescue_app.api.assets_shapes import (
    AssetChange,
    AssetIn,
    AssetOut,
    AssetPage,
    KindOut,
    LabelIn,
    LabelOut,
    PhotoOut,
    PhotosIn,
    Reason,
    StepOut,
)
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["assets"])


@router.get("/asset-types")
def asset_types(db: Db, _: Who) -> list[KindOut]:
    """Give the kinds of assets in their order, with the fields of each."""
    return [KindOut.model_validate(kind) for kind in repository.types(db)]


@router.get("/assets")
def list_assets(
    db: Db,
    _: Who,
    now: Now,
    q: str = "",
    type: str = "",  # noqa: A002 - the word of the interface
    label: str = "",
    visit: str = "",
    under: str = "",
    state: str = IN_USE,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> AssetPage:
    """Give one page of assets; `label` is a state or `none`, `state` `in_use`, `retired`, `all`.

    `visit=missing` gives what the coverage board counts as due and not patrolled.
    """
    wanted = Wanted(q, type, label, under, state, page=page, visit=visit)
    rows, total = repository.listing(db, coverage.narrowed(db, wanted, now=now))
    return AssetPage(total=total, page=page, items=[AssetOut.of(asset) for asset, _ in rows])


@router.post("/assets", status_code=201)
def register_asset(db: Db, actor: Who, now: Now, body: AssetIn, response: Response) -> AssetOut:
    """Register an asset where it lies; the same id again answers 200 and enters nothing."""
    asset, is_new = registering.register(
        db, asset_id=body.id, entry=body.entry(), by=actor, now=now
    )
    response.status_code = 201 if is_new else 200
    return AssetOut.of(asset)


@router.get("/assets/{asset_id}")
def show_asset(db: Db, _: Who, asset_id: UUID) -> AssetOut:
    """Give one asset."""
    return AssetOut.of(repository.visible(db, asset_id))


@router.put("/assets/{asset_id}")
def change_asset(db: Db, actor: Who, now: Now, asset_id: UUID, body: AssetChange) -> AssetOut:
    """Change an asset, in view of the version that was looked at."""
    entry, seen = body.entry(), body.version
    asset = registering.change(
        db, asset_id=asset_id, seen_version=seen, entry=entry, by=actor, now=now
    )
    return AssetOut.of(asset)


@router.post("/assets/{asset_id}/retire")
def retire_asset(db: Db, actor: Who, now: Now, asset_id: UUID, body: Reason) -> AssetOut:
    """Take an asset out of use; its label is revoked."""
    return AssetOut.of(
        registering.retire(db, asset_id=asset_id, reason=body.reason, by=actor, now=now)
    )


@router.post("/assets/{asset_id}/restore")
def restore_asset(db: Db, actor: Who, now: Now, asset_id: UUID) -> AssetOut:
    """Bring an asset back into use."""
    return AssetOut.of(registering.restore(db, asset_id=asset_id, by=actor, now=now))


@router.get("/assets/{asset_id}/history")
def asset_history(db: Db, _: Who, asset_id: UUID) -> list[StepOut]:
    """Give every state an asset had, newest first, with what each changed."""
    asset = repository.visible(db, asset_id)
    return [StepOut.of(step) for step in history.steps(asset, repository.versions(db, asset_id))]


@router.get("/assets/{asset_id}/photos")
def photos_of_asset(db: Db, _: Who, asset_id: UUID) -> list[PhotoOut]:
    """Give the pictures of an asset, as they came."""
    asset = repository.visible(db, asset_id)
    return [PhotoOut.of(file) for file in files.attached(db, PHOTO, [asset.id])[asset.id]]


@router.post("/assets/{asset_id}/photos", status_code=201)
def add_photos(db: Db, actor: Who, asset_id: UUID, body: PhotosIn) -> list[PhotoOut]:
    """Let pictures that were sent before show this asset."""
    kept = service.add_photos(db, asset_id=asset_id, file_ids=body.file_ids, by=actor)
    return [PhotoOut.of(file) for file in kept]


@router.get("/assets/{asset_id}/ratings")
def ratings_of_asset(db: Db, _: Who, asset_id: UUID) -> dict[int, str]:
    """Give how an asset was judged, by year."""
    asset = repository.visible(db, asset_id)
    return {one.year: one.value for one in repository.ratings(db, asset.id)}


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
