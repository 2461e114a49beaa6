"""SQL for packs: what hangs in a street, and what is asked of it."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hazards.checklists import repository as checklists
from hazards.checklists.rules import Mode
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import IN_FORCE
from qr_codes.packs.carried import Asked, Carried
from qr_codes.packs.rules import MOST_ASSETS


def carried(session: Session, area_path: str) -> Sequence[Carried]:
    """Give the assets of an area that carry a label in force; one more than a pack may hold."""
    query = (
        select(Asset, RiskCode.code, RiskCode.issue)
        .join(RiskCode, RiskCode.asset_id == Asset.id)
        .where(Asset.area_path.startswith(area_path, autoescape=True))
        .where(RiskCode.state.in_(IN_FORCE), Asset.retired_at.is_(None))
        .order_by(Asset.name, Asset.number)
        .limit(MOST_ASSETS + 1)
    )
    return [
        Carried(
            asset_id=asset.id,
            code=code,
            issue=issue,
            type_code=asset.type_code,
            name=asset.name,
            street=asset.street,
            area_path=asset.area_path,
            place=asset.place,
            owner_unit=asset.owner_unit,
            owner_phone=asset.owner_phone,
            worst_open_grade=asset.worst_open_grade,
            synthetic=asset.synthetic,
        )
        for asset, code, issue in session.execute(query)
    ]


def labels_by_area(session: Session, area_path: str) -> dict[str, int]:
    """Count the labels in force at or below an area, by the path they hang in."""
    query = (
        select(RiskCode.area_path, func.count().label("labels"))
        .where(RiskCode.area_path.startswith(area_path, autoescape=True))
        .where(RiskCode.state.in_(IN_FORCE))
        .group_by(RiskCode.area_path)
    )
    return {row.area_path: row.labels for row in session.execute(query)}


def lists(
    session: Session, types: Collection[str], *, area_path: str
) -> dict[str, dict[Mode, Asked]]:
    """Give the lists in force for each kind that has any, of every mode that has one."""
    found = {
        kind: checklists.by_mode(session, f"asset:{kind}", area_path=area_path)
        for kind in sorted(types)
    }
    return {
        kind: {
            mode: Asked(one.code, one.version, one.name_zh, one.name_en, one.items)
            for mode, one in modes.items()
        }
        for kind, modes in found.items()
        if modes  # a kind without a list is recognised all the same
    }
