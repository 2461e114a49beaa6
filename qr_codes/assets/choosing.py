"""Which assets want a label printed: those without one, those whose label hangs nowhere yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from gis.store.base import among
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import IN_FORCE, CodeState


class Want(StrEnum):
    """Why a label is printed. The first and the last get a new one, the second its own again."""

    NONE = "none"
    PRINTED = "printed"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants labels for: an area, some kinds (none means all), and why."""

    under: str
    kinds: Sequence[str] = ()
    wants: Collection[Want] = (Want.NONE, Want.PRINTED)


MET: Mapping[Want, ColumnElement[bool]] = {
    Want.NONE: RiskCode.id.is_(None),
    Want.PRINTED: RiskCode.state == CodeState.PRINTED,
    Want.DAMAGED: RiskCode.state == CodeState.DAMAGED,
}


def counts(session: Session, choice: Choice) -> Mapping[Want, int]:
    """Count for each reason how many assets there are, chosen or not."""
    numbers = [func.count().filter(MET[want]) for want in Want]
    found = _assets(choice).with_only_columns(*numbers, maintain_column_froms=True)
    return dict(zip(Want, session.execute(found).one(), strict=True))


def assets(session: Session, choice: Choice, *, limit: int | None = None) -> Sequence[Asset]:
    """Give the chosen assets with their kinds, in the order of a walk."""
    query = _assets(choice).join(Asset.type).options(contains_eager(Asset.type))
    query = query.where(or_(*(MET[want] for want in choice.wants))) if choice.wants else query
    query = query.order_by(Asset.area_path, Asset.name, Asset.number).limit(limit)
    return session.scalars(query).all()


def unlabelled(session: Session, asset_ids: Collection[UUID]) -> Sequence[UUID]:
    """Give those of some assets that want a new label: they have none, or a damaged one."""
    query = _assets(Choice("/")).with_only_columns(Asset.id, maintain_column_froms=True)
    wanting = or_(MET[Want.NONE], MET[Want.DAMAGED])
    return session.scalars(query.where(among(Asset.id, asset_ids), wanting)).all()


def labels(session: Session, asset_ids: Collection[UUID]) -> Sequence[RiskCode]:
    """Give the labels in force of some assets, with assets and kinds, in the order of a walk."""
    query = (
        select(RiskCode)
        .join(RiskCode.asset)
        .join(Asset.type)
        .where(among(RiskCode.asset_id, asset_ids), RiskCode.state.in_(IN_FORCE))
        .options(contains_eager(RiskCode.asset).contains_eager(Asset.type))
        .order_by(RiskCode.area_path, Asset.name, Asset.number)
    )
    return session.scalars(query).all()


def _assets(choice: Choice) -> Select[Asset]:
    """Select the assets in use of an area and of some kinds, with the label in force beside."""
    on = (RiskCode.asset_id == Asset.id) & RiskCode.state.in_(IN_FORCE)
    query = select(Asset).outerjoin(RiskCode, on).where(Asset.retired_at.is_(None))
    query = query.where(Asset.area_path.startswith(choice.under, autoescape=True))
    return query.where(Asset.type_code.in_(choice.kinds)) if choice.kinds else query
