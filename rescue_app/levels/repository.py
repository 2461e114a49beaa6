"""SQL for response levels: what is in force where, and what was."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, any_, func, literal, select
from sqlalchemy.orm import Session

from hazards.modes.rules import Mode
from rescue_app.levels.models import LevelMode, PlanType, ResponseLevel

HISTORY_ROWS = 200


def types(session: Session) -> Sequence[PlanType]:
    """Give the kinds of plans in their order."""
    return session.scalars(select(PlanType).order_by(PlanType.position)).all()


def type_of(session: Session, hazard_type: str) -> str | None:
    """Give the kind of plan that answers a hazard."""
    query = select(PlanType.code).where(literal(hazard_type) == any_(PlanType.hazards))
    return session.scalars(query.order_by(PlanType.position).limit(1)).first()


def modes(session: Session) -> dict[str, Mode]:
    """Give the mode that follows each level."""
    return {row.level: Mode(row.mode) for row in session.scalars(select(LevelMode))}


def mode_rows(session: Session) -> Sequence[LevelMode]:
    """Give the rows that say which mode follows which level."""
    return session.scalars(select(LevelMode).order_by(LevelMode.level)).all()


def standing(session: Session, area_path: str, plan_type: str) -> ResponseLevel | None:
    """Give the level in force of one kind in exactly one district."""
    query = select(ResponseLevel).where(
        ResponseLevel.area_path == area_path, ResponseLevel.plan_type == plan_type, _open()
    )
    return session.scalar(query)


def in_force(session: Session, area_path: str) -> Sequence[ResponseLevel]:
    """Give the levels in force in an area, inside it, and in the district it lies in."""
    query = select(ResponseLevel).where(_near(area_path), _open())
    return session.scalars(
        query.order_by(ResponseLevel.level, ResponseLevel.area_path, ResponseLevel.plan_type)
    ).all()


def of_district(session: Session, area_path: str) -> Sequence[ResponseLevel]:
    """Give the levels in force of exactly one district, the gravest first."""
    query = select(ResponseLevel).where(ResponseLevel.area_path == area_path, _open())
    return session.scalars(query.order_by(ResponseLevel.level, ResponseLevel.plan_type)).all()


def at(session: Session, area_path: str, moment: datetime) -> Sequence[ResponseLevel]:
    """Give the levels that held at a moment."""
    query = select(ResponseLevel).where(_near(area_path), ResponseLevel.period.contains(moment))
    return session.scalars(query.order_by(ResponseLevel.level, ResponseLevel.area_path)).all()


def history(session: Session, area_path: str) -> Sequence[ResponseLevel]:
    """Give what held in an area, inside it and in its district, newest first."""
    query = select(ResponseLevel).where(_near(area_path))
    newest = query.order_by(func.lower(ResponseLevel.period).desc(), ResponseLevel.area_path)
    return session.scalars(newest.limit(HISTORY_ROWS)).all()


def newest_beginning(session: Session, area_path: str, plan_type: str) -> datetime | None:
    """Give when the newest row of a district's level took hold."""
    query = select(func.lower(ResponseLevel.period)).where(
        ResponseLevel.area_path == area_path, ResponseLevel.plan_type == plan_type
    )
    newest: datetime | None = session.scalar(
        query.order_by(func.lower(ResponseLevel.period).desc()).limit(1)
    )
    return newest


def _open() -> ColumnElement[bool]:
    return func.upper_inf(ResponseLevel.period)


def _near(area_path: str) -> ColumnElement[bool]:
    inside = func.starts_with(ResponseLevel.area_path, area_path)
    return inside | func.starts_with(literal(area_path), ResponseLevel.area_path)
