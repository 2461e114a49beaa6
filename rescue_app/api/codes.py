"""Codes over HTTP: verify one, get its symbol, end its life."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from qr_codes.assets import repository, service
from qr_codes.assets.models import RiskCode
from qr_codes.assets.rules import IN_FORCE
from qr_codes.labels import symbols
from rescue_app.api.assets_shapes import LabelOut, Reason
from rescue_app.http.codes import Codes
from rescue_app.http.dependencies import Db, MaybeWho, Now, Who
from rescue_app.http.printing import Printer
from rescue_app.http.scanning import look_up

router = APIRouter(prefix="/api/v1", tags=["codes"])


class Verified(BaseModel):
    """What anyone may know of a code that is ours."""

    code: str
    state: str
    in_force: bool
    issue: int
    asset_id: UUID
    asset_name: str
    asset_type: str
    street: str
    ended_at: datetime | None
    reason: str

    @classmethod
    def of(cls, label: RiskCode) -> Self:
        """Show a label to whoever scanned it."""
        return cls(
            code=label.code,
            state=label.state,
            in_force=label.state in IN_FORCE,
            issue=label.issue,
            asset_id=label.asset_id,
            asset_name=label.asset.name,
            asset_type=label.asset.type_code,
            street=label.asset.street,
            ended_at=label.replaced_at or label.revoked_at,
            reason=label.reason,
        )


@router.get("/codes/{code}")
def verify_code(db: Db, actor: MaybeWho, codes: Codes, code: str) -> Verified:
    """Tell whether a code is ours and still in force; mistyped and forged ones answer 422."""
    return Verified.of(look_up(db, codes, code, actor=actor))


@router.get("/codes/{code_id}/symbol.png")
def symbol_png(db: Db, _: Who, printer: Printer, code_id: UUID) -> Response:
    """Give the symbol of a label as PNG."""
    symbol = printer.symbol(repository.seen_label(db, code_id))
    return Response(symbols.png(symbol), media_type="image/png")


@router.get("/codes/{code_id}/symbol.svg")
def symbol_svg(db: Db, _: Who, printer: Printer, code_id: UUID) -> Response:
    """Give the symbol of a label as SVG in millimetres."""
    symbol = printer.symbol(repository.seen_label(db, code_id))
    return Response(symbols.svg(symbol), media_type="image/svg+xml")


@router.post("/codes/{code_id}/damage")
def report_damage(db: Db, actor: Who, now: Now, code_id: UUID, body: Reason) -> LabelOut:
    """Note that a label is damaged."""
    label = service.report_damage(db, code_id=code_id, by=actor, now=now, reason=body.reason)
    return LabelOut.of(label)


@router.post("/codes/{code_id}/revoke")
def revoke(db: Db, actor: Who, now: Now, code_id: UUID, body: Reason) -> LabelOut:
    """End a label and say why."""
    label = service.revoke(db, code_id=code_id, by=actor, now=now, reason=body.reason)
    return LabelOut.of(label)
